"""The server side of HTTP/1.1, which can also misbehave: stop midway, or close without a final chunk."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

Headers = Mapping[str, str]

JSON_TYPE = "application/json"
NO_HEADERS: Headers = MappingProxyType({})


class BadRequestError(Exception):
    """The client's request makes no sense; the message is the answer, with status 400."""


@dataclass(frozen=True)
class Request:
    """One HTTP request, read to its end."""

    method: str
    path: str
    headers: Headers
    body: bytes

    @property
    def keep_alive(self) -> bool:
        """Whether the client will use this connection again."""
        return self.headers.get("connection", "").lower() != "close"

    def json(self) -> dict[str, Any]:
        """The body, which must be a JSON object."""
        try:
            data = json.loads(self.body)
        except ValueError as error:
            raise BadRequestError(f"the body is not JSON: {error}") from error
        if not isinstance(data, dict):
            raise BadRequestError("the body is not a JSON object")
        return data


class Connection:
    """The connection of one client. `pump` reads all the time, so that it ends at the moment when the client leaves."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._received = bytearray()
        self._more = asyncio.Event()
        self.open = True
        """False once an answer has said that it is the last on this connection."""

    async def pump(self) -> None:
        """Read what the client sends; ends when the client closes or resets the connection."""
        with contextlib.suppress(ConnectionError):  # a reset means the same as an orderly end
            while data := await self._reader.read(65536):
                self._received += data
                self._more.set()

    async def read_request(self) -> Request:
        """Wait for the next request. Never returns after the client has left: cancel it then."""
        while (end := self._received.find(b"\r\n\r\n")) < 0:
            await self._wait_for_more()
        start_line, *lines = bytes(self._received[:end]).decode("latin-1").split("\r\n")
        del self._received[: end + 4]
        words = start_line.split(" ")
        if len(words) != 3:
            raise BadRequestError(f"not a request line: {start_line}")
        fields = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in fields}
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdigit():
            raise BadRequestError("the body needs a content-length")
        while len(self._received) < int(length):
            await self._wait_for_more()
        body = bytes(self._received[: int(length)])
        del self._received[: int(length)]
        request = Request(words[0], words[1].partition("?")[0], headers, body)
        self.open = request.keep_alive
        return request

    async def _wait_for_more(self) -> None:
        self._more.clear()
        await self._more.wait()

    def send(self, status: int, body: bytes, content_type: str = JSON_TYPE, more: Headers = NO_HEADERS) -> None:
        """Send a whole answer."""
        self._head(status, {"Content-Type": content_type, "Content-Length": str(len(body)), **more}, body)

    def send_json(self, status: int, data: object, more: Headers = NO_HEADERS) -> None:
        """Send a whole answer of JSON."""
        self.send(status, encode_json(data), more=more)

    def open_stream(self, content_type: str) -> None:
        """Start an answer that `chunk` continues."""
        self._head(200, {"Content-Type": content_type, "Transfer-Encoding": "chunked"})

    def chunk(self, data: bytes, *, last: bool = False) -> None:
        """Send one piece of the stream; the last piece and the end of the body go out in the same write."""
        framed = b"%x\r\n%b\r\n" % (len(data), data) if data else b""
        self._writer.write(framed + (b"0\r\n\r\n" if last else b""))

    async def drain(self) -> None:
        """Wait while the client reads too slowly."""
        await self._writer.drain()

    def close(self) -> None:
        """Close the socket, at any point of the answer; data that was written before still arrives."""
        self.open = False
        self._writer.close()

    def reset(self) -> None:
        """Cut the connection at once: the client gets no answer."""
        self.open = False
        self._writer.transport.abort()

    def _head(self, status: int, headers: Headers, body: bytes = b"") -> None:
        try:
            reason = HTTPStatus(status).phrase
        except ValueError:
            reason = "Scripted"  # a test may ask for a status that no standard knows
        last = {} if self.open else {"Connection": "close"}
        lines = [f"HTTP/1.1 {status} {reason}", *(f"{k}: {v}" for k, v in {**headers, **last}.items())]
        self._writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


def encode_text(text: str) -> bytes:
    """UTF-8, in which a test can smuggle invalid bytes as surrogate escapes."""
    return text.encode("utf-8", "surrogateescape")


def encode_json(data: object) -> bytes:
    """Compact JSON with its text unescaped, as the real engines write it."""
    return encode_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
