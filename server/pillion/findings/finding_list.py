"""The findings of one job: whose findings count, and how many."""

from collections.abc import Iterable

from pillion.findings.finding import CRITERIA, MODEL, Finding
from pillion.findings.place import InDraft, P, Place

# A model's findings in one draft.
MAX_FINDINGS = 5
# The deterministic auditors' findings; after so many, more would say nothing new about the draft.
MAX_CHECKS = 30


class FindingList:
    """The findings while the draft streams. A model's finding that repeats a deterministic auditor's is left out."""

    def __init__(self) -> None:
        self._findings: list[Finding[InDraft]] = []

    def add(self, new: Iterable[Finding[InDraft]]) -> list[Finding[InDraft]]:
        """Adds the findings that are new and still have room; returns those that were added."""
        added: list[Finding[InDraft]] = []
        for finding in new:
            if self._has_room(finding) and not self._is_said(finding):
                self._findings.append(finding)
                added.append(finding)
        return added

    def clear(self) -> None:
        """Forgets all findings, because their draft is void."""
        self._findings.clear()

    def all(self) -> tuple[Finding[InDraft], ...]:
        """All so far, in the order they came."""
        return tuple(self._findings)

    def _has_room(self, finding: Finding[InDraft]) -> bool:
        """Errors are counted separately: warnings, however many, must not hide what the user has to confirm."""
        kind, most = _kind_of(finding)
        return sum(_kind_of(each)[0] == kind for each in self._findings) < most

    def says(self, finding: Finding[Place]) -> bool:
        """Whether the same was reported already, perhaps at another place or in another text."""
        return any(_same(each, finding) for each in self._findings)

    def _is_said(self, finding: Finding[InDraft]) -> bool:
        return any(_same(each, finding) or _repeats(finding, each) for each in self._findings)


def _kind_of(finding: Finding[Place]) -> tuple[str, int]:
    if finding.source == MODEL:
        return MODEL, MAX_FINDINGS
    return ("error" if finding.severity == "error" else "other"), MAX_CHECKS


def merged(findings: Iterable[Finding[P]]) -> tuple[Finding[P], ...]:
    """The findings as they are shown: none twice, and no model's finding that repeats a deterministic auditor's."""
    kept: list[Finding[P]] = []
    for finding in sorted(findings, key=lambda each: (each.source == MODEL, each.start)):
        if not any(_same(each, finding) or _repeats(finding, each) for each in kept):
            kept.append(finding)
    return tuple(sorted(kept, key=lambda each: each.start))


def _same(one: Finding[Place], other: Finding[Place]) -> bool:
    # A model words the same finding about a line differently each time; but each criterion is a finding of its own.
    if one.source == other.source == MODEL and one.category != CRITERIA:
        return (one.quote, one.category) == (other.quote, other.category)
    return _words_of(one) == _words_of(other)


def _words_of(finding: Finding[Place]) -> tuple[str, ...]:
    return finding.quote, finding.category, finding.message, finding.identity


def _repeats(finding: Finding[P], other: Finding[P]) -> bool:
    """Whether a model reports a place that a deterministic auditor has reported already."""
    by_model = finding.source == MODEL and other.source != MODEL and finding.category != CRITERIA
    return by_model and finding.start < other.end and other.start < finding.end
