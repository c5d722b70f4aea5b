"""Who makes slices of which language."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from pillion.sandbox.slices.javascript_slice import javascript_slice
from pillion.sandbox.slices.slice import Slice

# The document's text, the symbol's path, the document's file, the workspace's folder; raises CannotRunError.
Slicer = Callable[[str, tuple[str, ...], Path | None, Path | None], Slice]

SLICERS: Mapping[str, Slicer] = {
    each: partial(javascript_slice, language_id=each) for each in ("javascript", "typescript", "typescriptreact")
}
