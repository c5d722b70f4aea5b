"""The names of C and C++. Members of classes and namespaces count as bound in the whole file: definitions elsewhere in
the file see them, too."""

from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import Bound, Scope, ScopeRules

_BLOCKS = frozenset(
    {
        *("function_definition", "compound_statement", "for_statement", "for_range_loop", "if_statement"),
        *("while_statement", "switch_statement", "catch_clause", "lambda_expression"),
    }
)
# Their names are bound around them; what they hold besides (parameters, template parameters) isn't seen there.
_HOLDERS = frozenset(
    {"declaration", "field_declaration", "type_definition", "parameter_declaration", "template_declaration"}
)
_DECLARED = frozenset({"declaration", "field_declaration", "type_definition"})
_SPECIFIERS = frozenset(
    {
        *("struct_specifier", "union_specifier", "enum_specifier", "class_specifier", "enumerator"),
        *("alias_declaration", "namespace_alias_definition", "concept_definition", "preproc_def"),
        *("preproc_function_def", "namespace_definition"),
    }
)
_PARAMETERS = frozenset(
    {
        *("parameter_declaration", "optional_parameter_declaration", "variadic_parameter_declaration"),
        *("for_range_loop", "template_template_parameter_declaration"),
    }
)
_TYPE_PARAMETERS = frozenset(
    {
        *("type_parameter_declaration", "variadic_type_parameter_declaration"),
        "optional_type_parameter_declaration",
    }
)
_NAMES = frozenset({"identifier", "type_identifier", "field_identifier"})


def declared_names(declarator: Node | None) -> Iterator[Node]:
    """The names that a declarator binds: one, or all of a structured binding."""
    stack = [declarator] if declarator is not None else []
    while stack:
        node = stack.pop()
        if node.type in _NAMES:
            yield node
        elif node.type in {
            "structured_binding_declarator",
            "reference_declarator",
            "parenthesized_declarator",
        } or node.type in {"variadic_declarator", "bitfield_clause"}:
            stack += node.named_children
        elif (inner := node.child_by_field_name("declarator")) is not None:
            stack.append(inner)
        elif node.type == "pointer_declarator":
            stack += node.named_children


def _binds(node: Node) -> Iterator[Bound]:
    kind = node.type
    if kind in _DECLARED or kind == "function_definition":
        for declarator in node.children_by_field_name("declarator"):
            yield from (Bound(name, hoisted=True) for name in declared_names(declarator))
    elif kind in _SPECIFIERS:
        name = node.child_by_field_name("name")
        if name is not None and name.type != "template_type":
            yield Bound(name, hoisted=True)
        elif name is not None and name.named_children:
            yield Bound(name.named_children[0], hoisted=True)
        parameters = node.child_by_field_name("parameters")
        yield from map(Bound, parameters.named_children if parameters is not None else ())
    elif kind in _PARAMETERS:
        yield from (
            Bound(name, inside=kind == "for_range_loop")
            for name in declared_names(node.child_by_field_name("declarator"))
        )
    elif kind in _TYPE_PARAMETERS:
        yield from (Bound(each) for each in node.named_children[:1] if each.type == "type_identifier")
    elif kind == "condition_clause":
        value = node.child_by_field_name("value")
        yield from map(Bound, declared_names(value.child_by_field_name("declarator") if value is not None else None))
    elif kind == "lambda_capture_initializer":
        left = node.child_by_field_name("left")
        yield from (Bound(each) for each in (left,) if each is not None)
    elif kind == "using_declaration":
        yield from (Bound(each) for each in _last(node))
    elif kind in {"preproc_if", "preproc_elif", "preproc_ifdef"}:
        asked = node.child_by_field_name("condition") or node.child_by_field_name("name")
        yield from (Bound(each, hoisted=True) for each in _identifiers(asked))


def _binds_in_c(node: Node) -> Iterator[Bound]:
    """C's fields are no names of the scope around the struct."""
    return (bound for bound in _binds(node) if bound.node.type != "field_identifier")


def _last(using: Node) -> Iterator[Node]:
    node: Node | None = using.named_children[-1] if using.named_children else None
    while node is not None and (inner := node.child_by_field_name("name")) is not None:
        node = inner
    if node is not None:
        yield node


def _identifiers(root: Node | None) -> Iterator[Node]:
    stack = [root] if root is not None else []
    while stack:
        node = stack.pop()
        if node.type == "identifier":
            yield node
        stack += node.children


def _used(node: Node) -> str:
    parent = node.parent
    if parent is None:
        return ""
    kind = parent.type
    if kind in {"template_type", "template_function"} and parent.parent is not None:
        kind = parent.parent.type if parent.parent.type == "qualified_identifier" else kind
    if kind == "qualified_identifier" or kind.startswith(("preproc_", "attribute", "ms_", "gnu_asm")):
        return ""
    if kind in {"struct_specifier", "union_specifier", "enum_specifier", "class_specifier", "friend_declaration"}:
        return ""  # naming a struct declares it
    if kind == "call_expression":
        return "call"
    return "type" if node.type == "type_identifier" else "value"


def _marks(scope: Scope) -> None:
    if scope.parent is not None:
        return
    stack = [scope.node]
    while stack and not scope.open:
        node = stack.pop()
        if node.type == "using_declaration":
            scope.open = any(child.type == "namespace" for child in node.children)
        stack += node.named_children


def superclasses(root: Node) -> Iterator[str]:
    """The names of all base classes."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "base_class_clause":
            yield from (text_of(each) for each in node.named_children if each.type != "access_specifier")
        stack += node.named_children


C = ScopeRules(
    opens=_BLOCKS | _HOLDERS,
    functions=_BLOCKS,
    skipped=frozenset({"comment", "attribute_specifier", "attribute_declaration", "preproc_include", "preproc_call"}),
    leaves=frozenset({"identifier", "type_identifier"}),
    binds=_binds_in_c,
    used=_used,
)
CPP = ScopeRules(
    opens=C.opens,
    functions=C.functions,
    skipped=C.skipped,
    leaves=C.leaves,
    binds=_binds,
    used=_used,
    marks=_marks,
)
