"""A language server that takes its time with one kind of request: `slow_server.py METHOD SECONDS COMMAND…`.

It stands between the editor and the real server, and holds requests of this method back; all others go on.
"""

import json
import subprocess
import sys
import threading
from typing import BinaryIO

_LENGTH = b"content-length:"


def main() -> int:
    """Carries messages until the server ends."""
    method, seconds, *command = sys.argv[1:]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=sys.stdout, stderr=sys.stderr)
    assert server.stdin is not None
    threading.Thread(target=_carry, args=(server.stdin, method, float(seconds)), daemon=True).start()
    return server.wait()


def _carry(server: BinaryIO, method: str, seconds: float) -> None:
    writing = threading.Lock()

    def send(message: bytes) -> None:
        with writing:
            server.write(b"Content-Length: %d\r\n\r\n%b" % (len(message), message))
            server.flush()

    while (message := _next_message(sys.stdin.buffer)) is not None:
        if json.loads(message).get("method") == method:
            threading.Timer(seconds, send, [message]).start()
        else:
            send(message)
    server.close()


def _next_message(client: BinaryIO) -> bytes | None:
    """The next one's body; None at the end."""
    length = 0
    while (line := client.readline()).strip():
        if line.lower().startswith(_LENGTH):
            length = int(line[len(_LENGTH) :])
    return client.read(length) if line else None


if __name__ == "__main__":
    sys.exit(main())
