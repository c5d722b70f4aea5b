"""`pillion bench soak`: measures whether the language server's memory grows over a long day."""

import argparse
import asyncio

from pillion.cli.output import console, print_json
from pillion.plurals import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    parser.add_argument("--check", action="store_true", help="exit code 1 if a target is missed")
    parser.add_argument("--changes", type=int, default=50_000, metavar="N", help="keys to type (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=20, metavar="N", help="jobs to run (default: %(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """Measures and prints the figures."""
    from pillion.bench import soak

    screen, note = console(), console(stderr=True)
    work = soak.measure(arguments.changes, arguments.jobs, lambda what: note.print(f"{what}…", style="dim"))
    figures = asyncio.run(work)
    missed = figures.missed()
    if arguments.json:
        print_json({**figures.as_data(), "missed": missed})
    elif figures.began_mb is None or figures.ended_mb is None:
        screen.print("this system doesn't tell how much memory a process has")
    else:
        screen.print(
            f"{counted(figures.changes, 'change')} and {counted(figures.jobs, 'job')}: {figures.began_mb:.1f} MB "
            f"before, {figures.ended_mb:.1f} MB after ({figures.growth_mb:+.1f} MB, at most {soak.MAX_GROWTH_MB:g})"
        )
    return 1 if arguments.check and missed else 0
