"""Texts that a regular expression of JavaScript may match."""

import re

_CLASSES = {"d": "4", "w": "b", "s": " ", "D": "x", "W": "-", "S": "y", "b": "", "B": "", "n": "\n", "t": "\t"}
_TIMES = re.compile(r"\{(\d+)(?:,\d*)?\}\??|[*+?]\??")
_GROUP = re.compile(r"\((?:\?(?::|<[A-Za-z_$][\w$]*>|<?[=!]))?")
_MOST_LETTERS = 200
_MOST_TIMES = 12


def text_for(pattern: str) -> str:
    """A text that the pattern matches, or one close to that; empty if it is too much to read."""
    if len(pattern) > _MOST_LETTERS:
        return ""
    try:
        text, _ = _alternative(pattern, 0, 0)
    except (IndexError, ValueError):
        return ""
    return text


def _alternative(pattern: str, at: int, depth: int) -> tuple[str, int]:
    """The text for the first alternative, and where the group ends."""
    out, is_first = "", True
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            is_first = False
            at += 1
            continue
        piece, at = _piece(pattern, at, depth)
        repeated = _TIMES.match(pattern, at)
        if repeated is not None:
            at = repeated.end()
            piece *= min(max(int(repeated[1]), 1), _MOST_TIMES) if repeated[1] else 1
        if is_first:
            out += piece
    return out, at


def _piece(pattern: str, at: int, depth: int) -> tuple[str, int]:
    letter = pattern[at]
    if letter == "\\":
        return _CLASSES.get(pattern[at + 1], pattern[at + 1]), at + 2
    if letter == "[":
        return _of_class(pattern, at + 1)
    if letter == "(":
        if depth > 10:
            raise ValueError("too deep")
        opened = _GROUP.match(pattern, at)
        text, end = _alternative(pattern, opened.end() if opened is not None else at + 1, depth + 1)
        looks = opened is not None and opened[0].endswith(("=", "!"))
        return "" if looks else text, end + 1
    return ("" if letter in "^$" else "c" if letter == "." else letter), at + 1


def _of_class(pattern: str, at: int) -> tuple[str, int]:
    end = at
    while pattern[end] != "]" or end == at:
        end += 2 if pattern[end] == "\\" else 1
    inner = pattern[at:end]
    if inner.startswith("^"):
        return next((each for each in "zQ5_ " if each not in inner), "z"), end + 1
    first = _CLASSES.get(inner[1], inner[1]) if inner.startswith("\\") else inner[0]
    return first, end + 1
