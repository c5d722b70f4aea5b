"""What an answer may become: the strategies that actions share. An action's own strategy is in the action's file.

Menus read the actions' rows before there is a syntax tree. So modules that read a tree are imported only when there is
an answer.
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
    """A model's whole answer, and the code that the model was asked about."""

    reply: str
    uri: str
    target: "Target"
    document: "ParsedText"
    workspace: Path | None = None
    told: str = ""
    """The user's own words."""

    @property
    def words(self) -> str:
        """What is wanted, in words: the user's own, else those of the comment that is the target."""
        return self.told or self.target.said

    @property
    def symbol(self) -> "Symbol":
        """The one symbol of the target."""
        return self.target.symbol

    def edit(self, replacements: Iterable[Replacement]) -> FileEdit:
        """An edit of the document with these changes. Its new parts are computed later."""
        made = tuple(replacements)
        return FileEdit(self.uri, made, self.document.text, apply_replacements(self.document.text, made))


@dataclass(frozen=True, slots=True)
class Prose:
    """Words for a person; nothing changes."""

    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new name, and the changes that give it. Without changes, only the editor's own rename can give it."""

    name: str
    changes: tuple[FileChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposals:
    """New names, the best first. `handed` says why the editor's own rename has to give them; empty: it needn't."""

    names: tuple[Proposal, ...]
    handed: str = ""


Becomes = Callable[[Answered], tuple[FileChange, ...] | Prose | Proposals]
"""Raises DraftRejectedError if it can't use the answer."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a model is told besides the question, and how its answer begins, for an engine that goes on from there."""

    words: str = ""
    beginning: str = ""


Briefing = Callable[["Symbol", "ParsedText", str, Path | None, str], Brief]
"""The brief on a symbol of a document with this URI, in this workspace, about which the user said something. Raises
NothingToDoError if the action can't be done there."""


def say(answered: Answered) -> Prose:
    """The answer's words."""
    from pillion.errors import DraftRejectedError
    from pillion.text.json_text import is_call
    from pillion.text.thoughts import extract_prose

    prose = extract_prose(answered.reply)
    if not prose:
        raise DraftRejectedError("the model said nothing", code="empty")
    if is_call(prose):
        raise DraftRejectedError("the model called a tool and said nothing", code="empty")
    return Prose(prose)


def rewrite(answered: Answered) -> tuple[FileChange, ...]:
    """The answer's body below the user's own header, or the answer's code in place of the TODO or the selected code,
    and the imports and helpers that it needs elsewhere."""
    from pillion.edits.code import code_replacements
    from pillion.edits.selections.selection_edits import rewritten_selection
    from pillion.edits.todo import todo_replacements

    symbol = answered.symbol
    drafted = rewritten_selection if symbol.is_stretch else todo_replacements if symbol.todo else code_replacements
    return (answered.edit(drafted(answered.reply, symbol, answered.document)),)


def change(answered: Answered) -> tuple[FileChange, ...]:
    """The answer's code in place of the symbol, with the answer's header, decorators and documentation, and the
    imports and helpers that it needs elsewhere."""
    from pillion.edits.code import told_replacements
    from pillion.edits.selections.selection_edits import told_selection

    drafted = told_selection if answered.symbol.is_stretch else told_replacements
    return (answered.edit(drafted(answered.reply, answered.symbol, answered.document, answered.told)),)


def describe(answered: Answered) -> tuple[FileChange, ...]:
    """The answer's fields as the symbol's documentation, or what that lacks of them, or the file's documentation."""
    from pillion.edits.documentation.completion import completed
    from pillion.edits.documentation.docstring_fields import parse_fields
    from pillion.edits.documentation.docstrings import as_sentence, docstring_replacement
    from pillion.edits.documentation.module_docstrings import MODULE, module_replacement
    from pillion.edits.documentation.project_style import docstring_style
    from pillion.text.thoughts import extract_prose

    document, symbol = answered.document, answered.symbol
    fields = parse_fields(extract_prose(answered.reply), summary_needed=not symbol.documented)
    if symbol.kind == MODULE:
        return (answered.edit([module_replacement(as_sentence(fields.summary), document)]),)
    style = docstring_style(document, answered.uri)
    if symbol.documented:
        return (answered.edit(completed(fields, symbol, document, style)),)
    return (answered.edit([docstring_replacement(fields, symbol, document.text, document.language, style)]),)
