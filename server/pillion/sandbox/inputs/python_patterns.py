"""Texts that a regular expression matches."""

import re
from collections.abc import Iterable
from random import Random
from typing import Any

_MOST = 200
_MOST_TEXT = 60
_SOME = {"CATEGORY_DIGIT": "7", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_NOT_WORD": "-"}


def matching_text(pattern: str, chance: Random) -> str:
    """A text that the pattern is likely to match; “” if it can't be read. Look-around and references are left out."""
    if len(pattern) > _MOST:
        return ""
    try:
        # The parser is Python's own, and only reads.
        parsed = re._parser.parse(pattern)  # type: ignore[attr-defined]
        return _of(parsed, chance)[:_MOST_TEXT]
    except (re.error, RecursionError, OverflowError, ValueError):
        return ""


def _of(parts: Iterable[Any], chance: Random) -> str:
    return "".join(_one(str(kind), value, chance) for kind, value in parts)


def _one(kind: str, value: Any, chance: Random) -> str:
    match kind:
        case "LITERAL":
            return chr(value)
        case "NOT_LITERAL":
            return "x" if chr(value) != "x" else "y"
        case "ANY":
            return chance.choice("ab 1")
        case "IN":
            return _in(value, chance)
        case "BRANCH":
            return _of(chance.choice(value[1]), chance)
        case "SUBPATTERN":
            return _of(value[3], chance)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = value
            count = min(int(least) + chance.choice((0, 1, 1, 2)), int(most), int(least) + 8)
            return "".join(_of(inner, chance) for _ in range(min(count, 20)))
    return ""


def _in(choices: list[Any], chance: Random) -> str:
    if str(choices[0][0]) == "NEGATE":
        taken = [_in([each], chance) for each in choices[1:]]
        return next((each for each in "ax1 -_" if each not in taken), "é")
    kind, value = chance.choice(choices)
    match str(kind):
        case "LITERAL":
            return chr(value)
        case "RANGE":
            return chr(chance.randint(value[0], min(value[1], value[0] + 30)))
        case "CATEGORY":
            return _SOME.get(str(value), "x")
    return ""
