"""JavaScript values as javascript_prelude.js writes them → plain values.

The text comes from a process that ran foreign code, so nothing about it is taken for granted.
"""

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from pillion.sandbox.sandbox import Bound, NotRun, Raised, Returned, Stopped
from pillion.sandbox.values import Value

_UNREADABLE = NotRun("its result can't leave the sandbox")
_PLAIN_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BOUNDS = {"out of memory": Bound.MEMORY, "string too long": Bound.MEMORY, "stack overflow": Bound.RECURSION}


def javascript_answer(written: str) -> Returned | Raised | Stopped | NotRun:
    """What a call came to."""
    try:
        how, parts = json.loads(written)
        values = [_value(each) for each in parts]
        thrown = parts[0] if parts else None
        if how == "returned" and values:
            return Returned(values[0], tuple(values[1:]))
        if how == "thrown" and values:
            return _raised(thrown, values[0])
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError):
        return _UNREADABLE
    return _UNREADABLE


def _raised(thrown: Any, value: Value) -> Raised | Stopped:
    if thrown[0] != "error":
        return Raised(value.kind, thrown[1] if thrown[0] == "string" else value.text)
    kind, message = str(thrown[1]), str(thrown[2])
    if kind == "InternalError" and message in _BOUNDS:
        return Stopped(_BOUNDS[message])
    return Raised(kind, message)


def _value(written: Any) -> Value:
    kind, *rest = written
    return _READERS[kind](*rest)


def _list(name: str, written: list[Any]) -> Value:
    parts = [_value(each) for each in written]
    text = f"[{_joined(parts)}]"
    return _with_parts(name, text if name == "Array" else f"{name} {text}", parts)


def _object(name: str, written: list[Any]) -> Value:
    # Nobody counts on the order of the fields; and a field without a value is as good as none.
    pairs = sorted((str(key), _value(each)) for key, each in written if each[0] != "undefined")
    text = f"{{{', '.join(f'{_key(key)}: {each.text}' for key, each in pairs)}}}"
    parts = [part for key, each in pairs for part in (Value("string", _quoted(key)), each)]
    return _with_parts(name, text if name == "Object" else f"{name} {text}", parts)


def _map(name: str, written: list[Any]) -> Value:
    pairs = [(_value(key), _value(each)) for key, each in written]
    text = f"{name} {{{', '.join(f'{key.text} => {each.text}' for key, each in pairs)}}}"
    return _with_parts(name, text, [part for pair in pairs for part in pair])


def _set(name: str, written: list[Any]) -> Value:
    parts = sorted(map(_value, written), key=lambda each: each.text)
    return _with_parts(name, f"{name} {{{_joined(parts)}}}", parts)


def _date(name: str, written: str) -> Value:
    if written == "NaN":
        return Value(name, "Invalid Date")
    moment = _EPOCH + timedelta(milliseconds=float(written))
    return Value(name, f'new Date("{moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")}")')


def _opaque(name: str) -> Value:
    return Value(name, f"<{name}>", is_opaque=True)


_READERS: dict[str, Callable[..., Value]] = {
    "undefined": lambda: Value("undefined", "undefined"),
    "null": lambda: Value("null", "null"),
    "hole": lambda: Value("hole", "<empty>"),
    "boolean": lambda text: Value("boolean", str(text)),
    "number": lambda text: Value("number", str(text)),
    "bigint": lambda text: Value("bigint", f"{text}n"),
    "string": lambda text: Value("string", _quoted(str(text))),
    "list": _list,
    "object": _object,
    "map": _map,
    "set": _set,
    "date": _date,
    "regexp": lambda name, source, flags: Value(name, f"/{source}/{flags}"),
    "error": lambda name, message: Value(name, f"{name}({_quoted(str(message))})"),
    "opaque": _opaque,
}


def _key(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    """As JSON writes it; what UTF-8 can't hold stays escaped."""
    written = json.dumps(text, ensure_ascii=False)
    return written.encode("utf-8", "backslashreplace").decode("utf-8")


def _joined(parts: Iterable[Value]) -> str:
    return ", ".join(each.text for each in parts)


def _with_parts(kind: str, text: str, parts: list[Value]) -> Value:
    return Value(kind, text, tuple(parts), any(each.is_opaque for each in parts))
