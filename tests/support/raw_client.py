"""A client that knows nothing of LSP's types: it sends bytes to the real server's pipe, and keeps what comes back."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.editor import SERVE, private_environment

Message = dict[str, Any]
INITIALIZE: Message = {"processId": None, "rootUri": None, "capabilities": {"window": {"workDoneProgress": True}}}


def framed(body: bytes) -> bytes:
    """A message as it travels."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def as_body(message: Any) -> bytes:
    """A message's body."""
    return json.dumps({"jsonrpc": "2.0", **message} if isinstance(message, Mapping) else message).encode()


class RawClient:
    """One server with a home of its own. Its requests are answered with null, so that nothing waits for us."""

    def __init__(
        self, home: Path, config: Path | None = None, *, program: Sequence[str] = SERVE, **environment: str
    ) -> None:
        self.stderr_file = home / "stderr.txt"
        self.came: list[Message] = []
        self.drafts = home / ".state" / "pillion" / "drafts"
        self._arrived = threading.Condition()
        self._next_id = 0
        self._sending = threading.Lock()
        self._deaf = threading.Event()
        with self.stderr_file.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-P", *program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=private_environment(home, config) | environment,
                cwd=home,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def stderr(self) -> str:
        """What it wrote there."""
        return self.stderr_file.read_text(errors="replace")

    def initialize(self, **options: Any) -> None:
        """Begins the session."""
        self.request("initialize", {**INITIALIZE, "initializationOptions": {"pillion": {"events": True, **options}}})
        self.notify("initialized", {})

    def open(self, uri: str, text: str) -> None:
        """Opens a Python document."""
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def run(self, action: str, uri: str, line: int = 0) -> str:
        """Starts a job."""
        place = {"line": line, "character": 0}
        argument = {"action": action, "uri": uri, "range": {"start": place, "end": place}, "version": 1}
        answer = self.request("workspace/executeCommand", {"command": "pillion.run", "arguments": [argument]})
        return str(answer["result"]["job"])

    def send(self, data: bytes) -> None:
        """Sends these bytes."""
        assert self.process.stdin is not None
        with self._sending:
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def notify(self, method: str, params: Any) -> None:
        """Sends a notification."""
        self.send(framed(as_body({"method": method, "params": params})))

    def request(self, method: str, params: Any, timeout_s: float = 20.0) -> Message:
        """Sends a request and returns the answer."""
        self._next_id += 1
        msg_id = f"own-{self._next_id}"
        self.send(framed(as_body({"id": msg_id, "method": method, "params": params})))
        return self.first(lambda each: each.get("id") == msg_id and "method" not in each, timeout_s)

    def first(self, wanted: Callable[[Message], object], timeout_s: float = 20.0) -> Message:
        """The first message that is `wanted`, as soon as it is there."""
        deadline, seen = time.monotonic() + timeout_s, 0
        with self._arrived:
            while True:
                for each in self.came[seen:]:
                    if wanted(each):
                        return each
                seen = len(self.came)
                left = deadline - time.monotonic()
                assert left > 0, f"it didn't come; stderr: {self.stderr[-2000:]}"
                self._arrived.wait(left)

    def job(self, job_id: str, state: str, tokens: int = 0) -> Message:
        """The job's first notification with this state, and so many tokens."""

        def wanted(message: Message) -> bool:
            params = message.get("params")
            if message.get("method") != "pillion/job" or not isinstance(params, dict):
                return False
            return (params["id"], params["state"]) == (job_id, state) and params["tokens"] >= tokens

        return self.first(wanted)

    def stop_reading(self) -> None:
        """Closes the pipe that the server writes to."""
        self._deaf.set()
        self._reader.join(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait(10)
        self.stop_reading()
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # what it no longer wanted to hear
            self.process.stdin.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        pipe, buffer = self.process.stdout, bytearray()
        with pipe:
            while not self._deaf.is_set():
                if not select.select([pipe], [], [], 0.02)[0]:
                    continue
                chunk = os.read(pipe.fileno(), 1 << 16)
                if not chunk:
                    return
                buffer += chunk
                while (body := _taken(buffer)) is not None:
                    self._hear(json.loads(body))

    def _hear(self, message: Message) -> None:
        with self._arrived:
            self.came.append(message)
            self._arrived.notify_all()
        if "method" in message and "id" in message:
            with suppress(OSError):
                self.send(framed(as_body({"id": message["id"], "result": None})))


def _taken(buffer: bytearray) -> bytes | None:
    """The next message's body, if all of it is there; the server's framing is known to be good."""
    header, end, rest = bytes(buffer).partition(b"\r\n\r\n")
    if not end:
        return None
    length = next(int(line[15:]) for line in header.split(b"\r\n") if line.startswith(b"Content-Length:"))
    if len(rest) < length:
        return None
    del buffer[: len(header) + 4 + length]
    return rest[:length]
