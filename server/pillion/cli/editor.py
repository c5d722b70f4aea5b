"""`pillion editor`: prints how to set up each editor, and writes the setup for Neovim."""

import argparse
import os
import sys
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

from pillion.cli.output import console, print_diff, print_json, write
from pillion.editors import help_text as editor_help
from pillion.editors import setup_files as editor_files
from pillion.editors.editor_names import editor_named
from pillion.editors.setup_files import Change, FileChange
from pillion.editors.setups import EDITORS, EditorSetup, absolute_command, neovim_files, own_command, setup_text
from pillion.errors import UsageError
from pillion.text.diffs import unified_diff

_INSTALLABLE = "neovim"
_WORDS = {
    Change.NEW: "a new file",
    Change.SAME: "as it should be",
    Change.UPDATED: "brought up to date",
    Change.YOURS: "replaced; it isn't as Pillion wrote it, so a copy is kept",
    Change.REMOVED: "removed",
}
# Changes to a file's text aren't here: each has a line of its own.
_WORDS_FOR_MANY = {
    Change.NEW: "new files",
    Change.SAME: "files as they should be",
    Change.REMOVED: "files removed",
}
_MOST_OF_A_KIND = 3
_NEXT = "Open a file in Neovim and type :Pillion."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    names = ", ".join(each.name for each in EDITORS)
    parser.add_argument("name", nargs="?", metavar="NAME", help=f"print its setup: {names} (default: list them)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--install", action="store_true", help="write the setup (neovim only); shows it and asks first")
    what.add_argument("--uninstall", action="store_true", help="remove what --install wrote, but for what you changed")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Lists the editors, prints one's setup, or writes it."""
    if arguments.install or arguments.uninstall:
        if arguments.name is None or editor_named(arguments.name).name != _INSTALLABLE:
            raise UsageError(
                "Only Neovim's setup can be written.",
                hint=f"pillion editor {_INSTALLABLE} --install, for 0.11.2 or newer",
            )
        return _install(arguments) if arguments.install else _uninstall(arguments)
    if arguments.name is None:
        _list(as_json=arguments.json)
    else:
        _show(editor_named(arguments.name), as_json=arguments.json)
    return 0


def _list(*, as_json: bool) -> None:
    if as_json:
        print_json([_row(each) for each in EDITORS])
        return
    screen = console()
    width = max(len(each.name) for each in EDITORS)
    for each in EDITORS:
        screen.print(f"{each.name:{width}}  {each.title}", markup=False)
    screen.print("\n`pillion editor NAME` prints a setup.", style="dim")


def _row(editor: EditorSetup) -> dict[str, Any]:
    return {"name": editor.name, "title": editor.title, "where": editor.where}


def _show(editor: EditorSetup, *, as_json: bool) -> None:
    text = setup_text(editor, own_command())
    if as_json:
        print_json({**_row(editor), "notes": editor.notes, "text": text})
        return
    aside = console(stderr=True)
    aside.print(f"{editor.title}. This belongs in {editor.where}:\n", style="bold", markup=False)
    write(text)
    sys.stdout.flush()
    aside.print("\n" + "\n".join(editor.notes), markup=False)


def _install(arguments: argparse.Namespace) -> int:
    folder = editor_files.neovim_folder(os.environ)
    files = neovim_files(absolute_command())
    changes = [*editor_files.planned(folder, files), editor_help.with_tags(folder, files)]
    if all(each.change is Change.SAME for each in changes):
        return _done(arguments, folder, changes, f"Everything is there already. {_NEXT}")
    if not arguments.json:
        _show_changes(folder, changes)
    if not _agreed(arguments, "Write this?"):
        return _done(arguments, folder, [], "Nothing was written.", code=1)
    copies = editor_files.install(folder, changes)
    after = f"Your versions are kept: {', '.join(map(str, copies))}.\n" if copies else ""
    after += f"{_NEXT}\n:help pillion explains it, :checkhealth pillion checks it."
    return _done(arguments, folder, changes, after)


def _uninstall(arguments: argparse.Namespace) -> int:
    folder = editor_files.neovim_folder(os.environ)
    changes = editor_files.removable(folder)
    stay = [each.path for each in changes if each.change is Change.YOURS]
    going = [each for each in changes if each.change is Change.REMOVED]
    pages = {Path(each.path).name for each in going if each.path.startswith("doc/")}
    going += editor_help.without_tags(folder, pages)
    words = f"Changed since they were written, so they stay: {', '.join(stay)}." if stay else ""
    if not going:
        return _done(arguments, folder, [], words or f"There is nothing of Pillion's in {folder}.")
    if not arguments.json:
        _show_changes(folder, going)
    if not _agreed(arguments, "Remove this?"):
        return _done(arguments, folder, [], "Nothing was removed.", code=1)
    editor_files.uninstall(folder, going)
    return _done(arguments, folder, going, words or "Removed.")


def _show_changes(folder: Path, changes: list[FileChange]) -> None:
    screen = console()
    screen.print(f"In {folder}:", style="bold", markup=False)
    for line in _summary(changes):
        screen.print(f"  {line}", markup=False)
    for each in changes:
        if each.change in {Change.UPDATED, Change.YOURS}:
            print_diff(screen, unified_diff(each.before, each.after, each.path))


def _summary(changes: list[FileChange]) -> list[str]:
    """A line for each file. Many files of a folder with the same change share one, so that all fits on a screen."""
    alike = Counter((PurePosixPath(each.path).parent, each.change) for each in changes)
    lines = []
    for each in changes:
        folder = PurePosixPath(each.path).parent
        many = _WORDS_FOR_MANY.get(each.change)
        if many is not None and alike[folder, each.change] > _MOST_OF_A_KIND:
            lines.append(f"{folder}: {alike[folder, each.change]} {many}")
        else:
            lines.append(f"{each.path}: {_WORDS[each.change]}")
    return list(dict.fromkeys(lines))


def _agreed(arguments: argparse.Namespace, question: str) -> bool:
    if arguments.yes:
        return True
    if arguments.json or not sys.stdin.isatty():
        raise UsageError("Nothing was changed: without a terminal nobody can be asked.", hint="--yes does it unasked.")
    try:
        return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def _done(arguments: argparse.Namespace, folder: Path, changes: list[FileChange], words: str, *, code: int = 0) -> int:
    if arguments.json:
        files: list[dict[str, Any]] = [{"path": each.path, "change": each.change.value} for each in changes]
        print_json({"folder": str(folder), "files": files, "message": words})
    else:
        console().print(words, markup=False)
    return code
