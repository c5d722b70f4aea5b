"""Moves findings from one text to another: from a passage to the draft or the edit, and on to where the edit goes.

`relocation.py` moves them from the draft, whose text the edit changes; `new_parts.py` from the new parts of an edit.
"""

from collections.abc import Callable, Iterable, Sequence

from pillion.findings.finding import Finding
from pillion.findings.place import InDocument, InDraft, InEdit, InPassage, P, Place
from pillion.findings.quotes import nearest
from pillion.text.replacement import Replacement


def moved_to(finding: Finding[Place], place: P) -> Finding[P]:
    """The finding at another place. Only this room knows that it is the right one."""
    said = finding.quote, finding.severity, finding.category, finding.message
    return Finding(*said, place, finding.source, finding.identity, finding.imports)


def passage_to_draft(finding: Finding[InPassage], passage_start: int) -> Finding[InDraft]:
    """A finding in units, which begin at `passage_start` of the draft."""
    return moved_to(finding, InDraft(finding.start + passage_start, finding.end + passage_start))


def passage_to_edit(finding: Finding[InPassage], passage_start: int = 0) -> Finding[InEdit]:
    """A finding in a passage that begins at `passage_start` of the edited text; by default it is all of that text."""
    return moved_to(finding, InEdit(finding.start + passage_start, finding.end + passage_start))


def after_more_edits(finding: Finding[InEdit], more: Iterable[Replacement]) -> Finding[InEdit]:
    """A finding after the edit has got `more` changes, none of which changes its text."""
    by = sum(len(each.new_text) - (each.end - each.start) for each in more if each.end <= finding.start)
    return moved_to(finding, InEdit(finding.start + by, finding.end + by))


def edit_to(
    to: type[P],
    text: str,
    findings: Iterable[Finding[InEdit]],
    changes: Sequence[Replacement],
    where: Callable[[], P | None],
) -> list[Finding[P]]:
    """The edit's findings in `text`, the text that `to` is about; `changes` lead from the edit's text to it. A finding
    that isn't at its expected place is searched in the part that `where` gives, and left out if it isn't there."""
    placed: list[Finding[P]] = []
    for finding in findings:
        at: int | None = moved(finding.start, changes)
        if not text.startswith(finding.quote, at):
            part = where()
            at = nearest(text, finding.quote, finding.start, part.start, part.end) if part is not None else None
        if at is not None:
            placed.append(moved_to(finding, to(at, at + finding.end - finding.start)))
    return placed


def region_to(to: type[P], region: InEdit, changes: Sequence[Replacement]) -> P:
    """A new part of the edit in the text that `to` is about; `changes` lead from the edit's text to it."""
    return to(moved(region.start, changes), moved(region.end, changes))


def is_new(start: int, end: int, regions: Iterable[InEdit]) -> bool:
    """Whether [start, end) of an edit's whole text touches one of its new parts."""
    place = InEdit(start, end)
    return any(place.touches(region) for region in regions)


def after_typing(finding: Finding[InDocument], start: int, end: int, new_length: int) -> Finding[InDocument] | None:
    """The finding after [start, end) of its document was replaced by `new_length` code points; None if that changed
    its text."""
    if end <= finding.start:
        grown = new_length - (end - start)
        return moved_to(finding, InDocument(finding.start + grown, finding.end + grown))
    return finding if start >= finding.end else None


def found_again(finding: Finding[InDocument], text: str) -> Finding[InDocument] | None:
    """The finding in the whole new `text` of its document; None if its quote isn't there any more."""
    at = nearest(text, finding.quote, finding.start)
    return moved_to(finding, InDocument(at, at + finding.end - finding.start)) if at is not None else None


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
