"""Boundaries of a Markdown text that is still being written: a section ends where the next heading begins."""

import re

from pillion.text.fences import Fences, Place

_HEADING = re.compile(r"#{1,6}\s+\S")


class Sections:
    """See Boundaries. A heading in a fenced block is none."""

    def __init__(self) -> None:
        self._fenced = ""

    def find(self, pending: str) -> int | None:
        """See Boundaries."""
        fences, at, written = self._fences(), 0, False
        for line in pending.splitlines(keepends=True):
            place = fences.take(line.rstrip("\r\n"))
            heading = place is Place.OUTSIDE and _HEADING.match(line) is not None
            if heading and written:
                self._fenced = ""
                return at
            written = written or (bool(line.strip()) and not heading)
            at += len(line)
        return None

    def skip(self, text: str) -> None:
        """See Boundaries. The text may have been cut in a fenced block."""
        fences, opening = self._fences(), self._fenced
        for line in text.splitlines(keepends=True):
            place = fences.take(line.rstrip("\r\n"))
            opening = line if place is Place.OPENS else "" if place is Place.CLOSES else opening
        self._fenced = opening

    def _fences(self) -> Fences:
        fences = Fences()
        if self._fenced:
            fences.take(self._fenced.rstrip("\r\n"))
        return fences
