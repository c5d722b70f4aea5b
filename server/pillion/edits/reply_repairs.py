"""Code that came in the writing of a page: entities, typographic quotes, blanks that don't break."""

import html
import re
from collections.abc import Callable
from functools import lru_cache
from textwrap import dedent

from tree_sitter import Node

from pillion.syntax.check import first_error
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language
from pillion.text.thoughts import without_thoughts

_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,5}|#x[0-9a-fA-F]{1,5});")
_QUOTE = re.compile("[“”„‘’]")
_BLANK = re.compile("[\u00a0\u2007\u202f\u200b\ufeff]")
_PLAIN_QUOTES = str.maketrans("“”„‘’", '"""\'\'')
_PLAIN_BLANKS = str.maketrans({"\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u200b": None, "\ufeff": None})
_WORDS = ("string", "comment", "char", "regex", "template", "jsx_text", "html_character")


def _unescaped(code: str) -> str:
    # Twice escaped: the reply was a page on a page.
    once = html.unescape(code)
    return html.unescape(once) if _ENTITY.search(once) and "&amp;" in code else once


_REPAIRS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_ENTITY, _unescaped),
    (_BLANK, lambda code: code.translate(_PLAIN_BLANKS)),
    (_QUOTE, lambda code: code.translate(_PLAIN_QUOTES)),
)


@lru_cache(maxsize=16)
def repaired(code: str, language: Language) -> str:
    """The code as it was meant, if it has such marks where code is, and can be read without them. In strings and
    comments they may be what the code is about. A thought in the middle of code is such a mark, too."""
    if _has_error(code, language) and not _has_error(silent := without_thoughts(code), language):
        code = silent
    for marks, repair in _REPAIRS:
        if marks.search(code) is None or not _in_code(code, marks, language):
            continue
        plain = repair(code)
        if not _has_error(plain, language) or _has_error(code, language):
            code = plain
    return code


def _has_error(code: str, language: Language) -> bool:
    return first_error(ParsedText.of(language, dedent(code))) is not None


def _in_code(code: str, marks: re.Pattern[str], language: Language) -> bool:
    parsed = ParsedText.of(language, code)
    root = parsed.tree.root_node
    return any(not _in_words(root, parsed.offsets.to_byte(found.start())) for found in marks.finditer(code))


def _in_words(root: Node, byte: int) -> bool:
    node = root.descendant_for_byte_range(byte, byte)
    while node is not None:
        if any(word in node.type for word in _WORDS):
            return True
        node = node.parent
    return False
