"""`pillion bench auditor`: how good the auditors are, on functions with seeded bugs."""

import argparse
import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pillion.bench.suite import DEFAULT_FUNCTIONS, build_suite
from pillion.cli.output import console, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from pillion.bench.auditor import Judge, Report
    from pillion.bench.score import Interval


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    wanted = f"so many clean, and so many with a bug ({DEFAULT_FUNCTIONS})"
    parser.add_argument("--functions", type=int, default=DEFAULT_FUNCTIONS, metavar="N", help=wanted)
    parser.add_argument("--seed", type=int, default=0, help="another number picks other functions and bugs (0)")


def run(arguments: argparse.Namespace) -> int:
    """Measures the auditors that the pipeline has."""
    from pillion.bench.auditor import judges

    return measure_and_print(arguments, judges())


def measure_and_print(arguments: argparse.Namespace, judges: "Sequence[Judge]") -> int:
    """Prints two tables: over everything, and kind by kind; or both as JSON."""
    from pillion.bench.auditor import measure

    with console(stderr=True).status("choosing functions…") as status:
        suite = build_suite(arguments.functions, arguments.seed)
        report = asyncio.run(measure(judges, suite, lambda what: status.update(f"{what}…")))
    if arguments.json:
        print_json(report.as_data())
    else:
        screen = console()
        screen.print(totals(report))
        screen.print(by_kind(report))
    return 0


def totals(report: "Report") -> "Table":
    """Each auditor's shares, with the bounds that so few samples allow."""
    from rich.table import Table

    title = f"pillion bench auditor: {report.functions} clean functions and as many with a seeded bug"
    caption = (
        f"Suite {report.fingerprint} of Python {report.python}. In brackets: the 95 % interval. "
        "False alarms: findings per clean function. Time: per function."
    )
    table = Table("auditor", "precision", "recall", "false alarms", "time", title=title, caption=caption)
    for result in report.results:
        total = result.score.total
        table.add_row(
            result.score.auditor,
            _share(total.hits, total.findings, total.precision_95),
            _share(total.mutants_found, total.mutants, total.recall_95),
            f"{total.false_alarms_per_function or 0:.2f}",
            f"{result.seconds_per_sample * 1e3:.0f} ms",
        )
    return table


def by_kind(report: "Report") -> "Table":
    """How many of the bugs of each kind each auditor found."""
    from rich.table import Table

    scores = [result.score for result in report.results]
    table = Table("seeded bug", *(each.auditor for each in scores), title="found, of how many")
    for kind in scores[0].kinds if scores else ():
        tallies = [each.kinds[kind] for each in scores]
        table.add_row(kind, *(f"{each.mutants_found} of {each.mutants}" for each in tallies))
    return table


def _share(part: int, whole: int, bounds: "Interval") -> str:
    if not whole:
        return "no findings"
    return f"{part} of {whole} = {part / whole:.0%} ({bounds.low:.0%} to {bounds.high:.0%})"
