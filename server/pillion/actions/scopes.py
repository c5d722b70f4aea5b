"""The scopes of actions: a scope decides from the syntax tree alone whether an action applies to a target."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol
    from pillion.syntax.target import Target


def symbols_at(parsed: "ParsedText", start: int, end: int) -> "Target":
    """The symbols at [start, end)."""
    from pillion.syntax.target import Target

    return Target.at(parsed, start, end)


def todo_or_symbols_at(parsed: "ParsedText", start: int, end: int) -> "Target":
    """The TODO at [start, end), else the symbols there."""
    from pillion.syntax.target import Target
    from pillion.syntax.todos import todo_at

    todo = todo_at(parsed, start, end)
    return Target.of(todo) if todo is not None else Target.at(parsed, start, end)


def selection_at(parsed: "ParsedText", start: int, end: int) -> "Target":
    """The statements, the several symbols or the whole file that [start, end) selects; else the symbols there."""
    from pillion.syntax.selection import selected
    from pillion.syntax.target import Target

    stretch = selected(parsed, start, end)
    if stretch is None:
        return Target.at(parsed, start, end)
    return Target(start, end, stretch, stretch.parts or (stretch,))


def report_at(parsed: "ParsedText", start: int, end: int) -> "Target":
    """What a report about [start, end) is about: the symbol around it, or at the top level the statement. Only a range
    over several statements is taken for a selection."""
    from pillion.syntax.selection import selected, statements_at, statements_in
    from pillion.syntax.target import Target

    around = parsed.symbols.enclosing(start, end)
    if around is None or len(statements_in(parsed, start, end)) > 1:
        found = selected(parsed, start, end) or (statements_at(parsed, start, end) if around is None else None)
        if found is not None:
            return Target(start, end, found, found.parts or (found,))
    return Target.at(parsed, start, end)


def _everything(target: "Target") -> bool:
    return True


def file_at(parsed: "ParsedText", start: int, end: int) -> "Target":
    """The whole file, as one symbol without a path."""
    from pillion.syntax.stretch import file_target

    return file_target(parsed, start, end)


def name_at(parsed: "ParsedText", start: int, end: int) -> "Target":
    """The name at [start, end), if the file declares it."""
    from pillion.syntax.name_at import name_target

    return name_target(parsed, start, end)


def module_or_symbols_at(parsed: "ParsedText", start: int, end: int) -> "Target":
    """The whole file at its head, if it can have a docstring and has none; else the symbols at [start, end)."""
    from pillion.edits.documentation.module_docstrings import module_target

    return module_target(parsed, start, end) or symbols_at(parsed, start, end)


@dataclass(frozen=True, slots=True)
class Scope:
    """A kind of target. An action that needs its own scope defines it in its own file."""

    name: str
    fits: "Callable[[Target], bool]"
    offered_for: Literal["symbol", "finding", "diagnostic", "words"] = "symbol"
    """A menu offers it for a symbol, for a finding, or for what another server reports. For `words` no menu offers it:
    the user says what to do."""
    unwritten: bool = False
    """The target isn't written yet: it may be a TODO, and its length says nothing about the answer's length."""
    several: bool = False
    """It takes several symbols, and not only the one symbol around the whole range."""
    missing: str = "function or class"
    """What there has to be at a range, in words."""
    at: "Callable[[ParsedText, int, int], Target]" = symbols_at
    """What of a document is the target at a range."""
    or_told: bool = False
    """The user's words make it fit any target: they say what `fits` looks for."""
    in_menus: "Callable[[Target], bool]" = _everything
    """Of the targets that fit, those for which a menu of all kinds has a row. A client that asks for the action's kind
    gets the row for all of them."""

    def target(self, parsed: "ParsedText", start: int, end: int) -> "Target":
        """The target at [start, end)."""
        return self.at(parsed.in_lines(), start, end)

    def applies(self, target: "Target", told: str = "") -> bool:
        """Whether the action makes sense for this target, with the user's words."""
        if self.or_told and told.strip():
            return True
        if not (target.symbols if self.several else target.around):
            return False
        return (self.unwritten or not any(each.todo for each in target.symbols)) and self.fits(target)


def _lacks_documentation(symbol: "Symbol") -> bool:
    from pillion.edits.documentation.doc_gaps import gaps_of

    return bool(gaps_of(symbol))


def _is_name(symbol: "Symbol") -> bool:
    return symbol.kind == "name"


def _of_one(test: "Callable[[Symbol], bool]") -> "Callable[[Target], bool]":
    return lambda target: test(target.symbol)


def _is_written(target: "Target") -> bool:
    return any(not each.is_stub for each in target.symbols)


def _is_to_be_written(symbol: "Symbol") -> bool:
    # A class is written member by member: a TODO in one of them is no reason to write the whole class again.
    return symbol.is_stub or bool(symbol.todo) or (symbol.has_todo and symbol.callable)


ANY = Scope("any", _everything, at=selection_at)
UNDOCUMENTED = Scope("undocumented", _of_one(_lacks_documentation), at=module_or_symbols_at)
WRITTEN = Scope("written", _is_written, at=selection_at)
STUB = Scope("stub", _of_one(_is_to_be_written), unwritten=True, at=todo_or_symbols_at)
FINDING = Scope("finding", _everything, offered_for="finding", at=report_at)
DIAGNOSTIC = Scope("diagnostic", _everything, offered_for="diagnostic", at=report_at)
NAME = Scope("name", _of_one(_is_name), missing="name that this file declares", at=name_at)
TOLD = Scope("told", _everything, offered_for="words", at=selection_at)
