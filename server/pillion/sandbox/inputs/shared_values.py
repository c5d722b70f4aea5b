"""Values that the earlier calls of an object share with the call that counts: who asks for what was never put in finds
nothing, whatever the code does."""

import ast
from collections.abc import Sequence
from random import Random

from pillion.sandbox.inputs.python_arguments import Argument
from pillion.syntax.python_trees import parse_expression


def with_shared_value(before: tuple[str, ...], arguments: Sequence[Argument], chance: Random) -> tuple[str, ...]:
    """The earlier calls, such as `add('x')`, of which one has a value of these arguments instead of one of its own."""
    values = [each for argument in arguments for each in _constants(argument.text)]
    at = chance.randrange(len(before))
    tree = _parsed(before[at])
    if not values or tree is None:
        return before
    shared = chance.choice(values)
    alike = [
        each for each in ast.walk(tree) if isinstance(each, ast.Constant) and type(each.value) is type(shared.value)
    ]
    if not alike:
        return before
    chance.choice(alike).value = shared.value
    return (*before[:at], ast.unparse(tree), *before[at + 1 :])


def _constants(text: str) -> list[ast.Constant]:
    tree = _parsed(text)
    if tree is None:
        return []
    return [
        each
        for each in ast.walk(tree)
        if isinstance(each, ast.Constant) and isinstance(each.value, str | int | float) and each.value not in ("", True)
    ]


def _parsed(text: str) -> ast.Expression | None:
    try:
        return parse_expression(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
