"""What an answer may become: the ways that actions share. An action with a way of its own has it in its own file.

Menus read the actions' rows before there is a syntax tree, so what reads one is loaded when there is an answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.edits.file_change import FileChange, FileEdit
from pillion.text.replacement import Replacement, apply_replacements

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol
    from pillion.syntax.target import Target


@dataclass(frozen=True, slots=True)
class Answered:
    """A model's whole answer, and what it was asked about."""

    reply: str
    uri: str
    target: "Target"
    document: "ParsedText"
    workspace: Path | None = None

    @property
    def symbol(self) -> "Symbol":
        """The one symbol that was meant."""
        return self.target.symbol

    def edit(self, replacements: Iterable[Replacement]) -> FileEdit:
        """The document that was asked about with these changes; which parts of it are new is found out later."""
        made = tuple(replacements)
        return FileEdit(self.uri, made, self.document.text, apply_replacements(self.document.text, made))


@dataclass(frozen=True, slots=True)
class Prose:
    """Words for a person; nothing is changed."""

    text: str


Becomes = Callable[[Answered], tuple[FileChange, ...] | Prose]
"""Raises DraftRejectedError where the answer is none that it can take."""


def say(answered: Answered) -> Prose:
    """The answer's words."""
    from pillion.errors import DraftRejectedError
    from pillion.text.fences import extract_prose

    prose = extract_prose(answered.reply)
    if not prose:
        raise DraftRejectedError("the model said nothing", code="empty")
    return Prose(prose)


def rewrite(answered: Answered) -> tuple[FileChange, ...]:
    """The symbol as the answer has it, or the code in a TODO's place; with what it brings along."""
    from pillion.edits.code import code_replacements
    from pillion.edits.todo import todo_replacements

    drafted = todo_replacements if answered.symbol.todo else code_replacements
    return (answered.edit(drafted(answered.reply, answered.symbol, answered.document)),)


def describe(answered: Answered) -> tuple[FileChange, ...]:
    """The symbol with the answer's fields as its documentation."""
    from pillion.edits.docstrings import docstring_replacement, parse_fields
    from pillion.text.fences import extract_prose

    fields = parse_fields(extract_prose(answered.reply))
    document = answered.document
    return (answered.edit([docstring_replacement(fields, answered.symbol, document.text, document.language)]),)
