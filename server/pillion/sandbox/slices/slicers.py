"""Who makes the smallest program around a symbol, by language."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from pillion.sandbox.slices.javascript_slice import javascript_slice
from pillion.sandbox.slices.python_slice import python_slice
from pillion.sandbox.slices.slice import Slice


class Slicer(Protocol):
    """Makes a slice."""

    def __call__(
        self, text: str, path: tuple[str, ...], file: Path | None = None, workspace: Path | None = None
    ) -> Slice:
        """The slice around the symbol at `path` of a document's text.

        Raises:
            CannotRunError: there is none, and it says why.
        """


SLICERS: Mapping[str, Slicer] = {
    "python": python_slice,
    **{each: partial(javascript_slice, language_id=each) for each in ("javascript", "typescript", "typescriptreact")},
}
