"""Opens regular files only. For a pipe, a device or a folder it raises an error that says so, and never waits."""

import errno
import os
import stat
from pathlib import Path

from pillion.errors import FileError, FileMissingError

# Flags that only Windows has, and flags that it lacks.
_BINARY = getattr(os, "O_BINARY", 0)
_NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISLNK, "a link"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def open_regular(path: Path, flags: int = os.O_RDONLY, mode: int = 0o600) -> int:
    """A descriptor of a regular file. Links are followed, unless `flags` say otherwise.

    Raises:
        FileMissingError: there is none.
        FileError: it can't be opened, or is something else.
    """
    doing = "read" if flags & (os.O_WRONLY | os.O_RDWR) == 0 else "written"
    try:
        # Opening some devices has effects, so the file is checked first; it is checked again once it is open.
        if flags & os.O_CREAT == 0 or os.path.lexists(path):
            _insist_on_regular(path, doing, os.lstat(path) if NO_LINK and flags & NO_LINK else os.stat(path))
        descriptor = os.open(path, flags | _BINARY | _NO_WAITING, mode)
    except FileNotFoundError as exc:
        raise FileMissingError(path, f"can't be {doing}: {exc.strerror}") from exc
    except OSError as exc:
        raise FileError(path, f"can't be {doing}: {exc.strerror}") from exc
    except ValueError as exc:  # a name that no file can have
        raise FileMissingError(path, f"can't be {doing}: that is no file's name") from exc
    try:
        _insist_on_regular(path, doing, os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def why_not_regular(found: os.stat_result) -> str:
    """Why it isn't a regular file, in words; empty if it is."""
    if stat.S_ISREG(found.st_mode):
        return ""
    if stat.S_ISDIR(found.st_mode):
        return os.strerror(errno.EISDIR)
    kind = next((words for is_kind, words in _KINDS if is_kind(found.st_mode)), "something else")
    return f"it is {kind}, and not a file"


def _insist_on_regular(path: Path, doing: str, found: os.stat_result) -> None:
    if reason := why_not_regular(found):
        raise FileError(path, f"can't be {doing}: {reason}")
