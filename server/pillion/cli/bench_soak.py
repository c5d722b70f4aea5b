"""`pillion bench soak`: measures whether the language server's memory grows over a long day, or its loop gets stuck."""

import argparse
import asyncio

from pillion.cli.output import console, print_json
from pillion.plurals import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    parser.add_argument("--check", action="store_true", help="exit code 1 if a target is missed")
    parser.add_argument("--changes", type=int, default=50_000, metavar="N", help="changes (default: %(default)s)")
    parser.add_argument(
        "--lines", type=int, default=1, metavar="N", help="lines that each second change brings (default: %(default)s)"
    )
    parser.add_argument("--jobs", type=int, default=20, metavar="N", help="jobs to run (default: %(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """Measures and prints the figures."""
    from pillion.bench import soak

    screen, note = console(), console(stderr=True)

    def say(what: str) -> None:
        note.print(f"{what}…", style="dim")

    figures = asyncio.run(soak.measure(arguments.changes, arguments.jobs, say, pasted_lines=arguments.lines))
    missed = figures.missed()
    if arguments.json:
        print_json({**figures.as_data(), "missed": missed})
    elif figures.began_mb is None or figures.ended_mb is None:
        screen.print("this system doesn't tell how much memory a process has")
    else:
        screen.print(
            f"{counted(figures.changes, 'change')} of {figures.sent_mb:.1f} MB and {counted(figures.jobs, 'job')}: "
            f"{figures.began_mb:.1f} MB before, {figures.ended_mb:.1f} MB after ({figures.growth_mb:+.1f} MB, at most "
            f"{soak.MAX_GROWTH_MB:g})"
        )
        turn = figures.longest_turn
        screen.print(
            f"the event loop's longest turn: {turn.busy_ms:.1f} ms of work in {turn.lasted_ms:.1f} ms, at most "
            f"{soak.MAX_TURN_MS:g} ms of work"
        )
    return 1 if arguments.check and missed else 0
