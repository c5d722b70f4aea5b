"""Bodies that are one JSON value on several lines, where a stream was asked for: mostly an indented error."""

import json
from collections.abc import AsyncGenerator
from enum import Enum
from typing import Final

_LIMIT_BYTES = 1 << 20
_OLLAMAS = ("message", "response", "done")


class Unreadable(Enum):
    """What a body has instead of a value."""

    NO_JSON = "no JSON"
    CUT = "JSON that breaks off"


NO_JSON: Final = Unreadable.NO_JSON
CUT: Final = Unreadable.CUT


async def whole_value(line: bytes, lines: AsyncGenerator[bytes, None]) -> object:
    """The value that `line` is, or begins and the rest of the lines end.

    Raises:
        EngineError: the rest didn't come; see Answer.lines.
    """
    if (value := _value(line)) is not NO_JSON or line.lstrip()[:1] not in (b"{", b"["):
        return value
    body = bytearray(line)
    async for more in lines:
        body += b"\n" + more
        if len(body) > _LIMIT_BYTES:
            return NO_JSON
    value = _value(bytes(body))
    cut = value is NO_JSON and body.lstrip().startswith(b"{") and not body.rstrip().endswith(b"}")
    return CUT if cut else value


def is_ollamas(value: object) -> bool:
    """Whether the value is a line of Ollama's own protocol."""
    return isinstance(value, dict) and "choices" not in value and any(key in value for key in _OLLAMAS)


def is_web_page(line: bytes) -> bool:
    """Whether the line begins a web page."""
    return line.lstrip()[:9].lower().startswith((b"<!doctype", b"<html"))


def _value(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return NO_JSON
