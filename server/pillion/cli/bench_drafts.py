"""`pillion bench drafts`: how good a model's drafts are through Pillion, and if it is asked plainly."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pillion.cli.output import console, print_json, working
from pillion.errors import UsageError
from pillion.plurals import counted
from pillion.tiers import Lane

if TYPE_CHECKING:
    from rich.table import Table

    from pillion.bench.draft_cases import DraftCase
    from pillion.bench.draft_rows import Drafts, Row
    from pillion.config.schema import Config

_DEFAULT_TASKS = 60
_PLAIN, _ONCE, _PILLION = "plain", "pillion-once", "pillion"
_WAYS = (_PILLION, _ONCE, _PLAIN)
_CONTEXT_TOKENS = 4096
# A refused draft gets a second try on the next lane up, which is the same endpoint here.
_DRAFTING = (Lane.MODERATE, Lane.COMPLEX)
_NOT_RUN = "Nothing was run, so nothing is known of whether the drafts are right. To run them: --run-drafts."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    parser.add_argument(
        "--run-drafts",
        action="store_true",
        help="run what the model wrote with its tests, in a child process with limits; it can read what you can read, "
        "so do it on a machine without secrets",
    )
    parser.add_argument(
        "--set", choices=("human-eval", "own", "all"), default="all", dest="chosen", help="which stubs (default all)"
    )
    parser.add_argument(
        "--tasks",
        type=int,
        default=_DEFAULT_TASKS,
        metavar="N",
        help=f"how many of HumanEval's tasks (default {_DEFAULT_TASKS})",
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="WORD", help="only stubs with WORD in their name"
    )
    parser.add_argument(
        "--way",
        choices=_WAYS,
        action="append",
        help=f"only this way of asking; repeatable (default all). {_PILLION}: with checks, and other drafts if one "
        f"fails when it is run; {_ONCE}: with checks, but no other drafts; {_PLAIN}: the model as in a chat",
    )
    which = parser.add_mutually_exclusive_group()
    endpoint = "measure this endpoint; repeatable (default: the first that drafts)"
    which.add_argument("--endpoint", action="append", metavar="NAME", help=endpoint)
    model = "measure this embedded model, a known name or a file; repeatable"
    which.add_argument("--model", action="append", metavar="MODEL", help=model)


def run(arguments: argparse.Namespace) -> int:
    """Measures, and prints a table and what was refused. Or prints JSON."""
    if arguments.tasks < 1:
        raise UsageError("--tasks must be above 0.")
    cases = _cases(arguments)
    config, endpoints = _endpoints(arguments)
    with working(console(stderr=True), "starting the engine…") as say:
        measured = [
            asyncio.run(_measured(arguments, cases, config, endpoint, way, say))
            for endpoint in endpoints
            for way in arguments.way or _WAYS
        ]
    if arguments.json:
        print_json({"ran": arguments.run_drafts, "drafts": [each.as_data() for each in measured]})
        return 0
    screen = console()
    screen.print(_table(measured, len(cases)))
    for each in measured:
        for row in each.rows:
            if row.reason:
                screen.print(f"{each.model}, {each.way}: {row.case} {row.state}: {row.reason}", style="dim")
    if not arguments.run_drafts:
        screen.print(_NOT_RUN, style="yellow")
    return 0


def _cases(arguments: argparse.Namespace) -> "tuple[DraftCase, ...]":
    from pillion.bench.draft_cases import chosen, read_stubs
    from pillion.bench.human_eval import human_eval
    from pillion.cli.fixtures import fixture

    cases = human_eval(arguments.tasks) if arguments.chosen != "own" else ()
    if arguments.chosen != "human-eval":
        cases += read_stubs(fixture("stubs"))
    found = chosen(cases, arguments.only)
    if not found:
        raise UsageError(f"No stub has {' or '.join(arguments.only)} in its name.")
    return found


def _endpoints(arguments: argparse.Namespace) -> "tuple[Config, list[str]]":
    """The configuration, and the endpoints of it that are measured. A model is an endpoint called as itself.

    Raises:
        UsageError: there is no such endpoint.
    """
    from pillion.cli.ready_engines import fetch_if_known, ready_runtime, sound_runtime
    from pillion.config.schema import EndpointConfig, Protocol

    if arguments.model:
        for model in arguments.model:
            fetch_if_known(model)
        made = {
            model: EndpointConfig(protocol=Protocol.EMBEDDED, model=model, num_ctx=_CONTEXT_TOKENS)
            for model in arguments.model
        }
        return sound_runtime().config.model_copy(update={"endpoints": made}), list(made)
    config = ready_runtime().config
    first = next((pool[0] for pool in config.lanes.of(Lane.COMPLEX)), None)
    names = arguments.endpoint or ([first] if first is not None else [])
    for name in names:
        if name not in config.endpoints:
            raise UsageError(f"There is no endpoint {name!r}.", hint=f"Known: {', '.join(config.endpoints)}.")
    return config, names


async def _measured(
    arguments: argparse.Namespace,
    cases: "Sequence[DraftCase]",
    config: "Config",
    endpoint: str,
    way: str,
    note: Callable[[str], None],
) -> "Drafts":
    """One model, asked one way. No model audits: only what the checks say of a draft counts here."""
    from pillion.bench.draft_rows import Drafts, answered, implemented
    from pillion.cli.compose import audit_policy, pool_of_one

    unaudited = config.model_copy(update={"audit": config.audit.model_copy(update={"enabled": False})})
    pool, policy = pool_of_one(unaudited, endpoint, _DRAFTING), audit_policy(unaudited)
    if way == _ONCE:
        policy = replace(policy, attempts=1)
    rows: list[Row] = []
    try:
        for case in cases:
            note(f"{endpoint}, {way}: {case.name}, {len(rows) + 1} of {len(cases)}")
            rows.append(
                await answered(case, pool, run=arguments.run_drafts)
                if way == _PLAIN
                else await implemented(case, pool, policy, run=arguments.run_drafts)
            )
    finally:
        await pool.aclose()
        policy.sandboxes.close()
    return Drafts(config.endpoints[endpoint].model, way, tuple(rows))


def _table(measured: "Sequence[Drafts]", cases: int) -> "Table":
    from rich.table import Table

    caption = (
        "Passed: of the drafts that were applied (or answered), those whose tests pass. Lost: held or refused, though "
        "right. Kept: the tokens that reached the edit. Time: per stub, with all attempts."
    )
    table = Table(title=f"pillion bench drafts: {counted(cases, 'stub')}", caption=caption)
    for heading in (
        "model",
        "asked",
        "applied",
        "held",
        "refused",
        "failed",
        "passed",
        "lost",
        "tokens",
        "kept",
        "time",
    ):
        table.add_column(heading, justify="left" if heading in ("model", "asked") else "right")
    for each in measured:
        table.add_row(
            each.model,
            each.way,
            str(each.count("applied") + each.count("answered")),
            *(str(each.count(state)) for state in ("held", "refused", "failed")),
            f"{each.passed} of {each.checked}" if each.checked else "not run",
            str(each.lost) if each.checked else "",
            f"{each.tokens:,}",
            f"{each.kept / max(1, each.tokens):.0%}",
            f"{each.seconds:.1f} s",
        )
    return table
