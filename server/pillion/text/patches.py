"""Patches in a reply: unified diffs, and blocks that say what to search and what to put in its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_HUNK = re.compile(r"^@@ (?:-(?P<line>\d+).*)?(?:@@|$)|^@@\s*$|^@@ ")
_DIFF_HEAD = re.compile(
    r"^(?:\*\*\* |diff --git |index [0-9a-f]+\.\.|(?:new|old|deleted) (?:file )?mode |similarity |rename |--- |\+\+\+ )"
)
_SEARCH, _BASE = re.compile(r"^<{5,9}(?: .*)?$"), re.compile(r"^\|{5,9}(?: .*)?$")
_DIVIDER, _REPLACE = re.compile(r"^={5,9}$"), re.compile(r"^>{5,9}(?: .*)?$")
# The first characters of the lines of a patch without a head; of code at the margin, one line begins otherwise.
_SIGNS = ({"+", "-"}, {"+", "-", " "})
_DIFF_NAMES = frozenset({"diff", "patch", "udiff"})


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that stand in a text, and the lines that take their place. `line`: where they should be; 0: anywhere."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    line: int = 0


def is_patch(code: str, name: str = "") -> bool:
    """Whether a block is a patch. `name`: the language that its fence names."""
    lines = [line.rstrip() for line in code.split("\n") if line.strip()]
    if any(_SEARCH.match(line) for line in lines) and any(_REPLACE.match(line) for line in lines):
        return True
    if name in _DIFF_NAMES or (lines and lines[0].startswith("*** Begin Patch")):
        return True
    if lines and {line[0] for line in lines} in _SIGNS:
        return True
    heads = any(one.startswith("--- ") and two.startswith("+++ ") for one, two in pairwise(lines))
    return heads or bool(lines and (lines[0].startswith("diff --git ") or _HUNK.match(lines[0])))


def only_added(patch: str) -> str | None:
    """The code of a patch that only adds lines, as to a new file; None if it also has lines that were there."""
    lines = [line.rstrip("\r") for line in patch.split("\n")]
    body = [line for line in lines if line.strip() and not _DIFF_HEAD.match(line) and not _HUNK.match(line)]
    if not body or not all(line.startswith("+") for line in body):
        return None
    return "\n".join(line[1:] for line in body) + "\n"


def patched(text: str, patch: str, near: tuple[int, int]) -> str | None:
    """The text with the patch; None if the patch doesn't fit exactly, or fits at several places.

    `near`: the first and the last line, counted from 0, in which a hunk is looked for first.
    """
    for bare_context in (False, True):
        hunks = _hunks(patch, bare_context=bare_context)
        if hunks and (made := _applied(text, hunks, near)) is not None:
            return made
    return None


class NewSide:
    """Gives the lines that a patch would leave or add, while it streams."""

    def __init__(self) -> None:
        self._searching: bool | None = None

    def feed(self, line: str) -> str:
        """What a line of the patch is afterwards; often nothing."""
        bare = line.rstrip("\r\n")
        if _SEARCH.match(bare):
            self._searching = True
        elif self._searching is not None and _DIVIDER.match(bare):
            self._searching = False
        elif self._searching is not None and _REPLACE.match(bare):
            self._searching = True
        elif self._searching is not None:
            return "" if self._searching else line
        elif _HUNK.match(bare) or _DIFF_HEAD.match(bare) or bare.startswith(("-", "\\")):
            pass
        else:
            return line[1:] if line[:1] in {"+", " "} else line
        return ""


def _hunks(patch: str, *, bare_context: bool) -> list[Hunk]:
    """The patch's hunks; none if it isn't a patch of one file."""
    lines = [line.rstrip("\r") for line in patch.split("\n")]
    if any(_SEARCH.match(line) for line in lines):
        return [] if bare_context else list(_replacements(lines))
    names = {
        two[4:].split("\t")[0].strip()
        for one, two in pairwise(lines)
        if one.startswith("--- ") and two.startswith("+++ ")
    }
    return list(_diff_hunks(lines, bare_context=bare_context)) if len(names) <= 1 else []


def _replacements(lines: Sequence[str]) -> Iterator[Hunk]:
    old: list[str] = []
    new: list[str] = []
    part: list[str] | None = None
    for line in lines:
        if _SEARCH.match(line):
            old, new = [], []
            part = old
        elif part is old and _BASE.match(line):
            part = []
        elif part is not None and part is not new and _DIVIDER.match(line):
            part = new
        elif part is new and _REPLACE.match(line):
            yield Hunk(tuple(old), tuple(new))
            part = None
        elif part is not None:
            part.append(line)


def _diff_hunks(lines: Sequence[str], *, bare_context: bool) -> Iterator[Hunk]:
    old: list[str] = []
    new: list[str] = []
    at, inside = 0, False
    while lines and not lines[-1]:
        lines = lines[:-1]
    for row, line in enumerate(lines):
        below = lines[row + 1] if row + 1 < len(lines) else ""
        begins_file = line.startswith(("diff --git ", "*** ")) or (line.startswith("--- ") and below.startswith("+++ "))
        found = _HUNK.match(line)
        if begins_file or found is not None:
            if old or new:
                yield Hunk(tuple(old), tuple(new), at)
            old, new, inside = [], [], found is not None
            at = int(found["line"] or 0) if found is not None else 0
        elif not inside and _DIFF_HEAD.match(line):
            continue
        elif line.startswith("+"):
            new.append(line[1:])
        elif line.startswith("-"):
            old.append(line[1:])
        elif not line.startswith("\\"):
            context = line.removeprefix(" ") if not bare_context else line
            old.append(context)
            new.append(context)
            inside = True
        inside = inside or bool(old or new)
    if old or new:
        yield Hunk(tuple(old), tuple(new), at)


def _applied(text: str, hunks: Sequence[Hunk], near: tuple[int, int]) -> str | None:
    lines = text.split("\n")
    made: list[tuple[int, int, list[str]]] = []
    for hunk in hunks:
        found = _place(lines, hunk, near)
        if found is None:
            return None
        row, indent = found
        end = "\r" if any(line.endswith("\r") for line in lines) else ""
        new = [f"{indent}{line}{end}" if line.strip() else line.strip() + end for line in hunk.new]
        made.append((row, row + len(hunk.old), new))
    made.sort(key=lambda each: each[0])
    if any(one[1] > two[0] for one, two in pairwise(made)):
        return None
    for start, stop, new in reversed(made):
        lines[start:stop] = new
    return "\n".join(lines)


def _place(lines: Sequence[str], hunk: Hunk, near: tuple[int, int]) -> tuple[int, str] | None:
    """The row where a hunk fits, and the indentation that its lines lack there."""
    if not any(line.strip() for line in hunk.old):
        return None
    places = [
        (row, indent)
        for row in range(len(lines) - len(hunk.old) + 1)
        if (indent := _fits(lines[row : row + len(hunk.old)], hunk.old)) is not None
    ]
    inside = [each for each in places if near[0] <= each[0] and each[0] + len(hunk.old) - 1 <= near[1]]
    for few in (places, inside, [each for each in places if each[0] + 1 == hunk.line]):
        if len(few) == 1:
            return few[0]
    return None


def _fits(there: Sequence[str], old: Sequence[str]) -> str | None:
    """The white space before each line that the patch leaves out; None if the lines aren't the same."""
    first, wanted = next(pair for pair in zip(there, old, strict=True) if pair[1].strip())
    indent = (
        first[: len(first.rstrip()) - len(wanted.rstrip())] if len(first.rstrip()) >= len(wanted.rstrip()) else None
    )
    if indent is None or indent.strip():
        return None
    same = all(
        (indent + one if one.strip() else "").rstrip() == two.rstrip() for one, two in zip(old, there, strict=True)
    )
    return indent if same else None
