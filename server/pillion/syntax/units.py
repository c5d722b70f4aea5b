"""Cuts a draft into units while it streams.

A unit is a run of whole lines that is complete: a function, a class member, top-level statements, or, inside one long
function, a group of its statements; without a grammar, a block between blank lines. Together the units are the
draft, to the character.
"""

import re
from dataclasses import dataclass

from pillion.syntax.boundaries import BlankLines, Boundaries, SyntaxBoundaries
from pillion.syntax.languages import Language

# If no boundary is found, the text is cut at a blank line once it is this long, or anywhere at twice that length. The
# longer the text gets, the less often a boundary is searched: this bounds the cost of a line.
_MAX_LINES = 60
_MAX_CHARACTERS = 8_000
_LONG_LINE = 1_000
_LINES_TO_LOOK_AT_EACH = 24
_LOOK_EVERY = 6
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines of a draft: code point offsets in it, and the text (with its line ends)."""

    index: int
    start: int
    end: int
    text: str

    @property
    def blank(self) -> bool:
        """Whether it has nothing to audit: only white space and closing brackets."""
        return _WORD.search(self.text) is None


class UnitStream:
    """Takes a draft's text as it comes, and returns the units that each piece closes."""

    def __init__(self, language: Language | None, boundaries: Boundaries | None = None) -> None:
        """`boundaries`: where the text is cut; by default as the language's grammar says."""
        by_grammar = SyntaxBoundaries(language) if language is not None else BlankLines()
        self._boundaries: Boundaries = boundaries or by_grammar
        self._line: list[str] = []  # the pieces of a line that hasn't ended
        self._pending = ""
        self._carried = ""  # complete, but nothing to audit by itself: it goes with the next unit
        self._start = 0
        self._count = 0

    def feed(self, text: str) -> list[Unit]:
        """The units closed by `text`. Units close at line ends only, so how the text is chunked doesn't matter."""
        *lines, rest = text.split("\n")
        closed: list[Unit] = []
        for line in lines:
            whole = "".join((*self._line, line, "\n"))
            self._line.clear()
            self._pending += whole
            closed += self._cut(blank=not whole.strip())
        if rest:
            self._line.append(rest)
        return closed

    def finish(self) -> list[Unit]:
        """The rest, as the last unit."""
        text = "".join((self._carried, self._pending, *self._line))
        self._carried = self._pending = ""
        self._line.clear()
        return [self._unit(text)] if text else []

    def _cut(self, *, blank: bool) -> list[Unit]:
        closed: list[Unit] = []
        while self._pending and (length := self._complete(blank=blank)) is not None:
            text, self._pending = self._carried + self._pending[:length], self._pending[length:]
            bare = _WORD.search(text) is None and text.count("\n") < _MAX_LINES
            self._carried = text if bare else ""
            if not bare:
                closed.append(self._unit(text))
        return closed

    def _complete(self, *, blank: bool) -> int | None:
        """How much of the pending text can be closed."""
        lines = self._pending.count("\n")
        if len(self._pending) > _MAX_CHARACTERS:
            self._boundaries.skip("\n".join(line for line in self._pending.split("\n") if len(line) < _LONG_LINE))
            return len(self._pending)
        looks = lines <= _LINES_TO_LOOK_AT_EACH or lines % _LOOK_EVERY == 0
        length = self._boundaries.find(self._pending) if looks and not blank else None
        if length is None and (length := _too_many_lines(self._pending, lines)) is not None:
            self._boundaries.skip(self._pending[:length])
        return length

    def _unit(self, text: str) -> Unit:
        unit = Unit(self._count, self._start, self._start + len(text), text)
        self._start = unit.end
        self._count += 1
        return unit


def _too_many_lines(pending: str, lines: int) -> int | None:
    """Where a text that goes on for too many lines is cut, or None."""
    if lines >= 2 * _MAX_LINES:
        return len(pending)
    if lines < _MAX_LINES:
        return None
    blank = max(pending.rfind(line, 0, -1) + len(line) for line in ("\n\n", "\n\r\n"))
    return blank if blank > len("\n\r\n") else None
