"""What is selected: whole statements of one block, several symbols, or the whole file.

A selection in the middle of statements grows to these statements; one inside a single line of a statement is only a
place in the function around it.
"""

from collections.abc import Sequence

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.stretch import several, statements, whole_file
from pillion.syntax.symbols import Symbol

# The nodes whose children are statements, or members.
BLOCKS = frozenset(
    {
        *("block", "module", "program", "source_file", "translation_unit", "compound_statement", "statement_block"),
        *("statement_list", "constructor_body", "switch_block_statement_group", "case_statement", "switch_case"),
        *("switch_default", "expression_case", "type_case", "communication_case", "default_case"),
        *("class_body", "interface_body", "enum_body_declarations"),
        *("declaration_list", "field_declaration_list", "preproc_ifdef", "preproc_if", "preproc_else"),
    }
)
# Go wraps the statements of a block once more, and its comments stand beside that.
_LISTS = frozenset({"statement_list"})
_NO_STATEMENTS = ("value", "name", "condition", "alternative")
_CURSOR = 1  # some editors send one character for a cursor


def selected(parsed: ParsedText, start: int, end: int) -> Symbol | None:
    """The stretch that [start, end) selects; None if it is only a place, or exactly one symbol."""
    if end - start <= _CURSOR:
        return None
    start, end = parsed.symbols.on_code(start, end)
    first, last = _without_comments(parsed, start, end)
    if first >= last:
        return None
    block = _block_around(parsed, first, last)
    chosen = _chosen(parsed, block, first, last)
    if not chosen or not _selects(parsed, chosen, first, last):
        return None
    symbols = [parsed.symbols.enclosing_node(each) for each in chosen]
    if block.parent is None and len(symbols) > 1 and chosen == _code_in(parsed, block):
        return whole_file(parsed)
    inside = _symbol_around(parsed, block)
    found = list(dict.fromkeys(each for each in symbols if each is not None))
    if len(found) == 1 and None not in symbols:
        return None
    if found and None not in symbols:
        return several(parsed, [parsed.symbols.read(each) for each in found], inside)
    return statements(parsed, min(start, _start(parsed, chosen[0])), max(end, _end(parsed, chosen[-1])), inside)


def statements_at(parsed: ParsedText, start: int, end: int) -> Symbol | None:
    """The whole statements around [start, end), which may be a cursor; None if there is no code."""
    start, end = parsed.symbols.on_code(start, max(start, end))
    first, last = _without_comments(parsed, start, max(end, min(start + 1, len(parsed.text))))
    if first >= last:
        return None
    block = _block_around(parsed, first, last)
    chosen = _chosen(parsed, block, first, last)
    if not chosen:
        return None
    return statements(parsed, _start(parsed, chosen[0]), _end(parsed, chosen[-1]), _symbol_around(parsed, block))


def statements_in(parsed: ParsedText, start: int, end: int) -> list[Node]:
    """The statements of the block that has [start, end), as far as they are in it; without comments."""
    start, end = _without_comments(parsed, *_trimmed(parsed.text, start, end))
    if start >= end:
        return []
    return _chosen(parsed, _block_around(parsed, start, end), start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    white = len(text[start:end]) - len(text[start:end].lstrip())
    return start + white, start + len(text[start:end].rstrip())


def _without_comments(parsed: ParsedText, start: int, end: int) -> tuple[int, int]:
    """The range without the comments at its ends: Python's grammar has those at a block's end in the block around."""
    while start < end and (comment := _comment_at(parsed, start)) is not None:
        start, end = _trimmed(parsed.text, min(end, parsed.offsets.to_char(comment.end_byte)), end)
    while start < end and (comment := _comment_at(parsed, end - 1)) is not None:
        start, end = _trimmed(parsed.text, start, max(start, parsed.offsets.to_char(comment.start_byte)))
    return start, end


def _comment_at(parsed: ParsedText, at: int) -> Node | None:
    byte = parsed.offsets.to_byte(at)
    node = parsed.tree.root_node.descendant_for_byte_range(byte, byte)
    while node is not None and node.type not in parsed.language.comments:
        node = node.parent
    return node


def _block_around(parsed: ParsedText, start: int, end: int) -> Node:
    """The innermost block that has all of [start, end) among its statements."""
    first, last = parsed.offsets.to_byte(start), parsed.offsets.to_byte(end)
    node: Node | None = parsed.tree.root_node.descendant_for_byte_range(first, max(first, last - 1))
    while node is not None and node.parent is not None:
        # A brace of the block itself isn't among its statements.
        if node.type in BLOCKS and any(_meets(each, first, last) for each in _children(node)):
            inner = _children(node)
            if inner[0].start_byte <= first and last <= _last_byte(inner[-1]):
                return node
        node = node.parent
    return parsed.tree.root_node


def _children(block: Node) -> list[Node]:
    others = [each for name in _NO_STATEMENTS if (each := block.child_by_field_name(name)) is not None]
    found: list[Node] = []
    for each in block.named_children:
        found += each.named_children if each.type in _LISTS else [each] if each not in others else []
    return found


def _code_in(parsed: ParsedText, block: Node) -> list[Node]:
    return [each for each in _children(block) if each.type not in parsed.language.comments]


def _meets(node: Node, first: int, last: int) -> bool:
    return node.start_byte < last and first < node.end_byte and first < _last_byte(node)


def _last_byte(node: Node) -> int:
    """The end of a node without its line's end, which belongs to some."""
    text = node.text or b""
    return node.end_byte - (len(text) - len(text.rstrip()))


def _chosen(parsed: ParsedText, block: Node, start: int, end: int) -> list[Node]:
    first, last = parsed.offsets.to_byte(start), parsed.offsets.to_byte(end)
    return [each for each in _code_in(parsed, block) if _meets(each, first, last)]


def _selects(parsed: ParsedText, chosen: Sequence[Node], start: int, end: int) -> bool:
    """Whether the range is meant for these statements, and isn't only a word in one of them."""
    first, last = parsed.offsets.to_byte(start), parsed.offsets.to_byte(end)
    if len(chosen) > 1 or parsed.text.count("\n", start, end):
        return True
    code = (chosen[0].text or b"").rstrip(b" \t\r\n;")
    return first <= chosen[0].start_byte and chosen[0].start_byte + len(code) <= last


def _symbol_around(parsed: ParsedText, block: Node) -> Symbol | None:
    node: Node | None = block
    while node is not None:
        if (found := parsed.symbols.enclosing_node(node)) == node and found is not None:
            return parsed.symbols.read(found)
        node = node.parent
    return None


def _start(parsed: ParsedText, node: Node) -> int:
    return parsed.offsets.to_char(node.start_byte)


def _end(parsed: ParsedText, node: Node) -> int:
    return parsed.offsets.to_char(_last_byte(node))
