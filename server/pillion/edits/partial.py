"""A draft that is still being written, in the place of the symbol it rewrites: for people to watch, not to apply."""

import re

from pillion.edits.indentation import base_of, indent_unit, leading, reindent, set_in, unit_of
from pillion.edits.todo import replaced_by
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import STATEMENTS, Symbol
from pillion.text.replacement import newline_of


def partly_rewritten(code: str, symbol: Symbol, document: ParsedText) -> tuple[str, int, int]:
    """The document's text with the `code` so far in place of `symbol`, and the [start, end) of the code in it.

    Code before the definition (imports, helpers) gets its place once the draft is complete. Until the definition
    begins, the text is the document's own.
    """
    if symbol.kind == STATEMENTS:
        return _partly_selected(code, symbol, document)
    if symbol.todo:
        edit = replaced_by(code, symbol, document)
        text = document.text[: edit.start] + edit.new_text + document.text[edit.end :]
        return text, edit.start, edit.start + len(edit.new_text)
    start = symbol.definition_start
    own = _from_definition(code, symbol.name)
    if not own:
        return document.text, start, symbol.end
    base, unit = base_of(symbol, document.text), unit_of(symbol, document.text, indent_unit(code))
    written = reindent(own, base=base, unit=unit, language=document.language)
    if "\r\n" in document.text:
        written = written.replace("\n", "\r\n")
    return document.text[:start] + written + document.text[symbol.end :], start, start + len(written)


def _partly_selected(code: str, selected: Symbol, document: ParsedText) -> tuple[str, int, int]:
    """The same for statements: a draft may have them alone, or the whole function around them."""
    text, inside = document.text, selected.inside
    begins = code.lstrip().partition("\n")[0]
    if inside is not None and begins and begins.strip() in inside.header:
        return partly_rewritten(code, inside, document)
    start = text.rfind("\n", 0, selected.start) + 1
    unit = indent_unit(text, indent_unit(code))
    written = set_in(code, base=leading(text[start : selected.start]), unit=unit, language=document.language)
    written = written.replace("\n", newline_of(text))
    return text[: selected.start] + written + text[selected.end :], selected.start, selected.start + len(written)


def _from_definition(code: str, name: str) -> str:
    """`code` from the first line that has the symbol's name."""
    named = re.search(rf"(?<!\w){re.escape(name.rpartition('.')[2])}(?!\w)", code)
    return code[code.rfind("\n", 0, named.start()) + 1 :] if named is not None else ""
