"""Python's names, for what comes along with a draft. Its undefined names are found by pyflakes."""

from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import Bound, ScopeRules

_COMPREHENSIONS = frozenset(
    {"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}
)
_TARGETS = frozenset(
    {
        *("pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "dictionary_splat_pattern"),
        *("as_pattern_target", "tuple", "list", "parenthesized_expression", "case_pattern", "splat_pattern"),
        *("union_pattern", "class_pattern", "keyword_pattern", "dict_pattern"),
    }
)
_PARAMETERS = frozenset({"default_parameter", "typed_default_parameter"})


def import_bindings(statement: Node) -> Iterator[Node]:
    """The nodes whose text an import binds: an alias, a name, or the first part of a module's name."""
    for name in statement.children_by_field_name("name"):
        alias = name.child_by_field_name("alias")
        if alias is not None:
            yield alias
        elif name.named_children:
            yield name.named_children[0]


def _targets(target: Node | None) -> Iterator[Node]:
    stack = [target] if target is not None else []
    while stack:
        node = stack.pop()
        if node.type == "identifier":
            yield node
        elif node.type == "dotted_name" and node.named_child_count == 1:
            yield node.named_children[0]
        elif node.type in _TARGETS:
            stack += node.named_children


def _binds(node: Node) -> Iterator[Bound]:
    kind = node.type
    if kind in {"function_definition", "class_definition"}:
        name = node.child_by_field_name("name")
        yield from (Bound(each) for each in (name,) if each is not None)
    elif kind in {"import_statement", "import_from_statement"}:
        yield from map(Bound, import_bindings(node))
    elif kind in {"assignment", "augmented_assignment", "for_statement", "for_in_clause"}:
        yield from map(Bound, _targets(node.child_by_field_name("left")))
    elif kind in {"parameters", "lambda_parameters"}:
        for child in node.named_children:
            yield from map(Bound, _targets(child))
    elif kind in _PARAMETERS or kind == "named_expression":
        yield from map(Bound, _targets(node.child_by_field_name("name")))
    elif kind == "typed_parameter" and node.named_children:
        yield from map(Bound, _targets(node.named_children[0]))
    elif kind == "as_pattern":
        yield from map(Bound, _targets(node.child_by_field_name("alias")))
    elif kind == "case_clause":
        for child in node.named_children:
            if child.type == "case_pattern":
                yield from map(Bound, _targets(child))
    elif kind == "type_alias_statement":
        left = node.child_by_field_name("left")
        stack = [left] if left is not None else []
        while stack:
            inner = stack.pop()
            if inner.type == "identifier":
                yield Bound(inner)
                break
            stack += inner.named_children[:1]


def _used(node: Node) -> str:
    parent = node.parent
    if parent is None:
        return ""
    if parent.type == "attribute" and parent.child_by_field_name("attribute") == node:
        return ""
    if parent.type == "keyword_argument" and parent.child_by_field_name("name") == node:
        return ""
    return "value" if text_of(node) != "_" else ""


def _elsewhere(node: Node) -> Iterator[tuple[str, bool]]:
    if node.type in {"global_statement", "nonlocal_statement"}:
        yield from ((text_of(each), node.type == "global_statement") for each in node.named_children)


PYTHON = ScopeRules(
    opens=_COMPREHENSIONS | {"function_definition", "class_definition", "lambda"},
    functions=frozenset({"function_definition"}),
    skipped=frozenset({"comment", "import_statement", "import_from_statement", "future_import_statement"}),
    leaves=frozenset({"identifier"}),
    binds=_binds,
    used=_used,
    elsewhere=_elsewhere,
)
