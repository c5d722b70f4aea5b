"""Moves the findings of a draft into the edit that it became, and distinguishes findings with the same words."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from pillion.findings.finding import CRITERIA, Finding

# How many lines on either side distinguish one place of a quote from another.
_CONTEXT_LINES = 4
# The text before and after a place in its line, and the nearest lines above and below, without indentation.
_Around = tuple[str, str, list[str], list[str]]


def identified(finding: Finding, text: str) -> Finding:
    """The finding, which has its place in `text`, with its line in its identity: the same words about another line are
    another finding."""
    start = text.rfind("\n", 0, finding.start) + 1
    line = text[start:].split("\n", 1)[0].strip()
    told = f"{line}\0{finding.identity}".encode("utf-8", "surrogatepass")
    return replace(finding, identity=hashlib.sha256(told).hexdigest()[:16])


def relocate(
    findings: Iterable[Finding], text: str, regions: Sequence[tuple[int, int]], *, read_in: str = ""
) -> tuple[Finding, ...]:
    """The findings with their places in `text`, each in one of its [start, end) regions.

    `read_in` is the text of their old places: it distinguishes one occurrence of a quote from another. Without it the
    first occurrence is taken. The edit may leave out a line that the auditor saw, because the user's own header or
    docstring was kept. A finding about it has no place any more and is dropped. But a criterion is about the whole
    draft; its place is the edit's beginning.
    """
    placed: list[Finding] = []
    for finding in findings:
        # Of several lines only the first is compared: the edit has the document's indentation and line ends.
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
    """The place in `text` whose lines are most like those around `start` in the other text."""
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
