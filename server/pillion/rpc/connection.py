"""One client's stay: until it sends `exit`, or disconnects without it, or a signal ends the process.

However it ends, jobs keep their drafts and engines are closed, quietly and within two seconds.
If a signal asked for the end, the process then dies of that signal, so that its sender sees no failure.
"""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import Protocol

from pillion.rpc.answering_protocol import AnsweringProtocol
from pillion.rpc.framing import Framer
from pillion.rpc.incoming_messages import Incoming
from pillion.rpc.stdio import StdioClient
from pillion.rpc.tcp import first_client

_CLEAN_UP_WITHIN_S = 1.2
# After this time the process ends at once; the engines' processes end with it.
_END_WITHIN_S = 1.7
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
# An interrupt comes from a user at a shell: it gives the exit code of Pillion's other commands.
_DIES_OF = frozenset(_SIGNALS) - {signal.SIGINT} if hasattr(signal, "pthread_kill") else frozenset()
_DIES_WITHIN_S = 0.1


class Server(Protocol):
    """The server that a client connects to."""

    @property
    def protocol(self) -> AnsweringProtocol:
        """The protocol that handles the messages."""

    async def end(self) -> None:
        """Ends the session: nothing of it runs afterwards."""


class Client(Protocol):
    """The connection to a client."""

    async def read(self) -> bytes:
        """The next bytes; empty at the end."""

    def beat(self) -> None:
        """A message that was read has been handled."""

    def write(self, data: bytes) -> None:
        """Sends the data. Raises OSError if the client has gone."""

    async def close(self) -> None:
        """Closes the connection, as the last step."""


def serve_stdio(server: Server) -> int:
    """Serves over stdin and stdout. Returns the exit code."""
    stay = _Stay(server)

    async def connect() -> Client:
        return StdioClient(on_lost=stay.end, on_stuck=stay.end_as_it_is)

    return stay.run(connect)


def serve_tcp(server: Server, hosts: Sequence[str], port: int) -> int:
    """Serves the first client that connects. Returns the exit code.

    Raises:
        OSError: the address can't be listened on.
    """

    async def connect() -> Client:
        return await first_client(hosts, port)

    return _Stay(server).run(connect)


class _Stay:
    """A client's stay, from the connection to the end. It is also pygls' writer."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: Client | None = None
        self._over = asyncio.Event()
        self._signal = 0
        self._no_more_waiting = False
        self._deadline: threading.Timer | None = None

    def run(self, connect: Callable[[], Awaitable[Client]]) -> int:
        """Runs the stay to its end, and returns the exit code."""
        try:
            asyncio.run(self._run(connect))
        finally:
            if self._deadline is not None:
                self._deadline.cancel()
        if self._signal in _DIES_OF:
            _die_of(self._signal)
        return self._exit_code

    def end(self) -> None:
        """Ends the stay: the client has gone, or is leaving."""
        self._begin_the_end()
        self._over.set()

    def end_as_it_is(self) -> None:
        """Ends the process at once, whatever it does. For a thread beside the main one."""
        self._no_more_waiting = True
        if self._signal in _DIES_OF and (main := threading.main_thread().ident) is not None:
            signal.pthread_kill(main, self._signal)  # only the main thread may reset the signal's handler
            time.sleep(_DIES_WITHIN_S)
        os._exit(self._exit_code)

    def write(self, data: bytes) -> None:
        """Sends a message. After a failure nobody listens, and nothing more is sent."""
        if self._client is None:
            return
        try:
            self._client.write(data)
        except OSError:
            self._client = None
            self.end()

    def close(self) -> None:
        """pygls wants this method in a writer."""
        self.end()

    @property
    def _exit_code(self) -> int:
        """As LSP says: 1 without a `shutdown` before the end. After a signal that it doesn't die of: a shell's code."""
        if self._signal:
            return 128 + self._signal
        return 0 if self._server.protocol.is_ending else 1

    async def _run(self, connect: Callable[[], Awaitable[Client]]) -> None:
        self._take_signals()
        connecting = asyncio.ensure_future(connect())
        over = asyncio.create_task(self._over.wait())
        await asyncio.wait([connecting, over], return_when=asyncio.FIRST_COMPLETED)
        if not connecting.done():
            connecting.cancel()
            return
        client = self._client = connecting.result()
        self._server.protocol.set_writer(self)
        self._server.protocol.when_exiting(self.end)
        reading = asyncio.create_task(self._read(client))
        await over
        reading.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLEAN_UP_WITHIN_S):
                await self._server.end()
        self._server.protocol.cancel_requests()
        await asyncio.sleep(0)  # so that the requests are answered, if the client still reads
        await client.close()

    async def _read(self, client: Client) -> None:
        framer, incoming = Framer(), Incoming(self._server.protocol)
        try:
            while chunk := await client.read():
                framer.feed(chunk)
                while (frame := framer.next()) is not None:
                    incoming.receive(frame)
                    client.beat()
                    await asyncio.sleep(0)  # jobs go on, however much the client sends
        finally:
            self.end()

    def _begin_the_end(self) -> None:
        if self._deadline is None:
            self._deadline = threading.Timer(_END_WITHIN_S, self.end_as_it_is)
            self._deadline.daemon = True
            self._deadline.start()

    def _take_signals(self) -> None:
        loop = asyncio.get_running_loop()

        def come(number: int, _: FrameType | None) -> None:
            if self._no_more_waiting:
                _die_of(number)
            self._signal = number
            self._begin_the_end()  # here, because the loop may stand still
            with suppress(RuntimeError):  # the loop has ended by itself
                loop.call_soon_threadsafe(self.end)

        for number in _SIGNALS:
            signal.signal(number, come)


def _die_of(number: int) -> None:
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
