"""Reads one answer as it comes: bytes become lines, within limits of time and size. Other tasks get their turns."""

import asyncio
from codecs import BOM_UTF8
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable

import httpx

from pillion.backends.decoder import decoder_for
from pillion.backends.endpoint_failures import Failures
from pillion.backends.foreign import readable
from pillion.errors import PillionError

# A line has one token and its wrapping, or all of a short answer.
_MAX_LINE_BYTES = 1 << 20
# The bytes for every answer, and more for each allowed token: wrapping, and comments that keep the connection alive.
_ANY_ANSWER_BYTES, BYTES_A_TOKEN = 1 << 20, 1 << 12
# Even a short piece costs work, so each piece counts as this many bytes at least.
_LEAST_PIECE_BYTES = 256
_GATHER_S = 0.02
# An engine may send as fast as Pillion reads: other tasks get a turn this often.
_TURN_S = 0.005


class Answer:
    """An answer's lines. The reader calls `progressed` when a line had a word or a thought."""

    def __init__(self, response: httpx.Response, failures: Failures, max_tokens: int, first_token_by_s: float) -> None:
        self._response = response
        self._failures = failures
        self._left_bytes = self._max_bytes = _ANY_ANSWER_BYTES + max_tokens * BYTES_A_TOKEN
        self._limit_s = failures.config.first_token_timeout_s
        self._due_s = first_token_by_s
        self._idle_bytes = 0
        self._turn_ends_s = 0.0

    def progressed(self) -> None:
        """A word or a thought came: the time limit for the next one begins now."""
        self._limit_s = self._failures.config.stall_timeout_s
        self._due_s = asyncio.get_running_loop().time() + self._limit_s
        self._idle_bytes = 0

    async def lines(self, *, empty: bool = False) -> AsyncGenerator[bytes, None]:
        """The lines, without their ends, and without those that are empty or blank, unless `empty` ones mean something.
        Split at LF and CR: text splitting would also split JSON at U+2028 and U+0085. A byte order mark is left out.

        Raises:
            EngineError: nothing came in time, too much came, or the stream broke off.
        """
        waiting, begins = bytearray(), True
        async for piece in self._pieces():
            searched = len(waiting)
            waiting += piece
            if begins and len(waiting) >= len(BOM_UTF8):
                begins = False
                if waiting.startswith(BOM_UTF8):
                    del waiting[: len(BOM_UTF8)]
            # A CR at the very end may be half of an end: its LF is still to come.
            end = max(waiting.rfind(b"\n", searched), waiting.rfind(b"\r", max(0, searched - 1), len(waiting) - 1))
            if end >= 0:
                complete = bytes(waiting[: end + 1])
                del waiting[: end + 1]
                for line in complete.splitlines():
                    if len(line) > _MAX_LINE_BYTES:
                        raise self._failures.not_the_protocol("a line without an end")
                    if empty or line.strip():
                        yield line
                        await self._take_turns()
            if len(waiting) > _MAX_LINE_BYTES:
                raise self._failures.not_the_protocol("a line without an end")
        if waiting.strip():
            yield bytes(waiting).strip(b"\r")

    async def beginning(self, limit_bytes: int) -> bytes:
        """The whole body, or at least its first `limit_bytes`.

        Raises:
            EngineError: as for `lines`.
        """
        body = bytearray()
        async for piece in self._pieces():
            body += piece
            if len(body) > limit_bytes:
                break
        return bytes(body)

    async def aclose(self) -> None:
        """Closes the connection, unless the answer was read to its end."""
        try:
            await self._response.aclose()
        except Exception as exc:  # a broken connection may raise anything when it closes
            raise self._failures.of(exc, answered=True) from exc

    async def _pieces(self) -> AsyncIterator[bytes]:
        """The decoded body, up to the limit of one answer."""
        encoding = self._response.headers.get("content-encoding", "")
        decoder = decoder_for(encoding)
        if decoder is None:
            raise self._failures.not_the_protocol(
                f"data compressed as “{readable(encoding, 20)}”, which nobody asked for"
            )
        chunks = self._response.aiter_raw()
        loop = asyncio.get_running_loop()
        waited, waited_s = False, 0.0
        while True:
            try:
                async with asyncio.timeout_at(self._due_s):
                    if waited and waited_s < _GATHER_S:
                        # Everything that had come was read. A fast engine's next pieces are gathered for one loop turn.
                        await asyncio.sleep(_GATHER_S)
                    began_s = loop.time()
                    chunk, waited = await _whether_it_waits(anext(chunks))
                    waited_s = loop.time() - began_s
                    await self._take_turns()
                for piece in decoder.decode(chunk):
                    self._count(len(piece))
                    yield piece
                    await self._take_turns()
            except StopAsyncIteration:
                return
            except PillionError:
                raise
            except TimeoutError as exc:
                raise self._failures.timed_out(self._limit_s, empty=self._idle_bytes > 0) from exc
            except Exception as exc:  # every library error becomes a Pillion error: see endpoint_failures.py
                raise self._failures.of(exc, answered=True) from exc

    def _count(self, size: int) -> None:
        self._idle_bytes += size
        self._left_bytes -= max(size, _LEAST_PIECE_BYTES)
        if self._left_bytes < 0:
            raise self._failures.too_much(self._max_bytes)
        if asyncio.get_running_loop().time() > self._due_s:  # the timeout's timer hasn't had a turn
            raise TimeoutError

    async def _take_turns(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if now_s >= self._turn_ends_s:
            await asyncio.sleep(0)
            self._turn_ends_s = asyncio.get_running_loop().time() + _TURN_S


async def _whether_it_waits(coming: Awaitable[bytes]) -> tuple[bytes, bool]:
    """The next bytes, and whether they had to be waited for: then the event loop had a turn meanwhile."""
    turns: list[bool] = []
    mark = asyncio.get_running_loop().call_soon(turns.append, True)
    try:
        return await coming, bool(turns)
    finally:
        mark.cancel()
