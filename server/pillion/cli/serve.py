"""`pillion serve`: the language server over stdio or TCP."""

import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from pillion.cli import INTERRUPTED
from pillion.errors import UsageError
from pillion.text.hidden import visible

if TYPE_CHECKING:
    import argparse

    from pillion.lsp.server_type import PillionServer


class VisibleFormatter(logging.Formatter):
    """Log lines that can't steer the terminal, or the editor's pane, in which they are read."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging."""
        return visible(super().format(record))


def add_arguments(parser: "argparse.ArgumentParser") -> None:
    """Declares the command's arguments."""
    transport = parser.add_mutually_exclusive_group()
    transport.add_argument("--stdio", action="store_true", help="speak over stdin and stdout (the default)")
    transport.add_argument("--tcp", metavar="HOST:PORT", help="listen for one client on this address")


def run(arguments: "argparse.Namespace") -> int:
    """Serves until the client says exit."""
    return serve_stdio() if arguments.tcp is None else _serve_tcp(arguments.tcp)


def serve_stdio() -> int:
    """Serves over stdin and stdout."""
    server = _ready_server()
    if sys.stdin.isatty():
        sys.stderr.write("Pillion's language server waits for an editor on stdin. Try: pillion --help\n")
    server.start_io()
    return _exit_code(server)


def _serve_tcp(address: str) -> int:
    host, port = _address(address)
    server = _ready_server()
    try:
        server.start_tcp(host, port)
    except OSError as exc:
        raise UsageError(f"Can't listen on {address}: {exc.strerror}.") from exc
    return _exit_code(server)


def _ready_server() -> "PillionServer":
    """A server with its log on stderr: stdout is the protocol's."""
    from pillion.cli.compose import language_server

    level = os.environ.get("PILLION_LOG", "WARNING").upper()
    if level not in logging.getLevelNamesMapping():
        raise UsageError(f"PILLION_LOG is {level!r}.", hint="It takes DEBUG, INFO, WARNING or ERROR.")
    log = logging.StreamHandler(sys.stderr)
    log.setFormatter(VisibleFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[log], level=level)
    # It logs whole message bodies at INFO, and warns of cancelled tokens and late answers, which Pillion deals with.
    logging.getLogger("pygls").setLevel(logging.ERROR)
    # pygls would wait for the thread that reads stdin. The engines end with this process, streams and children alike.
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    return language_server()


def _exit_code(server: "PillionServer") -> int:
    """LSP: a server that was told to exit without a shutdown before it ends with 1."""
    return 0 if server.protocol.was_shut_down else 1


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"--tcp takes HOST:PORT, not {text!r}.", hint="For example: --tcp 127.0.0.1:2087")
    return host.strip("[]"), int(port)
