"""The values that sandboxed code gives back: plain data, whatever language it ran in."""

import math
import re
from dataclasses import dataclass

# Two ways to add up the same floats differ in the last places.
_RELATIVE_TOLERANCE = 1e-9
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Value:
    """One value. `kind` is the name of its type; `text` is how its language writes it, for a person.

    A container has its `parts` in their order: of a mapping, keys and values in turn; of a set, sorted by their text.
    An object has the names and the values of its attributes in turn. `is_opaque` says that it, or a part of it, can't
    be compared: a function, an iterator, a part beyond the bounds.
    """

    kind: str
    text: str
    parts: tuple["Value", ...] = ()
    is_opaque: bool = False

    @property
    def shown(self) -> str:
        """The text, cut to what a message has room for."""
        return self.text if len(self.text) <= _MOST_SHOWN else f"{self.text[: _MOST_SHOWN - 1]}…"


def same_value(one: Value, other: Value) -> bool:
    """Whether two values are the same for whoever gets them.

    Floats may differ in the last places. `0` and `0.0`, `True` and `1` are not the same: a caller sees the difference.
    Values that can't be compared are the same as nothing; ask `is_opaque` first.
    """
    pairs = [(one, other)]
    while pairs:
        first, second = pairs.pop()
        if first.is_opaque or second.is_opaque or first.kind != second.kind or len(first.parts) != len(second.parts):
            return False
        if first.parts:
            pairs.extend(zip(first.parts, second.parts, strict=True))
        elif first.text != second.text and not (first.kind in _FLOATS and _close(first.text, second.text)):
            return False
    return True


_FLOATS = frozenset({"float", "complex", "number"})
# JavaScript writes whole numbers so; these are exact.
_WHOLE = re.compile(r"-?\d{1,15}")


def _close(one: str, other: str) -> bool:
    if _WHOLE.fullmatch(one) and _WHOLE.fullmatch(other):
        return int(one) == int(other)
    try:
        first, second = complex(one), complex(other)
    except ValueError:
        return False
    return all(
        math.isclose(a, b, rel_tol=_RELATIVE_TOLERANCE, abs_tol=1e-12)
        for a, b in ((first.real, second.real), (first.imag, second.imag))
    )
