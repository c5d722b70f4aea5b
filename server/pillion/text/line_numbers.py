"""Takes the numbers off code that came with a number before each of its lines."""

import re

_NUMBERED = re.compile(
    r"^[ \t]*(?:\[|L)?0*(?P<number>\d{1,6})(?P<mark>\][ \t]?|[ \t]*[:|│┃→.)][ \t]?|\t| {1,4}(?=\S)| {1,2}|$)"
)
_FEWEST = 2


class NumberedLines:
    """Takes the numbers off while the code streams. Whether a first number is one shows in the second line."""

    def __init__(self) -> None:
        self._held = ""
        self._next: int | None = None
        self._decided = False

    def feed(self, line: str) -> str:
        """What `line`, and what was held back before it, is without numbers."""
        if self._decided:
            return self._without(line) if self._next is not None else line
        found = _NUMBERED.match(line.rstrip("\r\n"))
        if self._held:
            self._decided = True
            if found is None or self._next is None or int(found["number"]) != self._next:
                self._next = None
                return self.finish() + line
            held, self._held = self._held, ""
            self._next -= 1
            return self._without(held) + self._without(line)
        if not line.strip():
            return line
        if found is None or not found["mark"]:
            self._decided = True
            return line
        self._held, self._next = line, int(found["number"]) + 1
        return ""

    def finish(self) -> str:
        """The line that is still held back."""
        held, self._held = self._held, ""
        return held

    def _without(self, line: str) -> str:
        found = _NUMBERED.match(line.rstrip("\r\n"))
        if found is None or self._next is None or int(found["number"]) != self._next:
            return line
        self._next += 1
        return line[found.end() :]


def without_line_numbers(code: str) -> str:
    """The code without numbers, if every line that isn't blank has one, and each is the next one."""
    lines = code.split("\n")
    numbered = [(row, line, _NUMBERED.match(line.rstrip("\r"))) for row, line in enumerate(lines) if line.strip()]
    found = [(row, line, match) for row, line, match in numbered if match is not None]
    if len(found) != len(numbered) or len(found) < _FEWEST:
        return code
    first = int(found[0][2]["number"])
    numbers = [int(match["number"]) for _, _, match in found]
    by_row = [first + row - found[0][0] for row, _, _ in found]
    if numbers not in (by_row, list(range(first, first + len(found)))):
        return code
    marks = {match["mark"].strip() for _, line, match in found if line[match.end() :].strip()}
    if len(marks) != 1:
        return code
    bare = list(lines)
    for row, line, match in found:
        # All numbers may stand in a column: then the code begins behind the widest of them.
        bare[row] = line[match.end("number") :] if not marks.isdisjoint({""}) else line[match.end() :]
    return _without_common_blank("\n".join(bare)) if not marks.isdisjoint({""}) else "\n".join(bare)


def _without_common_blank(code: str) -> str:
    """The code without the white space between the numbers and the code, which is the same on each line."""
    lines = code.split("\n")
    whites = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    common = min((len(each) for each in whites), default=0)
    return "\n".join(line[common:] if line.strip() else line.strip(" \t") for line in lines)
