"""Calls like one that showed a difference, with less in their arguments."""

from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from pillion.sandbox.inputs.javascript_calls import javascript_call
from pillion.sandbox.inputs.javascript_written import arguments_of, elements
from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.nodes import text_of

_MOST = 24
_LONGEST = 4_000
_LISTS = frozenset({"array", "object"})


def smaller_calls(old: Slice, call: Call) -> list[Call]:
    """See Shrinker."""
    values = arguments_of(old, call)
    if old.receiver or len(call.setup) > _LONGEST:
        return []  # what happened to the receiver says more than the arguments
    made: dict[str, Call] = {}
    for at, value in enumerate(values):
        for less in _smaller(value):
            smaller = javascript_call(old, "", [*values[:at], less, *values[at + 1 :]])
            made[smaller.shown] = replace(smaller, kind=call.kind)
    shorter = [each for shown, each in made.items() if (len(shown), shown) < (len(call.shown), call.shown)]
    return sorted(shorter, key=lambda each: (len(each.shown), each.shown))[:_MOST]


def _smaller(value: str) -> Iterator[str]:
    read = elements(f"({value})")
    if len(read) != 1:
        return
    base = read[0].start_byte
    data = value.encode()
    stack = [read[0]]
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
