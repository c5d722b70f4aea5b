"""The findings of one job: who is heard, and how often."""

from collections.abc import Iterable

from pillion.findings.finding import CRITERIA, MODEL, Finding

# A model's, of one draft.
MAX_FINDINGS = 5
# Of the deterministic auditors; a draft with more has been told so by these.
MAX_CHECKS = 30


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
        """Errors have room of their own: no number of warnings may hide what must be confirmed."""
        kind, most = _kind_of(finding)
        return sum(_kind_of(each)[0] == kind for each in self._findings) < most

    def says(self, finding: Finding) -> bool:
        """Whether this was said already, perhaps of another place."""
        return any(_same(each, finding) for each in self._findings)

    def _is_said(self, finding: Finding) -> bool:
        return any(_same(each, finding) or _repeats(finding, each) for each in self._findings)


def _kind_of(finding: Finding) -> tuple[str, int]:
    if finding.source == MODEL:
        return MODEL, MAX_FINDINGS
    return ("error" if finding.severity == "error" else "other"), MAX_CHECKS


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings as they are shown: none twice, none of a model's where a deterministic auditor has spoken."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda each: (each.source == MODEL, each.start)):
        if not any(_same(each, finding) or _repeats(finding, each) for each in kept):
            kept.append(finding)
    return tuple(sorted(kept, key=lambda each: each.start))


def _same(one: Finding, other: Finding) -> bool:
    # A model says the same of the same line in other words each time; of criteria each is another.
    if one.source == other.source == MODEL and one.category != CRITERIA:
        return (one.quote, one.category) == (other.quote, other.category)
    return _words_of(one) == _words_of(other)


def _words_of(finding: Finding) -> tuple[str, ...]:
    return finding.quote, finding.category, finding.message, finding.identity


def _repeats(finding: Finding, other: Finding) -> bool:
    """Whether a model speaks where a deterministic auditor has spoken already."""
    by_model = finding.source == MODEL and other.source != MODEL and finding.category != CRITERIA
    return by_model and finding.start < other.end and other.start < finding.end
