"""Which changes of an edit come along with others: imports, constants and helpers with the code that uses them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tree_sitter import Node

from pillion.edits.imports.import_places import is_import, statements
from pillion.syntax.document import ParsedText

if TYPE_CHECKING:
    from pillion.edits.hunks import Change

# An import of it may bind any name.
_ANY = "*"


def needs_of(changes: "Sequence[Change]", before: ParsedText, after: ParsedText) -> dict[int, set[int]]:
    """By each change's number, the numbers of the changes that it needs: those that bring a top-level name which it
    uses, and which the text before doesn't have."""
    nodes = {number: _declared(change, before, after) for number, change in enumerate(changes)}
    if not any(nodes.values()):
        return {}
    scopes, known = after.names, before.names.top.names
    to_byte = after.offsets.to_byte
    places = [(to_byte(each.start), to_byte(each.end)) for each in changes]
    used = [scopes.free_in(start, end) for start, end in places]
    needs: dict[int, set[int]] = {number: set() for number in range(len(changes))}
    for number, declared in nodes.items():
        if not declared:
            continue
        brought = scopes.bound_in(*places[number]) - known
        imports = all(is_import(node, after) for node in declared)
        # Nobody knows what C's headers, and imports of everything, bring.
        anything = imports and (_ANY in brought or not scopes.bound_in(*places[number]))
        for other in range(len(changes)):
            uses = used[other] & brought or (anything and not _is_only_imports(nodes[other], after))
            if other != number and uses:
                needs[other].add(number)
    return needs


def _is_only_imports(declared: Sequence[Node], after: ParsedText) -> bool:
    return bool(declared) and all(is_import(node, after) for node in declared)


def _declared(change: "Change", before: ParsedText, after: ParsedText) -> list[Node]:
    """The top-level nodes that the change writes, if it only adds whole ones, or replaces imports by imports."""
    replacement = change.replacement
    written = _whole_nodes(after, change.start, change.end)
    if before.text[replacement.start : replacement.end].strip():
        replaced = _whole_nodes(before, replacement.start, replacement.end)
        return written if _is_only_imports(replaced, before) and _is_only_imports(written, after) else []
    return written


def _whole_nodes(parsed: ParsedText, start: int, end: int) -> list[Node]:
    """The top-level nodes in [start, end), comments left out; none if one of them is only partly in it."""
    first, last = parsed.offsets.to_byte(start), parsed.offsets.to_byte(end)
    found = []
    for node in statements(parsed):
        if node.end_byte <= first or node.start_byte >= last:
            continue
        if node.start_byte < first or _code_end(node) > last:
            return []
        if node.type not in parsed.language.comments:
            found.append(node)
    return found


def _code_end(node: Node) -> int:
    """Some grammars count the line's end as a part of the node."""
    text = node.text or b""
    return node.end_byte - (len(text) - len(text.rstrip()))
