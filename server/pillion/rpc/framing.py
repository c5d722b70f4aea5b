"""Splits a client's bytes into messages: a header with `Content-Length`, an empty line, the body.

A client that counts wrong loses a message, and not the session: JSON never contains a header, so the next header is
found wherever it is.
"""

import re
from dataclasses import dataclass

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"Content-Length:[ \t]*(\d+)[ \t]*(?=\r?\n|$)", re.IGNORECASE)
# JSON has no line ends inside strings, and no bare words outside them.
_HEADER_IN_BODY = re.compile(rb"Content-Length:[ \t]*\d+[ \t]*\r?\n", re.IGNORECASE)
_LONGEST_HEADER = 65_536
_LONGEST_LENGTH = 512 * 1024 * 1024
_LONGEST_LENGTH_LINE = 64
# So many of the bytes without a header are kept: they may be the beginning of the next header.
_KEPT_TAIL = 4096


@dataclass(frozen=True, slots=True)
class BadFrame:
    """Bytes that are no message, and the reason."""

    reason: str


class Framer:
    """Holds the bytes that aren't a whole message yet."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._expected: int | None = None
        self._searched = 0

    def feed(self, data: bytes) -> None:
        """Adds bytes that have come."""
        self._buffer += data

    def next(self) -> bytes | BadFrame | None:
        """The next message's body, or the bad frame in its place. None if more bytes have to come first."""
        if self._expected is None:
            bad = self._read_header()
            if bad is not None:
                return bad
        return None if self._expected is None else self._body(self._expected)

    def _read_header(self) -> BadFrame | None:
        """Takes a header off the buffer, if the whole header is there."""
        end = _HEADER_END.search(self._buffer)
        if end is None:
            if len(self._buffer) <= _LONGEST_HEADER:
                return None
            del self._buffer[:-_KEPT_TAIL]
            return BadFrame("what was sent has no header")
        # Bytes before the header are the rest of a body that was longer than its header said.
        lengths = _LENGTH.findall(self._buffer, 0, end.start())
        del self._buffer[: end.end()]
        if not lengths:
            return BadFrame("a header has no Content-Length")
        if len(lengths[-1]) > len(str(_LONGEST_LENGTH)) or int(lengths[-1]) > _LONGEST_LENGTH:
            return BadFrame("a Content-Length is more than any message has")
        self._expected, self._searched = int(lengths[-1]), 0
        return None

    def _body(self, length: int) -> bytes | None:
        early = self._next_header(length)
        if early is None and len(self._buffer) < length:
            return None
        end = length if early is None else early
        body = bytes(self._buffer[:end])
        del self._buffer[:end]
        self._expected = None
        return body

    def _next_header(self, length: int) -> int | None:
        """Where the next message begins, if that is before the expected end of this one."""
        until = min(length + _LONGEST_LENGTH_LINE, len(self._buffer))
        found = _HEADER_IN_BODY.search(self._buffer, self._searched, until)
        self._searched = max(self._searched, until - 2 * _LONGEST_LENGTH_LINE)
        return found.start() if found is not None and found.start() < length else None
