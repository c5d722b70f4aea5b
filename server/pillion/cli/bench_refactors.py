"""`pillion bench refactors`: what becomes of a model's refactorings, and whether each of them kept the behaviour."""

import argparse
import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.cli.output import console, print_json, working
from pillion.errors import UsageError
from pillion.plurals import counted

if TYPE_CHECKING:
    from rich.table import Table

    from pillion.bench.refactor_cases import RefactorCase
    from pillion.bench.refactor_rows import RefactorRow, Refactors

_CONTEXT_TOKENS = 4096
_JUDGEMENTS = {"keep the behaviour": True, "change it": False, "weren't judged": None}
_NOT_RUN = "No calls were run, so nothing is known of whether the edits are right. To run them: --run-drafts."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    parser.add_argument(
        "--run-drafts",
        action="store_true",
        help="run the old and the new function on hand-written calls, in a child process with limits; it can read what "
        "you can read, so do it on a machine without secrets",
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="WORD", help="only functions with WORD in their file's name"
    )
    which = parser.add_mutually_exclusive_group()
    model = "ask this embedded model, a known name or a file; repeatable (default: the rewrites that ship with Pillion)"
    which.add_argument("--model", action="append", default=[], metavar="MODEL", help=model)
    again = "take the replies from what --json printed before, and ask no model"
    which.add_argument("--again", type=Path, metavar="FILE", help=again)


def run(arguments: argparse.Namespace) -> int:
    """Measures, and prints a table and what wasn't applied. Or prints JSON."""
    cases = _cases(arguments.only)
    with working(console(stderr=True), "starting…") as say:
        if arguments.model:
            measured = [asyncio.run(_asked(arguments, cases, model, say)) for model in arguments.model]
        else:
            kept = _kept(arguments.again, cases) if arguments.again else _shipped(cases)
            measured = asyncio.run(_answered(arguments, kept, say))
    if arguments.json:
        print_json({"ran": arguments.run_drafts, "refactors": [each.as_data() for each in measured]})
        return 0
    screen = console()
    screen.print(_table(measured, len(cases)))
    for each in measured:
        for row in each.rows:
            for words in filter(None, (row.reason, row.difference)):
                screen.print(f"{each.by}: {row.case} {row.state}: {words}", style="dim", markup=False)
    if not arguments.run_drafts:
        screen.print(_NOT_RUN, style="yellow")
    return 0


def _cases(words: Sequence[str]) -> "tuple[RefactorCase, ...]":
    from pillion.bench.refactor_cases import read_refactors
    from pillion.cli.fixtures import fixture

    found = tuple(
        case for case in read_refactors(fixture("refactors")) if not words or any(word in case.name for word in words)
    )
    if not found:
        raise UsageError(f"No function has {' or '.join(words)} in its file's name.")
    return found


async def _asked(
    arguments: argparse.Namespace, cases: "Sequence[RefactorCase]", model: str, note: Callable[[str], None]
) -> "Refactors":
    """All functions, refactored by a model. No model audits: the action has no such audit."""
    from pillion.bench.refactor_rows import DRAFTING, Refactors, refactored
    from pillion.cli.compose import audit_policy, pool_of_one
    from pillion.cli.ready_engines import fetch_if_known, sound_runtime
    from pillion.config.schema import EndpointConfig, Protocol

    await asyncio.to_thread(fetch_if_known, model)
    endpoint = EndpointConfig(protocol=Protocol.EMBEDDED, model=model, num_ctx=_CONTEXT_TOKENS)
    config = sound_runtime().config.model_copy(update={"endpoints": {model: endpoint}})
    pool, policy = pool_of_one(config, model, DRAFTING), audit_policy(config)
    rows: list[RefactorRow] = []
    try:
        for case in cases:
            note(f"{model}: {case.name}, {len(rows) + 1} of {len(cases)}")
            rows.append(await refactored(case, model, pool, policy, run=arguments.run_drafts))
    finally:
        await pool.aclose()
        policy.sandboxes.close()
    return Refactors(model, tuple(rows))


def _shipped(cases: "Sequence[RefactorCase]") -> "list[tuple[RefactorCase, str, tuple[str, ...]]]":
    return [(case, reply.by, (reply.text,)) for case in cases for reply in case.replies]


def _kept(file: Path, cases: "Sequence[RefactorCase]") -> "list[tuple[RefactorCase, str, tuple[str, ...]]]":
    """The replies in a file that --json printed.

    Raises:
        UsageError: it is no such file.
    """
    named = {case.name: case for case in cases}
    try:
        rows = [row for part in json.loads(file.read_text(encoding="utf-8"))["refactors"] for row in part["rows"]]
        found = [(row["case"], str(row["by"]), tuple(map(str, row["replies"]))) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise UsageError(f"{file} has no replies: {exc}.") from exc
    return [(named[name], by, replies) for name, by, replies in found if name in named and replies]


async def _answered(
    arguments: argparse.Namespace,
    kept: "Sequence[tuple[RefactorCase, str, tuple[str, ...]]]",
    note: Callable[[str], None],
) -> "list[Refactors]":
    """All replies, checked as if they came now; by whoever wrote them."""
    from pillion.bench.refactor_rows import Refactors, answered_again
    from pillion.cli.compose import audit_policy
    from pillion.cli.ready_engines import sound_runtime

    policy = audit_policy(sound_runtime().config)
    rows: dict[str, list[RefactorRow]] = {}
    try:
        for number, (case, by, replies) in enumerate(kept):
            note(f"{by}: {case.name}, {number + 1} of {len(kept)}")
            once = replace(policy, attempts=max(1, len(replies)))
            rows.setdefault(by, []).append(await answered_again(case, by, replies, once, run=arguments.run_drafts))
    finally:
        policy.sandboxes.close()
    return [Refactors(by, tuple(each)) for by, each in rows.items()]


def _table(measured: "Sequence[Refactors]", cases: int) -> "Table":
    from rich.table import Table

    caption = "Accused: a check found an error. Offered: the behaviour couldn't be compared."
    table = Table(title=f"pillion bench refactors: {counted(cases, 'function')}", caption=caption)
    table.add_column("by")
    table.add_column("edits that")
    for heading in ("number", "applied", "accused", "offered"):
        table.add_column(heading, justify="right")
    for each in measured:
        for words, same in _JUDGEMENTS.items():
            states = [each.count(state, same=same) for state in ("applied", "accused", "offered")]
            if any(states):
                table.add_row(each.by, words, *(str(figure) for figure in (sum(states), *states)))
        without = sum(each.count(state, same=None) for state in ("refused", "failed"))
        if without:
            table.add_row(each.by, "were refused", str(without), "", "", "")
    return table
