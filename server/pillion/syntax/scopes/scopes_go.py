"""Go's names."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import Bound, Scope, ScopeRules

_VERSION = re.compile(r"v[0-9]+")
_TARGETS = frozenset({"short_var_declaration", "range_clause", "receive_statement"})
_BINDING = frozenset(
    {
        *("parameter_declaration", "variadic_parameter_declaration", "type_parameter_declaration"),
        *("var_spec", "const_spec"),
    }
)


def package_names(path: str) -> set[str]:
    """The names that an import without a name may bind: a package is mostly called as the end of its path."""
    parts = [part for part in path.split("/") if part]
    if len(parts) > 1 and _VERSION.fullmatch(parts[-1]):
        parts.pop()
    last = re.sub(r"\.v[0-9]+$", "", parts[-1]) if parts else ""
    words = re.split(r"[-.]", last)
    return {last, *words, "".join(words), "_".join(words)}


def import_names(spec: Node) -> set[str]:
    """The names that an import may bind."""
    name, path = spec.child_by_field_name("name"), spec.child_by_field_name("path")
    if name is not None:
        return {text_of(name)}
    return package_names(text_of(path).strip('"`')) if path is not None else set()


def _binds(node: Node) -> Iterator[Bound]:
    kind = node.type
    if kind == "import_spec":
        yield from (Bound(node, name=name) for name in import_names(node))
    elif kind in {"function_declaration", "type_spec", "type_alias"}:
        name = node.child_by_field_name("name")
        if name is not None:
            yield Bound(name)
    elif kind in _BINDING:
        yield from (Bound(name) for name in node.children_by_field_name("name"))
    elif kind in _TARGETS and any(child.type == ":=" for child in node.children):
        yield from _listed(node.child_by_field_name("left"))
    elif kind == "method_declaration":
        yield from (Bound(each, inside=True) for each in _receiver_parameters(node))
    elif kind == "type_switch_statement":
        yield from (Bound(each.node, inside=True) for each in _listed(node.child_by_field_name("alias")))


def _receiver_parameters(method: Node) -> Iterator[Node]:
    """`T` in `func (list *List[T]) …`."""
    stack = [node] if (node := method.child_by_field_name("receiver")) is not None else []
    while stack:
        node = stack.pop()
        if node.type == "type_arguments":
            yield from (each for element in node.named_children for each in element.named_children)
        else:
            stack += node.named_children


def _listed(node: Node | None) -> Iterator[Bound]:
    if node is not None:
        yield from (Bound(each) for each in node.named_children if each.type == "identifier")


def _used(node: Node) -> str:
    parent = node.parent
    if parent is None:
        return ""
    if node.type == "package_identifier":
        return "package" if parent.type == "qualified_type" else ""
    if node.type == "type_identifier":
        return "type" if parent.type != "qualified_type" else ""
    if parent.type == "literal_element" and parent.parent is not None and parent.parent.type == "keyed_element":
        key = parent.parent.child_by_field_name("key")
        if key is not None and key.id == parent.id:
            return ""  # a field's name, or a map's key: only the type knows
    if parent.type == "selector_expression":
        field = parent.child_by_field_name("field")
        return "package" if field is not None and text_of(field)[:1].isupper() else "value"
    return "value"


def _marks(scope: Scope) -> None:
    if scope.parent is None:
        specs = list(_specs(scope.node))
        scope.open = any(
            (name := each.child_by_field_name("name")) is not None and name.type == "dot" for each in specs
        )


def _specs(root: Node) -> Iterator[Node]:
    for declaration in root.named_children:
        if declaration.type == "import_declaration":
            for child in declaration.named_children:
                yield from child.named_children if child.type == "import_spec_list" else (child,)


GO = ScopeRules(
    opens=frozenset(
        {
            *("function_declaration", "method_declaration", "func_literal", "function_type", "method_elem", "block"),
            *("if_statement", "for_statement", "expression_switch_statement", "type_switch_statement"),
            *("expression_case", "type_case", "default_case", "communication_case", "type_spec", "type_alias"),
        }
    ),
    functions=frozenset(),
    skipped=frozenset({"comment", "package_clause"}),
    leaves=frozenset({"identifier", "type_identifier", "package_identifier"}),
    binds=_binds,
    used=_used,
    marks=_marks,
)
