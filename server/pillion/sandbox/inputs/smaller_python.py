"""Calls like one that showed a difference, with less in their arguments."""

import ast
from collections.abc import Iterator

from pillion.sandbox.inputs.python_arguments import Argument, Arguments, arguments_of, before_of, call_of
from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.python_trees import parse_expression

_MOST = 24
_FEW = 6


def smaller_calls(old: Slice, call: Call) -> list[Call]:
    """See Shrinker."""
    arguments = arguments_of(call)
    if arguments is None:
        return []
    before = before_of(call)
    made = {each.shown: each for each in (call_of(old, less, call.kind, before) for less in _fewer(arguments))}
    for at in range(len(before)):
        less = call_of(old, arguments, call.kind, before[:at] + before[at + 1 :])
        made[less.shown] = less
    shorter = [each for shown, each in made.items() if len(shown) < len(call.shown) or shown < call.shown]
    return sorted(shorter, key=lambda each: (len(each.shown), each.shown))[:_MOST]


def _fewer(arguments: Arguments) -> Iterator[Arguments]:
    for at, each in enumerate(arguments):
        if each.name:
            yield arguments[:at] + arguments[at + 1 :]
        for text in _smaller(each.text):
            yield (*arguments[:at], Argument(text, each.name), *arguments[at + 1 :])


def _smaller(text: str) -> Iterator[str]:
    try:
        node = parse_expression(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for each in _smaller_nodes(node):
        yield ast.unparse(each)


def _smaller_nodes(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Constant(bool()) | ast.Constant(None):
            return
        case ast.Constant(int() | float() as number):
            yield from (ast.Constant(each) for each in _smaller_numbers(number))
        case ast.UnaryOp(ast.USub(), operand):
            yield operand
            yield from (ast.UnaryOp(ast.USub(), each) for each in _smaller_nodes(operand))
        case ast.Constant(str() | bytes() as text):
            half = len(text) // 2
            cuts = [(0, half), (half, len(text))] if half > 1 else []
            cuts += [(at, at + 1) for at in range(min(len(text), 12))]
            for first, last in cuts:
                yield ast.Constant(_without(text, first, last))
        case ast.List(elements):
            yield from (ast.List(each, ast.Load()) for each in [*_shorter(elements), *_changed(elements)])
        case ast.Set(elements):
            yield from (ast.Set(each) for each in [*_shorter(elements), *_changed(elements)] if each)
        case ast.Tuple(elements):
            yield from (ast.Tuple(each, ast.Load()) for each in _changed(elements))
        case ast.Dict(keys, values):
            for at in range(min(len(keys), 8)):
                yield ast.Dict(keys[:at] + keys[at + 1 :], values[:at] + values[at + 1 :])
            for at, each in enumerate(values[:_FEW]):
                for less in list(_smaller_nodes(each))[:_FEW]:
                    yield ast.Dict(keys, [*values[:at], less, *values[at + 1 :]])


def _without(text: str | bytes, first: int, last: int) -> str | bytes:
    if isinstance(text, bytes):
        return text[:first] + text[last:]
    return text[:first] + text[last:]


def _shorter(elements: list[ast.expr]) -> list[list[ast.expr]]:
    half = len(elements) // 2
    halves = [elements[:half], elements[half:]] if half > 1 else []
    return halves + [elements[:at] + elements[at + 1 :] for at in range(min(len(elements), 8))]


def _changed(elements: list[ast.expr]) -> list[list[ast.expr]]:
    return [
        [*elements[:at], less, *elements[at + 1 :]]
        for at, each in enumerate(elements[:_FEW])
        for less in list(_smaller_nodes(each))[:_FEW]
    ]


def _smaller_numbers(number: int | float) -> Iterator[int | float]:
    plain = int(number) if abs(number) < 1e15 else 0
    kind = type(number)
    smaller = [each for each in (0, 1, 2, plain // 2, plain - 1) if 0 <= each < number]
    yield from (kind(each) for each in dict.fromkeys(smaller))
