"""Moves a draft's findings into the edit or the preview, and distinguishes findings with the same words."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from pillion.findings.finding import CRITERIA, Finding
from pillion.findings.moves import moved_to
from pillion.findings.place import InDraft, InEdit, P, Place

# How many lines on either side distinguish one place of a quote from another.
_CONTEXT_LINES = 4
# The text before and after a place in its line, and the nearest lines above and below, without indentation.
_Around = tuple[str, str, list[str], list[str]]


def identified(finding: Finding[P], text: str) -> Finding[P]:
    """The finding, which has its place in `text`, with its line in its identity: the same words about another line are
    another finding."""
    start = text.rfind("\n", 0, finding.start) + 1
    line = text[start:].split("\n", 1)[0].strip()
    told = f"{line}\0{finding.identity}".encode("utf-8", "surrogatepass")
    return replace(finding, identity=hashlib.sha256(told).hexdigest()[:16])


def relocate(
    findings: Iterable[Finding[InDraft | InEdit]], text: str, regions: Sequence[P], *, read_in: str = ""
) -> tuple[Finding[P], ...]:
    """The findings with their places in `text`, each in one of its regions, which say what text it is.

    `read_in` is the text of their old places: it distinguishes one occurrence of a quote from another. Without it the
    first occurrence is taken. The edit may leave out a line that the auditor saw, because the user's own header or
    docstring was kept. A finding about it has no place any more and is dropped. But a criterion is about the whole
    draft; its place is the edit's beginning.
    """
    placed: list[Finding[P]] = []
    for finding in findings:
        # Of several lines only the first is compared: the edit has the document's indentation and line ends.
        quote = next((line.rstrip() for line in finding.quote.splitlines()), "")
        places = [place for region in regions for place in _occurrences(quote, text, region)]
        if places:
            there = _likest(places, text, finding.start, read_in)
            placed.append(replace(moved_to(finding, there), quote=quote))
        elif finding.category == CRITERIA and regions:
            placed.append(_at_the_beginning(finding, text, regions[0]))
    return tuple(placed)


def in_draft(findings: Iterable[Finding[InEdit]], edited: str, code: str) -> tuple[Finding[InDraft], ...]:
    """Findings of the edited text with their places in the draft's `code`, from which the edit was made."""
    return relocate(findings, code, [InDraft(0, len(code))], read_in=edited)


def _at_the_beginning(finding: Finding[Place], text: str, region: P) -> Finding[P]:
    lines = text[region.start : region.end].splitlines()
    line = next((stripped for each in lines if (stripped := each.strip())), "")
    at = text.find(line, region.start)
    return replace(moved_to(finding, replace(region, start=at, end=at + len(line))), quote=line)


def _likest(places: Sequence[P], text: str, start: int, read_in: str) -> P:
    """The place in `text` whose lines are most like those around `start` in the other text."""
    if not read_in or len(places) == 1:
        return places[0]
    original = _around(read_in, start)
    return max(places, key=lambda place: _likeness(original, _around(text, place.start)))


def _occurrences(quote: str, text: str, region: P) -> Iterator[P]:
    at = text.find(quote, region.start, region.end)
    while quote and at >= 0:
        yield replace(region, start=at, end=at + len(quote))
        at = text.find(quote, at + len(quote), region.end)


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
