"""What every deterministic auditor looks like to the pipeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pillion.findings.finding import Finding
from pillion.syntax.languages import Language


class Sees(StrEnum):
    """What an auditor needs before it can judge."""

    WORDS = "words"  # any piece of text: a docstring too, which is no code
    UNIT = "unit"  # one unit of a draft that still streams is enough
    EDIT = "edit"  # only the whole edited document will do


@dataclass(frozen=True, slots=True)
class Passage:
    """Code under audit: of `text`, the part [start, end) is new. Offsets are code points.

    For a unit, and for words, all of `text` is new; it may be indented, and what it refers to may stand elsewhere.
    For an edit, `text` is the whole document with the edit in it. `before` is the document without it.
    """

    text: str
    start: int
    end: int
    language: Language
    before: str = ""
    path: Path | None = None
    workspace: Path | None = None


class Auditor(Protocol):
    """One kind of check. Stateless; `audit` is called in a thread, so it may read files and run a linter."""

    @property
    def name(self) -> str:
        """Short and lower-case; the `source` of its findings."""

    @property
    def sees(self) -> Sees:
        """When it is called."""

    def audit(self, passage: Passage) -> Sequence[Finding]:
        """What is wrong in the new part; offsets are of `passage.text`. Never raises, whatever a model wrote."""
