"""A client on stdin and stdout. Python's own streams aren't used: their locks are held by threads that wait, and what
they couldn't write to a client that has gone they complain of when the process ends."""

import asyncio
import os
import select
import sys
import threading
from collections.abc import Callable

_CHUNK = 65_536
# So much may wait to be looked at; then the client waits. It mustn't be little: a client that writes before it reads
# what we write would wait for us, and we for it.
_MOST_CHUNKS = 512
_STUCK_AFTER_S = 1.5


class StdioClient:
    """Reads in a thread, since stdin may be anything; writes at once."""

    def __init__(self, *, on_lost: Callable[[], None], on_stuck: Callable[[], None]) -> None:
        """`on_lost`: nobody reads what we write. `on_stuck` is called in a thread: the client has left, and nothing
        that it sent is being dealt with any more."""
        self._on_lost, self._on_stuck = on_lost, on_stuck
        self._loop = asyncio.get_running_loop()
        self._chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self._room = threading.Semaphore(_MOST_CHUNKS)
        self._end_seen = threading.Event()
        self._beats = 0
        self._in, self._out = sys.stdin.fileno(), sys.stdout.fileno()
        for name, work in (("read stdin", self._read_in_thread), ("watch stdout", self._watch_in_thread)):
            threading.Thread(target=work, name=name, daemon=True).start()

    async def read(self) -> bytes:
        """What came; nothing if that is the end."""
        chunk = await self._chunks.get()
        self._room.release()
        if not chunk:
            self._end_seen.set()
        return chunk

    def beat(self) -> None:
        """Something that was read has been dealt with."""
        self._beats += 1

    def write(self, data: bytes) -> None:
        """Writes all of it.

        Raises:
            OSError: nobody reads it.
        """
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._out, left) :]
            except BlockingIOError:  # who started us shares the pipe with others, and made it so
                select.select([], [self._out], [])

    async def close(self) -> None:
        """There is nothing to be closed: the process ends."""

    def _read_in_thread(self) -> None:
        chunk = b"?"
        while chunk:
            try:
                chunk = os.read(self._in, _CHUNK)
            except BlockingIOError:
                select.select([self._in], [], [])
                continue
            except OSError:
                chunk = b""
            self._room.acquire()
            if not self._in_loop(self._chunks.put_nowait, chunk):
                return
        beats = self._beats
        while not self._end_seen.wait(_STUCK_AFTER_S):
            if beats == self._beats:
                self._on_stuck()
                return
            beats = self._beats

    def _watch_in_thread(self) -> None:
        """A pipe's reader may go while there is nothing to write."""
        if hasattr(select, "poll"):
            watched = select.poll()
            watched.register(self._out, 0)  # errors and hang-ups are always told of
            watched.poll()
            self._in_loop(self._on_lost)

    def _in_loop(self, work: Callable[..., object], *arguments: object) -> bool:
        try:
            self._loop.call_soon_threadsafe(work, *arguments)
        except RuntimeError:  # it has ended
            return False
        return True
