"""Java's names. A class with a superclass that isn't known has members that its text doesn't show."""

from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.nodes import text_of
from pillion.syntax.scopes.scope_tree import Bound, Scope, ScopeRules

_TYPES = frozenset(
    {
        *("class_declaration", "interface_declaration", "enum_declaration", "record_declaration"),
        "annotation_type_declaration",
    }
)
_NAMED = frozenset(
    {
        *("method_declaration", "variable_declarator", "formal_parameter", "catch_formal_parameter", "resource"),
        *("enum_constant", "annotation_type_element_declaration", "instanceof_expression"),
    }
)
_LABELS = frozenset({"labeled_statement", "break_statement", "continue_statement", "switch_label"})
# Supertypes, and the members that a class can use without naming them.
_THROWABLE = (
    "getMessage getLocalizedMessage getCause initCause printStackTrace getStackTrace setStackTrace addSuppressed "
    "getSuppressed fillInStackTrace"
)
_MEMBERS = {
    **dict.fromkeys(
        [
            "Object",
            "Runnable",
            "Serializable",
            "Cloneable",
            "Comparable",
            "AutoCloseable",
            "Closeable",
            "Callable",
            "Supplier",
            "Iterator",
        ],
        "",
    ),
    **dict.fromkeys(
        ["Throwable", "Exception", "RuntimeException", "Error", "IOException", "IllegalArgumentException"], _THROWABLE
    ),
    **dict.fromkeys(["IllegalStateException", "UnsupportedOperationException"], _THROWABLE),
    "Iterable": "forEach spliterator",
    "Comparator": "reversed thenComparing thenComparingInt thenComparingLong thenComparingDouble",
    "Function": "andThen compose",
    "Consumer": "andThen",
    "Predicate": "and or negate",
}
# Annotations after which a class has no members that its text doesn't show.
_HARMLESS = frozenset(
    [
        "Override",
        "Deprecated",
        "SuppressWarnings",
        "FunctionalInterface",
        "SafeVarargs",
        "Service",
        "Component",
        "Repository",
        "Controller",
        "RestController",
        "Configuration",
        "Entity",
        "Table",
        "RequestMapping",
        "Transactional",
        "Test",
        "DisplayName",
        "Nested",
        "Nullable",
        "NonNull",
        "Immutable",
        "ThreadSafe",
        "Singleton",
        "ApplicationScoped",
        "RequestScoped",
        "Embeddable",
        "Inject",
        "Tag",
        "ExtendWith",
        "Validated",
        "SpringBootApplication",
        "SpringBootTest",
    ]
)


def imported_name(declaration: Node) -> Node | None:
    """The node of the name that an import binds; None if it imports everything."""
    if any(child.type == "asterisk" for child in declaration.named_children):
        return None
    path = next((child for child in declaration.named_children if child.type.endswith("identifier")), None)
    return path.child_by_field_name("name") or path if path is not None else None


def _binds(node: Node) -> Iterator[Bound]:
    kind = node.type
    if kind == "import_declaration":
        name = imported_name(node)
        if name is not None:
            yield Bound(name)
    elif kind in _TYPES or kind in _NAMED:
        name = node.child_by_field_name("name")
        if name is not None:
            yield Bound(name)
    elif kind == "type_parameter" and node.named_children:
        yield Bound(next(child for child in node.named_children if child.type.endswith("identifier")))
    elif kind == "enhanced_for_statement":
        name = node.child_by_field_name("name")
        if name is not None:
            yield Bound(name, inside=True)
    elif kind == "lambda_expression":
        parameters = node.child_by_field_name("parameters")
        listed = [parameters] if parameters is not None and parameters.type == "identifier" else []
        if parameters is not None and parameters.type == "inferred_parameters":
            listed = parameters.named_children
        yield from (Bound(each, inside=True) for each in listed)
    elif kind in {"type_pattern", "record_pattern_component"} and node.named_children:
        yield Bound(node.named_children[-1])
    elif kind in {"constructor_declaration", "compact_constructor_declaration"}:
        name = node.child_by_field_name("name")
        if name is not None:
            yield Bound(name, name="\0")  # its class binds the name


def _used(node: Node) -> str:
    parent = node.parent
    if parent is None:
        return ""
    kind = parent.type
    if kind in _LABELS or kind == "scoped_identifier":
        return ""
    if kind == "element_value_pair" and parent.child_by_field_name("key") == node:
        return ""
    if kind == "field_access" and parent.child_by_field_name("field") == node:
        return ""
    if kind == "method_invocation" and parent.child_by_field_name("name") == node:
        return "method" if parent.child_by_field_name("object") is None else ""
    if kind == "method_reference" and parent.named_children[-1] == node and parent.named_child_count > 1:
        return ""
    if kind == "scoped_type_identifier":
        is_first = parent.named_children[0] == node
        return "type" if is_first and text_of(node)[:1].isupper() else ""  # else it is a package
    if kind in {"annotation", "marker_annotation", "record_pattern"} or node.type == "type_identifier":
        return "type"
    return "value"


def _marks(scope: Scope) -> None:
    node = scope.node
    if node.type == "object_creation_expression":
        scope.open = any(child.type == "class_body" for child in node.named_children)
    elif node.type in _TYPES:
        supertypes = list(_supertypes(node))
        scope.open = any(each not in _MEMBERS for each in supertypes) or _is_generated(node)
        for each in supertypes:
            scope.names.update(_MEMBERS.get(each, "").split())
        if node.type == "enum_declaration":
            scope.names.update(("values", "valueOf", "name", "ordinal", "compareTo", "getDeclaringClass"))


def _supertypes(declaration: Node) -> Iterator[str]:
    stack = [
        child
        for child in declaration.named_children
        if child.type in {"superclass", "super_interfaces", "extends_interfaces"}
    ]
    while stack:
        node = stack.pop()
        if node.type in {"type_identifier", "scoped_type_identifier"}:
            yield text_of(node)
        elif node.type == "generic_type":
            stack.append(node.named_children[0])
        else:
            stack += node.named_children


def _is_generated(declaration: Node) -> bool:
    """Whether an annotation may give the class members (Lombok's do)."""
    modifiers = [child for child in declaration.named_children if child.type == "modifiers"]
    names = [each.child_by_field_name("name") for one in modifiers for each in one.named_children]
    return any(name is not None and text_of(name) not in _HARMLESS for name in names)


JAVA = ScopeRules(
    opens=_TYPES
    | {
        *("method_declaration", "constructor_declaration", "compact_constructor_declaration", "block"),
        *("constructor_body", "for_statement", "enhanced_for_statement", "try_with_resources_statement"),
        *("catch_clause", "lambda_expression", "switch_block_statement_group", "switch_rule", "static_initializer"),
        *("object_creation_expression", "enum_constant"),
    },
    functions=frozenset(),
    skipped=frozenset({"line_comment", "block_comment", "import_declaration", "package_declaration"}),
    leaves=frozenset({"identifier", "type_identifier"}),
    binds=_binds,
    used=_used,
    marks=_marks,
)
