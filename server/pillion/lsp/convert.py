"""Converts client positions to code point offsets and back. Only this file does so."""

from lsprotocol import types
from pygls.workspace import PositionCodec

from pillion.text.lines import LineIndex


class Positions:
    """Converts for one text, in the encoding that the client agreed to. Positions outside the text are clamped."""

    def __init__(self, text: str, lines: LineIndex, codec: PositionCodec) -> None:
        self._text = text
        self._lines = lines
        self._codec = codec

    def offset(self, position: types.Position) -> int:
        """The offset of a client's position. A position past a line's end means the line's end, as LSP says."""
        if position.line >= len(self._lines):
            return len(self._text)
        start = self._lines.start_of(position.line)
        line = self._line(position.line)
        if line.isascii():
            return start + min(position.character, len(line))
        units = 0
        for index, character in enumerate(line):
            if units >= position.character:
                return start + index
            units += self._codec.client_num_units(character)
        return start + len(line)

    def offsets(self, a_range: types.Range) -> tuple[int, int]:
        """The offsets of a client's range, in order."""
        start, end = self.offset(a_range.start), self.offset(a_range.end)
        return min(start, end), max(start, end)

    def position(self, offset: int) -> types.Position:
        """The client's position for an offset."""
        offset = max(0, min(offset, len(self._text)))
        line = self._lines.line_at(offset)
        before = self._text[self._lines.start_of(line) : offset]
        return types.Position(line, self._codec.client_num_units(before))

    def range(self, start: int, end: int) -> types.Range:
        """The client's range for [start, end)."""
        return types.Range(self.position(start), self.position(end))

    def _line(self, line: int) -> str:
        """A line's text without its end."""
        start = self._lines.start_of(line)
        end = self._lines.start_of(line + 1) if line + 1 < len(self._lines) else len(self._text)
        return self._text[start:end].rstrip("\r\n")
