"""An edit as data: replacements by code point offsets, and the smallest set of them between two texts."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

_LONG_LINES = 2_000


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """Replaces [start, end) by `new_text`. Offsets are code points in the text that it was made for."""

    start: int
    end: int
    new_text: str

    def moved(self, by: int) -> "Replacement":
        """The same change, `by` code points further on."""
        return Replacement(self.start + by, self.end + by, self.new_text)


def newline_of(text: str) -> str:
    """The line end that `text` uses."""
    return "\r\n" if "\r\n" in text else "\n"


def apply_replacements(text: str, replacements: Iterable[Replacement]) -> str:
    """`text` after the replacements, which must not overlap.

    Raises:
        ValueError: two of them overlap.
    """
    parts: list[str] = []
    done = 0
    for replacement in sorted(replacements):
        if replacement.start < done:
            raise ValueError("replacements overlap")
        parts += (text[done : replacement.start], replacement.new_text)
        done = replacement.end
    return "".join((*parts, text[done:]))


def composed(first: Iterable[Replacement], then: Iterable[Replacement]) -> tuple[Replacement, ...]:
    """One set of replacements, for the text of `first`, with the effect of `first` followed by `then`."""
    made = sorted(first)
    for later in sorted(then, reverse=True):  # from the end, so that those already merged are at or after this one
        made = _with(made, later)
    return tuple(made)


def _with(made: list[Replacement], later: Replacement) -> list[Replacement]:
    """`made`, followed by one more replacement of the resulting text, as replacements of the original text."""
    grown, before = 0, 0
    placed: list[tuple[Replacement, int]] = []
    for each in made:
        placed.append((each, grown))
        grown += _growth(each)
        if each.start + grown + each.end - each.start <= later.start:  # its end in the resulting text
            before = grown
    met = [(each, by) for each, by in placed if each.start + by <= later.start and later.end <= _end(each, by)][:1]
    met = met or [(each, by) for each, by in placed if each.start + by < later.end and later.start < _end(each, by)]
    if not met:
        return sorted([*made, later.moved(-before)])
    # The rest of each replacement that it overlaps becomes a part of it.
    (first, by_first), (last, by_last) = met[0], met[-1]
    kept_head, kept_tail = later.start - first.start - by_first, later.end - last.start - by_last
    start = first.start if kept_head >= 0 else later.start - by_first
    end = last.end if later.end <= _end(last, by_last) else later.end - by_last - _growth(last)
    text = first.new_text[: max(0, kept_head)] + later.new_text + last.new_text[kept_tail:]
    gone = [each for each, _ in met]
    return sorted([*(each for each in made if each not in gone), Replacement(start, end, text)])


def _growth(replacement: Replacement) -> int:
    return len(replacement.new_text) - (replacement.end - replacement.start)


def _end(replacement: Replacement, by: int) -> int:
    """Where the written text ends, in a text in which the replacement is `by` code points further on."""
    return replacement.start + by + len(replacement.new_text)


def smallest_replacements(before: str, after: str) -> tuple[Replacement, ...]:
    """The line-wise changes that turn `before` into `after`; lines that stay are in none of them."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = _common(zip(old, new, strict=False))
    tail = _common(zip(reversed(old[head:]), reversed(new[head:]), strict=False))
    offsets = [0]
    for line in old:
        offsets.append(offsets[-1] + len(line))
    changed_old, changed_new = old[head : len(old) - tail], new[head : len(new) - tail]
    # In long texts, lines that occur often (blank lines, braces) are bad anchors, and cost seconds.
    matcher = difflib.SequenceMatcher(None, changed_old, changed_new, autojunk=len(changed_new) > _LONG_LINES)
    return tuple(
        Replacement(offsets[head + i1], offsets[head + i2], "".join(new[head + j1 : head + j2]))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    )


def _common(pairs: Iterable[tuple[str, str]]) -> int:
    count = 0
    for left, right in pairs:
        if left != right:
            break
        count += 1
    return count
