"""`pillion drafts`: the drafts that became no edit, and the drafts that a server left unfinished."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from pillion.cli import drafts_apply
from pillion.cli.dates import local_minute
from pillion.cli.output import console, print_json, write
from pillion.cli.usage import add_part
from pillion.errors import UsageError
from pillion.jobs.draft_list import draft_rows, drop_draft
from pillion.text.file_uris import path_in


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.set_defaults(what="list", json=False)
    parts = parser.add_subparsers(title="what to do (default: list)", metavar="WHAT")
    listed = add_part(parts, "list", "list the drafts that are kept, newest first, with their numbers")
    show = add_part(parts, "show", "print a draft")
    show.add_argument("draft", metavar="PATH-or-NUMBER", help="as the list has it")
    applied = add_part(parts, "apply", "make a draft's edit after all, on the file as it is now")
    drafts_apply.add_arguments(applied)
    remove = add_part(parts, "drop", "delete drafts")
    remove.add_argument("draft", metavar="PATH-or-NUMBER", nargs="+", help="as the list has them")
    for name, part in (("list", listed), ("show", show), ("apply", applied), ("drop", remove)):
        part.set_defaults(what=name)
        part.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Runs the chosen part."""
    from pillion.state.kept_drafts import DraftFolder
    from pillion.state.unfinished_drafts import recover

    folder = DraftFolder()
    recover(folder)
    parts = {"list": _list, "show": _show, "apply": _apply, "drop": _drop}
    return parts[arguments.what](arguments, draft_rows(folder))


def _list(arguments: argparse.Namespace, rows: list[dict[str, Any]]) -> int:
    if arguments.json:
        print_json(rows)
        return 0
    screen = console()
    if not rows:
        screen.print("No draft is kept: what models wrote became edits.")
    for row in rows:
        when = local_minute(datetime.fromtimestamp(row["modified_at"]))
        what = f"{row['action']} {row['symbol']}".strip() + (" (unfinished)" if row["unfinished"] else "")
        screen.print(f"{row['number']:>3}  {when}  {what}", markup=False)
        for line in _about(row):
            screen.print(f"     {line}", markup=False)
        screen.print(f"     {row['path']}", style="dim", markup=False)
    return 0


def _about(row: dict[str, Any]) -> list[str]:
    """The file that a draft is for, and why it became no edit, if these are known."""
    file = f"for {path_in(row['uri']) or row['uri']}" if row["uri"] else ""
    return [line for line in (file, row["reason"]) if line]


def _show(arguments: argparse.Namespace, rows: list[dict[str, Any]]) -> int:
    from pillion.state.kept_drafts import read_draft

    row = _chosen(arguments.draft, rows)
    text = read_draft(Path(row["path"]))
    if arguments.json:
        print_json({**row, "text": text})
    else:
        note = console(stderr=True)
        for line in _about(row):
            note.print(line, style="dim", markup=False)
        write(text if text.endswith("\n") else f"{text}\n")
    return 0


def _apply(arguments: argparse.Namespace, rows: list[dict[str, Any]]) -> int:
    return drafts_apply.apply_draft(arguments, _chosen(arguments.draft, rows))


def _drop(arguments: argparse.Namespace, rows: list[dict[str, Any]]) -> int:
    chosen = {row["path"]: row for row in [_chosen(each, rows) for each in arguments.draft]}
    for path in chosen:
        drop_draft(Path(path))
    if arguments.json:
        print_json({"dropped": list(chosen)})
    else:
        count = "1 draft was" if len(chosen) == 1 else f"{len(chosen)} drafts were"
        console().print(f"{count} dropped.", markup=False)
    return 0


def _chosen(said: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The draft with this number, path or file name. Only drafts of the list are ever read or removed.

    Raises:
        UsageError: there is no draft like that.
    """
    for row in rows:
        if said == str(row["number"]) or said == Path(row["path"]).name or Path(said).absolute() == Path(row["path"]):
            return row
    hint = (
        f"There are {len(rows)}: pillion drafts lists them." if len(rows) > 1 else "pillion drafts lists what there is."
    )
    raise UsageError(f"No draft is kept as {said!r}.", hint=hint)
