"""A JavaScript program that notes which of a function's branches a call reaches."""

from collections.abc import Iterator

from tree_sitter import Node

from pillion.sandbox.inputs.javascript_calls import symbol_of
from pillion.sandbox.inputs.javascript_parameters import JavaScriptSource
from pillion.sandbox.inputs.python_coverage import REACHED
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.nodes import FUNCTION_VALUES, text_of

_MOST_SOURCE = 200_000
_MOST_BRANCHES = 200
_BODIES = {
    "if_statement": ("consequence",),
    "else_clause": (),
    "for_statement": ("body",),
    "for_in_statement": ("body",),
    "while_statement": ("body",),
    "catch_clause": ("body",),
    "ternary_expression": ("consequence", "alternative"),
    "binary_expression": ("right",),
    **dict.fromkeys(FUNCTION_VALUES, ("body",)),
}
_SHORT = frozenset({"&&", "||", "??"})
_ENDS = frozenset({"throw_statement"})


def javascript_with_coverage(old: Slice) -> tuple[str, int]:
    """The program, and how many branches the function has; 0 if it can't be read, and then the program is as it was."""
    if len(old.source) > _MOST_SOURCE:
        return old.source, 0
    function = JavaScriptSource(old.source).function(symbol_of(old))
    if function is None or function.has_error:
        return old.source, 0
    places = list(_branches(function))[:_MOST_BRANCHES]
    data = old.source.encode()
    added: list[tuple[int, int, str]] = []
    for number, node in enumerate(places):
        note = f"{REACHED}.add({number})"
        if node.type == "statement_block":
            added.append((node.start_byte + 1, number, f" {note}; "))
        elif node.type in {"switch_case", "switch_default"}:
            colon = next(each for each in node.children if each.type == ":")
            added.append((colon.end_byte, number, f" {note}; "))
        elif node.type.endswith(("_statement", "_declaration")):
            added += [(node.start_byte, number, f"{{ {note}; "), (node.end_byte, -number, " }")]
        else:
            added += [(node.start_byte, number, f"({note}, "), (node.end_byte, -number, ")")]
    # Of two at one place, what begins later is inside, and so is what ends earlier.
    for at, _, text in sorted(added, key=lambda each: (each[0], each[1]), reverse=True):
        data = data[:at] + text.encode() + data[at:]
    return f"const {REACHED} = new Set();\n{data.decode('utf-8', 'replace')}", len(places)


def _branches(function: Node) -> Iterator[Node]:
    """The code that may be reached or not, from the outside in. What ends by throwing gives back no notes."""
    stack = list(function.named_children)
    while stack:
        node = stack.pop()
        found: list[Node] = []
        if node.type in {"switch_case", "switch_default"}:
            found = [node]
        elif node.type == "else_clause":
            found = [each for each in node.named_children if each.type not in {"comment", "if_statement"}][:1]
        elif node.type == "binary_expression":
            operator = node.child_by_field_name("operator")
            right = node.child_by_field_name("right")
            found = [right] if right is not None and operator is not None and text_of(operator) in _SHORT else []
        else:
            fields = (node.child_by_field_name(each) for each in _BODIES.get(node.type, ()))
            found = [each for each in fields if each is not None]
        yield from (each for each in found if not _throws(each))
        stack += reversed(node.named_children)


def _throws(node: Node) -> bool:
    inner = (
        [each for each in node.named_children if each.type != "comment"] if node.type == "statement_block" else [node]
    )
    return bool(inner) and inner[-1].type in _ENDS
