"""Python's own syntax trees, parsed in several threads at once.

Python 3.11.7, for example, raises a SystemError (“AST constructor recursion depth mismatch”) if another thread parses
meanwhile: https://github.com/python/cpython/issues/106905. Nothing is wrong with the source, so it is parsed again.
"""

import ast
from collections.abc import Callable
from typing import TypeVar

_TRIES = 20
_Tree = TypeVar("_Tree")


def parse_module(source: str) -> ast.Module:
    """What ast.parse returns.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as ast.parse does.
    """
    return tried_again(lambda: ast.parse(source))


def parse_expression(source: str) -> ast.Expression:
    """What ast.parse returns for one expression; raises what that raises."""
    return tried_again(lambda: ast.parse(source, mode="eval"))


def parse_literal(source: str) -> object:
    """What ast.literal_eval returns; raises what that raises."""
    return ast.literal_eval(parse_expression(source.lstrip(" \t")))


def tried_again(parse: Callable[[], _Tree]) -> _Tree:
    """What `parse` returns, whatever other threads parse meanwhile."""
    for _ in range(_TRIES - 1):
        try:
            return parse()
        except SystemError:
            continue
    return parse()
