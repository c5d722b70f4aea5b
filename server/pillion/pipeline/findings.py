"""The findings of one job: who is heard, how often, and where they end up."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from pillion.audit.replies import CRITERIA
from pillion.findings.finding import MODEL, Finding
from pillion.prompts.audit import MAX_FINDINGS

# Of the deterministic auditors; a draft with more has been told so by these.
MAX_CHECKS = 30
# How many lines on either side tell one place of a quote from another.
_CONTEXT_LINES = 4
# What stands before and behind a place in its line, and the nearest lines above and below; indentation aside.
_Around = tuple[str, str, list[str], list[str]]


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


def identified(finding: Finding, text: str) -> Finding:
    """The finding, which has its place in `text`, as one about its line: the same words of another line are another."""
    start = text.rfind("\n", 0, finding.start) + 1
    line = text[start:].split("\n", 1)[0].strip()
    told = f"{line}\0{finding.identity}".encode("utf-8", "surrogatepass")
    return replace(finding, identity=hashlib.sha256(told).hexdigest()[:16])


def relocate(
    findings: Iterable[Finding], text: str, regions: Sequence[tuple[int, int]], *, read_in: str = ""
) -> tuple[Finding, ...]:
    """The findings with their places in `text`, each in one of its [start, end) regions.

    `read_in` is the text that they have their places in so far: it tells one occurrence of a quote from another.
    Without it the first is taken. The edit may have left out a line the auditor saw (the user's own header or docstring
    was kept): such a finding has no place any more and is dropped; but a criterion is about all of the draft, and
    stands where the edit begins.
    """
    placed: list[Finding] = []
    for finding in findings:
        # Of several lines the first will do: in the edit they are indented, and end, as the document's do.
        quote = next((line.rstrip() for line in finding.quote.splitlines()), "")
        places = [at for start, end in regions for at in _occurrences(quote, text, start, end)]
        if places:
            at = _likest(places, text, finding.start, read_in)
            placed.append(replace(finding, quote=quote, start=at, end=at + len(quote)))
        elif finding.category == CRITERIA and regions:
            placed.append(_at_the_beginning(finding, text, regions[0]))
    return tuple(placed)


def _at_the_beginning(finding: Finding, text: str, region: tuple[int, int]) -> Finding:
    start, end = region
    line = next((stripped for each in text[start:end].splitlines() if (stripped := each.strip())), "")
    at = text.find(line, start)
    return replace(finding, quote=line, start=at, end=at + len(line))


def _likest(places: Sequence[int], text: str, start: int, read_in: str) -> int:
    """Of these places in `text` the one whose lines are most like those around `start` in the other text."""
    if not read_in or len(places) == 1:
        return places[0]
    original = _around(read_in, start)
    return max(places, key=lambda place: _likeness(original, _around(text, place)))


def _occurrences(quote: str, text: str, start: int, end: int) -> Iterator[int]:
    at = text.find(quote, start, end)
    while quote and at >= 0:
        yield at
        at = text.find(quote, at + len(quote), end)


def _around(text: str, at: int) -> _Around:
    above, below = text[:at].split("\n")[-_CONTEXT_LINES - 1 :], text[at:].split("\n", _CONTEXT_LINES + 1)
    return (
        above[-1].lstrip(),
        below[0].rstrip(),
        [line.strip() for line in reversed(above[:-1])],
        [line.strip() for line in below[1 : _CONTEXT_LINES + 1]],
    )


def _likeness(one: _Around, other: _Around) -> tuple[int, int]:
    """How alike two places are: first by their own lines, then by how many lines around them are the same."""
    own = (one[0] == other[0]) + (one[1] == other[1])
    around = 0
    for ours, theirs in zip(one[2:], other[2:], strict=True):
        around += sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(ours, theirs, strict=False)))
    return own, around


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
