"""Calls with literal arguments in text that nobody vouches for: documentation, tests, what a model proposes."""

import ast
import re
from collections.abc import Iterator

from pillion.syntax.python_trees import parse_expression

_MOST_TEXT = 20_000
_MOST_CALL = 600
_MOST_CALLS = 24
_PLAIN = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp, ast.USub, ast.UAdd, ast.Load)


def literal_calls(text: str, name: str) -> list[ast.Call]:
    """The calls of `name` in a text whose arguments are literals. Nothing is evaluated."""
    found: dict[str, ast.Call] = {}
    for source in _sources(text[:_MOST_TEXT], name):
        try:
            node = parse_expression(source).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if isinstance(node, ast.Call) and all(map(_is_literal, _arguments(node))):
            found.setdefault(ast.unparse(node), node)
        if len(found) >= _MOST_CALLS:
            break
    return list(found.values())


def _sources(text: str, name: str) -> Iterator[str]:
    """From each `name(`, what ends with the bracket that closes it."""
    for match in re.finditer(rf"(?<!def )\b{re.escape(name)}\(", text):
        depth, quote = 0, ""
        for at in range(match.start(), min(len(text), match.start() + _MOST_CALL)):
            character = text[at]
            if quote:
                if character == quote and text[at - 1] != "\\":
                    quote = ""
            elif character in "\"'":
                quote = character
            elif character in "([{":
                depth += 1
            elif character in ")]}":
                depth -= 1
                if depth == 0:
                    yield text[match.start() : at + 1]
                    break


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    for keyword in call.keywords:
        # `**more` names nothing
        yield keyword.value if keyword.arg is not None else ast.Name("_")


def _is_literal(node: ast.expr) -> bool:
    return all(isinstance(each, _PLAIN) for each in ast.walk(node))
