"""The names of JavaScript and TypeScript: values and types in one space, since a class is both."""

from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import Bound, ScopeRules

_FUNCTIONS = frozenset(
    {
        *("function_declaration", "generator_function_declaration", "function_expression", "generator_function"),
        *("arrow_function", "method_definition", "class_static_block"),
    }
)
_SIGNATURES = frozenset(
    {
        *("function_signature", "function_type", "constructor_type", "call_signature", "construct_signature"),
        *("method_signature", "abstract_method_signature", "interface_declaration", "type_alias_declaration"),
        *("conditional_type", "index_signature", "enum_declaration", "tuple_type"),
    }
)
_BLOCKS = frozenset(
    {
        *("statement_block", "for_statement", "for_in_statement", "catch_clause", "switch_body"),
        *("class_declaration", "abstract_class_declaration", "class"),
    }
)
_NAMED = frozenset(
    {
        *("function_declaration", "generator_function_declaration", "function_signature", "class_declaration"),
        *("abstract_class_declaration", "interface_declaration", "type_alias_declaration", "enum_declaration"),
        *("internal_module", "module"),
    }
)
_NAMED_INSIDE = frozenset({"function_expression", "generator_function", "class"})
_PATTERNS = frozenset({"object_pattern", "array_pattern", "rest_pattern", "pair_pattern"})
_DEFAULTS = frozenset({"assignment_pattern", "object_assignment_pattern"})
# Outside of a declaration, `({ name } = value)` assigns to a variable.
_ASSIGNED = "shorthand_property_identifier_pattern"
_NAMES = frozenset({"identifier", _ASSIGNED})
_PARAMETERS = frozenset({"required_parameter", "optional_parameter"})


def pattern_names(pattern: Node | None) -> Iterator[Node]:
    """The names that a pattern binds."""
    stack = [pattern] if pattern is not None else []
    while stack:
        node = stack.pop()
        if node.type in _NAMES:
            yield node
        elif node.type in _DEFAULTS:
            left = node.child_by_field_name("left")
            stack += [left] if left is not None else []
        elif node.type == "pair_pattern":
            value = node.child_by_field_name("value")
            stack += [value] if value is not None else []
        elif node.type in _PATTERNS:
            stack += node.named_children


def import_bindings(statement: Node) -> Iterator[Node]:
    """The nodes that an import binds."""
    stack = [child for child in statement.named_children if child.type in {"import_clause", "import_require_clause"}]
    while stack:
        node = stack.pop()
        if node.type == "identifier":
            yield node
        elif node.type == "import_specifier":
            name = node.child_by_field_name("alias") or node.child_by_field_name("name")
            if name is not None:
                yield name
        else:
            stack += reversed(node.named_children)


def _binds(node: Node) -> Iterator[Bound]:
    kind = node.type
    name = node.child_by_field_name("name")
    if kind in _NAMED and name is not None:
        while (inner := name.child_by_field_name("object")) is not None:
            name = inner
        yield Bound(name)
    elif kind in _NAMED_INSIDE and name is not None:
        yield Bound(name, inside=True)
    elif kind == "variable_declarator":
        hoisted = node.parent is not None and node.parent.type == "variable_declaration"
        yield from (Bound(each, hoisted=hoisted) for each in pattern_names(name))
    elif kind == "import_statement":
        yield from map(Bound, import_bindings(node))
    elif kind == "formal_parameters":
        yield from (Bound(name) for child in node.named_children for name in pattern_names(child))
    elif kind in _PARAMETERS:
        yield from map(Bound, pattern_names(node.child_by_field_name("pattern") or name))
    else:
        yield from _binds_elsewhere(node, kind, name)


def _binds_elsewhere(node: Node, kind: str, name: Node | None) -> Iterator[Bound]:
    if kind in {"arrow_function", "catch_clause"}:
        yield from (Bound(each, inside=True) for each in pattern_names(node.child_by_field_name("parameter")))
    elif kind == "for_in_statement" and node.child_by_field_name("kind") is not None:
        declared = node.child_by_field_name("kind")
        hoisted = declared is not None and text_of(declared) == "var"
        left = node.child_by_field_name("left")
        yield from (Bound(each, inside=True, hoisted=hoisted) for each in pattern_names(left))
    elif kind in {"type_parameter", "mapped_type_clause", "index_signature"} and name is not None:
        yield Bound(name, inside=kind == "index_signature")
    elif kind == "infer_type" and node.named_children:
        yield Bound(node.named_children[0], hoisted=True)
    elif kind == "import_alias" and node.named_children:
        yield Bound(node.named_children[0])
    elif kind == "enum_body":
        for child in node.named_children:
            member = child.child_by_field_name("name") if child.type == "enum_assignment" else child
            if member is not None:
                yield Bound(member)


def _used(node: Node) -> str:
    parent = node.parent
    if parent is None:
        return ""
    kind = parent.type
    if kind in {"import_specifier", "namespace_export", "import_alias"}:
        return ""
    if kind == "export_specifier":
        return _exported(node, parent)
    if kind == "export_statement" and any(child.type == "namespace" for child in parent.children):
        return ""
    if kind in {"jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element"}:
        return "value" if text_of(node)[:1].isupper() else ""
    if kind == "nested_type_identifier" and node.type == "type_identifier":
        return ""
    if kind == "unary_expression" and any(child.type == "typeof" for child in parent.children):
        return "asked"
    if node.type == _ASSIGNED:
        return "assigned"
    if kind == "assignment_expression" and parent.child_by_field_name("left") == node:
        return "assigned"
    return "type" if node.type == "type_identifier" else "value"


def _exported(node: Node, specifier: Node) -> str:
    statement = specifier.parent.parent if specifier.parent is not None else None
    if statement is not None and statement.child_by_field_name("source") is not None:
        return ""
    alias = specifier.child_by_field_name("alias")
    return "" if alias is not None and alias.id == node.id else "value"


JAVASCRIPT_RULES = ScopeRules(
    opens=_FUNCTIONS | _SIGNATURES | _BLOCKS,
    functions=_FUNCTIONS | {"conditional_type"},
    skipped=frozenset({"comment", "meta_property"}),
    leaves=frozenset({"identifier", "type_identifier", "shorthand_property_identifier", _ASSIGNED}),
    binds=_binds,
    used=_used,
)
