"""Cuts a draft into units while it streams.

A unit is a run of whole lines that is syntactically complete: a function, a class member, top-level statements,
or, inside one long function, a group of its statements. Together the units are the draft, to the character.
Only what isn't closed yet is parsed, behind the headers it stands under, so the cost of a chunk doesn't grow
with the draft.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from pillion.syntax.languages import Language, parse

# Inside one function, statements are gathered until they are worth a look.
_GROUP_LINES = 6
# Text that never parses is cut at a blank line once it is this long, or anywhere at twice that.
_UNREADABLE_LINES = 60
_BRACKETS = {"(": ")", "[": "]", "{": "}", "${": "}"}


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines of a draft: code point offsets in it, and the text (with its line ends)."""

    index: int
    start: int
    end: int
    text: str

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it to audit."""
        return not self.text.strip()


class UnitStream:
    """Feed it a draft's text as it comes; it returns the units that each piece closes."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._headers = ""
        self._pending = ""
        self._unfinished_line = ""
        self._start = 0
        self._count = 0

    def feed(self, text: str) -> list[Unit]:
        """The units closed by `text`. Units close at line ends only, so how the text is chunked doesn't matter."""
        self._unfinished_line += text
        *lines, self._unfinished_line = self._unfinished_line.split("\n")
        closed: list[Unit] = []
        for line in lines:
            self._pending += line + "\n"
            if line.strip():
                closed.extend(self._cut())
        return closed

    def finish(self) -> list[Unit]:
        """What is left, as the last unit."""
        self._pending += self._unfinished_line
        self._unfinished_line = ""
        return [self._take(len(self._pending))] if self._pending else []

    def _take(self, length: int) -> Unit:
        unit = Unit(self._count, self._start, self._start + length, self._pending[:length])
        self._pending = self._pending[length:]
        self._start += length
        self._count += 1
        return unit

    def _cut(self) -> Iterator[Unit]:
        source = (self._headers + self._pending).encode("utf-8", "surrogatepass")
        known = len(self._headers.encode("utf-8", "surrogatepass"))
        found = self._boundary(self._parse(source), source, known)
        if found is not None:
            byte, headers = found
            self._headers, length = headers, len(source[known:byte].decode("utf-8", "surrogatepass"))
            yield self._take(length)
        elif (lines := self._pending.count("\n")) >= _UNREADABLE_LINES:
            blank = self._pending.rfind("\n\n", 0, -1)
            if blank > 0:
                self._headers = ""
                yield self._take(blank + 2)
            elif lines >= 2 * _UNREADABLE_LINES:
                self._headers = ""
                yield self._take(len(self._pending))

    def _parse(self, source: bytes) -> Node:
        """The tree of a text that breaks off: what is open at its end is closed, or all of it would be an error."""
        root = parse(self._language, source).root_node
        closers = _closers(root) if root.has_error else b""
        return parse(self._language, source + closers).root_node if closers else root

    def _boundary(self, container: Node, source: bytes, known: int) -> tuple[int, str] | None:
        """The byte before which everything is complete, and the headers that the rest stands under."""
        headers = ""
        while True:
            children = container.named_children
            code = [child for child in children if not self._leads(child)]
            if not code or code[-1].type == "ERROR":
                return None
            last = code[-1]
            before = [child for child in code[:-1] if child.end_byte > known]
            if before and not any(child.has_error for child in before):
                cut = self._line_start(source, self._with_comments(children, last))
                worth = source.count(b"\n", known, cut) >= _GROUP_LINES
                if cut > known and (worth or not headers or self._symbol(before[-1]) is not None):
                    return cut, headers
            opened = self._symbol(last)
            body = opened.child_by_field_name("body") if opened is not None else None
            if body is None or body.start_byte >= len(source):
                return None
            start = last.start_byte
            headers += source[source.rfind(b"\n", 0, start) + 1 : body.start_byte].decode("utf-8", "surrogatepass")
            headers = headers.rstrip(" \t")
            if body.children and body.children[0].type == "{":
                headers += "{\n"
            elif not headers.endswith("\n"):
                headers += "\n"
            container = body

    def _symbol(self, node: Node) -> Node | None:
        while node.type in self._language.wrappers and node.named_children:
            node = node.named_children[-1]
        return node if node.type in self._language.symbols else None

    def _leads(self, node: Node) -> bool:
        """Whether a node belongs to the one behind it: a comment or an attribute."""
        return node.type in self._language.comments or node.type in self._language.attributes

    def _with_comments(self, children: list[Node], last: Node) -> int:
        """Comments and attributes right above a node belong to it; a comment behind other code belongs there."""
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

    @staticmethod
    def _line_start(source: bytes, byte: int) -> int:
        return source.rfind(b"\n", 0, byte) + 1


def _closers(root: Node) -> bytes:
    """The brackets that close what is open at the end of a tree's text."""
    opened: list[str] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.children:
            stack.extend(reversed(node.children))
        elif node.type in _BRACKETS and not node.is_missing:
            opened.append(_BRACKETS[node.type])
        elif opened and node.type == opened[-1] and not node.is_missing:
            opened.pop()
    return "".join(reversed(opened)).encode()
