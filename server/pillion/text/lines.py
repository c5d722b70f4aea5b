"""Where lines begin, by LSP's rules: only LF, CRLF and CR end a line."""

import re
from bisect import bisect_left, bisect_right

_LONE_CR = re.compile(r"\r(?!\n)")
_LINE_END = re.compile(r"\r\n|\n|\r")


def has_lone_cr(text: str) -> bool:
    """Whether a CR alone ends a line."""
    return "\r" in text and text.count("\r") != text.count("\r\n")


def with_lf(text: str) -> str:
    """The same text with an LF for each CR that stands alone. All offsets stay the same."""
    return _LONE_CR.sub("\n", text)


class LineIndex:
    """The offset at which each line of a text begins, kept up to date change by change."""

    def __init__(self, text: str) -> None:
        self._starts = _starts(text)

    def __len__(self) -> int:
        return len(self._starts)

    def start_of(self, line: int) -> int:
        """The offset of a line's first character."""
        return self._starts[line]

    def line_at(self, offset: int) -> int:
        """The line that `offset` is in."""
        return bisect_right(self._starts, offset) - 1

    def replace(self, start: int, end: int, new: str, text_after: str) -> None:
        """Follows the replacement of [start, end) by `new`; `text_after` is the whole text after it."""
        around = text_after[max(0, start - 1) : start + len(new) + 1]
        if "\r" in around:
            self._starts = _starts(text_after)  # a CR and an LF may now be side by side, or no longer be
            return
        first = bisect_right(self._starts, start)
        last = bisect_left(self._starts, end + 1, lo=first)
        grown = len(new) - (end - start)
        inside = [start + match.end() for match in _LINE_END.finditer(new)]
        if grown:
            self._starts[first:] = inside + [each + grown for each in self._starts[last:]]
        else:
            self._starts[first:last] = inside


def _starts(text: str) -> list[int]:
    if "\r" in text:
        return [0, *(match.end() for match in _LINE_END.finditer(text))]
    starts = [0]
    at = text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts
