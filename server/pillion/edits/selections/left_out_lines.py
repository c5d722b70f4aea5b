"""Finds drafts that have only the changed lines of the code, and leave out the others."""

import difflib
import re

# Words of instructions after which lines may go while the others stay as they are.
_TO_BE_GONE = re.compile(r"remov|delet|drop|without|unus|clean|strip|rid of|leave out|skip", re.IGNORECASE)
_LIKE = 0.75
_BEGINNING = re.compile(r"\w+")
# One line may be what was wrong.
_FEWEST = 2


def left_out_line(old: str, new: str) -> str | None:
    """The first line of `old` that `new` leaves out, if all of `new` are lines of `old`, some of them changed a little,
    and several others are missing; else None: code that was really written anew has other lines."""
    lines, drafted = _bare(old), _bare(new)
    missing, at = [], 0
    for line in lines:
        if at < len(drafted) and _is_like(line, drafted[at]):
            at += 1
        else:
            missing.append(line)
    copied = at == len(drafted) and bool(drafted)
    return missing[0] if copied and len(missing) >= _FEWEST else None


def may_leave_out(told: str) -> bool:
    """Whether the user's words ask for fewer lines."""
    return _TO_BE_GONE.search(told) is not None


def _is_like(one: str, other: str) -> bool:
    if one == other:
        return True
    # A line that begins otherwise does something else.
    same_beginning = _BEGINNING.findall(one)[:1] == _BEGINNING.findall(other)[:1]
    return same_beginning and difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= _LIKE


def _bare(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if any(each.isalnum() for each in line)]
