"""What a client is told about an applied edit."""

from typing import Any

from pillion.edits.file_change import FileCreation
from pillion.jobs.front import Applied, Written
from pillion.jobs.tracked_ranges import TrackedRanges
from pillion.lsp.documents import Document


def plain_applied(applied: Applied, document: Document, tracked: TrackedRanges) -> dict[str, Any]:
    """An applied edit as JSON data: the number of its `lines` in all files, the `ranges` of those in the document as it
    is now, and whether `undo` is possible."""
    ranges = []
    for edit in applied.edits:
        places = tracked.of(edit.key) if edit.uri == document.uri else None
        for written, (start, end) in zip(edit.written, places or (), strict=False):
            # A line end at the start belongs to the line above; an indentation at the end belongs to the line below.
            text = document.source[start:end]
            begins = start + len(text) - len(text.lstrip("\r\n")) if written.new_text.strip() else start
            ranges.append(document.positions.range(begins, max(begins, start + len(text.rstrip()))))
    lines = sum(_lines(each) for edit in applied.edits for each in edit.written)
    lines += sum(each.text.count("\n") for each in applied.changes if isinstance(each, FileCreation))
    undo = bool(applied.changes) and all(tracked.of(each.key) for each in applied.edits)
    return {"lines": lines, "ranges": ranges, "version": document.version, "undo": undo}


def _lines(written: Written) -> int:
    """The number of written lines; if nothing was written, of removed lines."""
    text = written.new_text.strip() or written.old_text.strip()
    return text.count("\n") + 1 if text else 1
