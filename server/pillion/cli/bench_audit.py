"""`pillion bench audit`: compares audits in sequence, after the draft and beside it, in tables and a timeline."""

import argparse
import asyncio
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.cli.output import console, print_json
from pillion.errors import FileError, UsageError
from pillion.files.atomic_write import replace_file
from pillion.plurals import counted

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pillion.auditors.auditor import Auditor
    from pillion.bench.audit import Comparison

# The share of the published times. With it, the fakes take 92 s. The cost of a question in HTTP and Python doesn't
# shrink with the times: it is some 5 ms on an idle machine, and the margin of the strictest target is 90 ms.
_SCALE = 0.5
_EMBEDDED = (
    "Two embedded endpoints with one engine that has audited before; either has all cores while it works alone; what "
    "their model finds is heeded, whether or not it is any good at it."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("--check", action="store_true", help="exit code 1 if a target is missed on the fake engines")
    parser.add_argument(
        "--scale",
        type=float,
        default=_SCALE,
        metavar="X",
        help=f"times of the fake engines, as a share of the published ones (default {_SCALE:g})",
    )
    parser.add_argument("--repeats", type=int, default=1, metavar="N", help="take the median of N runs (default 1)")
    parser.add_argument("--no-fake", action="store_true", help="leave out the fake engines")
    parser.add_argument("--no-embedded", action="store_true", help="leave out the embedded engines")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the timelines into this file")


def run(arguments: argparse.Namespace) -> int:
    """Measures and prints tables."""
    from pillion.auditors.auditor_registry import AUDITORS
    from pillion.bench.timeline import svg

    if not 0 < arguments.scale < math.inf or arguments.repeats < 1:
        raise UsageError("--scale and --repeats must be above 0.")
    if arguments.check and arguments.no_fake:
        raise UsageError("--check needs the fake engines: there are no targets for the embedded ones.")
    if arguments.svg is not None and not arguments.svg.parent.is_dir():
        raise UsageError(f"There is no folder {arguments.svg.parent} to draw into.")
    if arguments.no_fake and arguments.no_embedded:
        raise UsageError("With --no-fake and --no-embedded there is nothing to measure.")
    note = console(stderr=True)
    compared = asyncio.run(_compare(arguments, AUDITORS, lambda what: note.print(f"{what}…", style="dim")))
    missed = [each for comparison in compared for each in comparison.missed()] if arguments.check else []
    if arguments.json:
        print_json({"comparisons": [each.as_data() for each in compared], "missed": missed})
    else:
        _print(compared, missed)
    if arguments.svg is not None:
        try:
            replace_file(arguments.svg, svg(compared, "A draft and its audit: pillion bench audit").encode())
        except FileError as exc:
            raise UsageError(str(exc)) from exc
    return 1 if missed else 0


async def _compare(
    arguments: argparse.Namespace, auditors: "tuple[Auditor, ...]", progress: Callable[[str], None]
) -> "list[Comparison]":
    from pillion.bench.audit import compare_embedded, compare_fakes
    from pillion.bench.sample_drafts import implement, sample_drafts
    from pillion.cli.compose import model_store
    from pillion.cli.fixtures import fixture
    from pillion.cli.ready_engines import fetch_if_known
    from pillion.config.schema import DEFAULT_MODEL

    compared: list[Comparison] = []
    if not arguments.no_fake:
        compared += await compare_fakes(sample_drafts(), arguments.scale, arguments.repeats, auditors, progress)
    if not arguments.no_embedded:
        fetch_if_known(DEFAULT_MODEL)
        task = implement(fixture("demo", "shop.py").read_text(encoding="utf-8"), "Stack")
        title = f"the demo’s Stack, by {DEFAULT_MODEL}"
        compared.append(await compare_embedded(title, task, model_store(), arguments.repeats, auditors, progress))
    return compared


def _print(compared: "list[Comparison]", missed: list[str]) -> None:
    from pillion.bench.published import ASSUMED

    screen = console()
    scales = {each.scale for each in compared}
    for scale in scales - {None}:
        screen.print(ASSUMED.format(scale=scale))
    if None in scales:
        screen.print(_EMBEDDED)
    screen.print(
        "Faster than the sequence. Lag: tokens that the draft was ahead of what had been audited. Times in seconds.\n"
    )
    for comparison in compared:
        screen.print(_table(comparison))
        screen.print(_cached(comparison), style="dim")
    for each in missed:
        screen.print(f"missed {each}", style="red")


def _table(comparison: "Comparison") -> "RenderableType":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    scaled = f", × {comparison.scale:g}" if comparison.scale is not None else ""
    table = Table(
        title=f"{comparison.title}{scaled}",
        title_justify="left",
        box=SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("scenario", no_wrap=True)
    for heading in ("time", "÷ draft", "× faster", "overlap", "lag", "tail"):
        table.add_column(heading, justify="right", no_wrap=True)
    for scenario, measured in comparison.runs.items():
        figures, beside = measured.figures, measured.figures.overlap_ratio > 0
        table.add_row(
            scenario.value,
            f"{measured.seconds:.2f}",
            f"{comparison.draft_ratio(scenario):.3f}",
            f"{comparison.speedup(scenario):.2f}",
            f"{figures.overlap_ratio:.0%}" if beside else "",
            f"{figures.audit_lag_tokens_mean:.0f}" if beside else "",
            f"{figures.audit_tail_s:.2f}" if figures.audit_endpoint else "",
        )
    return table


def _cached(comparison: "Comparison") -> str:
    """The share of the audit prompts after the first that the engine had in its cache, in words."""
    from pillion.bench.scenarios import Scenario

    later = comparison.runs[Scenario.BESIDE].cached_shares[1:]
    if not later:
        return ""
    share = sum(later) / len(later)
    return f"side by side, {share:.0%} of each later audit prompt was in the cache ({counted(len(later), 'prompt')})\n"
