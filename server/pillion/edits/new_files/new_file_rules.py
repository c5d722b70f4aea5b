"""The rules for a new file, checked without a model: it can be read, it is whole, and it is no copy."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pillion.edits.file_change import FileChange, FileCreation
from pillion.edits.invariants import Checked, Invariant

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText

# So few words are in a file by chance.
_SHORT = 12
# A comment in the place of what a model didn't write out.
_AND_SO_ON = re.compile(
    r"\W*(?:\.\.\.|…)\s*\(?(?:and\s+)?(?:(?:the\s+)?(?:add|additional|continue|etc|further|more|others?|remaining|rest|"
    r"similar|so on)\b.*|\W*)",
    re.IGNORECASE | re.DOTALL,
)


def _created(others: tuple[FileChange, ...]) -> Iterator[FileCreation]:
    return (each for each in others if isinstance(each, FileCreation))


def _readable(checked: Checked) -> str | None:
    from pillion.edits.new_files.new_file_kinds import kind_of
    from pillion.text.file_uris import document_name

    for each in _created(checked.others):
        name, kind = document_name(each.uri), kind_of(each.uri)
        problem = kind.problem(each.text) if kind is not None and kind.language is None else None
        if problem is not None:
            return f"“{name}” would have a mistake in its syntax ({problem})"
    return None


def _whole(checked: Checked) -> str | None:
    from pillion.edits.new_files.new_file_kinds import kind_of
    from pillion.syntax.document import ParsedText
    from pillion.text.file_uris import document_name

    for each in _created(checked.others):
        name, kind = document_name(each.uri), kind_of(each.uri)
        if re.search(r"\w", each.text) is None:
            return f"“{name}” would be empty"
        left_out = _left_out(ParsedText.of(kind.language, each.text)) if kind is not None and kind.language else None
        if left_out is not None:
            return left_out
    return None


def _left_out(parsed: "ParsedText") -> str | None:
    """What the file leaves to be written; None if it leaves nothing."""
    from pillion.syntax.empty_bodies import is_empty_on_purpose
    from pillion.syntax.held_places import HELD_PLACE
    from pillion.syntax.leaves import leaves_of
    from pillion.syntax.nodes import name_of

    leaves = leaves_of(parsed)
    if all(each.is_comment for each in leaves):
        return "there is no code in it"
    for each in leaves:
        if each.is_comment and (HELD_PLACE.search(each.text) or _AND_SO_ON.fullmatch(each.text)):
            return f"it leaves something to be written: “{' '.join(each.text.split())[:80]}”"
    for node in parsed.symbols.walk():
        stub = parsed.symbols.is_stub(node) and parsed.symbols.read(node).callable
        if stub and not is_empty_on_purpose(node, parsed.language):
            return f"“{name_of(node)}” would still be a stub"
    return None


def _copied(checked: Checked) -> str | None:
    document = checked.before.text.split()
    for each in _created(checked.others):
        text = each.text.split()
        if document and (text == document or (len(document) > _SHORT and _holds(text, document))):
            return "it repeats the file that is there"
    return None


def _said(checked: Checked) -> str | None:
    from pillion.edits.new_files.new_documents import problem_of

    return next((said for each in _created(checked.others) if (said := problem_of(each.text)) is not None), None)


def _holds(words: list[str], part: list[str]) -> bool:
    return f" {' '.join(part)} " in f" {' '.join(words)} "


READABLE = Invariant("readable", _readable)
WHOLE = Invariant("whole", _whole)
SAYS_SOMETHING = Invariant("says_something", _said)
NO_COPY = Invariant("no_copy", _copied)
