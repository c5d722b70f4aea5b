"""The interface of every deterministic auditor, as the pipeline sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Protocol

from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language


class Sees(StrEnum):
    """How much of the text an auditor needs before it can judge."""

    WORDS = "words"  # any piece of text, also a docstring, which isn't code
    UNIT = "unit"  # one unit of a draft that is still streaming
    EDIT = "edit"  # the whole edited document
    DOCUMENT = "document"  # the whole text of a document for people, in Markdown


@dataclass(frozen=True)
class Passage:
    """Code under audit: of `text`, the part [start, end) is new. Offsets are code points.

    For a unit, and for words, all of `text` is new; it may be indented, and may refer to code elsewhere.
    For an edit, `text` is the whole document with the edit in it. `before` is the document without it.
    """

    text: str
    start: int
    end: int
    language: Language
    before: str = ""
    path: Path | None = None
    workspace: Path | None = None

    @cached_property
    def parsed(self) -> ParsedText:
        """`text` with its syntax tree. It is parsed once, however many auditors read it."""
        return ParsedText.of(self.language, self.text)


class Auditor(Protocol):
    """One kind of check. Stateless; `audit` is called in a thread, so it may read files and run a linter."""

    @property
    def name(self) -> str:
        """Short and lower-case; the `source` of its findings."""

    @property
    def sees(self) -> Sees:
        """When it is called."""

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """The mistakes in the new part; offsets are in `passage.text`. Never raises, whatever a model wrote."""
