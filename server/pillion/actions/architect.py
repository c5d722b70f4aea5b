"""Writes a document: the architecture of the workspace."""

from typing import TYPE_CHECKING

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import Scope
from pillion.actions.subjects import workspace_at
from pillion.edits.file_change import FileChange
from pillion.edits.invariants import PARSES
from pillion.edits.new_files.new_file_rules import SAYS_SOMETHING
from pillion.edits.strategies import Answered
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.syntax.target import Target

_STEM = "architecture"


def _document(answered: Answered) -> tuple[FileChange, ...]:
    """The answer as a new document."""
    from pillion.edits.new_files.new_documents import created_document

    return (created_document(answered, _STEM),)


def _hindrance(answered: Answered) -> str:
    from pillion.edits.new_files.new_documents import hindrance

    return hindrance(answered, _STEM)


def _everything(target: "Target") -> bool:
    return True


def _at_the_top(target: "Target") -> bool:
    text = target.symbol.text
    return "\n" not in text[: target.end] and bool(text.strip())


ARCHITECT = Action(
    id="architect",
    title="Describe the architecture of {name}",
    told_title="Write an architecture document",
    family="source",
    tier=Tier.COMPLEX,
    scope=Scope("workspace", _everything, unwritten=True, at=workspace_at, or_told=True, in_menus=_at_the_top),
    output=Output.DOCUMENT,
    becomes=_document,
    invariants=(PARSES, SAYS_SOMETHING),
    audited=True,
    max_tokens=4096,
    help="Write a document on the architecture of the workspace; the other engine audits it.",
    ask="Write a document about the architecture of this project. {words}\nSay in short sections what its parts are "
    "and what each is for, how they work together, what is good, what is risky, and what you suggest. Don't list every "
    "definition: name only those that matter.",
    hindrance=_hindrance,
    words=r"architect(?:s|ed|ing|ures?)?",
)
