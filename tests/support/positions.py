"""UTF-16 positions ↔ offsets, written apart from the server's own so that each checks the other."""

from lsprotocol import types


def offset_of(text: str, position: types.Position) -> int:
    """The code point offset of a UTF-16 position in a text with LF line ends."""
    lines = text.split("\n")
    start = sum(len(line) + 1 for line in lines[: position.line])
    if position.line >= len(lines):
        return len(text)
    encoded = lines[position.line].encode("utf-16-le")
    return start + len(encoded[: 2 * position.character].decode("utf-16-le"))


def position_of(text: str, offset: int) -> types.Position:
    """The UTF-16 position of a code point offset."""
    before = text[:offset]
    line_start = before.rfind("\n") + 1
    return types.Position(before.count("\n"), len(before[line_start:].encode("utf-16-le")) // 2)
