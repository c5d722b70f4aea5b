"""Small faults in JavaScript and TypeScript functions, each by a change of one place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from pillion.sandbox.sandbox import Answer, Call, Limits, NotRun, Raised, Returned, Sandbox, Stopped
from pillion.sandbox.values import same_value
from pillion.syntax.nodes import text_of

_OPERATORS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "&&": "||", "||": "&&", "+": "-", "-": "+", "*": "/", "/": "*",
    "===": "!==", "!==": "===", "%": "*", "??": "&&", "+=": "-=", "-=": "+=",
}  # fmt: skip
_METHODS = {
    "every": "some",
    "some": "every",
    "min": "max",
    "max": "min",
    "push": "unshift",
    "floor": "ceil",
    "ceil": "floor",
}
LIMITS = Limits(call_s=0.25, all_s=10.0)


@dataclass(frozen=True)
class Mutant:
    """`text` is the whole document with the fault in it."""

    kind: str
    text: str
    change: str


def mutants(text: str, function: Node) -> Iterator[Mutant]:
    """All mutants of a function of this text."""
    data = text.encode()
    stack = [function]
    while stack:
        node = stack.pop()
        stack += reversed(node.children)
        for kind, new in _changes(node):
            changed = data[: node.start_byte] + new.encode() + data[node.end_byte :]
            line = node.start_point.row + 1
            yield Mutant(kind, changed.decode(), f"{line}: {text_of(node)} → {new}")


def _changes(node: Node) -> Iterator[tuple[str, str]]:
    parent, written = node.parent, text_of(node)
    if parent is None:
        return
    around = parent.type
    if (
        around in {"binary_expression", "augmented_assignment_expression"}
        and not node.is_named
        and written in _OPERATORS
    ):
        yield "operator", _OPERATORS[written]
    elif node.type == "number" and node.is_named and around not in {"literal_type", "property_identifier"}:
        value = (
            float(int(written, 0)) if written[:1] == "0" and written[1:2].isalpha() else float(written.replace("_", ""))
        )
        yield "number", str(int(value + 1) if value.is_integer() else value + 1)
    elif node.type == "property_identifier" and written in _METHODS and around == "member_expression":
        yield "method", _METHODS[written]
    elif node.type in {"true", "false"} and around != "literal_type":
        yield "boolean", "false" if node.type == "true" else "true"
    elif node.type == "parenthesized_expression" and around in {"if_statement", "while_statement"}:
        yield "condition", f"(!{written})"
    elif node.type == "return_statement" and node.named_children:
        yield "return", written.replace("return ", "void ", 1)
    elif node.type in {"continue_statement", "break_statement"}:
        yield "jump", ";"
    elif node.type == "throw_statement":
        yield "guard", ";"


def differences(sandbox: Sandbox, old: str, new: str, calls: Sequence[Call]) -> list[tuple[Call, Answer, Answer]]:
    """The calls that tell two programs apart. Only those count for which the old one returned something."""
    before = sandbox.run(old, calls, LIMITS)
    after = sandbox.run(new, calls, LIMITS)
    return [
        (call, one, other)
        for call, one, other in zip(calls, before, after, strict=True)
        if isinstance(one, Returned) and not _same(one, other)
    ]


def _same(one: Returned, other: Answer) -> bool:
    if isinstance(other, Raised | Stopped):
        return False
    if isinstance(other, NotRun):
        return True
    pairs = [(one.value, other.value), *zip(one.argument_values, other.argument_values, strict=True)]
    return all(a.is_opaque or b.is_opaque or same_value(a, b) for a, b in pairs)
