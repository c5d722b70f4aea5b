"""A client on stdin and stdout. Python's own streams aren't used: waiting threads hold their locks, and at the end of
the process they complain about bytes that they couldn't write to a client that has gone."""

import asyncio
import os
import select
import sys
import threading
from collections.abc import Callable

_CHUNK = 65_536
# So many chunks may wait to be handled; then the client waits. The number mustn't be small: a client that writes before
# it reads the answers would wait for the server, and the server for the client.
_MOST_CHUNKS = 512
_STUCK_AFTER_S = 1.5


class StdioClient:
    """Reads in a thread, since stdin may be any kind of file; writes at once."""

    def __init__(self, *, on_lost: Callable[[], None], on_stuck: Callable[[], None]) -> None:
        """`on_lost`: nobody reads the output any more. `on_stuck` is called in a thread: the client has left, and the
        server no longer handles the client's messages."""
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
        """The next bytes; empty at the end."""
        chunk = await self._chunks.get()
        self._room.release()
        if not chunk:
            self._end_seen.set()
        return chunk

    def beat(self) -> None:
        """A message that was read has been handled."""
        self._beats += 1

    def write(self, data: bytes) -> None:
        """Writes all of the data.

        Raises:
            OSError: nobody reads the output.
        """
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._out, left) :]
            except BlockingIOError:  # the parent process shares the pipe, and made it non-blocking
                select.select([], [self._out], [])

    async def close(self) -> None:
        """There is nothing to close: the process ends."""

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
        """Notices that the client has gone, even while there is nothing to write."""
        if hasattr(select, "poll"):
            watched = select.poll()
            watched.register(self._out, 0)  # errors and hang-ups are always reported
            watched.poll()
            self._in_loop(self._on_lost)

    def _in_loop(self, work: Callable[..., object], *arguments: object) -> bool:
        try:
            self._loop.call_soon_threadsafe(work, *arguments)
        except RuntimeError:  # the loop has ended
            return False
        return True
