"""`pillion bench auditor`: measures how good the auditors are, on functions with seeded bugs."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pillion.bench.suite import DEFAULT_FUNCTIONS, build_suite
from pillion.cli.output import console, print_json, working
from pillion.errors import UsageError
from pillion.tiers import Lane

if TYPE_CHECKING:
    from rich.table import Table

    from pillion.bench.decision_judge import DecisionJudge
    from pillion.bench.judges import Judge, Report
    from pillion.bench.model_judge import ModelJudge
    from pillion.bench.score import Interval
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
    """Measures the pipeline's auditors, and models. The models' figures are kept."""
    from pillion.bench.judges import judges

    models = [] if arguments.no_model else _models(arguments.endpoint)
    return measure_and_print(arguments, [*judges(), *models])


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
    """Each auditor's shares, with the bounds of the 95 % interval."""
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
    table = Table(title="found, of how many")
    table.add_column("seeded bug", no_wrap=True)
    for each in scores:
        table.add_column(each.auditor, overflow="fold")
    for kind in scores[0].kinds if scores else ():
        tallies = [each.kinds[kind] for each in scores]
        table.add_row(kind, *(f"{each.mutants_found}/{each.mutants}" for each in tallies))
    return table


def _share(part: int, whole: int, bounds: "Interval") -> str:
    if not whole:
        return "no findings"
    return f"{part} of {whole} = {part / whole:.0%} ({bounds.low:.0%} to {bounds.high:.0%})"
