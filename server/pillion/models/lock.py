"""One process at a time in the model folder, for as long as it lives: the system lets go of a dead one's lock."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_TRY_AGAIN_S = 0.1

if sys.platform == "win32":
    import msvcrt

    def _locks(file: BinaryIO) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _locks(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def locked(folder: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Waits for the folder's lock and holds it; closing the file gives it back. `waiting` is called ten times a second
    meanwhile, and may raise."""
    with (folder / ".lock").open("ab") as file:
        while not _locks(file):
            waiting()
            time.sleep(_TRY_AGAIN_S)
        yield
