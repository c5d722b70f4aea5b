"""Folders that only the user can access."""

import os
import stat
import sys
from pathlib import Path

from pillion.errors import FileError

_PRIVATE = 0o700


def private_folder(path: Path) -> Path:
    """The folder, which is made if it doesn't exist. Other users can't look into it, whatever the umask is; if they
    could, its mode is corrected.

    Raises:
        FileError: it can't be made, isn't a folder, or belongs to somebody else.
    """
    try:
        try:
            path.mkdir(parents=True, mode=_PRIVATE)
        except FileExistsError:
            _insist_on_own(path)
        else:
            path.chmod(_PRIVATE)  # a umask can also have taken rights from the user
    except OSError as exc:
        raise FileError(path, f"can't be used as a folder: {exc.strerror}") from exc
    return path


def _insist_on_own(path: Path) -> None:
    found = path.stat()
    if not stat.S_ISDIR(found.st_mode):
        raise FileError(path, "isn't a folder")
    if sys.platform == "win32":
        return
    if found.st_uid != os.geteuid():
        raise FileError(
            path,
            "belongs to another user, so nothing is kept there",
            hint="Set PILLION_STATE_DIR to a folder of yours.",
        )
    if found.st_mode & 0o077:
        path.chmod(found.st_mode & _PRIVATE)
