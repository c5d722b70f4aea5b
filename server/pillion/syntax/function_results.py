"""What a function gives back: values that it returns or yields, and exceptions that it raises."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from pillion.syntax.languages import Language
from pillion.syntax.nodes import FUNCTION_VALUES, function_declarator, text_of

# Functions without a name: their `return` doesn't return from the function around them.
_CLOSURES = FUNCTION_VALUES | {"func_literal", "closure_expression", "lambda", "lambda_expression"}
_NOTHING = frozenset({"None", "NoReturn", "Never", "void", "never", "undefined", "()", "!", "Promise<void>"})
_NAME = re.compile(r"\w+(?:(?:\.|::)\w+)*")


def returns_value(node: Node, body: Node | None, language: Language) -> bool:
    """Whether a function returns a value: by its declared type, else by its return statements."""
    if language.symbols[node.type] not in {"function", "method"}:
        return False
    source = node.child_by_field_name("value") if node.type == "variable_declarator" else node
    if source is None:
        return False
    declared = source.child_by_field_name("return_type") or source.child_by_field_name("result")
    if declared is None:
        declared = _typed_before_the_name(source)
    if yields(body, language):
        # A generator's declared type is that of the generator.
        return any(each.type == "return_statement" and each.named_children for each in _own_nodes(body, language))
    if declared is not None:
        return text_of(declared).strip(": ") not in _NOTHING
    if source.type == "arrow_function" and body is not None and body.type != "statement_block":
        return True  # the body is the value
    return any(each.type in language.returns and each.named_child_count > 0 for each in _own_nodes(body, language))


def yields(body: Node | None, language: Language) -> bool:
    """Whether a function is a generator."""
    return any(each.type in language.yields for each in _own_nodes(body, language))


def raises(body: Node | None, language: Language) -> Iterator[str]:
    """The exceptions that a function itself raises by their names, each once, in the order of the text."""
    found: dict[str, None] = {}
    for each in sorted(_own_nodes(body, language), key=lambda node: node.start_byte):
        if each.type in language.raises and each.named_children:
            name = _class_of(each.named_children[0], language)
            if _NAME.fullmatch(name):
                found[name] = None
    yield from found


def _class_of(raised: Node, language: Language) -> str:
    """The name of the class; empty if a variable is raised, or what a function returns."""
    named = next(filter(None, map(raised.child_by_field_name, ("constructor", "function", "type"))), None)
    name = text_of(named or raised)
    # Only in C++ do classes begin with small letters: std::runtime_error.
    small = named is not None and language.id == "cpp"
    return name if small or name.rpartition(".")[2][:1].isupper() else ""


def _own_nodes(body: Node | None, language: Language) -> Iterator[Node]:
    """The nodes of a function's body, without those of functions and classes inside it."""
    stack = list(body.children) if body is not None else []
    while stack:
        current = stack.pop()
        if current.type in _CLOSURES or (current.type in language.symbols and current.type != "variable_declarator"):
            continue
        yield current
        stack.extend(current.children)


def _typed_before_the_name(node: Node) -> Node | None:
    """Java, C and C++: the declared type; None if only the body tells it (`auto`, constructors).

    A pointer to void is a value: then the result is the declarator.
    """
    declared = node.child_by_field_name("type")
    if declared is None:
        return None
    declarator = node.child_by_field_name("declarator")
    if declarator is not None and "function_declarator" not in declarator.type:
        return declarator
    if declared.type == "placeholder_type_specifier":
        function = function_declarator(node)
        trailing = [c for c in function.children if c.type == "trailing_return_type"] if function is not None else []
        return trailing[0].named_children[0] if trailing and trailing[0].named_children else None
    return declared
