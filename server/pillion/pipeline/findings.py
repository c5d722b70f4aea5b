"""The findings of one job: who is heard, how often, and where they end up."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pillion.findings import MODEL, Finding
from pillion.pipeline.answers import CRITERIA
from pillion.prompts.audit import MAX_FINDINGS

# Of the deterministic auditors; a draft with more has been told so by these.
_MAX_CHECKS = 30


class FindingList:
    """The findings while the draft streams. What a deterministic auditor said, a model needn't repeat."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []

    def add(self, new: Iterable[Finding]) -> list[Finding]:
        """Adds those that are new and still have room; returns what was added."""
        added: list[Finding] = []
        for finding in new:
            if self._has_room(finding) and not self._is_said(finding):
                self._findings.append(finding)
                added.append(finding)
        return added

    def clear(self) -> None:
        """The draft they were about is void."""
        self._findings.clear()

    def all(self) -> tuple[Finding, ...]:
        """All so far, in the order they came."""
        return tuple(self._findings)

    def _has_room(self, finding: Finding) -> bool:
        by_model = finding.source == MODEL
        count = sum((each.source == MODEL) == by_model for each in self._findings)
        return count < (MAX_FINDINGS if by_model else _MAX_CHECKS)

    def _is_said(self, finding: Finding) -> bool:
        return any(_same(each, finding) or _repeats(finding, each) for each in self._findings)


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings as they are shown: none twice, none of a model's where a deterministic auditor has spoken."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda each: (each.source == MODEL, each.start)):
        if not any(_same(each, finding) or _repeats(finding, each) for each in kept):
            kept.append(finding)
    return tuple(sorted(kept, key=lambda each: each.start))


def relocate(findings: Iterable[Finding], text: str, regions: Sequence[tuple[int, int]]) -> tuple[Finding, ...]:
    """The findings with their places in the edited document, looked for in each of its [start, end) regions in turn.

    The edit may have left out a line the auditor saw (the user's own header or docstring was kept): such a finding
    has no place any more and is dropped.
    """
    placed: list[Finding] = []
    for finding in findings:
        places = (text.find(finding.quote, start, end) for start, end in regions)
        at = next((place for place in places if place >= 0), None)
        if at is not None:
            placed.append(replace(finding, start=at, end=at + len(finding.quote)))
    return tuple(placed)


def _same(one: Finding, other: Finding) -> bool:
    # A model says the same of the same line in other words each time; of criteria each is another.
    if one.source == other.source == MODEL and one.category != CRITERIA:
        return (one.quote, one.category) == (other.quote, other.category)
    return (one.quote, one.category, one.message) == (other.quote, other.category, other.message)


def _repeats(finding: Finding, other: Finding) -> bool:
    """Whether a model speaks where a deterministic auditor has spoken already."""
    by_model = finding.source == MODEL and other.source != MODEL
    return by_model and finding.start < other.end and other.start < finding.end
