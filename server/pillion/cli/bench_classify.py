"""`pillion bench classify`: how often free text finds the right tier."""

import argparse
from typing import TYPE_CHECKING

from pillion.cli.output import console, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from pillion.bench.tier_score import TierScore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    parser.add_argument("--half", choices=("unseen", "seen"), default="unseen", help="which requests (default unseen)")


def run(arguments: argparse.Namespace) -> int:
    """Classifies, and prints a table, or JSON."""
    from pillion.bench.labelled_requests import labelled_requests
    from pillion.bench.tier_score import COSTS, tier_scores
    from pillion.cli.fixtures import fixture

    wanted = arguments.half == "unseen"
    scores = tier_scores([each for each in labelled_requests(fixture("classify")) if each.unseen is wanted])
    costs = {f"{tier} as {given}": cost for (tier, given), cost in COSTS.items()}
    if arguments.json:
        print_json({"half": arguments.half, "costs": costs, "ways": [each.as_data() for each in scores]})
        return 0
    screen = console()
    screen.print(_table(scores, arguments.half, costs))
    return 0


def _table(scores: "list[TierScore]", half: str, costs: dict[str, int]) -> "Table":
    from rich.table import Table

    from pillion.tiers import Tier

    caption = (
        "The last three columns: what requests of each tier were taken for, as SIMPLE/MODERATE/COMPLEX. Cost: of the "
        "mistakes, for 100 requests. " + ", ".join(f"{name}: {cost}" for name, cost in costs.items())
    )
    table = Table(title=f"pillion bench classify: {scores[0].requests} requests of the {half} half", caption=caption)
    for heading in ("way", "right", "cost", "µs", *Tier):
        table.add_column(heading, justify="left" if heading == "way" else "right", no_wrap=heading in tuple(Tier))
    for each in scores:
        pairs = ["/".join(str(each.counts.get((tier, given), 0)) for given in Tier) for tier in Tier]
        table.add_row(each.way, f"{each.accuracy:.0%}", f"{each.cost:.0f}", f"{each.microseconds:.0f}", *pairs)
    return table
