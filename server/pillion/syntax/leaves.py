"""The leaves of a syntax tree in the order of the text: the tokens of the code, and the comments between them."""

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language
from pillion.syntax.nodes import text_of

_SEVERAL_STRINGS = "concatenated_string"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A token or a comment; [start, end) are code points. Of JSX's text, only the words count."""

    text: str
    start: int
    end: int
    is_comment: bool
    in_docstring: bool = False


def leaves_of(parsed: ParsedText) -> tuple[Leaf, ...]:
    """All tokens and comments of a text. A string is one token, whatever is inside of it; white space is none."""
    docstrings = {doc.id for node in parsed.symbols.walk() if (doc := parsed.symbols.docstring_node(node)) is not None}
    found: list[Leaf] = []
    char, byte, data = 0, 0, parsed.offsets.data
    for node, in_docstring in _nodes(parsed.tree.root_node, parsed.language, docstrings):
        is_comment = is_remark(node, parsed.language)
        text = text_of(node)
        written = text.strip()
        if not written:
            continue
        char += len(data[byte : node.start_byte].decode("utf-8", "surrogatepass"))
        byte = node.start_byte
        start = char + len(text) - len(text.lstrip())
        words = " ".join(written.split()) if node.type == "jsx_text" else written
        found.append(Leaf(words, start, start + len(written), is_comment, in_docstring))
    return tuple(found)


def is_remark(node: Node, language: Language) -> bool:
    """Whether a node is a comment: also `{/* … */}` in JSX, which is an expression without a value."""
    if node.type in language.comments:
        return True
    inside = node.named_children if node.type == "jsx_expression" else []
    return bool(inside) and all(each.type in language.comments for each in inside)


def _nodes(root: Node, language: Language, docstrings: set[int]) -> Iterator[tuple[Node, bool]]:
    """The nodes that are read as one leaf each, and whether they are in a docstring."""
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, inside = stack.pop()
        inside = inside or node.id in docstrings
        is_string = "string" in node.type and node.type != _SEVERAL_STRINGS
        if not node.children or is_string or is_remark(node, language):
            yield node, inside
        else:
            stack.extend((child, inside) for child in reversed(node.children))
