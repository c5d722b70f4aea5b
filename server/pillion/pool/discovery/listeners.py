"""Who listens on a port of this machine. On a machine of several people, another person's program gets no code."""

import os
from collections.abc import Iterator
from pathlib import Path

from pillion.errors import FileError
from pillion.files.bounded_read import read_bytes

_TABLES = ("tcp", "tcp6")
_LISTENING = "0A"
_NO_FIELDS = ("",) * 8
# Accounts below it belong to the system: a service such as `ollama` has one of these. (login.defs: UID_MIN)
_FIRST_PERSON = 1000
_LARGEST_TABLE_BYTES = 1 << 22


def is_a_strangers(port: int, tables: Path = Path("/proc/net")) -> bool:
    """Whether only other people's programs listen on this port. Where the system doesn't say, nobody is a stranger.

    Source: proc_net_tcp(5): a row has the local address and port in hexadecimal, the state, and the user's number."""
    own = os.getuid() if hasattr(os, "getuid") else 0
    owners = set(_owners(port, tables))
    return bool(owners) and not any(each == own or each < _FIRST_PERSON for each in owners)


def _owners(port: int, tables: Path) -> Iterator[int]:
    for name in _TABLES:
        try:
            text = read_bytes(tables / name, _LARGEST_TABLE_BYTES).decode("ascii", "replace")
        except FileError:  # another system, or one that shows nothing
            continue
        for line in text.splitlines()[1:]:
            _, local, _, state, _, _, _, owner, *_ = (*line.split(), *_NO_FIELDS)
            if state == _LISTENING and local.endswith(f":{port:04X}") and owner.isdigit():
                yield int(owner)
