"""Adds what a draft has besides the symbol: imports and helper functions."""

import re

from tree_sitter import Node

from pillion.edits.indentation import base_of, indent_unit, reindent, unit_of
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement, newline_of

# Go's imports are one block, and tools keep it so; a second block would compile, but nobody writes one.
_ADDS_STATEMENTS = frozenset({"python", "javascript", "typescript", "typescriptreact", "rust", "java", "c", "cpp"})
# In these languages a function has to come before its caller.
_DECLARE_FIRST = frozenset({"c", "cpp"})
# These must be a file's first statements, and say how the whole file is read.
_NOT_A_DRAFTS_BUSINESS = frozenset({"future_import_statement"})
# These stay on top, whatever is imported.
_TOP = frozenset({"hash_bang_line", "inner_attribute_item", "package_declaration", "preproc_call"})
_TOP_COMMENT = re.compile(r"#!|#.*coding[:=]|//!|/\*!")
_GUARDS = frozenset({"preproc_ifdef", "preproc_if"})


def import_replacements(draft: ParsedText, document: ParsedText) -> tuple[Replacement, ...]:
    """An insertion of the top-level imports that `draft` has and `document` doesn't have, or nothing."""
    if document.language.id not in _ADDS_STATEMENTS:
        return ()
    known = {text_of(node).rstrip() for node in top_level_imports(document)}
    new = [text_of(node).rstrip() for node in top_level_imports(draft) if node.type not in _NOT_A_DRAFTS_BUSINESS]
    new = [statement for statement in dict.fromkeys(new) if statement not in known]
    if not new:
        return ()
    newline = newline_of(document.text)
    at, after_import = import_place(document)
    block = newline.join(statement.replace("\r\n", "\n").replace("\n", newline) for statement in new)
    return (Replacement(at, at, f"{newline}{block}" if after_import else f"{block}{newline}{newline}"),)


def helper_replacements(
    draft: ParsedText, node: Node, rewritten: str, symbol: Symbol, document: ParsedText
) -> tuple[Replacement, ...]:
    """Insertions of the draft's other symbols that the rewritten symbol uses: methods after it, functions after the
    top-level symbol that it is in. `node` is the symbol's node in the draft.
    """
    top, beside = draft.symbols.beside(None), draft.symbols.beside(node)
    in_class = {draft.symbols.read(each).start for each in beside if node not in top}
    is_method = symbol.kind == "method" and len(symbol.path) > 1
    waiting = [
        each
        for each in map(draft.symbols.read, dict.fromkeys((*beside, *top)))
        if each.name not in {"", "_", *symbol.path}
        and not document.symbols.occurrences((each.name,))
        and not document.symbols.occurrences((*symbol.path[:-1], each.name))
    ]
    methods: list[Symbol] = []
    functions: list[Symbol] = []
    used = rewritten
    while needed := next((each for each in waiting if re.search(rf"(?<!\w){re.escape(each.name)}\b", used)), None):
        waiting.remove(needed)
        used += needed.text
        as_method = re.search(rf"\b(?:self|cls|this|Self)(?:\.|::|->){re.escape(needed.name)}\b", used) is not None
        as_method = as_method or (needed.kind == "method" and len(needed.path) == 1)
        (methods if is_method and (needed.start in in_class or as_method) else functions).append(needed)
    unit = unit_of(symbol, document.text, indent_unit(draft.text))
    return (*_behind_symbol(methods, unit, symbol, document), *_behind_all(functions, unit, symbol, document))


def _behind_symbol(methods: list[Symbol], unit: str, symbol: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    if not methods:
        return ()
    base = base_of(symbol, document.text)
    moved = [reindent(each.text, base=base, unit=unit, language=document.language) for each in _in_order(methods)]
    block = "".join(f"\n\n{base}{each}" for each in moved)
    return (Replacement(symbol.end, symbol.end, block.replace("\n", newline_of(document.text))),)


def _behind_all(functions: list[Symbol], unit: str, symbol: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    if not functions:
        return ()
    if document.language.id in _DECLARE_FIRST:
        return _before(functions, unit, symbol, document)
    outermost = [document.symbols.read(each) for each in document.symbols.occurrences(symbol.path[:1])]
    at = next((each.end for each in outermost if each.start <= symbol.start < each.end), symbol.end)
    gap = "\n" * (3 if document.language.id == "python" else 2)
    moved = [reindent(each.text, base="", unit=unit, language=document.language) for each in _in_order(functions)]
    block = "".join(gap + each for each in moved)
    return (Replacement(at, at, block.replace("\n", newline_of(document.text))),)


def _before(functions: list[Symbol], unit: str, symbol: Symbol, document: ParsedText) -> tuple[Replacement, ...]:
    """The place before the top-level node that the symbol is in, and before the comments right above that node."""
    start = document.offsets.to_byte(symbol.start)
    statements = _statements(document)
    place = next(n for n, node in enumerate(statements) if node.end_byte > start)
    at = _with_comments_above(statements[place], statements[:place], document)
    moved = [reindent(each.text, base="", unit=unit, language=document.language) for each in _in_order(functions)]
    block = "".join(f"{each}\n\n" for each in moved)
    return (Replacement(at, at, block.replace("\n", newline_of(document.text))),)


def _in_order(symbols: list[Symbol]) -> list[Symbol]:
    return sorted(symbols, key=lambda each: each.start)


def _statements(parsed: ParsedText) -> list[Node]:
    """The top-level nodes; in a header file that is all in one guard, the nodes in the guard."""
    nodes = parsed.tree.root_node.named_children
    code = [node for node in nodes if node.type not in parsed.language.comments]
    if len(code) != 1 or code[0].type not in _GUARDS:
        return nodes
    inside = [node for node in code[0].named_children if node.start_point.row > code[0].start_point.row]
    return inside[1:] if inside and inside[0].type == "preproc_def" else inside


def top_level_imports(parsed: ParsedText) -> list[Node]:
    """The file's own imports, in the order of the text."""
    return [node for node in _statements(parsed) if node.type in parsed.language.imports]


def import_place(document: ParsedText) -> tuple[int, bool]:
    """The place after the line of the last top-level import; else before the first code and the comments above it."""
    if imports := top_level_imports(document):
        last = imports[-1]
        end = document.offsets.to_char(last.start_byte) + len(
            text_of(last).rstrip()
        )  # an #include holds its line's end
        end = document.text.find("\n", end)
        end = len(document.text) if end < 0 else end
        return len(document.text[:end].removesuffix("\r")), True
    above: list[Node] = []
    for child in _statements(document):
        if child.type in document.language.comments and _TOP_COMMENT.match(text_of(child)) is None:
            above.append(child)
        elif child.type in _TOP or child.type in document.language.comments or _is_string(child):
            above.clear()
        else:
            return _with_comments_above(child, above, document), False
    return 0, False


def _with_comments_above(node: Node, before: list[Node], document: ParsedText) -> int:
    first = node
    for comment in reversed(before):
        apart = first.start_point.row - comment.end_point.row > 1
        if apart or comment.type not in document.language.comments:
            break
        first = comment
    return document.offsets.to_char(first.start_byte)


def _is_string(node: Node) -> bool:
    """A module's docstring, or JavaScript's "use strict"."""
    return node.type == "expression_statement" and [each.type for each in node.named_children] == ["string"]
