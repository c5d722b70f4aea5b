"""Who makes slices of which language."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pillion.sandbox.slices.python_slice import python_slice
from pillion.sandbox.slices.slice import Slice

# The document's text, the symbol's path, the document's file, the workspace's folder; raises CannotRunError.
Slicer = Callable[[str, tuple[str, ...], Path | None, Path | None], Slice]

SLICERS: Mapping[str, Slicer] = {"python": python_slice}
