"""Ranges in open documents that move with the text, so that no copy of a text is needed to find a place again."""

from collections.abc import Sequence
from urllib.parse import unquote

from pillion.jobs.open_document import OpenDocument

Range = tuple[int, int]


class TrackedRanges:
    """Sets of ranges by key, each set in one document. A set is lost when its document is closed or sent anew."""

    def __init__(self) -> None:
        self._ranges: dict[str, tuple[str, list[Range]]] = {}

    def track(self, key: str, uri: str, ranges: Sequence[Range]) -> None:
        """Follows these [start, end) code points of the document as it is now."""
        self._ranges[key] = (unquote(uri), list(ranges))

    def of(self, key: str) -> list[Range] | None:
        """Where the ranges are now; None if they were lost."""
        found = self._ranges.get(key)
        return list(found[1]) if found is not None else None

    def forget(self, key: str) -> None:
        """Drops the ranges: nobody needs them any more."""
        self._ranges.pop(key, None)

    def edited(self, document: OpenDocument, start: int, end: int, new_length: int) -> None:
        """[start, end) of the document was replaced by `new_length` code points."""
        uri = unquote(document.uri)
        whole = start == 0 and end > 0 and new_length == len(document.source)
        for key, (where, ranges) in list(self._ranges.items()):
            if where == uri and whole:
                del self._ranges[key]  # nobody knows which parts are the same
            elif where == uri:
                self._ranges[key] = (where, [_after_edit(each, start, end, new_length) for each in ranges])

    def closed(self, uri: str) -> None:
        """A document was closed: drops its ranges, since later changes of its text aren't known."""
        self._ranges = {key: value for key, value in self._ranges.items() if value[0] != unquote(uri)}


def _after_edit(a_range: Range, start: int, end: int, new_length: int) -> Range:
    """Text that was typed at an edge stays outside; text that was typed inside makes the range longer."""
    first, last = a_range
    grown = new_length - (end - start)
    if end <= first:
        return first + grown, last + grown
    if start >= last:
        return a_range
    return (start + new_length if start < first else first), (start if end > last else last + grown)
