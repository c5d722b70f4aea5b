"""Walking the syntax tree of a passage."""

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from pillion.auditors.auditor import Passage
from pillion.auditors.passage_findings import Rule, finding
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.syntax.nodes import text_of
from pillion.syntax.offsets import Offsets

# Nobody would keep a longer unit. Parsing may cost a second for each 100,000 characters of nonsense.
MAX_UNIT_CHARACTERS = 100_000
JAVASCRIPT = frozenset({"javascript", "typescript", "typescriptreact"})


@dataclass(frozen=True, slots=True)
class Tree:
    """A passage's syntax tree. An indented piece of a function has a tree too, because grammars recover from errors."""

    passage: Passage
    offsets: Offsets
    root: Node

    @classmethod
    def of(cls, passage: Passage, max_characters: int = MAX_UNIT_CHARACTERS) -> "Tree | None":
        """The tree, or None if the text is too long to be worth it."""
        if len(passage.text) > max_characters:
            return None
        return cls(passage, passage.parsed.offsets, passage.parsed.tree.root_node)

    def span(self, node: Node) -> tuple[int, int]:
        """A node's code points."""
        return self.offsets.to_char(node.start_byte), self.offsets.to_char(node.end_byte)

    def finding(self, rule: Rule, node: Node, message: str) -> Finding[InPassage] | None:
        """A finding that quotes `node`."""
        return finding(self.passage, rule, *self.span(node), message)


def walk(root: Node) -> Iterator[Node]:
    """Every node, in the order of the text. Without recursion: code may be nested deeper than Python can recurse."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if node.child_count:  # most nodes have no child, and a list of none takes time
            stack.extend(reversed(node.children))


def short_text(node: Node) -> str:
    """A node's text as one line of at most 60 characters, for messages."""
    text = " ".join(text_of(node)[:200].split())
    return text if len(text) <= 60 else text[:59] + "…"


def field_text(node: Node, name: str) -> str:
    """The text of a node's field, or nothing."""
    child = node.child_by_field_name(name)
    return text_of(child) if child is not None else ""
