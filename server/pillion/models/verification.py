"""Remembers the hashes of files: a large file is read again only if its size, time or inode has changed."""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pillion.errors import FileError
from pillion.files.bounded_read import MIB
from pillion.files.opening import open_regular
from pillion.state.json_entries import JsonEntries

_NAME = "models.json"
_CHUNK_BYTES = MIB
_KEPT = 200

_Stamp = tuple[int, int, int]


class VerifiedFiles:
    """Remembers hashes, in memory, and, with a state folder, in a file there."""

    def __init__(self, state: Path | None = None) -> None:
        self._file = JsonEntries(state / _NAME, "files") if state is not None else None
        self._known: dict[str, tuple[_Stamp, str]] = {}

    def sha256_of(self, path: Path) -> str:
        """The file's hash; the remembered hash if the file hasn't changed since.

        Raises:
            FileError: it can't be read.
        """
        key = str(path.absolute())
        with open(open_regular(path), "rb") as file:
            stamp = _stamp(file)
            remembered = self._known.get(key) or self._stored().get(key)
            if remembered is not None and remembered[0] == stamp:
                self._known[key] = remembered
                return remembered[1]
            found = sha256_of(file)
            if _stamp(file) == stamp:  # else somebody writes to it
                self._remember(key, stamp, found)
        return found

    def remember(self, path: Path, sha256: str) -> None:
        """Takes the hash of a file that was just read, so that it isn't read again."""
        with open(open_regular(path), "rb") as file:
            self._remember(str(path.absolute()), _stamp(file), sha256)

    def _remember(self, key: str, stamp: _Stamp, sha256: str) -> None:
        self._known[key] = stamp, sha256
        if self._file is None:
            return

        def newest() -> dict[str, object]:
            stored = self._stored()
            stored.pop(key, None)
            return _as_data(dict([*stored.items(), (key, (stamp, sha256))][-_KEPT:]))

        with suppress(FileError):  # else it is read once more in the next session
            self._file.replace(newest)

    def _stored(self) -> dict[str, tuple[_Stamp, str]]:
        entries = self._file.read() if self._file is not None else {}
        found = {path: _parsed(entry) for path, entry in entries.items()}
        return {path: entry for path, entry in found.items() if entry is not None}


def sha256_of(file: BinaryIO) -> str:
    """The hash of the rest of an open file."""
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _stamp(file: BinaryIO) -> _Stamp:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns, found.st_ino


def _parsed(entry: object) -> tuple[_Stamp, str] | None:
    if not isinstance(entry, dict):
        return None
    numbers = tuple(entry.get(name) for name in ("size", "mtime_ns", "inode"))
    sha256 = entry.get("sha256")
    if not all(isinstance(each, int) for each in numbers) or not isinstance(sha256, str):
        return None
    size, mtime_ns, inode = numbers
    return (size, mtime_ns, inode), sha256  # type: ignore[return-value]  # checked above


def _as_data(known: Mapping[str, tuple[_Stamp, str]]) -> dict[str, object]:
    return {
        path: {"size": size, "mtime_ns": mtime_ns, "inode": inode, "sha256": sha256}
        for path, ((size, mtime_ns, inode), sha256) in known.items()
    }
