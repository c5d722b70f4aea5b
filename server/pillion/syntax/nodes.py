"""Reads one symbol's node: its name, body, tokens, parameters, results and documentation."""

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from pillion.syntax.languages import DocStyle, Language

FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "generator_function"})
# C++: the members that a constructor sets before its body. They belong to the body and not to the signature.
_INITIALIZERS = "field_initializer_list"
# C and C++: a struct with a body is a definition; without a body it is only named.
_SPECIFIERS = frozenset({"struct_specifier", "union_specifier", "enum_specifier", "class_specifier"})
# No caller passes these: TypeScript's and Rust's receivers have names of their own, and `_` is no name.
_NOT_PASSED = {"rust": frozenset({"self", "mut", "_"}), "python": frozenset({"_"})}
_NOT_PASSED_ELSEWHERE = frozenset({"this", "_"})
_RECEIVER = "self_parameter"  # Rust: it may have a lifetime's name
_STATIC = frozenset({"staticmethod", "builtins.staticmethod"})
_PYTHON_RECEIVERS = frozenset({"identifier", "typed_parameter", "default_parameter"})
_PARAMETER_FIELDS = ("name", "pattern", "left", "declarator")
DOC_COMMENTS = {
    DocStyle.JSDOC: ("/**",),
    DocStyle.JAVADOC: ("/**", "///", "/*!", "//!"),
    DocStyle.SLASHES_2: ("//", "/*"),
    DocStyle.SLASHES_3: ("///", "/**"),
}


def text_of(node: Node) -> str:
    """A node's text; lone surrogates survive."""
    return (node.text or b"").decode("utf-8", "surrogatepass")


def is_symbol(node: Node, language: Language) -> bool:
    """Whether a node is a symbol: not every variable is a function, and not every `struct x` is a definition."""
    if node.type not in language.symbols:
        return False
    if node.type == "variable_declarator":
        value = node.child_by_field_name("value")
        return value is not None and value.type in FUNCTION_VALUES
    return node.type not in _SPECIFIERS or node.child_by_field_name("body") is not None


def wrapped_by(node: Node, language: Language) -> Node | None:
    """The symbol or wrapper directly inside a wrapper, or None."""
    if node.type not in language.wrappers:
        return None
    inner = [
        child for child in node.named_children if child.type in language.symbols or child.type in language.wrappers
    ]
    return inner[-1] if inner else None


def name_node(node: Node) -> Node | None:
    """The node of a symbol's name. The name of Rust's `impl` is its type; the name of C++'s `A::f` is `f`."""
    declarator = node.child_by_field_name("declarator")
    if declarator is not None:
        return _declared(declarator)
    name = node.child_by_field_name("name")
    if name is None and node.type in _SPECIFIERS:  # typedef struct { … } name;
        parent = node.parent
        return parent.child_by_field_name("declarator") if parent is not None else None
    while name is not None and (inner := name.child_by_field_name("name")) is not None:
        name = inner
    return name or node.child_by_field_name("type")


def name_of(node: Node) -> str:
    """A symbol's name, or nothing."""
    name = name_node(node)
    return text_of(name) if name is not None else ""


def scopes_of(node: Node) -> list[str]:
    """The classes and namespaces that a C++ definition names: `A::B` in `void A::B::f()`."""
    found: list[str] = []
    current = function_declarator(node)
    current = current.child_by_field_name("declarator") if current is not None else None
    while current is not None and current.type == "qualified_identifier":
        scope = current.child_by_field_name("scope")
        if scope is not None:
            found.append(text_of(scope.child_by_field_name("name") or scope))
        current = current.child_by_field_name("name")
    return found


def function_declarator(node: Node) -> Node | None:
    """C and C++: the node that declares a function's name and parameters, in `int (*f(int a))(int b)` the innermost."""
    found = None
    current = node.child_by_field_name("declarator")
    while current is not None:
        found = current if "function_declarator" in current.type else found
        current = _inner_declarator(current)
    return found


def _declared(declarator: Node) -> Node:
    current = declarator
    while True:
        if current.type == "operator_cast":
            return current.child_by_field_name("type") or current
        inner = _inner_declarator(current) or current.child_by_field_name("name")
        if inner is None:
            return current
        current = inner


def _inner_declarator(node: Node) -> Node | None:
    inner = node.child_by_field_name("declarator")
    if inner is None and node.type in {"reference_declarator", "parenthesized_declarator"}:
        inner = node.named_children[-1] if node.named_children else None
    return inner


def body_of(node: Node) -> Node | None:
    """A symbol's body: a block, or an arrow function's expression."""
    if node.type == "variable_declarator":
        value = node.child_by_field_name("value")
        return value.child_by_field_name("body") if value is not None else None
    return node.child_by_field_name("body")


def bare_body(body: Node | None, language: Language) -> str:
    """The body's code without comments, docstring and outer braces."""
    if body is not None and not body.children:
        return text_of(body)
    return " ".join(map(text_of, _statements(body, language))).strip()


def placeholder_of(body: Node | None, language: Language) -> tuple[int, int] | None:
    """The bytes of a stub's only statement; None if the body has none."""
    statements = _statements(body, language)
    if not statements:
        return None
    # In Go, the end of the line belongs to it.
    blank = len(text_of(statements[-1])) - len(text_of(statements[-1]).rstrip())
    return statements[0].start_byte, statements[-1].end_byte - blank


def _statements(body: Node | None, language: Language) -> list[Node]:
    """The body's children without comments, docstring and outer braces."""
    if body is None:
        return []
    skip = first_string(body) if language.doc_style is DocStyle.DOCSTRING else None
    left_out = {"{", "}", *language.comments}
    return [child for child in body.children if child.type not in left_out and child != skip]


def is_stub(node: Node, body: Node | None, language: Language) -> bool:
    """Whether a symbol's body is there but not written yet. A record needs only its header."""
    if body is None or language.symbols[node.type] == "record":
        return False
    if any(child.type == _INITIALIZERS for child in node.children):
        return False
    return language.stub.fullmatch(bare_body(body, language)) is not None


def first_string(body: Node) -> Node | None:
    """Python: the statement that is the body's docstring."""
    first = next((child for child in body.named_children if child.type != "comment"), None)
    return first if first is not None and is_lone_string(first) else None


def is_lone_string(statement: Node) -> bool:
    """Python: whether a statement is nothing but a string."""
    if statement.type != "expression_statement" or statement.named_child_count != 1:
        return False
    string = statement.named_children[0]
    prefix = text_of(string)[:2].lower()
    return string.type in {"string", "concatenated_string"} and not {"f", "b"} & set(prefix)


def signature_nodes(node: Node, body: Node | None, language: Language) -> Iterator[Node]:
    """The nodes before the body, without comments."""
    for child in node.children:
        if child == body or child.type == _INITIALIZERS:
            return
        if child.type in language.comments:
            continue
        if body is not None and child.start_byte <= body.start_byte < child.end_byte:
            yield from signature_nodes(child, body, language)
        else:
            yield child


def tokens(nodes: list[Node], language: Language) -> list[str]:
    """The nodes' tokens without comments and trailing commas: equal for two layouts of the same code."""
    found: list[str] = []
    stack = nodes[::-1]
    while stack:
        node = stack.pop()
        if node.type in language.comments:
            continue
        if node.children and "string" not in node.type:
            stack.extend(reversed(node.children))
            continue
        token = text_of(node)
        if token in {")", "]", "}", ">"} and found and found[-1] == ",":
            found.pop()
        found.append(token)
    return found


def parameters_of(node: Node, language: Language) -> Iterator[str]:
    """The names of a function's parameters, without the receiver."""
    source = node.child_by_field_name("value") if node.type == "variable_declarator" else node
    if source is None:
        return
    single = source.child_by_field_name("parameter")  # x => …
    if single is not None:
        yield text_of(single)
    listed = (function_declarator(node) or source).child_by_field_name("parameters")
    parameters = [each for each in listed.named_children if each.type not in language.comments] if listed else []
    left_out = _NOT_PASSED.get(language.id, _NOT_PASSED_ELSEWHERE)
    for parameter in parameters[1:] if _has_receiver(node, parameters) else parameters:
        if parameter.type == _RECEIVER:
            continue
        named = [n for f in _PARAMETER_FIELDS for n in parameter.children_by_field_name(f)]
        for candidate in named or [parameter]:
            name = _first_identifier(candidate)
            if name is not None and text_of(name) not in left_out:
                yield text_of(name)


def _has_receiver(node: Node, parameters: Sequence[Node]) -> bool:
    """Whether the first parameter is Python's receiver, whatever its name: that of a method that isn't static."""
    if node.type != "function_definition" or not parameters or parameters[0].type not in _PYTHON_RECEIVERS:
        return False
    outer = node.parent
    decorators: list[Node] = []
    if outer is not None and outer.type == "decorated_definition":
        decorators = [each for each in outer.named_children if each.type == "decorator"]
        outer = outer.parent
    in_class = outer is not None and outer.parent is not None and outer.parent.type == "class_definition"
    return in_class and not any(text_of(each).strip("@ ") in _STATIC for each in decorators)


def documentation_above(first: Node, language: Language) -> bool:
    """Whether there is a doc comment right above `first`, the node with which the symbol begins."""
    above = first.prev_sibling
    if above is None or above.type not in language.comments:
        return False
    text = text_of(above)
    # Rust's doc comments contain the end of their line.
    rows = first.start_point.row - above.end_point.row + text.endswith("\n")
    return rows <= 1 and text.startswith(DOC_COMMENTS[language.doc_style])


def block_above(first: Node, language: Language) -> str:
    """The doc comment right above `first` if it is one block with tags; else nothing."""
    above = first.prev_sibling
    if language.doc_style not in {DocStyle.JSDOC, DocStyle.JAVADOC} or not documentation_above(first, language):
        return ""
    text = text_of(above) if above is not None else ""
    return text if text.startswith(("/**", "/*!")) and text.endswith("*/") else ""


def _first_identifier(node: Node) -> Node | None:
    queue = [node]
    for current in queue:
        if current.type in {"identifier", "shorthand_property_identifier_pattern"}:
            return current
        queue.extend(current.named_children)
    return None
