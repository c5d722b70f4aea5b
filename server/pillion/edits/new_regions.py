"""Finds the parts of the document that a draft's edit wrote."""

from collections.abc import Sequence

from pillion.findings.place import InEdit
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement


def new_regions(symbol: Symbol, replacements: Sequence[Replacement], after_text: str) -> tuple[InEdit, ...]:
    """The parts of `after_text` that the edit wrote: the symbol, then added imports and helpers. Of several symbols and
    of a file, only the changed lines.

    Added imports and helpers count as whole lines. `replacements` are of the text before.
    """
    if symbol.is_stretch and not symbol.is_place:
        return _changed_lines(replacements, after_text)
    start, end = symbol.start, symbol.end
    others: list[InEdit] = []
    grown = 0
    for each in sorted(replacements):
        added = len(each.new_text) - (each.end - each.start)
        if each.end <= symbol.start and not (each.start == each.end == symbol.start):
            start += added
        if each.start < symbol.end or each.start == each.end == symbol.end:
            end += added
        if not (symbol.start <= each.start and each.end <= symbol.end) and each.new_text.strip(" \t\r\n"):
            # A line end at its beginning is that of the line above, which is the user's.
            skipped = len(each.new_text) - len(each.new_text.lstrip("\r\n"))
            written = each.new_text.strip("\r\n")
            at = each.start + grown + skipped
            others.append(_whole_lines(after_text, at, at + len(written)))
        grown += added
    return (InEdit(start, end), *others)


def _changed_lines(replacements: Sequence[Replacement], after_text: str) -> tuple[InEdit, ...]:
    written = inserted_regions(replacements)
    return tuple(dict.fromkeys(_whole_lines(after_text, each.start, each.end) for each in written))


def inserted_regions(replacements: Sequence[Replacement]) -> tuple[InEdit, ...]:
    """What each of the replacements wrote, for an edit that only adds to the code."""
    found: list[InEdit] = []
    grown = 0
    for each in sorted(replacements):
        at = each.start + grown + len(each.new_text) - len(each.new_text.lstrip())
        found.append(InEdit(at, at + len(each.new_text.strip())))
        grown += len(each.new_text) - (each.end - each.start)
    return tuple(found)


def _whole_lines(text: str, start: int, end: int) -> InEdit:
    line_end = text.find("\n", max(start, end - 1))
    return InEdit(text.rfind("\n", 0, start) + 1, len(text) if line_end < 0 else line_end + 1)
