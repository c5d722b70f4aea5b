"""`pillion bench lsp`: measures what the language server costs on this machine."""

import argparse

from pillion.cli.output import console, print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the part's arguments."""
    parser.add_argument("--check", action="store_true", help="exit code 1 if a target is missed")


def run(arguments: argparse.Namespace) -> int:
    """Measures and prints a table."""
    from rich.table import Table

    from pillion.bench import lsp

    screen, note = console(), console(stderr=True)
    figures = lsp.measure(lambda what: note.print(f"{what}…", style="dim"))
    missed = figures.missed()
    if arguments.json:
        print_json({**figures.as_data(), "missed": missed})
        return 1 if arguments.check and missed else 0
    table = Table("what", "measured", "target", title="pillion bench lsp (medians)")
    table.add_row("initialize, bare pygls", f"{figures.bare_start_ms:.0f} ms", "")
    table.add_row(
        "initialize, Pillion",
        f"{figures.start_ms:.0f} ms ({figures.start_ratio:.2f} × bare)",
        f"{lsp.MAX_START_RATIO} × bare",
    )
    table.add_row("codeAction, 5,000 lines", f"{figures.code_action_ms:.2f} ms", f"{lsp.MAX_CODE_ACTION_MS:g} ms")
    table.add_row(
        "the same after a change", f"{figures.code_action_after_change_ms:.2f} ms", f"{lsp.MAX_CODE_ACTION_MS:g} ms"
    )
    table.add_row("didChange, 5,000 lines", f"{figures.did_change_ms:.2f} ms", f"{lsp.MAX_CHANGE_MS:g} ms")
    resident = f"{figures.resident_mb:.0f} MB" if figures.resident_mb is not None else "not known here"
    table.add_row("resident, without engines", resident, f"{lsp.MAX_RESIDENT_MB:g} MB")
    screen.print(table)
    for each in missed:
        screen.print(f"missed {each}", style="red")
    return 1 if arguments.check and missed else 0
