"""The kinds of values between which a function chooses: `typeof x === "string"`, `Array.isArray(x)`, `isObject(x)`."""

import re
from collections.abc import Mapping

from tree_sitter import Node

from pillion.sandbox.inputs import javascript_shape as shapes
from pillion.sandbox.inputs.javascript_shape import Shape, list_of
from pillion.syntax.nodes import text_of

_KINDS: Mapping[str, Shape] = {
    "number": Shape(shapes.NUMBER),
    "string": Shape(shapes.STRING),
    "boolean": Shape(shapes.BOOLEAN),
    "bigint": Shape(shapes.BIGINT),
    "function": Shape(shapes.FUNCTION),
    "object": Shape(shapes.RECORD),
    "array": list_of(Shape(shapes.NUMBER)),
    "map": Shape(shapes.MAP),
    "set": Shape(shapes.SET, [Shape(shapes.NUMBER)]),
    "date": Shape(shapes.DATE),
    "regexp": Shape(shapes.REGEXP),
    "regex": Shape(shapes.REGEXP),
}
_ASKS = re.compile(r"(?:\w+\.)*_?is_?(\w+)")
_LONGEST = 20_000


def asked_kinds(body: Node, name: str) -> list[Shape]:
    """The shapes that the code asks of a parameter. Whoever asks takes all kinds of values."""
    if not name.isidentifier() or body.end_byte - body.start_byte > _LONGEST:
        return []
    found: dict[str, Shape] = {}
    stack = [body]
    while stack:
        node = stack.pop()
        if node.type == "identifier" and text_of(node) == name and node.parent is not None:
            for word in _words(node.parent):
                if word in _KINDS:
                    found[word] = _KINDS[word]
        stack += node.named_children
    return list(found.values())


def _words(around: Node) -> list[str]:
    """The words for kinds in a question about a value."""
    outer = around.parent
    while outer is not None and outer.type == "parenthesized_expression":
        outer = outer.parent
    if around.type == "unary_expression" and text_of(around).startswith("typeof") and outer is not None:
        return re.findall(r"[\"'](\w+)[\"']", text_of(outer)[:200]) or ["number"]
    if around.type == "binary_expression" and text_of(around.children[1]) == "instanceof":
        return [text_of(around.children[2]).lower()]
    called = outer.child_by_field_name("function") if around.type == "arguments" and outer is not None else None
    asked = _ASKS.fullmatch(text_of(called)) if called is not None else None
    return [asked[1].lower()] if asked is not None else []
