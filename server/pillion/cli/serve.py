"""`pillion serve`: the language server over stdio or TCP."""

import ipaddress
import logging
import os
import socket
import sys
from typing import TYPE_CHECKING, NoReturn

from pillion.errors import UsageError
from pillion.text.hidden import visible

if TYPE_CHECKING:
    import argparse

    from pillion.lsp.server_type import PillionServer


class VisibleFormatter(logging.Formatter):
    """Formats log lines so that they can't steer the terminal, or the editor's pane, that shows them."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging."""
        return visible(super().format(record))


def add_arguments(parser: "argparse.ArgumentParser") -> None:
    """Declares the command's arguments."""
    transport = parser.add_mutually_exclusive_group()
    transport.add_argument("--stdio", action="store_true", help="speak over stdin and stdout (the default)")
    transport.add_argument("--tcp", metavar="HOST:PORT", help="serve one client over TCP on this address")
    parser.add_argument("--allow-remote", action="store_true", help="with --tcp: let other machines connect too")


def run(arguments: "argparse.Namespace") -> int:
    """Serves until the client sends `exit` or has gone."""
    if arguments.tcp is None:
        if arguments.allow_remote:
            raise UsageError("--allow-remote is about --tcp.", hint="For example: --tcp 0.0.0.0:2087 --allow-remote")
        return serve_stdio()
    return _serve_tcp(arguments.tcp, allow_remote=arguments.allow_remote)


def serve_stdio() -> int:
    """Serves over stdin and stdout."""
    from pillion.rpc.connection import serve_stdio as serve

    server = _ready_server()
    if sys.stdin.isatty():
        sys.stderr.write("Pillion's language server waits for an editor on stdin. Try: pillion --help\n")
    _leave(serve(server))


def _serve_tcp(address: str, *, allow_remote: bool) -> int:
    from pillion.rpc.connection import serve_tcp as serve

    host, port = _address(address)
    hosts = listening_hosts(host, port, allow_remote=allow_remote)
    server = _ready_server()
    try:
        code = serve(server, hosts, port)
    except OSError as exc:
        raise UsageError(f"Can't listen on {address}: {exc.strerror}.") from exc
    _leave(code)


def _leave(code: int) -> NoReturn:
    """Ends the process without waiting for threads that still load or read something."""
    logging.shutdown()
    os._exit(code)


def _ready_server() -> "PillionServer":
    """A server with its log on stderr: stdout is the protocol's."""
    from pillion.cli.compose import language_server

    level = os.environ.get("PILLION_LOG", "WARNING").upper()
    if level not in logging.getLevelNamesMapping():
        raise UsageError(f"PILLION_LOG is {level!r}.", hint="It takes DEBUG, INFO, WARNING or ERROR.")
    log = logging.StreamHandler(sys.stderr)
    log.setFormatter(VisibleFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[log], level=level)
    # pygls warns of cancelled tokens and late answers, which Pillion handles.
    logging.getLogger("pygls").setLevel(logging.ERROR)
    # httpx logs the addresses of its requests, and their queries may have a key.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return language_server()


def listening_hosts(host: str, port: int, *, allow_remote: bool) -> list[str]:
    """The addresses that a host's name stands for.

    Raises:
        UsageError: it stands for none, or for one that other machines can reach without the user's permission.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise UsageError(f"Can't listen on {host}: it is no address of this machine.") from exc
    hosts = list(dict.fromkeys(str(address[0]) for *_, address in found))
    remote = [each for each in hosts if not _is_loopback(each)]
    if remote and not allow_remote:
        raise UsageError(
            f"Other machines could reach {remote[0]}, and whoever connects reads your code and uses your engines.",
            hint="Listen on 127.0.0.1, or say --allow-remote as well.",
        )
    return hosts


def _is_loopback(text: str) -> bool:
    address = ipaddress.ip_address(text)
    inside = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (inside or address).is_loopback


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"--tcp takes HOST:PORT, not {text!r}.", hint="For example: --tcp 127.0.0.1:2087")
    return host.strip("[]"), int(port)
