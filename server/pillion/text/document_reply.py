"""The Markdown document in a reply: without thoughts, the fence around all of it, and the words before and after it."""

import re

from pillion.text.fences import Fences, Place, fence_of, language_name
from pillion.text.thoughts import ThoughtFilter, without_thoughts

_HEADING = re.compile(r"#{1,6}\s+\S")
_UNDERLINE = re.compile(r"={3,}\s*")  # below a title
_PAGES = frozenset({"markdown", "md"})
# What a model says to the person who asked, below the document.
_FAREWELL = re.compile(
    r"(?:please\s+)?(?:let me know|feel free|i hope|if you(?:'d| would| have| need| want)|would you like)\b",
    re.IGNORECASE,
)
_LONGEST_GREETING_LINES = 6


def document_in(reply: str) -> str:
    """The document, with one line end at its end; empty if there is none."""
    lines = without_thoughts(reply.replace("\r\n", "\n")).strip("\n").split("\n")
    start = _first_line(lines)
    wrapped = start > 0 and _opens_page(lines, start - 1)
    lines = lines[start:]
    if wrapped:
        lines = lines[: _end_of_page(lines)]
    text = "\n".join(_without_farewell(lines)).rstrip()
    return f"{text}\n" if text.strip() else ""


class DocumentFilter:
    """Takes the document out of a reply while it streams. The words after it come along."""

    def __init__(self) -> None:
        self._thoughts = ThoughtFilter()
        self._line = ""
        self._held: list[str] | None = []

    def feed(self, text: str) -> str:
        """What `text` adds to the document, in whole lines."""
        return self._taken(self._thoughts.feed(text))

    def finish(self) -> str:
        """The rest."""
        shown = self._taken(self._thoughts.finish())
        rest, self._line = self._line, ""
        if self._held is not None:  # there was no heading
            rest, self._held = "".join(self._held) + rest, None
        return shown + rest

    def _taken(self, text: str) -> str:
        *lines, self._line = (self._line + text).split("\n")
        return "".join(self._shown(line + "\n") for line in lines)

    def _shown(self, line: str) -> str:
        if self._held is None:
            return line
        self._held.append(line)
        lines = [each.rstrip("\r\n") for each in self._held]
        if not _HEADING.match(line) and len(lines) <= _LONGEST_GREETING_LINES:
            return ""
        shown, self._held = "".join(self._held[_first_line(lines) :]), None
        return shown


def _first_line(lines: list[str]) -> int:
    """The line with which the document begins: below the fence around it, or at its first heading if only a few words
    stand before."""
    for row, line in enumerate(lines[: _LONGEST_GREETING_LINES + 1]):
        if _opens_page(lines, row):
            return row + 1
        if _HEADING.match(line) or (line.strip() and _UNDERLINE.fullmatch("".join(lines[row + 1 : row + 2]))):
            return row
    return 0


def _opens_page(lines: list[str], row: int) -> bool:
    """Whether a line is the fence around the whole document."""
    fence = fence_of(lines[row])
    if fence is None:
        return False
    below = lines[row + 1] if row + 1 < len(lines) else ""
    return language_name(fence.info) in _PAGES or (not fence.info and _HEADING.match(below) is not None)


def _end_of_page(lines: list[str]) -> int:
    """The line of the fence that ends the page: the last bare one outside of the blocks on it."""
    fences, end = Fences(), len(lines)
    for row, line in enumerate(lines):
        place = fences.take(line)
        bare = place is Place.OPENS and (fence := fence_of(line)) is not None and not fence.info
        if bare and (not any(map(str.strip, lines[row + 1 :])) or _is_farewell(lines[row + 1 :])):
            end = row
    return end


def _without_farewell(lines: list[str]) -> list[str]:
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    first = last
    while first and lines[first - 1].strip():
        first -= 1
    return lines[:first] if _is_farewell(lines[first:last]) else lines


def _is_farewell(lines: list[str]) -> bool:
    said = next((each.strip() for each in lines if each.strip()), "")
    return _FAREWELL.match(said) is not None
