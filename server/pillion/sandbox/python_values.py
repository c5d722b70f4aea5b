"""Python values as they come out of the sandbox → plain values."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, Final, TypeAlias

from pydantic_monty import MontyClassProxy, MontyStdTypeProxy

from pillion.sandbox.values import Value

_PLAIN: Final = (bool, int, float, complex, bytes, type(None), type(...), type(NotImplemented))
_OTHERS: Final = (date, datetime, time, timedelta, timezone, Decimal, PurePosixPath)
# Some 3,600 decimal digits; Python refuses to write more than 4,300.
_MOST_BITS: Final = 12_000
_DEEPEST: Final = 50
_MOST_KEY: Final = 200
_MOST_QUESTIONS: Final = 32
# Monty writes what it can't give back as a string: `<function 'f' at 0xc>`, `range(0, 3)`, `[...]` for a list in
# itself.
_WRITTEN: Final = re.compile(
    r"<.*>|\[\.\.\.\]|\{\.\.\.\}|\(\.\.\.\)|\.\.\.|[A-Za-z_][\w.]*[(\[].*[)\]]|\w+(?: \| \w+)+", re.DOTALL
)
_RANGE: Final = re.compile(r"range\(-?\d+, -?\d+(?:, -?\d+)?\)")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands: the expression that names it, written only when it is needed."""

    within: "_Place | str"
    step: str

    def __str__(self) -> str:
        steps: list[str] = []
        place: _Place | str = self
        while isinstance(place, _Place):
            steps.append(place.step)
            place = place.within
        return "".join([place, *reversed(steps)])


# None: no expression names it, as an element of a set.
_Where: TypeAlias = _Place | str | None


class PythonValues:
    """Makes plain values of what one call gave back, up to `parts` of them. Never calls code of theirs.

    `is_text` says whether the value at a place, written as an expression, is really a string.
    """

    def __init__(self, parts: int, is_text: Callable[[str], bool]) -> None:
        self._left = parts
        self._questions = _MOST_QUESTIONS
        self._is_text = is_text

    def of(self, value: Any, name: str) -> Value:
        """The plain value of what has this name in the sandbox. What is beyond the bounds is opaque."""
        return self._of(value, name, 0)

    def _of(self, value: Any, place: _Where, depth: int) -> Value:
        kind = type(value).__name__
        self._left -= _size(value)
        if self._left < 0 or depth > _DEEPEST:
            return _opaque(kind, "…")
        if type(value) is str:
            return self._text(value, place)
        if type(value) is int and value.bit_length() > _MOST_BITS:
            return Value(kind, f"{value:#x}")  # decimal digits take long
        if type(value) in _PLAIN:
            return Value(kind, repr(value))
        if isinstance(value, _OTHERS):
            text = repr(value)
            self._left -= len(text)
            return Value(kind, text) if self._left >= 0 else _opaque(kind, "…")
        if isinstance(value, MontyStdTypeProxy):
            return Value(value.kind, value.name)
        if type(value) is type:
            return Value(kind, value.__name__)
        if isinstance(value, MontyClassProxy):
            return self._object(value, place, depth)
        if isinstance(value, dict):
            return self._mapping(value, place, depth)
        if isinstance(value, (set, frozenset)):
            parts = sorted(self._all(((each, None) for each in value), depth), key=lambda each: each.text)
            text = f"{{{_joined(parts)}}}" if parts else "set()"
            return _with_parts(kind, text if kind == "set" else f"{kind}({text})", parts)
        if isinstance(value, BaseException):
            parts = self._sequence(value.args, _step(place, ".args"), depth)
            return _with_parts(kind, f"{kind}({_joined(parts)})", parts)
        if isinstance(value, (list, tuple)):
            parts = self._sequence(value, place, depth)
            comma = "," if len(parts) == 1 else ""
            return _with_parts(
                kind, f"({_joined(parts)}{comma})" if isinstance(value, tuple) else f"[{_joined(parts)}]", parts
            )
        return _opaque(kind, f"<{kind}>")

    def _text(self, value: str, place: _Where) -> Value:
        if _WRITTEN.fullmatch(value) is None:
            return Value("str", repr(value))
        asked = place is not None and self._questions > 0
        self._questions -= 1
        if asked and self._is_text(str(place)):
            return Value("str", repr(value))
        if asked and _RANGE.fullmatch(value):
            return Value("range", value)
        return _opaque("object", value)

    def _sequence(self, values: Sequence[Any], place: _Where, depth: int) -> list[Value]:
        return self._all(((each, _step(place, f"[{index}]")) for index, each in enumerate(values)), depth)

    def _mapping(self, value: Mapping[Any, Any], place: _Where, depth: int) -> Value:
        halves = (half for key, each in value.items() for half in ((key, None), (each, _of_key(place, key))))
        parts = self._all(halves, depth)
        pairs = zip(parts[::2], parts[1::2], strict=False)
        return _with_parts("dict", f"{{{', '.join(f'{key.text}: {each.text}' for key, each in pairs)}}}", parts)

    def _object(self, value: MontyClassProxy, place: _Where, depth: int) -> Value:
        attributes = value.attributes
        named = ((each, _step(place, f".{name}") if name.isidentifier() else None) for name, each in attributes.items())
        pairs = list(zip(attributes, self._all(named, depth), strict=False))
        parts = [part for name, each in pairs for part in (Value("str", name), each)]
        return _with_parts(
            value.name, f"{value.name}({', '.join(f'{name}={each.text}' for name, each in pairs)})", parts
        )

    def _all(self, values: Iterable[tuple[Any, _Where]], depth: int) -> list[Value]:
        """The plain values of a container's. Where the bound is reached, the last one is opaque: a list may have
        millions of elements."""
        made: list[Value] = []
        for value, place in values:
            made.append(self._of(value, place, depth + 1))
            if self._left < 0:
                break
        return made


def _size(value: Any) -> int:
    if isinstance(value, (str, bytes)):
        return len(value) + 1
    return value.bit_length() // 4 + 1 if isinstance(value, int) else 1


def _step(place: _Where, step: str) -> _Where:
    return _Place(place, step) if place is not None else None


def _of_key(place: _Where, key: Any) -> _Where:
    """The place of a mapping's value, if its key can be written down."""
    if type(key) in (bool, int, type(None)) or (type(key) in (str, bytes) and len(key) <= _MOST_KEY):
        return _step(place, f"[{key!r}]") if not (type(key) is int and key.bit_length() > _MOST_KEY) else None
    return None


def _opaque(kind: str, text: str) -> Value:
    return Value(kind, text, is_opaque=True)


def _joined(parts: Iterable[Value]) -> str:
    return ", ".join(each.text for each in parts)


def _with_parts(kind: str, text: str, parts: list[Value]) -> Value:
    return Value(kind, text, tuple(parts), any(each.is_opaque for each in parts))
