"""Whether the disk has room for a download, asked before it begins."""

import errno
import shutil
from pathlib import Path

from pillion.errors import NoRoomError

# What a download must leave free: a disk without any room makes other programs fail.
_LEFT_FREE_BYTES = 64_000_000
# A full disk, a user's quota, and a limit on a file's size.
DISK_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


def require_room(folder: Path, needed_bytes: int, name: str) -> None:
    """Checks that a download of so many bytes fits.

    Raises:
        NoRoomError: it doesn't; nothing was written.
        OSError: the folder can't be looked at.
    """
    free = shutil.disk_usage(folder).free
    if needed_bytes and free < needed_bytes + _LEFT_FREE_BYTES:
        raise NoRoomError(
            f"There is no room for {name} in {folder}: it needs {in_mb(needed_bytes + _LEFT_FREE_BYTES)} more, "
            f"and {in_mb(free)} are free.",
            hint="Make room and try again, which goes on with what is there; or set PILLION_MODEL_DIR to a folder on "
            "another disk.",
        )


def no_room(folder: Path, name: str) -> NoRoomError:
    """The error for a disk that became full in the middle."""
    return NoRoomError(
        f"{name} can't be kept in {folder}: the disk is full.",
        hint="What came so far is kept. Make room and try again, which goes on with it.",
    )


def in_mb(size_bytes: int) -> str:
    """A size in words."""
    return f"{size_bytes / 1e6:,.0f} MB"
