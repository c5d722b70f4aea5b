"""`pillion bench auditor`: measures how good the auditors are, on functions with seeded bugs."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pillion.bench.suite import DEFAULT_FUNCTIONS, build_suite
from pillion.cli.output import console, print_json, working
from pillion.errors import UsageError
from pillion.tiers import Lane

if TYPE_CHECKING:
    from rich.table import Table

    from pillion.bench.decision_judge import DecisionJudge
    from pillion.bench.judges import Judge, Report, Result
    from pillion.bench.model_judge import ModelJudge
    from pillion.bench.suite import Suite

_VERDICTS = {
    "above": "above the line: its findings are shown",
    "below": "below the line: it is used for nothing but the acceptance criteria, unless audit.findings says otherwise",
    "unmeasured": "measured on too few functions to say",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    wanted = f"N clean functions and N with a bug (default {DEFAULT_FUNCTIONS})"
    parser.add_argument("--functions", type=int, default=DEFAULT_FUNCTIONS, metavar="N", help=wanted)
    parser.add_argument("--seed", type=int, default=0, help="another number picks other functions and bugs (default 0)")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--endpoint",
        action="append",
        metavar="NAME",
        help="measure this endpoint's model; can be given several times (default: the engine that audits)",
    )
    which.add_argument("--no-model", action="store_true", help="measure only the checks that need no model")


def run(arguments: argparse.Namespace) -> int:
    """Measures the pipeline's auditors, the checks that run code, and models. The models' figures are kept."""
    from pillion.auditors.running.run_checks import run_checks
    from pillion.bench.judges import judges
    from pillion.sandbox.sandboxes import Sandboxes

    models = [] if arguments.no_model else _models(arguments.endpoint)
    with closing(Sandboxes()) as sandboxes:
        return measure_and_print(arguments, [*judges(run_checks(sandboxes)), *models])


def _models(names: Sequence[str] | None) -> "list[ModelJudge | DecisionJudge]":
    """The models of these endpoints, or the model of the endpoint that audits: each asked for findings, and for its
    decision tokens if it may be able to say them.

    Raises:
        UsageError: there is no such endpoint.
    """
    from pillion.bench.decision_judge import DecisionJudge
    from pillion.bench.model_judge import ModelJudge
    from pillion.cli.compose import pool_of_one
    from pillion.cli.ready_engines import ready_runtime

    config = ready_runtime().config
    first = next((pool[0] for pool in config.lanes.of(Lane.AUDIT)), None)
    chosen = names or ([first] if first is not None else [])
    for name in chosen:
        if name not in config.endpoints:
            raise UsageError(f"There is no endpoint {name!r}.", hint=f"Known: {', '.join(config.endpoints)}.")
    judges: list[ModelJudge | DecisionJudge] = []
    for name in chosen:
        pool, model = pool_of_one(config, name, [Lane.AUDIT]), config.endpoints[name].model
        judges.append(ModelJudge(pool, model))
        if pool.reads_likelihoods(name):
            judges.append(DecisionJudge(pool, name, model))
    return judges


def measure_and_print(arguments: argparse.Namespace, judges: "Sequence[Judge]") -> int:
    """Measures, and prints two tables: the totals, and the figures by kind of bug. Or prints both as JSON."""
    with working(console(stderr=True), "choosing functions…") as say:
        suite = build_suite(arguments.functions, arguments.seed)
        report = asyncio.run(_measured(judges, suite, lambda what: say(f"{what}…")))
    verdicts = _keep(report)
    if arguments.json:
        print_json({**report.as_data(), "models": verdicts})
    else:
        screen = console()
        screen.print(totals(report))
        screen.print(by_kind(report))
        for model, verdict in verdicts.items():
            screen.print(f"{model}: {_VERDICTS[verdict]}", markup=False)
    return 0


async def _measured(judges: "Sequence[Judge]", suite: "Suite", note: Callable[[str], None]) -> "Report":
    from pillion.bench.judges import measure

    try:
        return await measure(judges, suite, note)
    finally:
        for judge in judges:
            await judge.aclose()


def _keep(report: "Report") -> dict[str, str]:
    """Keeps the models' figures if they are from enough functions, and returns each model's verdict."""
    from pillion.bench.judges import measured
    from pillion.cli.compose import trust_store
    from pillion.models.trust import RULE

    verdicts: dict[str, str] = {}
    for result in report.results:
        if result.is_model:
            figures = measured(result, result.score.auditor, datetime.now(UTC).date().isoformat())
            verdicts[figures.model] = RULE.verdict(figures)
            store = trust_store()
            if RULE.is_enough(figures) and store.keep(figures) is None:
                note = console(stderr=True)
                note.print(
                    f"{store.path} can't be written: what was measured is not kept.", style="yellow", markup=False
                )
    return verdicts


def totals(report: "Report") -> "Table":
    """Each auditor's counts for each kind of work, with the bounds of the 95 % interval for the bugs that it finds."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    title = f"pillion bench auditor: {report.functions} clean functions and as many with a seeded bug"
    caption = (
        f"Suite {report.fingerprint} of Python {report.python}, seed {report.seed}; --seed takes others.\n"
        "In brackets: the 95 % interval. Right: findings at a seeded bug.\n"
        "Alarms: findings per clean function. Checked: the share that it could check.\n"
        "ms: how long it took, in the median and for 95 % of the functions."
    )
    table = Table(
        title=title,
        title_justify="left",
        caption=caption,
        caption_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("auditor", overflow="fold")
    for heading in ("bugs found", "right", "alarms", "checked", "ms", "95 %"):
        table.add_column(heading, justify="right", no_wrap=True)
    for work in dict.fromkeys(result.work for result in report.results):
        table.add_section()
        table.add_row(f"{work}:")
        for result in report.results:
            if result.work is work:
                table.add_row(*_totals_of(result))
    return table


def _totals_of(result: "Result") -> tuple[str, ...]:
    from rich.markup import escape

    total, bounds = result.score.total, result.score.total.recall_95
    share = f"{total.recall or 0:.0%} ({bounds.low:.0%} to {bounds.high:.0%})"
    return (
        escape(result.score.auditor),
        f"{total.mutants_found} of {total.mutants} = {share}",
        f"{total.hits} of {total.findings}" if total.findings else "none",
        f"{total.false_alarms_per_function or 0:.3f}",
        f"{result.checked_share:.0%}",
        _milliseconds(result.within_s(0.5)),
        _milliseconds(result.within_s(0.95)),
    )


def by_kind(report: "Report") -> "Table":
    """Who found how many of the bugs of each kind."""
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    works = list(dict.fromkeys(result.work for result in report.results))
    table = Table(title="who found how many", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("seeded bug", no_wrap=True)
    table.add_column("of", justify="right", no_wrap=True)
    for work in works:
        table.add_column(work.value, overflow="fold")
    kinds = report.results[0].score.kinds if report.results else {}
    for kind, tally in kinds.items():
        said = (
            ", ".join(
                f"{escape(each.score.auditor)} {each.score.kinds[kind].mutants_found}"
                for each in report.results
                if each.work is work and each.score.kinds[kind].mutants_found
            )
            for work in works
        )
        table.add_row(kind, str(tally.mutants), *said)
    return table


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.1f}" if seconds < 0.01 else f"{seconds * 1e3:.0f}"
