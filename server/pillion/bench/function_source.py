"""One Python function as text and tree together, so that a change to the text leaves everything else as it was."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef
# Beside an operator, the texts of these need parentheses.
_ATOMS = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Call, ast.List, ast.Dict, ast.Set)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the code points [start, end) by `new`."""

    start: int
    end: int
    new: str


class FunctionSource:
    """A text that is one function at column 0, decorators included; its lines end in LF or CRLF.

    Raises:
        ValueError: the text is something else. (A SyntaxError is passed on.)
    """

    def __init__(self, text: str) -> None:
        tree = ast.parse(text)
        if len(tree.body) != 1 or not isinstance(tree.body[0], AnyFunction):
            raise ValueError("this isn't one function")
        self.text = text
        self.function: AnyFunction = tree.body[0]
        self._lines = text.split("\n")

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for line in self._lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """The nodes that can get a bug, in the order of the text: no annotations, docstring or decorators.

        f-strings are left out too: before Python 3.12 the positions of the nodes in them are wrong.
        """
        return list(_walk(self.function))

    @cached_property
    def blocks(self) -> list[list[ast.stmt]]:
        """Every run of statements, outer ones first."""
        found = []
        for node in self.nodes:
            for name in ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if isinstance(block, list) and block:
                    found.append(block)
        return found

    def start(self, node: ast.AST) -> int:
        """Where a node begins."""
        return self._offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> int:
        """Where a node ends."""
        return self._offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def of(self, node: ast.AST) -> str:
        """A node's text."""
        return self.text[self.start(node) : self.end(node)]

    def operand(self, node: ast.AST) -> str:
        """A node's text, in parentheses if an operator beside it could split it."""
        text = self.of(node)
        return text if isinstance(node, _ATOMS) else f"({text})"

    def replaced(self, node: ast.AST, new: str) -> Edit:
        """The edit that replaces a node."""
        return Edit(self.start(node), self.end(node), new)

    def without_word(self, node: ast.AST, word: str) -> Edit:
        """The edit that drops a node's first word; parentheses after it stay."""
        start = self.start(node)
        after = self.text[start + len(word) : self.end(node)]
        return Edit(start, start + len(word) + len(after) - len(after.lstrip(" ")), "")

    def between(self, left: ast.AST, right: ast.AST, operator: str, new: str) -> Iterator[Edit]:
        """The edits of the operator between two nodes, and of text that looks like it in a comment there."""
        start, end = self.end(left), self.start(right)
        words = r"\s+".join(re.escape(word) for word in operator.split())
        edge = r"\b" if operator[0].isalpha() else ""
        for match in re.finditer(edge + words + edge, self.text[start:end]):
            yield Edit(start + match.start(), start + match.end(), new)

    def lines_of(self, statement: ast.stmt) -> Edit | None:
        """The edit that removes a statement's whole lines; None if it shares them with other code."""
        first = self._line_starts[statement.lineno - 1]
        last = min(self._line_starts[statement.end_lineno or 0], len(self.text))
        around = self.text[first : self.start(statement)] + self.text[self.end(statement) : last]
        return None if around.split("#")[0].strip() else Edit(first, last, "")

    def indentation(self, statement: ast.stmt) -> str:
        """The white space at the beginning of a statement's line."""
        return self._lines[statement.lineno - 1][: statement.col_offset]

    def _offset(self, line: int, column_bytes: int) -> int:
        text = self._lines[line - 1]
        column = column_bytes if text.isascii() else len(text.encode()[:column_bytes].decode())
        return self._line_starts[line - 1] + column


def has_docstring(function: AnyFunction) -> bool:
    """Whether the body begins with a string."""
    first = function.body[0]
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    skipped = {"annotation", "returns", "decorator_list", "type_params"}
    for name, value in ast.iter_fields(node):
        if name in skipped:
            continue
        children = value if isinstance(value, list) else [value]
        if name == "body" and isinstance(node, AnyFunction) and has_docstring(node):
            children = children[1:]
        for child in children:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                yield from _walk(child)
