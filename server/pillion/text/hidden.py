"""Makes characters visible that can't be seen, or that steer the program that shows them."""

import re

# Steer a terminal, or the direction of the text around them, or can't be seen at all. Tabs and line feeds are text.
# Joiners (U+200C, U+200D) aren't here: scripts and emoji need them, and they steer nothing.
STEERING = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_STEERING = re.compile(f"[{STEERING}]")
# Characters that some programs take for the end of a line.
LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_LATIN_1, _BASIC_PLANE = 0x100, 0x10000


def visible(text: str) -> str:
    """`text` with every character that steers a terminal or can't be seen written as an escape: `\\x1b`, `\\u202e`.

    Tabs and line ends (LF, CRLF) stay. If everything is visible, the same text is returned.
    """
    return _STEERING.sub(_escape, text.replace("\r\n", "\n"))


def code_point(character: str) -> str:
    """`U+202E`."""
    return f"U+{ord(character):04X}"


class VisibleStream:
    """`visible` for a text that comes in pieces, however it is cut."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """The part that can be shown now: a CR at the end is held back, because it may be half of a line end."""
        text = self._held + text
        self._held = "\r" if text.endswith("\r") else ""
        return visible(text.removesuffix(self._held))

    def finish(self) -> str:
        """The text that was held back."""
        held, self._held = self._held, ""
        return visible(held)


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    if number < _LATIN_1:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < _BASIC_PLANE else f"\\U{number:08x}"
