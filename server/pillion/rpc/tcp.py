"""A client on a TCP connection. The server listens until one has come."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress

_CHUNK = 65_536
_FLUSH_WITHIN_S = 0.3
# A peer that vanished without a word is noticed within half a minute.
_KEEP_ALIVE = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}


class TcpClient:
    """The only client of a server on TCP."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEP_ALIVE.items():
            if hasattr(socket, name):
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

    async def read(self) -> bytes:
        """The next bytes; empty at the end."""
        try:
            return await self._reader.read(_CHUNK)
        except OSError:
            return b""

    def beat(self) -> None:
        """A message that was read has been handled."""

    def write(self, data: bytes) -> None:
        """Sends the data soon.

        Raises:
            OSError: the connection is gone.
        """
        if self._writer.is_closing():
            raise ConnectionResetError("the connection is gone")
        self._writer.write(data)

    async def close(self) -> None:
        """Sends the remaining data, and closes the connection."""
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_FLUSH_WITHIN_S):
                await self._writer.wait_closed()


async def first_client(hosts: Sequence[str], port: int) -> TcpClient:
    """The first client that connects. Then no other client can connect.

    Raises:
        OSError: the address can't be listened on.
    """
    connected: asyncio.Future[TcpClient] = asyncio.get_running_loop().create_future()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if connected.done():
            writer.close()
        else:
            connected.set_result(TcpClient(reader, writer))

    listening = await asyncio.start_server(accept, hosts, port)
    try:
        return await connected
    finally:
        listening.close()
