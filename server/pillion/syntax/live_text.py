"""A text that a user edits. Its lines and its syntax tree follow every change."""

import asyncio
from typing import TYPE_CHECKING

from pillion.text.lines import LineIndex, has_lone_cr

if TYPE_CHECKING:  # tree-sitter is loaded with the first document that needs it
    from tree_sitter import Point, Tree

    from pillion.syntax.document import ParsedText
    from pillion.syntax.languages import Language


class LiveText:
    """The current text. `language_id` is the editor's name of its language; Pillion may not read that language."""

    def __init__(self, text: str, language_id: str) -> None:
        self._text = text
        self._language_id = language_id
        self._index: LineIndex | None = None
        self._parsed: ParsedText | None = None
        self._stale_tree: Tree | None = None

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    @property
    def index(self) -> LineIndex:
        """The beginnings of its lines."""
        if self._index is None:
            self._index = LineIndex(self._text)
        return self._index

    @property
    def language(self) -> "Language | None":
        """The text's language; None if Pillion has no grammar for it."""
        from pillion.syntax.languages import language_by_id

        return language_by_id(self._language_id)

    def parsed(self) -> "ParsedText | None":
        """The current text with its syntax tree; None if Pillion doesn't read the language."""
        from pillion.syntax.document import ParsedText

        if self._parsed is None:
            language = self.language
            if language is None:
                return None
            self._parsed = ParsedText.of(language, self._text, self._stale_tree)
            self._stale_tree = None
        return self._parsed

    async def parsed_in_thread(self) -> "ParsedText | None":
        """`parsed`, but what there is to parse is parsed in a thread: for a long text that takes a while. If the text
        changes meanwhile, the tree is that of the text before."""
        from pillion.syntax.document import ParsedText

        language = self.language
        if language is None:
            return None
        if self._parsed is not None:
            return self._parsed
        # A copy: the user may type meanwhile, which edits the tree.
        tree = self._stale_tree.copy() if self._stale_tree is not None else None
        text = self._text
        parsed = await asyncio.to_thread(ParsedText.of, language, text, tree)
        if self._text is text:
            self._parsed, self._stale_tree = parsed, None
        return parsed

    def replace(self, start: int, end: int, new: str) -> None:
        """Replaces [start, end) with `new`."""
        after = self._text[:start] + new + self._text[end:]
        self._edit_tree(start, end, new)
        self._text = after
        self.index.replace(start, end, new, after)

    def replace_all(self, text: str) -> None:
        """Replaces the whole text."""
        self._text = text
        self._index = self._parsed = self._stale_tree = None

    def _edit_tree(self, start: int, end: int, new: str) -> None:
        """Tells the tree about the change, so that the next parse reads only the text near it."""
        if has_lone_cr(self._text):  # the tree's points count other line ends than `_point`
            self._parsed = self._stale_tree = None
        if self._parsed is not None:
            # A copy, since a job may still read the old tree.
            self._stale_tree, self._parsed = self._parsed.tree.copy(), None
        if self._stale_tree is None:
            return
        start_byte = _utf8_length(self._text[:start])
        old_end_byte = start_byte + _utf8_length(self._text[start:end])
        start_point = self._point(start)
        self._stale_tree.edit(
            start_byte,
            old_end_byte,
            start_byte + _utf8_length(new),
            start_point,
            self._point(end),
            _advanced(start_point, new),
        )

    def _point(self, offset: int) -> "Point":
        from tree_sitter import Point

        # tree-sitter counts LF as the only line end.
        line_start = self._text.rfind("\n", 0, offset) + 1
        row = self.index.line_at(offset) if "\r" not in self._text else self._text.count("\n", 0, offset)
        return Point(row, _utf8_length(self._text[line_start:offset]))


def _advanced(point: "Point", text: str) -> "Point":
    from tree_sitter import Point

    rows = text.count("\n")
    last = _utf8_length(text[text.rfind("\n") + 1 :])
    return Point(point.row + rows, last if rows else point.column + last)


def _utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
