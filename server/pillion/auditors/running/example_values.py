"""Whether a value is the one that an example wants. None where nobody can be certain."""

import math
import re
from collections.abc import Sequence

from pillion.auditors.running.reading.written_example import Form
from pillion.sandbox.values import Value

_NUMBERS = frozenset({"int", "float", "complex", "number", "bigint"})
_TRUTH = frozenset({"bool"})
_SEQUENCES = frozenset({"list", "tuple"})
_SETS = frozenset({"set", "frozenset", "Set"})
_MAPPINGS = frozenset({"dict", "OrderedDict", "defaultdict", "Counter", "object", "Object", "Map"})
_TEXTS = frozenset({"str", "string", "bytes", "bytearray"})
_PLAIN = (
    _NUMBERS
    | _TRUTH
    | _SEQUENCES
    | _SETS
    | _MAPPINGS
    | _TEXTS
    | {"NoneType", "Array", "array", "boolean", "null", "undefined"}
)
_DIGITS = re.compile(r"-?\d+\.(\d+)")
_RELATIVE = 1e-9
_MOST_UNORDERED = 200


def is_wanted(wanted: Value, got: Value, form: Form, tolerance: float = 0.0) -> bool | None:
    """Whether `got` is `wanted`, in the sense of how the example is written."""
    if wanted.is_opaque or got.is_opaque:
        return None
    kinds = {wanted.kind, got.kind}
    if kinds <= _NUMBERS | _TRUTH:
        return _same_number(wanted, got, form, tolerance)
    if kinds <= _SEQUENCES | {"Array", "array"}:
        if len(kinds) > 1 and form is not Form.PROSE:
            return False
        return _all(wanted.parts, got.parts, form, tolerance)
    if kinds <= _SETS:
        return _unordered([(each,) for each in wanted.parts], [(each,) for each in got.parts], form, tolerance)
    if kinds <= _MAPPINGS:
        return _unordered(_pairs(wanted), _pairs(got), form, tolerance)
    if not kinds <= _PLAIN and len(kinds) > 1:
        return None  # a class of somebody's own may be equal to anything
    if form is Form.PROSE and got.kind == "tuple" and len(got.parts) == 1:
        return is_wanted(wanted, got.parts[0], form, tolerance)  # people write ("a") for ("a",)
    if len(kinds) > 1:
        return None if _is_word(wanted, got, form) else False
    if wanted.parts or got.parts:
        same = _all(wanted.parts, got.parts, form, tolerance)
        return same if same or wanted.kind in _PLAIN else None
    return wanted.text == got.text or (False if wanted.kind in _PLAIN else None)


def _is_word(wanted: Value, got: Value, form: Form) -> bool:
    """“returns true” may speak of the word."""
    return form is Form.PROSE and got.kind in _TEXTS and got.text[1:-1].lower() == wanted.text.lower()


def _same_number(wanted: Value, got: Value, form: Form, tolerance: float) -> bool | None:
    first, second = _number(wanted), _number(got)
    if first is None or second is None:
        return None if wanted.text != got.text else True
    truths = (wanted.kind in _TRUTH) + (got.kind in _TRUTH)
    if truths == 1 and form is not Form.TEST:
        # Who writes True may mean whatever counts as true.
        return None if first == second or (wanted.kind in _TRUTH and bool(first) == bool(second)) else False
    if first == second or all(
        math.isclose(a, b, rel_tol=_RELATIVE, abs_tol=max(tolerance, 1e-12)) or (math.isnan(a) and math.isnan(b))
        for a, b in ((first.real, second.real), (first.imag, second.imag))
    ):
        return True
    return form is not Form.TEST and _is_rounded(wanted, second)


def _is_rounded(wanted: Value, got: complex) -> bool:
    """Whether an example has only the first digits: 2.67 or 2.66 of 2.6666."""
    digits = _DIGITS.fullmatch(wanted.text)
    if digits is None or got.imag or not math.isfinite(got.real):
        return False
    return abs(float(wanted.text) - got.real) < 10 ** -len(digits[1]) * (1 - 1e-9) and len(digits[1]) > 1


def _number(value: Value) -> complex | None:
    text = {"True": "1", "False": "0"}.get(value.text, value.text).removesuffix("n")
    if len(text) > 300:
        return None  # compared as text
    try:
        return complex(text.replace("Infinity", "inf").replace("NaN", "nan"))
    except ValueError:
        return None


def _pairs(value: Value) -> list[tuple[Value, ...]]:
    return list(zip(value.parts[::2], value.parts[1::2], strict=False))


def _all(wanted: Sequence[Value], got: Sequence[Value], form: Form, tolerance: float) -> bool | None:
    if len(wanted) != len(got):
        return False
    found = [is_wanted(one, other, form, tolerance) for one, other in zip(wanted, got, strict=True)]
    return False if False in found else None if None in found else True


def _unordered(
    wanted: list[tuple[Value, ...]], got: list[tuple[Value, ...]], form: Form, tolerance: float
) -> bool | None:
    if len(wanted) != len(got):
        return False
    if len(wanted) > _MOST_UNORDERED:
        return None
    left = list(got)
    for each in wanted:
        found = next((other for other in left if _all(each, other, form, tolerance)), None)
        if found is None:
            uncertain = any(_all(each, other, form, tolerance) is None for other in left)
            return None if uncertain else False
        left.remove(found)
    return True
