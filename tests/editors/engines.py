"""What happens to engines while an editor uses them."""

import socket
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit


class Cable:
    """A local port that leads to an engine, and that can be pulled and plugged in again."""

    def __init__(self, engine_url: str) -> None:
        self._engine = (str(urlsplit(engine_url).hostname), int(urlsplit(engine_url).port or 0))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._port}"
        self._serve()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pull()

    def pull(self) -> None:
        """Nobody answers at the port any more, and what runs breaks off."""
        _shut(self._listener)  # closing alone would not end its thread's accept
        for each in self._open:
            _shut(each)
        self._open.clear()

    def plug_in(self) -> None:
        """The engine can be reached again."""
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._serve()

    def _serve(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(self._engine)
            except OSError:
                return  # pulled
            self._open += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(source, target), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # one side has gone; so the other goes
        while data := source.recv(65536):
            target.sendall(data)
    _shut(source)
    _shut(target)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):  # it was shut already
        end.shutdown(socket.SHUT_RDWR)
    end.close()
