"""Finds a symbol in a draft that gives it the new name that the user asked for."""

import re

from tree_sitter import Node

from pillion.errors import DraftRejectedError
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import name_of
from pillion.syntax.symbols import Symbol


def renamed(draft: ParsedText, symbol: Symbol, document: ParsedText, told: str) -> Node | None:
    """The node of `symbol` under a new name that is among the user's words; None if the draft has none.

    Raises:
        DraftRejectedError: the rest of the document uses the old name.
    """
    found = [node for node in draft.symbols.walk() if _is_wanted(name_of(node), told, document)]
    found = [node for node in found if draft.symbols.read(node).callable == symbol.callable]
    if len(found) != 1:
        return None
    if _is_used_elsewhere(symbol, document):
        raise DraftRejectedError(
            f"“{symbol.name}” would be gone, and this file still uses it: rename it with the editor", code="symbol"
        )
    return found[0]


def _is_used_elsewhere(symbol: Symbol, document: ParsedText) -> bool:
    """Whether code outside of the symbol has its name. Comments may have it."""
    wanted, char = symbol.name.encode("utf-8", "surrogatepass"), document.offsets.to_char
    stack = [document.tree.root_node]
    while stack:
        node = stack.pop()
        if node.type in document.language.comments or wanted not in (node.text or b""):
            continue
        stack.extend(node.children)
        if not node.child_count and node.text == wanted and not symbol.start <= char(node.start_byte) < symbol.end:
            return True
    return False


def _is_wanted(name: str, told: str, document: ParsedText) -> bool:
    return bool(name) and _has_word(told, name) and not _has_word(document.text, name)


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
