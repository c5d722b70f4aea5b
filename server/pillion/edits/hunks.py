"""Cuts an edit into hunks: the changes of neighbouring lines that the user can accept or reject on their own."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pillion.edits.hunk_needs import needs_of
from pillion.syntax.check import new_error
from pillion.syntax.document import ParsedText
from pillion.text.replacement import Replacement, apply_replacements, smallest_replacements

# Each check parses the whole text. Where there are more, they are checked when the user accepts one.
_MOST_CHECKED = 32


@dataclass(frozen=True, slots=True)
class Change:
    """One change of neighbouring lines: what it replaces in the text before, and [start, end) of the text after."""

    replacement: Replacement
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hunk:
    """Changes that are decided together. `own` are its own ones, several only if one without the others would break
    the syntax; `brings` come along because they are needed: imports, helpers."""

    id: str
    own: tuple[Change, ...]
    brings: tuple[Change, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes that accepting it makes."""
        return (*self.own, *self.brings)


def changes_of(before: str, replacements: Iterable[Replacement]) -> list[Change]:
    """An edit's changes of neighbouring lines. Two rewritten parts with only blank lines between them are one."""
    joined: list[Replacement] = []
    for each in _by_lines(before, replacements):
        last = joined[-1] if joined else None
        if last is not None and _both_rewrite(last, each) and not before[last.end : each.start].strip():
            joined[-1] = _as_one(last, each, before)
        else:
            joined.append(each)
    changes, grown = [], 0
    for each in joined:
        start = each.start + grown
        changes.append(Change(each, start, start + len(each.new_text)))
        grown += len(each.new_text) - (each.end - each.start)
    return changes


def hunks_of(before: ParsedText, replacements: Iterable[Replacement]) -> list[Hunk]:
    """The hunks of an edit of `before`, in the order of the text. Each of them can be accepted alone. Computes for a
    while."""
    changes = changes_of(before.text, replacements)
    if len(changes) < 2:
        groups, needs = [[number] for number in range(len(changes))], {}
    else:
        after = apply_replacements(before.text, [each.replacement for each in changes])
        needs = needs_of(changes, before, ParsedText.of(before.language, after))
        groups = _whole(_decided_alone(needs, len(changes)), needs, changes, before)
    ids = _ids([[changes[number] for number in group] for group in groups], before.text)
    hunks = []
    for own, hunk_id in zip(groups, ids, strict=True):
        brought = sorted(_with_needed(own, needs) - set(own))
        hunks.append(Hunk(hunk_id, tuple(changes[n] for n in own), tuple(changes[n] for n in brought)))
    return hunks


def _by_lines(before: str, replacements: Iterable[Replacement]) -> list[Replacement]:
    """The same edit as the smallest changes of whole lines. Only the lines that it changes are compared: comparing long
    texts takes seconds."""
    blocks: list[tuple[int, int, list[Replacement]]] = []
    for each in sorted(replacements):
        start, end = _lines_around(before, each)
        if blocks and start <= blocks[-1][1]:
            first, last, inside = blocks[-1]
            blocks[-1] = first, max(last, end), [*inside, each]
        else:
            blocks.append((start, end, [each]))
    found: list[Replacement] = []
    for start, end, inside in blocks:
        old = before[start:end]
        new = apply_replacements(old, [each.moved(-start) for each in inside])
        found += [each.moved(start) for each in smallest_replacements(old, new)]
    return found


def _lines_around(before: str, each: Replacement) -> tuple[int, int]:
    start = before.rfind("\n", 0, each.start) + 1
    ends_line = (start == each.start and not each.new_text) or each.new_text.endswith("\n")
    if ends_line and (each.end == 0 or before[each.end - 1] == "\n"):
        return start, each.end
    end = before.find("\n", each.end)
    return start, len(before) if end < 0 else end + 1


def _both_rewrite(one: Replacement, other: Replacement) -> bool:
    return all(each.start < each.end and each.new_text for each in (one, other))


def _as_one(one: Replacement, other: Replacement, before: str) -> Replacement:
    return Replacement(one.start, other.end, one.new_text + before[one.end : other.start] + other.new_text)


def _decided_alone(needs: dict[int, set[int]], count: int) -> list[list[int]]:
    """The changes that don't come along with others. Of those that only need each other, the first is decided."""
    needed = {other for number in range(count) for other in _with_needed([number], needs) - {number}}
    roots = [number for number in range(count) if number not in needed]
    for number in range(count):
        if number not in _with_needed(roots, needs):
            roots.append(number)
    return [[number] for number in sorted(roots)]


def _with_needed(numbers: Iterable[int], needs: dict[int, set[int]]) -> set[int]:
    found, waiting = set[int](), list(numbers)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += needs.get(number, ())
    return found


def _whole(
    groups: list[list[int]], needs: dict[int, set[int]], changes: Sequence[Change], before: ParsedText
) -> list[list[int]]:
    """Joins groups with a neighbour until each can be accepted alone."""
    checks = 0

    def breaks(group: Iterable[int]) -> bool:
        nonlocal checks
        checks += 1
        chosen = [changes[number] for number in _with_needed(group, needs)]
        return broken_by(chosen, before) is not None

    at = 0
    while at < len(groups) and len(groups) > 1 and checks < _MOST_CHECKED:
        if not breaks(groups[at]):
            at += 1
            continue
        neighbours = [other for other in (at - 1, at + 1) if 0 <= other < len(groups)]
        fitting = (other for other in neighbours if not breaks([*groups[at], *groups[other]]))
        other = next(fitting, neighbours[-1])
        first, second = sorted((at, other))
        groups[first : second + 1] = [[*groups[first], *groups[second]]]
        at = first
    return groups


def broken_by(changes: Iterable[Change], before: ParsedText) -> str | None:
    """The error in the syntax that these changes alone would make; None if there is none."""
    text = apply_replacements(before.text, [each.replacement for each in changes])
    return new_error(before, ParsedText.of(before.language, text))


def _ids(groups: Sequence[Sequence[Change]], before: str) -> list[str]:
    """An id for each group, which stays while the user types elsewhere. Where the same lines are changed in the same
    way at several places, the lines around them tell which one is meant."""
    words = ["\0".join(_words(each, before) for each in group) for group in groups]
    seen = Counter(words)
    told = [
        each if seen[each] == 1 else f"{each}\0{number}\0{_around(group[0].replacement, before)}"
        for number, (each, group) in enumerate(zip(words, groups, strict=True))
    ]
    return [hashlib.sha256(each.encode("utf-8", "surrogatepass")).hexdigest()[:12] for each in told]


def _words(change: Change, before: str) -> str:
    replacement = change.replacement
    return f"{before[replacement.start : replacement.end]}\0{replacement.new_text}"


def _around(replacement: Replacement, before: str) -> str:
    above, below = before[: replacement.start].rstrip(), before[replacement.end :].lstrip()
    return f"{above.rpartition(chr(10))[2]}\0{below.partition(chr(10))[0]}"
