"""Seeded bugs that move or drop whole statements."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from pillion.bench.function_source import Edit, FunctionSource

_LEAVES = ast.Return | ast.Raise | ast.Continue | ast.Break


def lost_return(source: FunctionSource) -> Iterator[Edit]:
    """`return value` → `value`; not in generators, whose return values are hardly ever used."""
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in source.nodes):
        return
    for node in source.nodes:
        match node:
            case ast.Return(value=None | ast.Constant(None)):
                continue
            case ast.Return():
                yield source.without_word(node, "return")


def return_in_loop(source: FunctionSource) -> Iterator[Edit]:
    """The one-line `return` after a loop is indented into it."""
    for block in source.blocks:
        for loop, statement in pairwise(block):
            if not isinstance(loop, ast.For | ast.While) or loop.orelse or not isinstance(statement, ast.Return):
                continue
            whole = source.lines_of(statement)
            if whole is not None and statement.lineno == statement.end_lineno:
                yield Edit(whole.start, source.start(statement), source.indentation(loop.body[0]))


def lost_guard(source: FunctionSource) -> Iterator[Edit]:
    """`if …: return`, `raise`, `continue` or `break` is removed, if another statement follows it."""
    for block in source.blocks:
        for statement in block[:-1]:
            match statement:
                case ast.If(body=[*_, leaves], orelse=[]) if isinstance(leaves, _LEAVES) and len(statement.body) <= 2:
                    edit = source.lines_of(statement)
                    if edit is not None:
                        yield edit


def swallowed_exception(source: FunctionSource) -> Iterator[Edit]:
    """A handler's body becomes `pass`."""
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler) and not isinstance(node.body[0], ast.Pass):
            yield Edit(source.start(node.body[0]), source.end(node.body[-1]), "pass")


def dropped_augmentation(source: FunctionSource) -> Iterator[Edit]:
    """`total += price` → `total = price`."""
    for node in source.nodes:
        if isinstance(node, ast.AugAssign):
            start, end = source.end(node.target), source.start(node.value)
            sign = source.text.find("=", start, end)
            yield Edit(start, sign, " ")


def swapped_break(source: FunctionSource) -> Iterator[Edit]:
    """`break` ↔ `continue`."""
    for node in source.nodes:
        if isinstance(node, ast.Break | ast.Continue):
            yield source.replaced(node, "continue" if isinstance(node, ast.Break) else "break")
