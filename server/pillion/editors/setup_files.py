"""Writes an editor's files into the user's configuration and removes them again, and touches nothing else there.

A note has the hashes of the written files, so that a file which the user has changed since is recognised.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pillion.errors import FileError, FileMissingError, UsageError
from pillion.files.atomic_write import create_file, replace_file
from pillion.files.bounded_read import MIB, read_bytes

_NOTE = "lua/pillion/installed.json"
_BACKUP = ".yours"
_LARGEST_BYTES = 10 * MIB
# The files and folders that only Pillion uses. The index of Neovim's help is shared (help_text.py).
_WRITTEN = (".lua", ".txt")


class Change(StrEnum):
    """What happens to a file."""

    NEW = "new"
    SAME = "same"
    UPDATED = "updated"  # as Pillion wrote it before
    YOURS = "yours"  # somebody else has changed it
    REMOVED = "removed"  # Pillion wrote it, and it isn't needed any more


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file: `path` below the folder, and its text before and after ("" if there is none)."""

    path: str
    change: Change
    before: str
    after: str


def neovim_folder(environ: Mapping[str, str]) -> Path:
    """Neovim's configuration folder, as its `stdpath("config")` gives it (:help standard-path)."""
    name = environ.get("NVIM_APPNAME") or "nvim"
    base = environ.get("XDG_CONFIG_HOME")
    if base:
        return Path(base, name)
    return Path.home() / ("AppData/Local" if sys.platform == "win32" else ".config") / name


def planned(folder: Path, files: Mapping[str, str]) -> list[FileChange]:
    """The changes that an installation makes in `folder`.

    Raises:
        UsageError: a file there can't be read.
    """
    noted = _noted(folder)
    changes: list[FileChange] = []
    for path, after in files.items():
        before = read_text(folder / path)
        if before is None:
            change = Change.NEW
        elif before == after:
            change = Change.SAME
        else:
            change = Change.UPDATED if noted.get(path) == _hash(before) else Change.YOURS
        changes.append(FileChange(path, change, before or "", after))
    return changes + [each for each in _removable(folder) if each.path not in files and each.change is Change.REMOVED]


def install(folder: Path, changes: list[FileChange]) -> list[Path]:
    """Makes the changes. Returns the copies of files that the user had changed.

    Raises:
        UsageError: a file can't be read, written or removed.
    """
    kept: list[Path] = []
    for each in changes:
        target = folder / each.path
        if each.change is Change.YOURS:
            kept.append(_backup(target))
        if each.change is Change.REMOVED:
            _remove(target)
        elif each.change is not Change.SAME:
            _write(target, each.after)
    hashes = {each.path: _hash(each.after) for each in changes if each.change is not Change.REMOVED}
    _write(folder / _NOTE, json.dumps(hashes, indent=2) + "\n")
    return kept


def removable(folder: Path) -> list[FileChange]:
    """The files that an uninstallation finds: REMOVED is unchanged and goes, YOURS has been changed and stays.

    Raises:
        UsageError: a file there can't be read.
    """
    return _removable(folder)


def uninstall(folder: Path, changes: list[FileChange]) -> None:
    """Deletes the REMOVED files, the note, and folders that are then empty; writes the UPDATED files.

    Raises:
        UsageError: a file can't be written or removed.
    """
    for each in changes:
        if each.change is Change.UPDATED:
            _write(folder / each.path, each.after)
    for path in [each.path for each in changes if each.change is Change.REMOVED] + [_NOTE]:
        _remove(folder / path)
    try:
        for name in ("lua/pillion", "lua", "plugin", "doc"):
            below = folder / name
            # A link to a folder is the user's own, and rmdir() doesn't remove links.
            if below.is_dir() and not below.is_symlink() and not any(below.iterdir()):
                below.rmdir()
    except OSError as exc:
        raise UsageError(f"{exc.filename} can't be removed: {exc.strerror}.") from exc


def read_text(path: Path) -> str | None:
    """A file's text; None if there is none.

    Raises:
        UsageError: it can't be read.
    """
    try:
        return read_bytes(path, _LARGEST_BYTES).decode(errors="replace")
    except FileMissingError:
        return None
    except FileError as exc:
        raise UsageError(str(exc)) from exc


def _removable(folder: Path) -> list[FileChange]:
    found: list[FileChange] = []
    for path, written in _noted(folder).items():
        before = read_text(folder / path)
        if before is not None:
            change = Change.REMOVED if _hash(before) == written else Change.YOURS
            found.append(FileChange(path, change, before, ""))
    return found


def _noted(folder: Path) -> dict[str, str]:
    """Path → hash of the written file; empty if Pillion didn't write the note."""
    text = read_text(folder / _NOTE)
    try:
        noted = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(noted, dict):
        return {}
    # Only files below the folder are ever touched, whatever the note says.
    return {
        path: digest
        for path, digest in noted.items()
        if isinstance(digest, str) and path.endswith(_WRITTEN) and not Path(path).is_absolute() and ".." not in path
    }


def _backup(target: Path) -> Path:
    """Copies a file, byte for byte, to a free name beside it that Neovim doesn't load, and returns the copy."""
    number = 1
    try:
        content = read_bytes(target, _LARGEST_BYTES)
        while not create_file(copy := target.with_name(f"{target.name}{_BACKUP}{number}"), content):
            number += 1
    except FileError as exc:
        raise UsageError(f"{target} can't be copied: {exc}") from exc
    return copy


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode())
    except OSError as exc:
        raise UsageError(f"{path} can't be written: {exc.strerror}.") from exc
    except FileError as exc:
        raise UsageError(str(exc)) from exc


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as exc:
        raise UsageError(f"{path} can't be removed: {exc.strerror}.") from exc


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
