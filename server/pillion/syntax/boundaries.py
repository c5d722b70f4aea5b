"""Finds the complete part of a text that is still being written: the places at which a draft can be cut.

The text is parsed after the headers of the blocks that it is in, and everything that is open at its end is closed. Only
text that wasn't cut off yet is parsed, so the cost of a line doesn't grow with the draft.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from tree_sitter import Node

from pillion.syntax.languages import Language, parse
from pillion.syntax.nodes import FUNCTION_VALUES, is_symbol, wrapped_by
from pillion.syntax.openings import (
    JSX_ELEMENT,
    JSX_OVER,
    JSX_TEXT,
    LABELLED,
    LINE_DIRECTIVES,
    closers,
    header_of,
    opened_in,
)

# Inside a function or a class, statements are collected until they have this many lines; inside a loop or a literal in
# it, until they have more.
_GROUP_LINES = 6
_INNER_GROUP_LINES = 12
# In characters. Nothing deeper than this is searched, because the headers are parsed with every line.
_MAX_HEADERS = 1_000
# A later part of these can't be parsed without their beginning.
_WHOLE = frozenset(
    {
        "parenthesized_expression",
        "generator_expression",
        "list_comprehension",
        "set_comprehension",
        "dictionary_comprehension",
    }
)


@dataclass(frozen=True, slots=True)
class _Level:
    """A node that is open at a text's end: its elements, and those of them that are code."""

    container: Node
    children: list[Node]
    code: list[Node]  # none if it can't be parsed
    headers: str  # the headers of the blocks that its elements are in
    begin: int  # the byte after the last header


class Boundaries(Protocol):
    """Says how much of a text is complete. It remembers in which blocks the text is."""

    def find(self, pending: str) -> int | None:
        """The length of the complete part of `pending`, which ends with a line that isn't blank; None if there is none.

        The complete part counts as cut off.
        """
        ...

    def skip(self, text: str) -> None:
        """`text` was cut off although no end was found in it."""
        ...


class BlankLines:
    """Boundaries without a grammar: a block ends where a line follows blank lines."""

    def find(self, pending: str) -> int | None:
        """See Boundaries."""
        head = pending[: pending.rfind("\n", 0, -1) + 1]
        last = head[head.rfind("\n", 0, -1) + 1 :]
        return len(head) if head.strip() and not last.strip() else None

    def skip(self, text: str) -> None:
        """See Boundaries."""


class SyntaxBoundaries:
    """Boundaries by the grammar: after functions, members, top-level statements and groups of statements."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._headers = ""

    def find(self, pending: str) -> int | None:
        """See Boundaries."""
        source = (self._headers + pending).encode("utf-8", "surrogatepass")
        known = len(self._headers.encode("utf-8", "surrogatepass"))
        for level in self._levels(self._closed_tree(source), source):
            for ended, cut in self._candidates(level, source):
                new = [node for node in level.code[: level.code.index(ended) + 1] if node.end_byte > known]
                lines = source.count(b"\n", known, cut)
                fresh = cut > max(known, level.begin)
                if fresh and new and self._complete(new) and self._worth(level.container, ended, lines):
                    self._headers = level.headers
                    return len(source[known:cut].decode("utf-8", "surrogatepass"))
        return None

    def skip(self, text: str) -> None:
        """See Boundaries. If the text can't be parsed, it is assumed to be in the same blocks, brackets permitting."""
        source = (self._headers + text).encode("utf-8", "surrogatepass")
        root = self._closed_tree(source)
        if not root.has_error:
            self._headers = [level.headers for level in self._levels(root, source)][-1]
        elif self._closers(self._headers) != self._closers(self._headers + text):
            self._headers = ""

    def _closers(self, text: str) -> bytes:
        return closers(self._tree(text.encode("utf-8", "surrogatepass")), self._language)

    def _tree(self, source: bytes) -> Node:
        return parse(self._language, source).root_node

    def _closed_tree(self, source: bytes) -> Node:
        """The tree of a text that breaks off. Everything open at its end is closed, or all of it would be an error."""
        root = self._tree(source)
        ends = closers(root, self._language) if root.has_error else b""
        return self._tree(source + ends) if ends else root

    def _levels(self, root: Node, source: bytes) -> Iterator[_Level]:
        """The nodes that are open at the text's end, from the outside in."""
        opened: Node | None = root
        headers, begin = "", 0
        while opened is not None and len(headers) <= _MAX_HEADERS:
            container, children = _elements(opened, len(source))
            code = [child for child in children if not self._leads(child)]
            readable = bool(code) and code[-1].type != "ERROR"
            yield _Level(container, children, code if readable else [], headers, begin)
            opened = opened_in(code[-1], len(source), self._language) if readable else None
            if opened is not None:
                header, begin = header_of(code[-1], opened, source, begin)
                headers += header

    def _candidates(self, level: _Level, source: bytes) -> Iterator[tuple[Node, int]]:
        """The nodes after which the text may be cut, and where: the one before the last, and the last if it is over."""
        if not level.code:
            return
        last = level.code[-1]
        if len(level.code) > 1:
            yield level.code[-2], _line_start(source, self._with_comments(level.children, last))
        if self._over(last, source):
            yield last, len(source)
        behind = level.children[level.children.index(last) + 1 :]
        if behind and self._apart(last, behind[0]):
            yield last, _line_start(source, behind[0].start_byte)

    def _complete(self, nodes: list[Node]) -> bool:
        """Whether the nodes were parsed without an error, or the last of them is a sound symbol after an error."""
        if not any(node.has_error for node in nodes):
            return True
        return not nodes[-1].has_error and self._symbol(nodes[-1])

    def _worth(self, container: Node, ended: Node, lines: int) -> bool:
        if container.type in _WHOLE:
            return False
        if container.parent is None or self._symbol(ended):
            return True
        owner = container.parent
        if container.type == "statement_list" and owner.parent is not None:
            owner = owner.parent
        at_home = owner.type in self._language.symbols or owner.type in FUNCTION_VALUES
        return lines >= (_GROUP_LINES if at_home else _INNER_GROUP_LINES)

    def _symbol(self, node: Node) -> bool:
        inner: Node | None = node
        while inner is not None:
            if is_symbol(inner, self._language):
                return True
            inner = wrapped_by(inner, self._language)
        return False

    def _leads(self, node: Node) -> bool:
        """Whether a node belongs to the node after it: a comment or an attribute."""
        return node.type in self._language.comments or node.type in self._language.attributes

    def _over(self, last: Node, source: bytes) -> bool:
        """Whether `last` ends on the text's last line and nothing that follows can belong to it."""
        ends = self._language.ends
        if last.end_byte == len(source):
            # These nodes contain the end of their line.
            return last.type in LINE_DIRECTIVES and not source.rstrip().endswith(b"\\")
        if last.has_error or last.end_point.row != source.count(b"\n") - 1:
            return False
        sibling = last.next_sibling
        while sibling is not None and sibling.start_byte < len(source):
            if sibling.type in ends:
                return True
            if sibling.type not in self._language.comments | {JSX_TEXT} or sibling.end_byte > len(source):
                return False
            sibling = sibling.next_sibling
        if last.type in JSX_OVER:
            return True
        node = last
        while node.children:
            if node.type in self._language.goes_on or node.type in LABELLED:
                return False
            node = node.children[-1]
        return (node.type in ends or "\n" in ends) and not node.is_missing

    @staticmethod
    def _apart(last: Node, comment: Node) -> bool:
        """Whether a comment belongs to the next element: it is after a blank line, as deep as `last`."""
        rows = comment.start_point.row - last.end_point.row
        return rows > 1 and comment.start_point.column == last.start_point.column

    def _with_comments(self, children: list[Node], last: Node) -> int:
        """Comments and attributes right above a node belong to it; a comment after code on its line belongs to that."""
        start = last.start_byte
        place = children.index(last)
        while place > 0 and self._leads(children[place - 1]):
            place -= 1
            end = children[place - 1].end_point if place > 0 else None
            # Rust's doc comments end at the beginning of the next line.
            if end is not None and end.column > 0 and end.row == children[place].start_point.row:
                break
            start = children[place].start_byte
        return start


def _elements(container: Node, end: int) -> tuple[Node, list[Node]]:
    """The elements of a container, and the node that holds them: Go's blocks have one more node around statements."""
    label = container.start_point.row if container.type in LABELLED | {JSX_ELEMENT} else -1
    while True:
        written = (child for child in container.named_children if child.start_byte < end and child.type != JSX_TEXT)
        found = [child for child in written if child.start_point.row > label]
        if len(found) != 1 or found[0].type != "statement_list":
            return container, found
        container, label = found[0], -1


def _line_start(source: bytes, byte: int) -> int:
    return source.rfind(b"\n", 0, byte) + 1
