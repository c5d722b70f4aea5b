"""What a client is told of an edit that its document has."""

from typing import Any

from pillion.jobs.front import Applied, AppliedEdit, Written
from pillion.jobs.tracked_ranges import TrackedRanges
from pillion.lsp.documents import Document


def plain_applied(applied: Applied, document: Document, tracked: TrackedRanges) -> dict[str, Any]:
    """What an edit wrote, as JSON data: how many `lines`, their `ranges` in the document as it is, and whether `undo`
    is possible."""
    edit = next((each for each in applied.edits if each.uri == document.uri), AppliedEdit(document.uri, (), ""))
    places = tracked.of(edit.key)
    ranges = []
    for written, (start, end) in zip(edit.written, places or (), strict=False):
        # A line end at its beginning is that of the line above, and an indentation at its end that of the line below.
        text = document.source[start:end]
        begins = start + len(text) - len(text.lstrip("\r\n")) if written.new_text.strip() else start
        ranges.append(document.positions.range(begins, max(begins, start + len(text.rstrip()))))
    lines = sum(_lines(each) for each in edit.written)
    return {"lines": lines, "ranges": ranges, "version": document.version, "undo": bool(places)}


def _lines(written: Written) -> int:
    """The lines written, or, where nothing was, those that are gone."""
    text = written.new_text.strip() or written.old_text.strip()
    return text.count("\n") + 1 if text else 1
