"""A server in a thread of its own that sends bytes as fast as they are taken, or slowly; so it never waits for a test."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
UNTIL_CLOSED = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
_LONGEST_S = 60.0


@contextmanager
def flooding(
    pieces: Callable[[], Iterable[bytes]], head: bytes = UNTIL_CLOSED, *, every_s: float = 0.0
) -> Iterator[str]:
    """Answers whatever it is asked with the head and these pieces, one `every_s` seconds. Yields its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def answer(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):  # the client has heard enough
            connection.recv(1 << 16)
            connection.sendall(head)
            ends_s = time.monotonic() + _LONGEST_S
            for piece in pieces():
                if over.is_set() or time.monotonic() > ends_s:
                    return
                connection.sendall(piece)
                if every_s and over.wait(every_s):
                    return

    def serve() -> None:
        with contextlib.suppress(OSError):  # it is closed
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
