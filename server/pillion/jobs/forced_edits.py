"""Edits that the user wants although the code that they change was changed meanwhile."""

from collections.abc import Iterable, Sequence

from pillion.edits.selections.part_between import range_between
from pillion.findings.quotes import nearest
from pillion.pipeline.outcome import Task
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import FILE, STATEMENTS, Symbol
from pillion.text.rebase import Rebase
from pillion.text.replacement import Replacement, apply_replacements, smallest_replacements


def forced(task: Task, replacements: Sequence[Replacement], current: ParsedText, way: Rebase) -> Sequence[Replacement]:
    """Puts what was drafted in place of what is there now, with the edit's other changes where they don't conflict;
    nothing if its place is gone. `way`: from the task's document to the current one."""
    symbol, document = task.target.symbol, task.document
    if symbol.todo:
        return _in_a_todos_place(symbol, replacements, current.text, way)
    if symbol.kind == STATEMENTS:
        place = _statements_now(symbol, document, current)
        return _put(symbol, place, replacements, current, way) if place is not None else ()
    whole_file = document.symbols.inside(0, len(document.text)) if symbol.kind == FILE else ()
    made: list[Replacement] = []
    rest = list(replacements)
    for each in whole_file or symbol.parts or (symbol,):
        own = [change for change in rest if each.start <= change.start and change.end <= each.end]
        rest = [change for change in rest if change not in own]
        node = document.symbols.same_in(current.symbols, each)
        if own and node is not None:
            now = current.symbols.read(node)
            made += _put(each, (now.start, now.end), own, current, way)
    return [*made, *_where_possible(rest, way)] if made else ()


def _put(
    symbol: Symbol, place: tuple[int, int], replacements: Sequence[Replacement], current: ParsedText, way: Rebase
) -> list[Replacement]:
    """The drafted code in this place, and the changes outside of it that don't conflict."""
    start, end = place
    own = [each for each in replacements if symbol.start <= each.start and each.end <= symbol.end]
    drafted = apply_replacements(symbol.text, [each.moved(-symbol.start) for each in own])
    found = [each.moved(start) for each in smallest_replacements(current.text[start:end], drafted)]
    return [*found, *_where_possible([each for each in replacements if each not in own], way)]


def _where_possible(replacements: Iterable[Replacement], way: Rebase) -> list[Replacement]:
    return [moved for each in replacements for moved in way.of([each]).replacements]


def _statements_now(selected: Symbol, document: ParsedText, current: ParsedText) -> tuple[int, int] | None:
    """Where the statements are, changed or not; None if the code around them was changed, too."""
    at = nearest(current.text, selected.text, selected.start)
    if at is not None:
        return at, at + len(selected.text)
    around, now = (0, len(document.text)), (0, len(current.text))
    if selected.inside is not None:
        node = document.symbols.same_in(current.symbols, selected.inside)
        if node is None:
            return None
        inside = current.symbols.read(node)
        around, now = (selected.inside.start, selected.inside.end), (inside.start, inside.end)
    found = range_between(document, around, (selected.start, selected.end), current, now)
    if found is None:
        return None
    text = current.text[found[0] : found[1]]
    return found[0] + len(text) - len(text.lstrip()), found[0] + len(text.rstrip())


def _in_a_todos_place(
    todo: Symbol, replacements: Sequence[Replacement], text: str, way: Rebase
) -> Sequence[Replacement]:
    """Puts the drafted code where the TODO is now, with the edit's other changes; nothing if the TODO is gone."""
    at = nearest(text, todo.text, todo.start)
    if at is None:
        return ()
    found: list[Replacement] = []
    for each in replacements:
        found += [each.moved(at - todo.start)] if each.end == todo.end else way.of([each]).replacements
    return found
