"""Reads files that Pillion didn't write: only regular files, with limits on size and time."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pillion.errors import FileError, FileTooLargeError
from pillion.files.opening import open_regular

T = TypeVar("T")
KIB, MIB = 1 << 10, 1 << 20
WITHIN_S = 5.0
_CHUNK_BYTES = 1 << 18


def read_bytes(path: Path, most_bytes: int, *, within_s: float = WITHIN_S) -> bytes:
    """The whole content of a file.

    Raises:
        FileMissingError: there is no such file.
        FileError: it can't be read, isn't a regular file, is too large, or takes too long.
    """
    give_up_at = time.monotonic() + within_s
    descriptor = open_regular(path)
    try:
        # Most files' sizes are known at once; a file that the system generates has no size, so its bytes are counted.
        if os.fstat(descriptor).st_size > most_bytes:
            raise _too_large(path, most_bytes)
        parts: list[bytes] = []
        left = most_bytes
        while part := os.read(descriptor, min(left + 1, _CHUNK_BYTES)):
            left -= len(part)
            if left < 0:
                raise _too_large(path, most_bytes)
            if time.monotonic() > give_up_at:
                raise FileError(path, f"takes longer than {within_s:g} s to read")
            parts.append(part)
    except OSError as exc:
        raise FileError(path, f"can't be read: {exc.strerror}") from exc
    finally:
        os.close(descriptor)
    return b"".join(parts)


def read_text(path: Path, most_bytes: int, *, within_s: float = WITHIN_S) -> str:
    """The whole content of a file as text; line ends and a byte order mark stay as they are.

    Raises:
        FileMissingError: there is no such file.
        FileError: see `read_bytes`; or it isn't UTF-8.
    """
    data = read_bytes(path, most_bytes, within_s=within_s)
    try:
        return data.decode()
    except UnicodeDecodeError as exc:
        raise FileError(path, f"isn't UTF-8 (byte {exc.start} is {data[exc.start]:#04x})") from exc


def in_time(work: Callable[[], T], path: Path, within_s: float = WITHIN_S) -> T:
    """Returns what `work` returns, or raises what it raises. A file system that has gone away answers neither `open`
    nor `read`, and nothing can end the call: it is left in a thread that doesn't keep the process from ending.

    Raises:
        FileError: it takes too long.
    """
    said: list[tuple[T | None, BaseException | None]] = []

    def do() -> None:
        try:
            said.append((work(), None))
        except BaseException as exc:  # it is raised again, by who waits
            said.append((None, exc))

    thread = threading.Thread(target=do, name=f"read {path.name}", daemon=True)
    thread.start()
    thread.join(within_s)
    if not said:
        raise FileError(path, f"can't be read: its file system didn't answer within {within_s:g} s")
    result, error = said[0]
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # None only where that is what `work` returns


def size_in_words(size_bytes: int) -> str:
    """A number of bytes in words for people."""
    if size_bytes >= MIB:
        return f"{size_bytes / MIB:g} MiB"
    return f"{size_bytes / KIB:g} KiB"


def _too_large(path: Path, most_bytes: int) -> FileTooLargeError:
    return FileTooLargeError(path, f"is larger than {size_in_words(most_bytes)}")
