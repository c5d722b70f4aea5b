"""`pillion serve`: the language server over stdio or TCP."""

import argparse
import logging
import os
import signal
import sys

from pillion.errors import UsageError

_INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    transport = parser.add_mutually_exclusive_group()
    transport.add_argument("--stdio", action="store_true", help="speak over stdin and stdout (the default)")
    transport.add_argument("--tcp", metavar="HOST:PORT", help="listen for one client on this address")


def run(arguments: argparse.Namespace) -> int:
    """Serves until the client says exit."""
    from pillion.cli.compose import language_server

    # stdout is the protocol's.
    level = os.environ.get("PILLION_LOG", "WARNING").upper()
    if level not in logging.getLevelNamesMapping():
        raise UsageError(f"PILLION_LOG is {level!r}.", hint="It takes DEBUG, INFO, WARNING or ERROR.")
    logging.basicConfig(stream=sys.stderr, level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # It logs whole message bodies at INFO, and warns of cancelled tokens and late answers, which Pillion deals with.
    logging.getLogger("pygls").setLevel(logging.ERROR)
    # pygls would wait for the thread that reads stdin. The engines end with this process, streams and children alike.
    signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    server = language_server()
    if arguments.tcp is not None:
        host, port = _address(arguments.tcp)
        try:
            server.start_tcp(host, port)
        except OSError as exc:
            raise UsageError(f"Can't listen on {arguments.tcp}: {exc.strerror}.") from exc
    else:
        if sys.stdin.isatty():
            sys.stderr.write("Pillion's language server waits for an editor on stdin. Try: pillion --help\n")
        server.start_io()
    # LSP: a server that was told to exit without a shutdown before it ends with 1.
    return 0 if server.protocol.was_shut_down else 1


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"--tcp takes HOST:PORT, not {text!r}.", hint="For example: --tcp 127.0.0.1:2087")
    return host.strip("[]"), int(port)
