"""The drafts that are kept as files: which there are, where each belongs, and its job if it is applied after all."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pillion.actions.action_registry import action_by_id
from pillion.actions.action_row import Action, Output
from pillion.errors import DocumentError, FileError, UsageError
from pillion.jobs.front import Front
from pillion.jobs.new_file_drafts import words_of_draft
from pillion.jobs.request import JobRequest, KeptAnswer
from pillion.state.kept_drafts import DraftFolder, name_in_file, read_draft, remove_draft
from pillion.text.file_uris import document_name

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol

Row = Mapping[str, Any]


def draft_rows(folder: DraftFolder) -> list[dict[str, Any]]:
    """The kept drafts, and those that a server left unfinished, newest first, numbered from 1."""
    rows: list[dict[str, Any]] = [{**each, "unfinished": False} for each in folder.kept()]
    rows += [{**each, "unfinished": True} for each in folder.unfinished()]
    rows.sort(key=lambda each: each["modified_at"], reverse=True)
    return [{"number": number, **each} for number, each in enumerate(rows, 1)]


def row_of(path: str, folder: DraftFolder) -> dict[str, Any]:
    """The draft with this path. Only drafts of the list are ever read or removed.

    Raises:
        UsageError: no draft is kept there.
    """
    found = next((each for each in draft_rows(folder) if each["path"] == path), None)
    if found is None:
        raise UsageError(f"No draft is kept as {path!r}.")
    return found


def action_of(row: Row) -> Action:
    """The action that a draft is of.

    Raises:
        UsageError: it changes no file.
    """
    action = action_by_id(str(row["action"]))
    if action.output is Output.PROSE:
        raise UsageError(f"A draft of “{action.id}” changes no file.", hint="It can only be read.")
    return action


def symbol_of(row: Row, parsed: "ParsedText", file: str, hint: str = "") -> "Symbol":
    """The symbol that a draft is for, as it is in the file now.

    Raises:
        UsageError: it isn't there, or there are several.
    """
    symbols = [parsed.symbols.read(node) for node in parsed.symbols.walk()]
    found = [each for each in symbols if name_in_file(each.name) == row["symbol"]]
    if len(found) != 1:
        there = f"there are {len(found)} of them" if found else "isn't there any more"
        raise UsageError(f"The draft is for “{row['symbol']}” in {file}, and {there}.", hint=hint)
    return found[0]


def is_of_file(row: Row) -> bool:
    """Whether a draft is for a whole file, and not for a symbol in it."""
    from pillion.syntax.stretch import WHOLE_FILE  # tree-sitter isn't needed before

    return bool(row["symbol"] == name_in_file(WHOLE_FILE))


def request_of(row: Row, front: Front) -> JobRequest:
    """The request that applies a draft to its document, which is open.

    Raises:
        UsageError: the draft is no code, or doesn't say where it belongs.
        DocumentError: Pillion can't work on its document.
        FileError: the draft can't be read.
    """
    action, uri = action_of(row), str(row["uri"])
    if not uri:
        raise UsageError("The draft doesn't say which file it is for.", hint="It can only be read.")
    if front.open_document(uri) is None:
        raise DocumentError(f"{document_name(uri)} isn't open.", hint="Open it and try again.")
    document, parsed = front.readable(uri)
    start = end = 0
    if is_of_file(row):
        end = len(document.source)
    elif not action.makes_file:
        start = end = symbol_of(row, parsed, document_name(uri)).definition_start
    path = Path(str(row["path"]))
    told = words_of_draft(row) if action.makes_file else ""
    return JobRequest(action, uri, start, end, document.version, told, kept=KeptAnswer(path, read_draft(path)))


def drop_draft(path: Path) -> None:
    """Deletes a draft of the list.

    Raises:
        FileError: it can't be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as exc:
        raise FileError(path, f"can't be removed: {exc.strerror}") from exc
    remove_draft(path)  # removes its note too
