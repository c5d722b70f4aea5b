"""Writes a document: a design."""

from typing import TYPE_CHECKING

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import Scope
from pillion.actions.subjects import TYPES, type_or_file_at
from pillion.edits.file_change import FileChange
from pillion.edits.invariants import PARSES
from pillion.edits.new_files.new_file_rules import SAYS_SOMETHING
from pillion.edits.strategies import Answered
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.syntax.target import Target

_STEM = "design"


def _document(answered: Answered) -> tuple[FileChange, ...]:
    """The answer as a new document."""
    from pillion.edits.new_files.new_documents import created_document

    return (created_document(answered, _STEM),)


def _hindrance(answered: Answered) -> str:
    from pillion.edits.new_files.new_documents import hindrance

    return hindrance(answered, _STEM)


def _is_type(target: "Target") -> bool:
    return target.symbol.kind in TYPES


def _on_header(target: "Target") -> bool:
    return target.end <= target.symbol.header_end


DESIGN = Action(
    id="design",
    title="Write a design for {name}",
    told_title="Write a design document",
    family="source",
    tier=Tier.COMPLEX,
    scope=Scope("design", _is_type, unwritten=True, at=type_or_file_at, or_told=True, in_menus=_on_header),
    output=Output.DOCUMENT,
    becomes=_document,
    invariants=(PARSES, SAYS_SOMETHING),
    audited=True,
    max_tokens=4096,
    help="Write a design document, from your words or for the class at the cursor; the other engine audits it.",
    ask="Write a design document for this project. What is to be designed: {words}\nSay what it is for, what of the "
    "project it builds on, how it works (parts, data, interfaces, errors), in which steps it is built, and what is "
    "still open.",
    hindrance=_hindrance,
    words=r"design(?:s|ed|ing)?",
)
