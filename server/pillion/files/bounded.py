"""Reads files that aren't ours: regular ones only, so many bytes at most, and within a time."""

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
    """All of a file.

    Raises:
        FileMissingError: there is none.
        FileError: it can't be read, isn't a regular file, is larger, or takes longer.
    """
    give_up_at = time.monotonic() + within_s
    descriptor = open_regular(path)
    try:
        # The size says it at once; what a file system made up on the fly is counted as it comes.
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
    """All of a file as text, line ends and a byte order mark as they are.

    Raises:
        FileMissingError: there is none.
        FileError: see `read_bytes`; or it isn't UTF-8.
    """
    data = read_bytes(path, most_bytes, within_s=within_s)
    try:
        return data.decode()
    except UnicodeDecodeError as exc:
        raise FileError(path, f"isn't UTF-8 (byte {exc.start} is {data[exc.start]:#04x})") from exc


def in_time(work: Callable[[], T], path: Path, within_s: float = WITHIN_S) -> T:
    """What `work` returns, or raises. A file system that has gone away answers neither `open` nor `read`, and nothing
    can end such a call: it is left behind, in a thread that keeps nobody from ending.

    Raises:
        FileError: it takes longer.
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
    """Bytes as a person says them."""
    if size_bytes >= MIB:
        return f"{size_bytes / MIB:g} MiB"
    return f"{size_bytes / KIB:g} KiB"


def _too_large(path: Path, most_bytes: int) -> FileTooLargeError:
    return FileTooLargeError(path, f"is larger than {size_in_words(most_bytes)}")
