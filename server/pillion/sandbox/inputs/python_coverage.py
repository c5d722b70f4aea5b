"""A Python program that notes which of a function's branches a call reaches."""

import ast

from pillion.sandbox.inputs.python_uses import AnyFunction
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.python_trees import parse_module

# The name of the set with the numbers of the branches, in the program.
REACHED = "_pillion_reached"
_BLOCKS = ("body", "orelse", "finalbody")
_MOST_SOURCE = 200_000


def with_coverage(old: Slice) -> tuple[str, int]:
    """The program, and how many branches the function has; 0 if it can't be read, and then the program is as it was."""
    if len(old.source) > _MOST_SOURCE:
        return old.source, 0
    name = old.entry.rpartition(".")[2]
    try:
        tree = parse_module(old.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return old.source, 0
    functions = [each for each in ast.walk(tree) if isinstance(each, AnyFunction) and each.name == name]
    if not functions:
        return old.source, 0
    blocks = [block for node in ast.walk(functions[-1]) for block in _blocks_of(node)]
    starts = sorted({(each.lineno, each.col_offset) for block in blocks for each in block[:1]})
    lines = old.source.split("\n")
    ends = [line for line, column in starts if lines[line - 1][:column].strip() == ""]
    for number, line in reversed(list(enumerate(ends))):
        indentation = lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]
        lines.insert(line - 1, f"{indentation}{REACHED}.add({number})")
    return f"{chr(10).join(lines)}\n{REACHED} = set()\n", len(ends)


def _blocks_of(node: ast.AST) -> list[list[ast.stmt]]:
    """The runs of statements that may be reached or not. Of an `if` that goes on as `elif` there is nothing to note,
    and what ends by raising gives back no notes."""
    if isinstance(node, ast.ClassDef | ast.Module):
        return []
    found = []
    for name in _BLOCKS:
        block = getattr(node, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            if isinstance(node, AnyFunction) and ast.get_docstring(node) is not None:
                block = block[1:]
            if name == "orelse" and isinstance(block[0], ast.If) and _is_elif(node, block[0]):
                continue
            if block[-1:] and not isinstance(block[-1], ast.Raise):
                found.append(block)
    return found


def _is_elif(node: ast.AST, inner: ast.If) -> bool:
    return isinstance(node, ast.If) and inner.col_offset == node.col_offset
