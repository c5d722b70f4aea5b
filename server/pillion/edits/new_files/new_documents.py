"""An answer → a new Markdown document, and what makes a text one."""

import re

from pillion.edits.file_change import FileCreation
from pillion.edits.file_places import file_of, whats_wrong
from pillion.edits.new_files.new_file_kinds import MARKDOWN, kind_of
from pillion.edits.new_files.new_file_paths import free_path, path_in_words, slug, uri_of
from pillion.edits.strategies import Answered
from pillion.errors import DraftRejectedError
from pillion.text.document_reply import document_in
from pillion.text.reply_blocks import breaks_off

_FOLDERS = ("docs", "doc")
_HEADING = re.compile(r"^#{1,6}\s+\S|\A\S[^\n]*\n={3,}[ \t]*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 25


def created_document(answered: Answered, stem: str) -> FileCreation:
    """The answer's document. Its name is the one in the user's words, else it begins with `stem`; it is in the
    workspace's folder for documents, else beside the open one.

    Raises:
        DraftRejectedError: the answer has no document.
    """
    text = document_in(answered.reply)
    if not text:
        raise DraftRejectedError("the model answered without a document", code="empty")
    if breaks_off(text):
        raise DraftRejectedError("a code block in the document has no end", code="length")
    newline = "\r\n" if "\r\n" in answered.document.text else "\n"
    return FileCreation(_uri(answered, stem), text.replace("\n", newline))


def hindrance(answered: Answered, stem: str) -> str:
    """Why there can't be such a document; empty if nothing is known against it."""
    try:
        uri = _uri(answered, stem)
    except DraftRejectedError as exc:
        return str(exc)
    return whats_wrong([FileCreation(uri, "")], answered.uri, answered.workspace)


def problem_of(text: str) -> str | None:
    """Why a text is no document; None if it is one."""
    if _HEADING.search(text) is None:
        return "the model answered without a document: it has no heading"
    words = sum(len(_WORD.findall(line)) for line in text.splitlines() if not line.startswith("#"))
    return "there are hardly any words in the document" if words < _FEWEST_WORDS else None


def _uri(answered: Answered, stem: str) -> str:
    uri, workspace = answered.uri, answered.workspace
    named = path_in_words(answered.words, uri, workspace)
    if named and kind_of(named) is MARKDOWN:
        return uri_of(named, uri, workspace)
    subject = answered.words or ("" if answered.symbol.is_stretch else answered.symbol.name)
    name = f"{stem}-{slug(subject, joint='-')}".rstrip("-")
    return uri_of(free_path(f"{_folder(answered)}{name}", ".md", uri, workspace), uri, workspace)


def _folder(answered: Answered) -> str:
    document = file_of(answered.uri)
    root = answered.workspace or (document.parent if document is not None else None)
    found = next((each for each in _FOLDERS if root is not None and (root / each).is_dir()), "")
    return f"{found}/" if found else ""
