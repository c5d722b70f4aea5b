"""A draft that is still being written, in the place of the symbol it rewrites: for people to watch, not to apply."""

import re

from pillion.edits.indentation import base_of, indent_unit, reindent, unit_of
from pillion.edits.todo import replaced_by
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol


def partly_rewritten(code: str, symbol: Symbol, document: ParsedText) -> tuple[str, int, int]:
    """The document's text with the `code` so far in place of `symbol`, and the [start, end) of the code in it.

    Code before the definition (imports, helpers) gets its place once the draft is complete. Until the definition
    begins, the text is the document's own.
    """
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


def _from_definition(code: str, name: str) -> str:
    """`code` from the first line that has the symbol's name."""
    named = re.search(rf"(?<!\w){re.escape(name.rpartition('.')[2])}(?!\w)", code)
    return code[code.rfind("\n", 0, named.start()) + 1 :] if named is not None else ""
