"""Statements as models answer with them: in odd columns, and with lines that stand around them."""

import re
from collections.abc import Sequence

from pillion.edits.indentation import dedented, leading, lines_inside_strings
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol

_MOST_REPEATED = 6
_CLOSERS = ("}", ")", "]")
_OPENING = ("{", "(", "[")
# The next line is deeper even without a brace.
_HEADER = re.compile(r"(?:for|while|if|else|do)\b")
_OPENERS = (":", "{", "(", "[", ",", "=>", "->")


def in_columns(code: str, document: ParsedText) -> str:
    """The code at the margin. Models often write the first line there and the others where they were."""
    lines = code.strip("\n").rstrip().split("\n")
    plain = dedented("\n".join(lines), document.language)
    held = lines_inside_strings(document.language, plain)
    rest = [leading(line) for number, line in enumerate(lines) if number and line.strip() and number not in held]
    first = lines[0]
    closes = lines[-1].strip()[:1] in _CLOSERS and len(rest) > 0 and bool(leading(lines[-1]))
    opens = first.rstrip().endswith(_OPENERS) or _HEADER.match(first) is not None
    if not rest or leading(first) or (opens and not closes):
        return plain
    least = min(rest, key=len)
    return dedented("\n".join([least + first, *lines[1:]]), document.language) if least else plain


def without_repeated(code: str, selected: Symbol, document: ParsedText) -> str:
    """The code without the lines at its ends that repeat those around the statements."""
    text, old = document.text, _bare(selected.text)
    above, below = _bare(text[: selected.start]), _bare(text[selected.end :])
    lines = code.split("\n")
    said = [number for number, line in enumerate(lines) if line.strip()]
    new = [lines[number].strip() for number in said]
    head = _repeated(above[::-1], new, old)
    tail = _repeated(below, new[head:][::-1], old[::-1])
    if head and not tail:
        tail = _closing(below, new[head:])
    kept = said[head : len(said) - tail]
    rest = "\n".join(lines[kept[0] : kept[-1] + 1]) if kept else ""
    return dedented(rest, document.language) if kept and (head or tail) else code


def _closing(below: Sequence[str], new: Sequence[str]) -> int:
    """How many lines at the end only close, as those below do, what the repeated lines above have opened."""
    count = 0
    while count < min(len(below), len(new) - 1) and new[-1 - count][:1] in _CLOSERS:
        rest = "".join(new[: len(new) - count])
        if _depth(rest) >= 0 or any(each.isalnum() for each in new[-1 - count]):
            break
        count += 1
    return count if list(new[len(new) - count :]) == list(below[:count]) else 0


def _depth(text: str) -> int:
    return sum((each in _OPENING) - (each in _CLOSERS) for each in text)


def _repeated(near: Sequence[str], new: Sequence[str], old: Sequence[str]) -> int:
    """How many lines `new` begins with that end the lines around, which are given from the nearest on."""
    for count in range(min(_MOST_REPEATED, len(near), len(new) - 1), 0, -1):
        mine = list(new[:count])
        said = any(each.isalnum() for each in "".join(mine))
        if said and mine == list(near[:count])[::-1] and mine != list(old[:count]):
            return count
    return 0


def _bare(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
