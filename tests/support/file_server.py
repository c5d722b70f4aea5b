"""A web server with one file, which can cut it short, ignore ranges, or send something else; or a package index."""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from zipfile import ZipFile

_PIECE_BYTES = 16384


@dataclass
class FileServer:
    """Serves `content` at `url` while it is entered. Change the fields between requests as a test needs it."""

    content: bytes = b""
    ranges: bool = True
    cut_after: int | None = None
    """Close the connection after so many bytes of a body."""
    says_length: bool = True
    status: HTTPStatus | None = None
    pause_s: float = 0.0
    """Between two pieces of 16 KiB."""
    pages: dict[str, bytes] = field(default_factory=dict)
    """What is at other paths, as web pages; the file is at all the rest."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Other files, by their paths."""
    paths: list[str] = field(default_factory=list)
    """The path of each file that was asked for."""
    asked: list[str | None] = field(default_factory=list)
    """The range that each request asked for."""
    encodings: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        owner = self

        class Handler(_Handler):
            served = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        """Where the file is."""
        return f"http://127.0.0.1:{self._server.server_port}/model.gguf"

    @property
    def index_url(self) -> str:
        """Where pip finds the index that `as_index_of` made."""
        return f"http://127.0.0.1:{self._server.server_port}/simple/"

    def as_plain_index_of(self, *wheels: Path) -> None:
        """Becomes a package index that has these wheels (PEP 503)."""
        self.files = {f"/{wheel.name}": wheel.read_bytes() for wheel in wheels}
        self.pages = {
            f"/simple/{wheel.name.split('-')[0].replace('_', '-')}/": f'<a href="../../{wheel.name}#x=1">it</a>'.encode()
            for wheel in wheels
        }

    def as_index_of(self, wheel: Path) -> None:
        """Becomes a package index that has this wheel (PEP 503), and tells its metadata without it (PEP 658)."""
        self.content = wheel.read_bytes()
        name, version = wheel.name.split("-")[:2]
        with ZipFile(wheel) as archive:
            metadata = archive.read(f"{name}-{version}.dist-info/METADATA")
        digest = hashlib.sha256(self.content).hexdigest()
        link = f'<a href="/{wheel.name}#sha256={digest}" data-core-metadata="true">{wheel.name}</a>'
        self.pages = {
            f"/simple/{name.replace('_', '-')}/": f"<!DOCTYPE html><html><body>{link}</body></html>".encode(),
            f"/{wheel.name}.metadata": metadata,
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    served: FileServer

    def do_GET(self) -> None:
        """One request, by the rules that hold just now."""
        server = self.served
        if (page := server.pages.get(self.path)) is not None:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)
            return
        if self.path.startswith("/simple/"):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content = server.files.get(self.path, server.content)
        wanted = self.headers["Range"]
        server.paths.append(self.path)
        server.asked.append(wanted)
        server.encodings.append(self.headers["Accept-Encoding"])
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and server.ranges else 0
        body = content[start:]
        status = server.status or (HTTPStatus.PARTIAL_CONTENT if start else HTTPStatus.OK)
        if start and not body:
            status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        self.send_response(status)
        if server.says_length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        body = body[: server.cut_after]
        try:
            for at in range(0, len(body), _PIECE_BYTES):
                self.wfile.write(body[at : at + _PIECE_BYTES])
                time.sleep(server.pause_s)
        except ConnectionError:
            pass  # the client was killed, or has heard enough

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: the tests read `asked`."""
