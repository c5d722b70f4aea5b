"""`pillion bench engine`: how fast the embedded engine reads and writes on this machine."""

import argparse
import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING

from pillion.cli.output import console, print_json, working
from pillion.errors import UsageError

if TYPE_CHECKING:
    from pillion.bench.engine_speed import Rates, Seats, Waiting

_DEFAULT_MODEL = "qwen2.5-coder-0.5b"
_DEFAULT_ROUNDS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    parser.add_argument(
        "--model",
        default=_DEFAULT_MODEL,
        help=f"a known model's name or a .gguf file (default {_DEFAULT_MODEL})",
    )
    parser.add_argument(
        "--rounds",
        type=int,
        default=_DEFAULT_ROUNDS,
        metavar="N",
        help=f"how often each is measured; the medians are shown (default {_DEFAULT_ROUNDS})",
    )


def run(arguments: argparse.Namespace) -> int:
    """Measures, and prints two tables. Or prints JSON."""
    from pillion.bench.engine_speed import measure_seats, measure_waiting
    from pillion.cli.compose import model_store
    from pillion.cli.ready_engines import fetch_if_known

    if arguments.rounds < 1:
        raise UsageError("--rounds must be above 0.")
    fetch_if_known(arguments.model)
    store = model_store()
    with working(console(stderr=True), "how its threads wait for each other…") as say:
        waiting = asyncio.run(measure_waiting(store, arguments.model, arguments.rounds))
        say("both seats at once…")
        seats = asyncio.run(measure_seats(store, arguments.model, arguments.rounds))
    if arguments.json:
        print_json(
            {
                "model": arguments.model,
                "waiting": [asdict(each) for each in waiting],
                "seats": [asdict(each) for each in seats],
            }
        )
    else:
        _print(arguments.model, waiting, seats)
    return 0


def _print(model: str, waiting: "list[Waiting]", seats: "list[Seats]") -> None:
    from rich.table import Table

    screen = console()
    waits = Table(
        "how threads wait",
        *("idle cores: reads", "writes"),
        *("beside busy programs: reads", "writes"),
        title=f"pillion bench engine: {model}",
        caption="Tokens per second.",
    )
    for each in waiting:
        waits.add_row(each.setting, *_shown(each.idle), *_shown(each.beside_busy))
    both = Table(
        *("a draft and a question at once", "both done", "the draft reads", "writes"),
        title="Both seats with this model",
        caption="Tokens per second.",
    )
    for seat in seats:
        both.add_row(seat.arrangement, f"{seat.together_s:.1f} s", *_shown(seat.draft))
    screen.print(waits)
    screen.print(both)


def _shown(rates: "Rates") -> tuple[str, str]:
    return f"{rates.reads_per_s:.0f}", f"{rates.writes_per_s:.1f}"
