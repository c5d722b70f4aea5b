"""What a draft brings along besides the symbol: imports and helper functions."""

import re

from pillion.edits.replacement import Replacement
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol

# Go's imports are one block, which tools keep; a second block would compile but nobody writes it.
_ADDS_STATEMENTS = frozenset({"python", "javascript", "typescript", "typescriptreact", "rust"})


def import_replacements(draft: ParsedText, document: ParsedText) -> tuple[Replacement, ...]:
    """An insertion of the top-level imports that `draft` has and `document` hasn't, or nothing."""
    if document.language.id not in _ADDS_STATEMENTS:
        return ()
    known = set(_imports(document))
    new = [statement for statement in _imports(draft) if statement not in known]
    if not new:
        return ()
    newline = "\r\n" if "\r\n" in document.text else "\n"
    at, after_import = _place(document)
    block = newline.join(dict.fromkeys(new))
    return (Replacement(at, at, f"{newline}{block}" if after_import else f"{block}{newline}{newline}"),)


def helper_replacements(
    draft: ParsedText, rewritten: str, symbol: Symbol, document: ParsedText
) -> tuple[Replacement, ...]:
    """An insertion, behind the symbol, of the draft's other top-level symbols that the rewritten symbol uses."""
    helpers: list[str] = []
    used = rewritten
    for node in draft.tree.root_node.named_children:
        name = next((draft.symbols.read(each).name for each in draft.symbols.walk(node)), "")
        if not name or name == symbol.path[0] or name == symbol.name or node.text is None:
            continue
        if re.search(rf"\b{re.escape(name)}\b", used) and not document.symbols.occurrences((name,)):
            helpers.append(node.text.decode())
            used += helpers[-1]
    if not helpers:
        return ()
    outermost = document.symbols.occurrences(symbol.path[:1])
    start = document.offsets.to_byte(symbol.start)
    end = next((node.end_byte for node in outermost if node.start_byte <= start < node.end_byte), None)
    at = symbol.end if len(symbol.path) == 1 or end is None else document.offsets.to_char(end)
    newline = "\r\n" if "\r\n" in document.text else "\n"
    gap = newline * (3 if document.language.id == "python" else 2)
    block = "".join(gap + helper for helper in helpers)
    return (Replacement(at, at, block.replace("\r\n", "\n").replace("\n", newline)),)


def _imports(parsed: ParsedText) -> list[str]:
    return [
        child.text.decode()
        for child in parsed.tree.root_node.named_children
        if child.type in parsed.language.imports and child.text is not None
    ]


def _place(document: ParsedText) -> tuple[int, bool]:
    """Behind the last top-level import, else before the first line of code (comments and docstring stay on top)."""
    children = document.tree.root_node.named_children
    imports = [child for child in children if child.type in document.language.imports]
    if imports:
        return document.offsets.to_char(imports[-1].end_byte), True
    for child in children:
        is_docstring = child.type == "expression_statement" and child.named_children[0].type == "string"
        if child.type not in document.language.comments and not is_docstring:
            return document.offsets.to_char(child.start_byte), False
    return 0, False
