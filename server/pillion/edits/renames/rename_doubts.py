"""Why a local name's places may be more than the syntax tree shows, so that an editor's own rename has to find them."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from pillion.edits.renames.local_names import STRINGS, LocalName, formatted_places
from pillion.syntax.nodes import text_of

# Calls that read or write variables by their names.
_READS_NAMES = {
    "python": frozenset({"locals()", "vars()", "dir()", "eval", "exec"}),
    **dict.fromkeys(("javascript", "typescript", "typescriptreact"), frozenset({"eval"})),
}
_FRAMES = re.compile(r"\b(?:_getframe|currentframe|getcallargs)\b")
_COMPREHENSIONS = ("list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression")
# Where a word is no variable's name: the node around it, and the field that it is there (empty: any).
_NO_VARIABLE = {
    "python": {"attribute": "attribute", "keyword_argument": "name"},
    "java": {
        "field_access": "field",
        "method_invocation": "name",
        "method_reference": "",
        "scoped_identifier": "name",
        "element_value_pair": "key",
        "labeled_statement": "",
        "break_statement": "",
        "continue_statement": "",
    },
    "rust": {
        "attribute": "",
        "label": "",
        "lifetime": "",
        "scoped_identifier": "name",
        "scoped_type_identifier": "name",
        "field_pattern": "",
    },
    "cpp": {"qualified_identifier": "name"},
    **dict.fromkeys(
        ("javascript", "typescript", "typescriptreact"),
        # Elements in lower case are HTML's own.
        dict.fromkeys(("jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element"), "name"),
    ),
}
_WORDS = frozenset({"identifier", "type_identifier", "shorthand_field_identifier", "preproc_arg", "jsx_text"})
_HARMLESS_RUST = re.compile(r"#\[(?:inline|must_use|allow|warn|deny|cfg|test|doc|cold|deprecated|track_caller)\b")
_HARMLESS_JAVA = re.compile(r"@(?:Nullable|NonNull|Nonnull|NotNull|CheckForNull)\b")


def doubt_about(local: LocalName) -> str:
    """Why not all of its places are certain, in words that go on from the name; empty if they are."""
    return next(filter(None, _doubts(local)), "")


def _doubts(local: LocalName) -> Iterator[str]:
    function, name, language = local.function, local.name, local.document.language.id
    if function.has_error:
        yield "stands in code with a mistake in its syntax"
        return
    text = text_of(function)
    called = _called(function) & _READS_NAMES.get(language, frozenset())
    if called or (language == "python" and _FRAMES.search(text)):
        yield f"stands in a function that may read its variables by name ({', '.join(sorted(called)) or 'frames'})"
    if language == "python":
        yield from _doubts_in_python(local)
    elif language == "go":
        yield _go_key(local)
    elif language == "rust":
        yield from _doubts_in_rust(local)
    elif language in {"c", "cpp"}:
        yield _macro(local)
    elif language == "java":
        yield _hidden_in_java(local)
    elif any(each.type == "with_statement" for each in _nodes(function)):
        yield "stands in a `with` statement"
    if local.is_parameter:
        yield _declared_with_more(local)
    known = {each.node.start_byte for each in local.resolution.occurrences(name)}
    for each in _words_of(local):
        if each.start_byte not in known and not _is_no_variable(each, language):
            yield f"may also be meant in line {each.start_point.row + 1}"


def _words_of(local: LocalName) -> Iterator[Node]:
    """The words of the code in the outermost function that are the name, whatever they mean."""
    for node in _nodes(local.function):
        if node.type in _WORDS and (text_of(node) == local.name or _has(node, local.name)):
            yield node


def _has(node: Node, name: str) -> bool:
    return node.type == "preproc_arg" and re.search(rf"\b{re.escape(name)}\b", text_of(node)) is not None


def _is_no_variable(node: Node, language: str) -> bool:
    parent = node.parent
    fields = _NO_VARIABLE.get(language, {})
    if parent is None or node.type == "jsx_text":
        return True
    if language == "go" and parent.type == "literal_element":
        return True  # a struct's field: see _go_key
    if language == "rust" and parent.type == "token_tree":
        return node.next_sibling is not None and node.next_sibling.type == "!"  # a macro's name
    if parent.type not in fields:
        return False
    return not fields[parent.type] or parent.child_by_field_name(fields[parent.type]) == node


def _called(function: Node) -> set[str]:
    """The functions that are called by their own names, also with parentheses if there are no arguments."""
    found: set[str] = set()
    for node in _nodes(function):
        callee = node.child_by_field_name("function") if node.type in {"call", "call_expression"} else None
        if callee is not None and callee.type == "identifier":
            found |= {text_of(callee), "".join(text_of(node).split())}
    return found


def _doubts_in_python(local: LocalName) -> Iterator[str]:
    for node in _nodes(local.function):
        if node.type == "string_content" and _is_type(node, local.function) and _mentions(node, local.name):
            yield f"may also be meant by the text in line {node.start_point.row + 1}"
    for each in local.resolution.occurrences(local.name):
        if each.variable is None or not _is_in(each.node, local.function):
            continue
        for binding in each.variable.bindings:
            if binding.around.type == "named_expression" and binding.scope.node.type in _COMPREHENSIONS:
                yield "is assigned in a comprehension"
        if each.node.parent is not None and each.node.parent.type == "keyword_pattern":
            yield "may be an attribute in a pattern"
    for each in local.places:
        inside = each.node.parent
        while inside is not None and inside.type != "interpolation" and inside != local.function:
            inside = inside.parent
        if (
            inside is not None
            and any(child.type == "=" for child in inside.children)
            and inside.type == "interpolation"
        ):
            yield "is printed by name in an f-string (`=`)"


def _is_type(node: Node, function: Node) -> bool:
    """Python: whether it stands in an annotation."""
    while node.parent is not None and node != function and node.type != "type":
        node = node.parent
    return node.type == "type"


def _go_key(local: LocalName) -> str:
    for node in _words_of(local):
        element = node.parent
        keyed = element.parent if element is not None and element.type == "literal_element" else None
        if element is None or keyed is None or keyed.type != "keyed_element":
            continue
        key, literal = keyed.child_by_field_name("key"), keyed.parent.parent if keyed.parent is not None else None
        kind = literal.child_by_field_name("type") if literal is not None else None
        if key != element:
            continue
        said = text_of(kind) if kind is not None else ""
        is_struct = said and re.search(rf"\b{re.escape(said)} struct\b", local.document.text) is not None
        if not is_struct:
            return f"may be a field or a key in line {node.start_point.row + 1}"
    return ""


def _doubts_in_rust(local: LocalName) -> Iterator[str]:
    if local.name[:1].isupper():
        yield "may be a constant in a pattern"
    plain = {start for start, _ in formatted_places(local.name, local.function)}
    pattern = re.compile(rb"\{(?:[^{}]*:[^{}]*?)?" + re.escape(local.name.encode()) + rb"(?=[}:$.])")
    for node in _nodes(local.function):
        if node.type in STRINGS:
            for each in pattern.finditer((node.text or b"").replace(b"{{", b"  ")):
                start = node.start_byte + each.end() - len(local.name.encode())
                if start not in plain or not _is_formatted(node):
                    yield f"may also be meant by the text in line {node.start_point.row + 1}"


def _is_formatted(string: Node) -> bool:
    from pillion.syntax.scopes.scopes_rust import PLAIN_MACROS

    tree = string.parent
    macro = tree.parent.child_by_field_name("macro") if tree is not None and tree.parent is not None else None
    return macro is not None and text_of(macro) in PLAIN_MACROS


def _macro(local: LocalName) -> str:
    """C: macros have no scope, so each one that has the word may mean the variable."""
    for node in _nodes(local.document.tree.root_node):
        if node.type in {"preproc_def", "preproc_function_def"} and _mentions(node, local.name):
            return f"may be meant by the macro in line {node.start_point.row + 1}"
    return ""


def _mentions(node: Node, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text_of(node)) is not None


def _hidden_in_java(local: LocalName) -> str:
    """An inner class may inherit a field of that name, which then counts in it."""
    if len({each.around.id for each in local.variable.bindings}) > 1:
        return "has several declarations"
    for each in local.places:
        node = each.node.parent
        while node is not None and node != local.variable.scope.node:
            if node.type in {"class_body", "class_declaration"}:
                return "is used in an inner class, which may have a member of that name"
            node = node.parent
    return ""


def _declared_with_more(local: LocalName) -> str:
    language = local.document.language.id
    for binding in local.variable.bindings:
        around = binding.around
        words = text_of(around)
        is_field = _child(around, "accessibility_modifier") or _child(around, "readonly")
        if language.startswith("typescript") and is_field:
            return "is a property of the class, too"
        if language == "java" and "@" in _HARMLESS_JAVA.sub("", words):
            return "has an annotation, which may use its name"
    if language == "rust":
        above = local.owner.prev_sibling
        while above is not None and above.type in {"attribute_item", "line_comment"}:
            if above.type == "attribute_item" and _HARMLESS_RUST.match(text_of(above)) is None:
                return f"may be named by {text_of(above)}"
            above = above.prev_sibling
    return ""


def _child(node: Node, kind: str) -> bool:
    return any(child.type == kind for child in node.children)


def _is_in(node: Node, function: Node) -> bool:
    return function.start_byte <= node.start_byte < function.end_byte


def _nodes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack += reversed(node.children)
