"""A symbol's code as a prompt shows it."""

from textwrap import dedent

from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol


def outdented(symbol: Symbol, document: ParsedText) -> str:
    """The symbol's text as if it stood at the margin: small models copy indentation badly."""
    return _at_the_margin(symbol, document, document.text[_first_line_start(symbol, document) : symbol.end])


def outdented_to_write(symbol: Symbol, document: ParsedText) -> str:
    """The same without a stub's placeholder: small models copy that, too."""
    if symbol.placeholder is None:
        return outdented(symbol, document)
    start, end = symbol.placeholder
    before = document.text[_first_line_start(symbol, document) : start]
    behind = document.text[end : symbol.end]
    line_before, line_behind = before.rpartition("\n")[2], behind.partition("\n")[0]
    if line_before.strip() or not line_behind.strip():
        # Nothing is left of its line, or only the header before it.
        before = before.rstrip()
    else:
        behind = behind.lstrip(" \t")
    return _at_the_margin(symbol, document, before + behind)


def _first_line_start(symbol: Symbol, document: ParsedText) -> int:
    return document.text.rfind("\n", 0, symbol.start) + 1


def _at_the_margin(symbol: Symbol, document: ParsedText, lines: str) -> str:
    """`lines` begin where the symbol's first line begins."""
    column = symbol.start - _first_line_start(symbol, document)
    return lines[column:] if lines[:column].strip() else dedent(lines)
