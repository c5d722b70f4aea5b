"""Calls like one that showed a difference, with less in their arguments."""

import re
from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from pillion.sandbox.inputs.javascript_calls import javascript_call
from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.syntax.nodes import text_of

_MOST = 24
_LONGEST = 4_000
_BOUND = re.compile(r"^const (_argument_\d+) = (.*);$", re.MULTILINE)
_LISTS = frozenset({"array", "object"})


def smaller_calls(old: Slice, call: Call) -> list[Call]:
    """See Shrinker."""
    bound = dict(_BOUND.findall(call.setup))
    given = call.expression.removeprefix(old.entry)
    values = [bound.get(text, text) for text in map(text_of, _elements(given))] if given.startswith("(") else []
    if old.receiver or len(call.setup) > _LONGEST:
        return []  # what happened to the receiver says more than the arguments
    made: dict[str, Call] = {}
    for at, value in enumerate(values):
        for less in _smaller(value):
            smaller = javascript_call(old, "", [*values[:at], less, *values[at + 1 :]])
            made[smaller.shown] = replace(smaller, kind=call.kind)
    shorter = [each for shown, each in made.items() if (len(shown), shown) < (len(call.shown), call.shown)]
    return sorted(shorter, key=lambda each: (len(each.shown), each.shown))[:_MOST]


def _elements(arguments: str) -> list[Node]:
    language = language_by_id("typescript")
    if language is None:
        return []
    root = ParsedText.of(language, f"f{arguments}").tree.root_node
    call = root.named_children[0].named_children[0] if root.named_children and not root.has_error else None
    given = call.child_by_field_name("arguments") if call is not None else None
    return [each for each in given.named_children if each.type != "comment"] if given is not None else []


def _smaller(value: str) -> Iterator[str]:
    elements = _elements(f"({value})")
    if len(elements) != 1:
        return
    base = elements[0].start_byte
    data = value.encode()
    stack = [elements[0]]
    while stack:
        node = stack.pop()
        first, last = node.start_byte - base, node.end_byte - base
        for less in _less(node):
            yield (data[:first] + less.encode() + data[last:]).decode("utf-8", "replace")
        stack += reversed(node.named_children)


def _less(node: Node) -> Iterator[str]:
    text = text_of(node)
    if node.type in _LISTS:
        parts = [text_of(each) for each in node.named_children]
        opened, closed = ("[", "]") if node.type == "array" else ("{ ", " }")
        halves = [parts[len(parts) // 2 :], parts[: len(parts) // 2]] if len(parts) > 2 else []
        for kept in [*halves, *(parts[:at] + parts[at + 1 :] for at in range(min(len(parts), 12)))]:
            yield f"{opened}{', '.join(kept)}{closed}" if kept else (opened + closed).replace(" ", "")
    elif node.type == "number" and text not in {"0", "1"}:
        yield from ("0", "1")
        if text.isdigit():
            yield str(int(text) // 2)
    elif node.type == "unary_expression" and text.startswith("-"):
        yield text[1:]
    elif node.type == "string" and "\\" not in text and len(text) > 2:
        inner, quote = text[1:-1], text[0]
        half = len(inner) // 2
        cuts = {inner[:half], inner[half:], *(inner[:at] + inner[at + 1 :] for at in range(min(len(inner), 12)))}
        yield from (f"{quote}{each}{quote}" for each in sorted(cuts))
