"""Python values as they come out of the sandbox → plain values."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_monty import MontyClassProxy

from pillion.sandbox.values import Value

_PLAIN = (bool, int, float, complex, str, bytes, type(None), type(...))
_MOST_DIGITS = 4_000
_DEEPEST = 50


class PythonValues:
    """Makes plain values of what one call gave back, up to `parts` of them. Never calls code of theirs."""

    def __init__(self, parts: int) -> None:
        self._left = parts

    def of(self, value: Any, depth: int = 0) -> Value:
        """The plain value. What is beyond the bounds is opaque."""
        kind = type(value).__name__
        self._left -= len(value) if isinstance(value, (str, bytes)) else 1
        if self._left < 0 or depth > _DEEPEST:
            return Value(kind, "…", is_opaque=True)
        if isinstance(value, int) and abs(value) >= 10**_MOST_DIGITS:
            return Value(kind, f"{value:#x}")  # decimal digits take long
        if isinstance(value, _PLAIN):
            return Value(kind, repr(value))
        if isinstance(value, MontyClassProxy):
            return self._object(value, depth)
        if isinstance(value, Mapping):
            parts = [self.of(each, depth + 1) for pair in value.items() for each in pair]
            pairs = zip(parts[::2], parts[1::2], strict=True)
            return _with_parts(kind, f"{{{', '.join(f'{key.text}: {each.text}' for key, each in pairs)}}}", parts)
        if isinstance(value, (set, frozenset)):
            parts = sorted((self.of(each, depth + 1) for each in value), key=lambda each: each.text)
            text = f"{{{_joined(parts)}}}" if parts else "set()"
            return _with_parts(kind, text if kind == "set" else f"{kind}({text})", parts)
        if isinstance(value, (list, tuple)):
            parts = [self.of(each, depth + 1) for each in value]
            comma = "," if len(parts) == 1 else ""
            return _with_parts(
                kind, f"({_joined(parts)}{comma})" if isinstance(value, tuple) else f"[{_joined(parts)}]", parts
            )
        return Value(kind, f"<{kind}>", is_opaque=True)

    def _object(self, value: MontyClassProxy, depth: int) -> Value:
        parts: list[Value] = []
        for name, each in value.attributes.items():
            parts += [Value("str", name), self.of(each, depth + 1)]
        pairs = zip(parts[::2], parts[1::2], strict=True)
        text = f"{value.name}({', '.join(f'{name.text}={each.text}' for name, each in pairs)})"
        return _with_parts(value.name, text, parts)


def _joined(parts: Iterable[Value]) -> str:
    return ", ".join(each.text for each in parts)


def _with_parts(kind: str, text: str, parts: list[Value]) -> Value:
    return Value(kind, text, tuple(parts), any(each.is_opaque for each in parts))
