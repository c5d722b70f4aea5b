"""Finds the place of a quoted text in a document that has changed since."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pillion.findings.finding import Finding
from pillion.text.replacement import Replacement


def nearest(text: str, quote: str, offset: int, start: int = 0, end: int | None = None) -> int | None:
    """The offset in [start, end) of the occurrence of `quote` nearest to `offset`; None if there is none.

    An occurrence that begins or ends in the middle of a word doesn't count: `x = 1` isn't in `max = 10`.
    """
    if not quote:
        return None
    head = r"(?<!\w)" if _is_word(quote[0]) else ""
    tail = r"(?!\w)" if _is_word(quote[-1]) else ""
    pattern = re.compile(f"{head}{re.escape(quote)}{tail}")
    stop = len(text) if end is None else min(end, len(text))
    if start <= offset and offset + len(quote) <= stop and pattern.match(text, offset):
        return offset
    found = (match.start() for match in pattern.finditer(text, start, stop))
    return min(found, key=lambda at: abs(at - offset), default=None)


def moved(offset: int, changes: Iterable[Replacement]) -> int:
    """Where `offset` is after `changes`; an offset inside a change moves to the change's beginning."""
    shift = 0
    for change in sorted(changes):
        if change.start > offset:
            break
        if offset < change.end:
            return change.start + shift
        shift += len(change.new_text) - (change.end - change.start)
    return offset + shift


def place_in(
    text: str,
    findings: Iterable[Finding],
    changes: Sequence[Replacement],
    where: Callable[[], tuple[int, int] | None],
) -> list[Finding]:
    """The findings with their places in `text`. `changes` lead from the text of their old places to `text`. A finding
    that isn't at its expected place is searched in the [start, end) that `where` gives."""
    placed: list[Finding] = []
    for finding in findings:
        at: int | None = moved(finding.start, changes)
        if not text.startswith(finding.quote, at):
            place = where()
            at = nearest(text, finding.quote, finding.start, *place) if place is not None else None
        if at is not None:
            placed.append(replace(finding, start=at, end=at + finding.end - finding.start))
    return placed


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
