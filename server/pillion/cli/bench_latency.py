"""`pillion bench latency`: measures how quickly the language server answers while a draft streams."""

import argparse
from typing import TYPE_CHECKING

from pillion.cli.output import console, print_json
from pillion.plurals import counted, token_rate

if TYPE_CHECKING:
    from pillion.bench.latency import Latency


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    parser.add_argument("--check", action="store_true", help="exit code 1 if a target is missed")
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="beside N busy processes")


def run(arguments: argparse.Namespace) -> int:
    """Measures and prints a table."""
    from rich.table import Table

    from pillion.bench import latency

    screen, note = console(), console(stderr=True)
    note.print("a draft of 400 lines with its audit, three times…", style="dim")
    figures = latency.measure(arguments.busy)
    missed = figures.missed()
    if arguments.json:
        print_json({**figures.as_data(), "missed": missed})
        return 1 if arguments.check and missed else 0
    table = Table("what", "at rest", "while drafting", title="pillion bench latency (median, 95th percentile)")
    table.add_row("codeAction", _shown(figures.code_action_at_rest), _shown(figures.code_action_drafting))
    table.add_row("pillion.stats", _shown(figures.stats_at_rest), _shown(figures.stats_drafting))
    screen.print(table)
    if figures.cpu_ms_per_token is not None:
        screen.print(
            f"the server's own processor time: {figures.cpu_ms_per_token:.2f} ms a token, "
            f"of {counted(figures.tokens, 'token')} at {token_rate(latency.TOKENS_PER_S)}"
        )
    for each in missed:
        screen.print(f"[red]missed[/] {each}")
    return 1 if arguments.check and missed else 0


def _shown(latency: "Latency") -> str:
    return f"{latency.median_ms:.1f} ms, {latency.p95_ms:.1f} ms"
