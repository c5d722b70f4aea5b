"""`pillion dismissed`: lists the findings that the user dismissed, and brings them back."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.cli.dates import local_minute
from pillion.cli.output import console, print_json
from pillion.cli.usage import add_part
from pillion.errors import UsageError
from pillion.plurals import counted

if TYPE_CHECKING:
    from pillion.state.dismissal_file import Dismissal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.set_defaults(what="list")
    parts = parser.add_subparsers(title="what to do (default: list)", metavar="WHAT")
    listed = add_part(parts, "list", "list the dismissed findings, newest first, with their numbers")
    undo = add_part(parts, "undo", "bring findings back")
    undo.add_argument("finding", metavar="NUMBER-or-ID", nargs="*", help="as the list has them")
    undo.add_argument("--all-of", metavar="FILE", help="all findings of this file")
    for name, part in (("list", listed), ("undo", undo)):
        part.set_defaults(what=name)
        part.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Runs the chosen part."""
    from pillion.state.dismissal_file import DismissalFile
    from pillion.state.folder import state_folder

    file = DismissalFile(state_folder())
    stored, problem = file.read()
    if problem:
        console(stderr=True).print(problem, style="yellow", markup=False)
    newest = stored[::-1]
    if arguments.what == "list":
        _list(newest, as_json=arguments.json)
        return 0
    chosen = _chosen(arguments, newest)
    gone = file.remove({each.id for each in chosen})
    if arguments.json:
        print_json({"undone": [each.data for each in gone]})
    else:
        count = counted(len(gone), "finding is", "findings are")
        console().print(f"{count} shown again: an open editor has them at its next job.", markup=False)
    return 0


def _list(newest: Sequence["Dismissal"], *, as_json: bool) -> None:
    if as_json:
        print_json([{"number": number, **each.data} for number, each in enumerate(newest, 1)])
        return
    screen = console()
    if not newest:
        screen.print("No finding is dismissed.")
    for number, each in enumerate(newest, 1):
        where = each.file + (f":{each.line}" if each.line is not None else "")
        head = "  ".join(filter(None, (_when(each.dismissed_at), where or each.id)))
        screen.print(f"{number:>3}  {head}", markup=False)
        message = each.message or "dismissed by an earlier Pillion, which kept no words"
        screen.print(f"     {message}", markup=False)
        if each.text:
            screen.print(f"     {each.text}", style="dim", markup=False)


def _when(said: str) -> str:
    """The date as in the other lists. A text that is no date stays as it is."""
    try:
        return local_minute(datetime.fromisoformat(said))
    except (ValueError, OverflowError, OSError):
        return said


def _chosen(arguments: argparse.Namespace, newest: Sequence["Dismissal"]) -> list["Dismissal"]:
    """The dismissals that the arguments name.

    Raises:
        UsageError: they name none, or one that doesn't exist.
    """
    if bool(arguments.finding) == (arguments.all_of is not None):
        raise UsageError("Which finding?", hint="A number or id of pillion dismissed list, or --all-of FILE.")
    if arguments.all_of is not None:
        found = [each for each in newest if each.file and _is_same(each.file, arguments.all_of)]
        if not found:
            raise UsageError(f"No finding in {arguments.all_of} is dismissed.", hint="pillion dismissed lists them.")
        return found
    chosen: list[Dismissal] = []
    for said in arguments.finding:
        found = [each for number, each in enumerate(newest, 1) if said in {str(number), each.id}]
        if not found:
            raise UsageError(f"No finding is dismissed as {said!r}.", hint="pillion dismissed lists them.")
        chosen += found
    return chosen


def _is_same(file: str, said: str) -> bool:
    try:
        return file == said or Path(file).resolve() == Path(said).resolve()
    except (OSError, ValueError):
        return False
