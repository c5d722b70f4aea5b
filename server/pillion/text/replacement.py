"""An edit as data: replacements by code point offsets, and the smallest set of them between two texts."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

_LONG_LINES = 2_000


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """Put `new_text` where [start, end) was. Offsets are code points in the text it was made for."""

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
    """`text` with the replacements made; they must not overlap.

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
    """The replacements, of the text that `first` are of, that do what `first` and `then` do one after the other.

    Each of `then` lies in what one of `first` wrote, or apart from all of it.
    """
    made = sorted(first)
    for later in sorted(then, reverse=True):
        grown = 0
        for number, each in enumerate(made):
            start = each.start + grown
            end = start + len(each.new_text)
            if later.end < start:
                break
            if start <= later.start and later.end <= end:
                own = later.moved(-start)
                text = each.new_text[: own.start] + own.new_text + each.new_text[own.end :]
                made[number] = Replacement(each.start, each.end, text)
                break
            grown += len(each.new_text) - (each.end - each.start)
        else:
            number = len(made)
        if number == len(made) or later.end < made[number].start + grown:
            made.insert(number, later.moved(-grown))
    return tuple(made)


def smallest_replacements(before: str, after: str) -> tuple[Replacement, ...]:
    """The line-wise changes that turn `before` into `after`; lines that stay are in none of them."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = _common(zip(old, new, strict=False))
    tail = _common(zip(reversed(old[head:]), reversed(new[head:]), strict=False))
    offsets = [0]
    for line in old:
        offsets.append(offsets[-1] + len(line))
    changed_old, changed_new = old[head : len(old) - tail], new[head : len(new) - tail]
    # In long texts the lines that come again and again (blank ones, braces) are no good anchors, and cost seconds.
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
