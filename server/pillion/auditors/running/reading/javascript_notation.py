"""How JavaScript and TypeScript write calls and values. Sources are read as trees; nothing of them is run."""

from collections.abc import Iterator

from tree_sitter import Node

from pillion.auditors.running.reading.notation import MOST_CHARACTERS, Notation
from pillion.auditors.running.reading.written_example import Callee
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import LANGUAGES
from pillion.syntax.nodes import text_of

_LANGUAGE = next(each for each in LANGUAGES if each.id == "javascript")
BUILTINS = frozenset(
    {"undefined", "NaN", "Infinity", "Map", "Set", "Array", "Object", "String", "Number", "Boolean", "BigInt", "JSON"}
    | {"Math", "Symbol", "RegExp", "Error", "TypeError", "RangeError", "SyntaxError", "parseInt", "parseFloat"}
)
_VALUES = frozenset({"undefined", "NaN", "Infinity"})
_WORDS = {"True": "true", "False": "false", "None": "null"}
_MADE_BY = frozenset({"Map", "Set"})
_EXCEPTIONS = frozenset({"Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError"})
_LITERALS = frozenset({"number", "string", "true", "false", "null", "undefined", "regex"})
_NOT_READ = frozenset(
    {"await_expression", "yield_expression", "assignment_expression", "update_expression", "this", "super", "ERROR"}
    | {"augmented_assignment_expression", "statement_block", "class", "function_expression", "import"}
)


def expression_of(source: str) -> Node | None:
    """The one expression that a source is; None if it is something else."""
    if len(source) > MOST_CHARACTERS:
        return None
    root = ParsedText.of(_LANGUAGE, f"({source}\n)").tree.root_node
    if root.has_error or len(root.named_children) != 1 or root.named_children[0].type != "expression_statement":
        return None
    outer = root.named_children[0].named_children
    if len(outer) != 1 or outer[0].type != "parenthesized_expression":
        return None
    inner = [each for each in outer[0].named_children if each.type != "comment"]
    return inner[0] if len(inner) == 1 and inner[0].type != "sequence_expression" else None


def walk(root: Node) -> Iterator[Node]:
    """Every node of a small tree."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.children)


def calls_of(root: Node, callee: Callee) -> Iterator[Node]:
    """The calls of the callee in a piece of code."""
    for node in walk(root):
        called = node.child_by_field_name("function") if node.type == "call_expression" else None
        if called is None:
            continue
        if callee.owner:
            member = called.child_by_field_name("property") if called.type == "member_expression" else None
            if member is not None and text_of(member) == callee.name:
                yield node
        elif called.type == "identifier" and text_of(called) == callee.name:
            yield node


def is_known(root: Node, callee: Callee, variables: frozenset[str] = frozenset()) -> bool:
    """Whether all names in a piece of code are the language's, the document's or these variables."""
    nodes = list(walk(root))
    bound = {text_of(each) for each in nodes if _is_parameter(each)}
    used = {text_of(each) for each in nodes if each.type in {"identifier", "shorthand_property_identifier"}}
    own = {callee.owner or callee.name}
    return not (
        used - bound - BUILTINS - callee.known - variables - own or any(each.type in _NOT_READ for each in nodes)
    )


def _is_parameter(node: Node) -> bool:
    parent = node.parent
    if node.type != "identifier" or parent is None:
        return False
    if parent.type == "arrow_function":
        return parent.child_by_field_name("parameter") == node
    return parent.type == "formal_parameters"


def is_call(source: str, callee: Callee) -> bool:
    """See Notation."""
    node = expression_of(source)
    return node is not None and any(calls_of(node, callee)) and is_known(node, callee)


def value(source: str, callee: Callee) -> str | None:
    """See Notation. Words that Python has for the language's are read, too."""
    source = _WORDS.get(source, source)
    node = expression_of(source)
    return source if node is not None and is_value(node, callee) else None


def is_value(node: Node, callee: Callee) -> bool:
    """Whether an expression says a value by itself."""
    if node.type in _LITERALS:
        return True
    parts = [each for each in node.named_children if each.type != "comment"]
    match node.type:
        case "identifier":
            return text_of(node) in _VALUES
        case "template_string":
            return not any(each.type == "template_substitution" for each in parts)
        case "unary_expression":
            operand = node.child_by_field_name("argument")
            return (
                text_of(node)[:1] in "-+"
                and operand is not None
                and operand.type in {"number", "identifier"}
                and is_value(operand, callee)
            )
        case "array":
            # `[1, , 2]` and `[1, ...]` say less than a value.
            return all(is_value(each, callee) for each in parts) and len(parts) == len(_elements(node))
        case "object":
            return all(_is_pair(each, callee) for each in parts)
        case "new_expression":
            made, arguments = node.child_by_field_name("constructor"), node.child_by_field_name("arguments")
            name = text_of(made) if made is not None else ""
            if name not in _MADE_BY and not (name in callee.known and name[:1].isupper()):
                return False
            return arguments is None or all(is_value(each, callee) for each in arguments.named_children)
        case "member_expression":
            root = node.child_by_field_name("object")
            return root is not None and text_of(root) in callee.known and text_of(root)[:1].isupper()
    return False


def _elements(node: Node) -> list[str]:
    inner = [each for each in node.children if each.type not in {"[", "]", "comment"}]
    commas = sum(each.type == "," for each in inner)
    ends_so = bool(inner) and inner[-1].type == ","
    return [""] * (commas + 1 - ends_so if inner else 0)


def _is_pair(node: Node, callee: Callee) -> bool:
    key, each = node.child_by_field_name("key"), node.child_by_field_name("value")
    return (
        node.type == "pair"
        and key is not None
        and key.type != "computed_property_name"
        and each is not None
        and is_value(each, callee)
    )


def exception(name: str, callee: Callee) -> str | None:
    """See Notation."""
    return name if name in _EXCEPTIONS or (name in callee.known and name[:1].isupper()) else None


JAVASCRIPT = Notation("//", "console.log", is_call, value, exception)
