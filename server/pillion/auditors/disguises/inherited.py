"""Whether something else than a function's own work may fix its parameters: a base class, a caller, a decorator."""

import re

from tree_sitter import Node

from pillion.auditors.auditor import Passage
from pillion.syntax.nodes import name_of, text_of

# The ancestors of a method whose header is fixed by another type, and the field or child that names it.
_CLASSES = frozenset(
    {"class_definition", "class_declaration", "class", "class_specifier", "struct_specifier", "impl_item"}
)
_ALWAYS = frozenset(
    {
        "trait_item",
        "interface_declaration",
        "interface_body",
        "object",
        "pair",
        "enum_body",
        "object_creation_expression",
    }
)
_BASES = frozenset({"superclasses", "superclass", "interfaces", "trait"})
_BASE_NODES = frozenset(
    {"class_heritage", "extends_clause", "implements_clause", "base_class_clause", "super_interfaces", "superclass"}
)
_FIXED = re.compile(r"@\w+|\b(?:override|virtual|abstract|extern|native)\b|__attribute__|\[\[|#\[")


def may_be_fixed_elsewhere(node: Node, passage: Passage) -> bool:
    """Overrides, interface methods, callbacks (the name is used and not called), and what has a decorator."""
    if node.type == "method_declaration" and node.child_by_field_name("receiver") is not None:
        return True  # Go: any method may be there for an interface
    above, current = _decorations(node), node.parent
    if _FIXED.search(above):
        return True
    while current is not None:
        if current.type in _ALWAYS or ("function" in current.type and current.type != "function_declarator"):
            return True  # a function in a function is made to be passed on
        if current.type in _CLASSES:
            fields = any(current.child_by_field_name(name) is not None for name in _BASES)
            if fields or any(child.type in _BASE_NODES for child in current.children):
                return True
        current = current.parent
    return _is_passed_on(name_of(node), passage.text)


def is_method(node: Node) -> bool:
    """Whether a function belongs to a class."""
    current = node.parent
    while current is not None and current.type not in _CLASSES:
        current = current.parent
    return current is not None


def _decorations(node: Node) -> str:
    """What stands around the header: decorators, annotations, attributes, modifiers."""
    body = node.child_by_field_name("body")
    start = node
    while start.parent is not None and start.parent.type in {
        "decorated_definition",
        "export_statement",
        "template_declaration",
    }:
        start = start.parent
    before = [
        each
        for each in (start.prev_sibling,)
        if each is not None and ("decorator" in each.type or "attribute" in each.type)
    ]
    end = body.start_byte if body is not None else node.end_byte
    header = (start.text or b"")[: max(0, end - start.start_byte)].decode("utf-8", "replace")
    return " ".join((*map(text_of, before), header))


def _is_passed_on(name: str, text: str) -> bool:
    """Whether the name stands somewhere without being called or defined there: somebody else calls it."""
    if not name:
        return True
    return (
        re.search(rf"(?<![\w.])(?<!def )(?<!func )(?<!fn )(?<!function ){re.escape(name)}\b(?!\s*[(<:=])", text)
        is not None
    )
