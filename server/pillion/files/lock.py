"""Locks that one process holds at a time. The system releases a lock when its process dies."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pillion.errors import FileError
from pillion.files.atomic_write import open_own

_TRY_AGAIN_S = 0.1

if sys.platform == "win32":
    import msvcrt

    def take(descriptor: int) -> bool:
        """Takes the lock of an open file; False if somebody else has it. Closing the file gives it back."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def take(descriptor: int) -> bool:
        """Takes the lock of an open file; False if somebody else has it. Closing the file gives it back."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def locked(
    folder: Path, waiting: Callable[[], None] = lambda: None, *, within_s: float = float("inf")
) -> Iterator[None]:
    """Waits for the folder's lock and holds it; closing the file releases it. Meanwhile `waiting` is called ten times a
    second, and may raise.

    Raises:
        FileError: the lock can't be taken, or not within that time.
    """
    path = folder / ".lock"
    give_up_at = time.monotonic() + within_s
    descriptor = open_own(path)
    try:
        while not take(descriptor):
            if time.monotonic() > give_up_at:
                raise FileError(path, f"has been held by another process for more than {within_s:g} s")
            waiting()
            time.sleep(_TRY_AGAIN_S)
        yield
    finally:
        os.close(descriptor)
