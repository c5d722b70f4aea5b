"""A slice that is the whole document: enough for documents that are small programs."""

from pathlib import Path

from pillion.sandbox.slices.slice import Slice


def whole_document(text: str, path: tuple[str, ...], file: Path | None = None, workspace: Path | None = None) -> Slice:
    """See Slicer."""
    return Slice(text, path[-1], text)
