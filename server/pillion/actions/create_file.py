"""Writes a new file."""

from typing import TYPE_CHECKING

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import Scope
from pillion.actions.subjects import asks_for_a_file, comment_or_file_at
from pillion.auditors.running.aim import Aim
from pillion.edits.file_change import FileChange
from pillion.edits.invariants import PARSES
from pillion.edits.new_files.new_file_rules import NO_COPY, READABLE, WHOLE
from pillion.edits.strategies import Answered
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.syntax.target import Target


def _file(answered: Answered) -> tuple[FileChange, ...]:
    """The answer's code as a new file."""
    from pillion.edits.new_files.creations import created_file

    return (created_file(answered),)


def _hindrance(answered: Answered) -> str:
    from pillion.edits.new_files.creations import hindrance

    return hindrance(answered)


def _says_what(target: "Target") -> bool:
    return bool(target.said)


def _asks(target: "Target") -> bool:
    return asks_for_a_file(target.said)


CREATE = Action(
    id="create",
    title="Create {name}",
    told_title="Create a new file",
    family="source",
    tier=Tier.COMPLEX,
    scope=Scope("new file", _says_what, unwritten=True, at=comment_or_file_at, or_told=True, in_menus=_asks),
    output=Output.FILE,
    becomes=_file,
    invariants=(PARSES, READABLE, WHOLE, NO_COPY),
    audited=True,
    aim=Aim.NEW,
    max_tokens=4096,
    help="Write a new file, as your words or a comment say; the other engine audits it as it streams.",
    ask="Create {subject}. {words}",
    hindrance=_hindrance,
    words=r"creat(?:e|es|ed|ing|ion)",
)
