"""Takes the numbers off code that came with a number before each of its lines."""

import re

_NUMBERED = re.compile(r"^[ \t]*(?:\[|L)?0*(?P<number>\d{1,6})(?P<mark>\]|[ \t]*[:|│┃→.)]|\t|(?= +\S)|(?= {0,2}$))")
_BLANKS = (" ", "\t", "")
_FEWEST = 2


class NumberedLines:
    """Takes the numbers off while the code streams. Whether a first number is one shows in the second line."""

    def __init__(self) -> None:
        self._held = ""
        self._next = 0
        self._decided = self._numbered = self._blank = False

    def feed(self, line: str) -> str:
        """What `line`, and what was held back before it, is without numbers."""
        if self._decided:
            return self._without(line) if self._numbered else line
        number = _number(line)
        if self._held:
            held, self._held, self._decided = self._held, "", True
            if number != self._next:
                return held + line
            self._numbered, self._next = True, self._next - 1
            self._blank = _rest(held)[:1] in _BLANKS and _rest(line)[:1] in _BLANKS
            return self._without(held) + self._without(line)
        if not line.strip():
            return line
        if number is None or not _rest(line).strip():
            self._decided = True
            return line
        self._held, self._next = line, number + 1
        return ""

    def finish(self) -> str:
        """The line that is still held back."""
        held, self._held = self._held, ""
        return held

    def _without(self, line: str) -> str:
        if _number(line) != self._next:
            return line
        self._next += 1
        rest = _rest(line)
        return rest[1:] if self._blank and rest[:1] in {" ", "\t"} else rest


def without_line_numbers(code: str) -> str:
    """The code without numbers, if every line that isn't blank has one, and each is the next one."""
    lines = code.split("\n")
    rows = [row for row, line in enumerate(lines) if line.strip()]
    matches = [found for row in rows if (found := _NUMBERED.match(lines[row].rstrip("\r"))) is not None]
    if len(matches) != len(rows) or len(rows) < _FEWEST:
        return code
    numbers = [int(found["number"]) for found in matches]
    first = numbers[0]
    in_rows = [first + row - rows[0] for row in rows]  # blank lines count, although they have no number
    if numbers not in (in_rows, list(range(first, first + len(rows)))):
        return code
    rests = [lines[row][found.end() :] for row, found in zip(rows, matches, strict=True)]
    marks = {found["mark"].strip() for found, rest in zip(matches, rests, strict=True) if rest.strip()}
    if len(marks) != 1:
        return code
    if marks == {""}:
        # The numbers may stand in a column, so that the code begins behind the widest of them.
        blank = min((len(rest) - len(rest.lstrip()) for rest in rests if rest.strip()), default=0)
    else:
        blank = int(all(rest[:1] in _BLANKS for rest in rests))
    for row, rest in zip(rows, rests, strict=True):
        lines[row] = rest[blank:] if rest.strip() else rest.strip(" \t")
    return "\n".join(lines)


def _number(line: str) -> int | None:
    found = _NUMBERED.match(line.rstrip("\r\n"))
    return int(found["number"]) if found is not None else None


def _rest(line: str) -> str:
    found = _NUMBERED.match(line.rstrip("\r\n"))
    return line[found.end() :] if found is not None else line
