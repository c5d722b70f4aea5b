"""All that read a draft while it streams, as one reader."""

from collections.abc import Sequence
from typing import Protocol

from pillion.findings.finding_list import FindingList
from pillion.pipeline.draft import DraftReader


class FinishedReader(DraftReader, Protocol):
    """A reader that finds something, and wants to know that the draft is complete."""

    findings: FindingList

    def finish(self) -> None:
        """The draft is complete."""


class Readers:
    """Passes everything on to each of them. None: nobody reads."""

    def __init__(self, readers: Sequence[FinishedReader]) -> None:
        self._readers = readers

    @property
    def findings(self) -> list[FindingList]:
        """What they have found."""
        return [each.findings for each in self._readers]

    def begin(self, endpoint: str) -> None:
        """See DraftReader."""
        for each in self._readers:
            each.begin(endpoint)

    def read(self, text: str) -> None:
        """See DraftReader."""
        for each in self._readers:
            each.read(text)

    def start_over(self) -> None:
        """See DraftReader."""
        for each in self._readers:
            each.start_over()

    def finish(self) -> None:
        """The draft is complete."""
        for each in self._readers:
            each.finish()
