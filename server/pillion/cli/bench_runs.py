"""`pillion bench runs`: measures how soon a function of a draft has been run."""

import argparse
from dataclasses import asdict

from pillion.cli.output import console, print_json
from pillion.plurals import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    parser.add_argument("--check", action="store_true", help="exit code 1 if the target is missed")


def run(arguments: argparse.Namespace) -> int:
    """Measures and prints the figures."""
    from pillion.bench import run_delays

    console(stderr=True).print("a file of small functions is refactored three times…", style="dim")
    delays = run_delays.measure()
    if arguments.json:
        print_json({**asdict(delays), "median_s": delays.median_s, "missed": delays.missed})
    else:
        screen, longest_ms = console(), 1000 * max(delays.delays_s, default=0)
        screen.print(
            f"{counted(len(delays.delays_s), 'function')} run as the draft streamed: {1000 * delays.median_s:.0f} ms "
            f"after the draft had them in the median, at most {longest_ms:.0f} ms",
            markup=False,
        )
        tail_ms = 1000 * max(delays.tails_s, default=0)
        screen.print(f"after the draft: at most {tail_ms:.0f} ms; {delays.words}", markup=False)
    return 1 if arguments.check and delays.missed else 0
