"""A minimal LSP client, so that only the server is measured."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self


class Wire:
    """A server in its own process and the pipe to it. Calls block. The server's requests get no answer, and
    `on_notification` gets the notifications that come during a call."""

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-P", "-m", module, *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self._next_id = 0
        self.on_notification: Callable[[str, Any], None] = lambda method, params: None

    @property
    def process_id(self) -> int:
        """The server's process id."""
        return self._process.pid

    def initialize(self, options: Any = None) -> None:
        """Sends `initialize`, with these options, and waits for the answer."""
        params = {"processId": None, "rootUri": None, "capabilities": {}, "initializationOptions": options}
        self.request("initialize", params)
        self.notify("initialized", {})

    def notify(self, method: str, params: Any) -> None:
        """Sends a notification."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:
        """Sends a request and waits for its result.

        Raises:
            RuntimeError: the server answered with an error, or ended.
        """
        self._next_id += 1
        self._send({"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": params})
        while True:
            message = self.listen()
            if message.get("id") == self._next_id and "method" not in message:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message.get("result")

    def listen(self) -> dict[str, Any]:
        """Waits for the server's next message."""
        message = self._receive()
        if "method" in message and "id" not in message:
            self.on_notification(message["method"], message.get("params"))
        return message

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.request("shutdown", None)
        self.notify("exit", None)
        self._process.communicate(timeout=10)

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101  (it was opened as a pipe)
        body = json.dumps(message).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101  (it was opened as a pipe)
        length = 0
        while (header := self._process.stdout.readline()) not in {b"\r\n", b""}:
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise RuntimeError("the server ended")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message
