"""What a file of JavaScript's tests calls the names of the document that it tests."""

from collections.abc import Mapping

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of

_ANOTHER = "_another_"


def as_in_the_document(parsed: ParsedText, alias: Mapping[str, str], name: str) -> str:
    """The text with the document's names for its things. `alias`: `t` → `total`, `shop.total` → `total`; `name` is the
    document's. Where the text has this name for something of its own, it gets another."""
    scopes = parsed.names
    if not scopes.uses:
        return ""  # it is nested too deep to be read
    changes: dict[tuple[int, int], str] = {}
    for use in scopes.uses:
        is_inner = any(use.name in each.names for each in use.scope.around() if each is not scopes.top)
        start, end, said = use.node.start_byte, use.node.end_byte, use.name
        member = _member(use.node)
        if member is not None and f"{use.name}.{text_of(member)}" in alias:
            end, said = member.end_byte, f"{use.name}.{text_of(member)}"
        if said in alias and not is_inner:
            changes[start, end] = alias[said]
        elif use.name == name:
            changes[start, end] = _ANOTHER + name
    data = parsed.text.encode()
    for (start, end), new in sorted(changes.items(), reverse=True):
        data = data[:start] + new.encode() + data[end:]
    return data.decode("utf-8", "replace")


def _member(node: Node) -> Node | None:
    around = node.parent
    if around is None or around.type != "member_expression" or around.child_by_field_name("object") != node:
        return None
    return around.child_by_field_name("property")
