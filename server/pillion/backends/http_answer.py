"""One answer as it comes: bytes become lines, within bounds of time and size, and without keeping others waiting."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable

import httpx

from pillion.backends.decoder import decoder_for
from pillion.backends.endpoint_failures import Failures
from pillion.errors import PillionError

# A line holds one token and its wrapping, or the whole of a short answer.
_MAX_LINE_BYTES = 1 << 20
# What any answer may take, and what each token of it may: its wrapping, and comments that keep the connection alive.
_ANY_ANSWER_BYTES, _BYTES_A_TOKEN = 1 << 20, 1 << 12
# Each piece costs work, however short it is.
_LEAST_PIECE_BYTES = 256
_GATHER_S = 0.02
# An engine may be as quick as we are: others get a turn this often.
_TURN_S = 0.005


class Answer:
    """An answer's lines. Who reads them says when one of them was progress: a word, or a thought."""

    def __init__(self, response: httpx.Response, failures: Failures, max_tokens: int, first_token_by_s: float) -> None:
        self._response = response
        self._failures = failures
        self._left_bytes = self._max_bytes = _ANY_ANSWER_BYTES + max_tokens * _BYTES_A_TOKEN
        self._limit_s = failures.config.first_token_timeout_s
        self._due_s = first_token_by_s
        self._idle_bytes = 0
        self._turn_ends_s = 0.0

    def progressed(self) -> None:
        """A word or a thought came: from now on there is time for the next one."""
        self._limit_s = self._failures.config.stall_timeout_s
        self._due_s = asyncio.get_running_loop().time() + self._limit_s
        self._idle_bytes = 0

    async def lines(self) -> AsyncGenerator[bytes, None]:
        """The lines, without their ends and without empty ones. Split at LF: text splitting would also split JSON at
        U+2028 and U+0085.

        Raises:
            EngineError: nothing came in time, or too much, or the stream broke off.
        """
        waiting = bytearray()
        async for piece in self._pieces():
            searched = len(waiting)
            waiting += piece
            if piece.find(b"\n") >= 0:
                end = waiting.rfind(b"\n", searched)
                complete = bytes(waiting[:end])
                del waiting[: end + 1]
                for line in complete.split(b"\n"):
                    if stripped := line.strip(b"\r"):
                        if len(stripped) > _MAX_LINE_BYTES:
                            raise self._failures.not_the_protocol("a line without an end")
                        yield stripped
                        await self._take_turns()
            if len(waiting) > _MAX_LINE_BYTES:
                raise self._failures.not_the_protocol("a line without an end")
        if waiting.strip():
            yield bytes(waiting).strip(b"\r")

    async def beginning(self, limit_bytes: int) -> bytes:
        """The whole body, or its first `limit_bytes` and some more.

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
        except Exception as exc:  # whatever a connection that is broken anyway says as it goes
            raise self._failures.of(exc, answered=True) from exc

    async def _pieces(self) -> AsyncIterator[bytes]:
        """The body, decoded, as much as one answer may have."""
        encoding = self._response.headers.get("content-encoding", "")
        decoder = decoder_for(encoding)
        if decoder is None:
            raise self._failures.not_the_protocol("compressed data that nobody asked for")
        chunks = self._response.aiter_raw()
        loop = asyncio.get_running_loop()
        waited, waited_s = False, 0.0
        while True:
            try:
                async with asyncio.timeout_at(self._due_s):
                    if waited and waited_s < _GATHER_S:
                        # All that had come was read. What a quick engine sends now costs one turn of the loop together.
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
            except Exception as exc:  # the edge: see failures.py
                raise self._failures.of(exc, answered=True) from exc

    def _count(self, size: int) -> None:
        self._idle_bytes += size
        self._left_bytes -= max(size, _LEAST_PIECE_BYTES)
        if self._left_bytes < 0:
            raise self._failures.too_much(self._max_bytes)
        if asyncio.get_running_loop().time() > self._due_s:  # the timer had no turn
            raise TimeoutError

    async def _take_turns(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if now_s >= self._turn_ends_s:
            await asyncio.sleep(0)
            self._turn_ends_s = asyncio.get_running_loop().time() + _TURN_S


async def _whether_it_waits(coming: Awaitable[bytes]) -> tuple[bytes, bool]:
    """What comes, and whether it had to be waited for: then the loop had a turn meanwhile."""
    turns: list[bool] = []
    mark = asyncio.get_running_loop().call_soon(turns.append, True)
    try:
        return await coming, bool(turns)
    finally:
        mark.cancel()
