"""Replaces files, so that nobody ever reads half a file and no other file is ever written.

The new content goes to a new file beside the target. Its name is random, and no file of that name may exist. Then it
takes the target's place in one step.
"""

import os
import secrets
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pillion.errors import FileError
from pillion.files.opening import NO_LINK, open_regular, why_not_regular

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK
_PRIVATE = 0o600
# The mode before the user's umask takes rights away.
_ANYBODY = 0o666


@dataclass(frozen=True, slots=True)
class Replaced:
    """The file that was written, and the link that led to it (None: no link)."""

    file: Path
    link: Path | None = None

    @property
    def words(self) -> str:
        """The message about it; empty if the file is the one that was named."""
        return f"{self.link} is a link to {self.file}; that file was written." if self.link is not None else ""


def replace_file(path: Path, content: bytes, *, private: bool = False, durable: bool = True) -> Replaced:
    """Replaces a file's content, or writes a new file. With `private`, only the user can access a new file. A file that
    isn't `durable` may be lost in a power cut, but not if only the process ends.

    A link stays a link: the file that it leads to is replaced. Mode, owner and access list stay as they were. Other
    names of the same file (hard links) keep the old content.

    Raises:
        FileError: it can't be written, isn't a regular file, is write-protected, or would get another owner. Nothing
            is left behind, and the file is as it was.
    """
    target, link = _without_links(path)
    try:
        before = _state_of(target)
        fresh, descriptor = _beside(target, _PRIVATE if private or before is not None else _ANYBODY)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                if before is not None:
                    _keep_rights(target, before, descriptor)
                if durable:
                    os.fsync(descriptor)
            os.replace(fresh, target)
        except BaseException:
            with suppress(OSError):
                fresh.unlink()
            raise
        if durable:
            _settle(target.parent)
    except OSError as exc:
        raise FileError(path, f"can't be written: {exc.strerror}") from exc
    return Replaced(target, link)


def create_file(path: Path, content: bytes, *, private: bool = False) -> bool:
    """Writes a new file in one step; False if the name exists already, even as a link that leads nowhere.

    Raises:
        FileError: it can't be written; nothing is left behind.
    """
    if os.path.lexists(path):
        return False
    try:
        fresh, descriptor = _beside(path, _PRIVATE if private else _ANYBODY)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            return _take_name(fresh, path)
        finally:
            with suppress(FileNotFoundError):
                fresh.unlink()
    except OSError as exc:
        raise FileError(path, f"can't be written: {exc.strerror}") from exc


def rename_file(path: Path, target: Path) -> bool:
    """Gives a file another name, in the same file system; False if something has that name already.

    Raises:
        FileError: it can't be renamed; it is as it was.
    """
    try:
        if why := why_not_regular(os.lstat(path)):
            raise FileError(path, f"can't be renamed: {why}")
        return _take_name(path, target)
    except OSError as exc:
        raise FileError(path, f"can't be renamed: {exc.strerror}") from exc


def _take_name(path: Path, target: Path) -> bool:
    """Renames a file; False if the name is taken. A link never overwrites, as a renaming would."""
    try:
        os.link(path, target, follow_symlinks=False)
    except FileExistsError:
        return False
    except (OSError, NotImplementedError):  # a file system without links: there nobody can do both in one step
        if os.path.lexists(target):
            return False
        os.rename(path, target)  # on Windows this refuses what is there
        return True
    path.unlink()
    return True


def open_own(path: Path, *, anew: bool = False) -> int:
    """A descriptor to append to a file that only Pillion writes. The file is made if it is missing; `anew` empties it.

    Raises:
        FileError: it can't be opened, or is a link or something else that isn't a file.
    """
    flags = os.O_WRONLY | os.O_CREAT | NO_LINK | (os.O_TRUNC if anew else os.O_APPEND)
    return open_regular(path, flags, _PRIVATE)


def _without_links(path: Path) -> tuple[Path, Path | None]:
    """The file that a path leads to, and the path if there is a link in it.

    Links among the folders above an absolute path are the system's own and don't count.
    """
    try:
        target = Path(os.path.realpath(path))
        if target.is_symlink():
            raise FileError(path, "can't be written: it is a link that leads back to itself")
        plain = Path(os.path.realpath(path.parent if path.is_absolute() else "."), path.name)
        if not path.is_absolute():
            plain = Path(os.path.normpath(plain.parent / path))
    except (OSError, ValueError) as exc:
        raise FileError(path, f"can't be written: {exc}") from exc
    return target, None if target == plain else path


def _state_of(target: Path) -> os.stat_result | None:
    """The file's status; None if there is no file.

    Raises:
        FileError: it isn't a file, or must not be written.
    """
    try:
        found = os.lstat(target)
    except FileNotFoundError:
        return None
    if reason := why_not_regular(found):
        raise FileError(target, f"can't be written: {reason}")
    if not os.access(target, os.W_OK):
        raise FileError(target, "can't be written: it is write-protected")
    return found


def _beside(target: Path, mode: int) -> tuple[Path, int]:
    fresh = target.with_name(f".pillion-{secrets.token_hex(16)}.tmp")
    return fresh, os.open(fresh, _NEW | getattr(os, "O_BINARY", 0), mode)


def _keep_rights(target: Path, before: os.stat_result, descriptor: int) -> None:
    """Gives the new file the old one's owner, group, access list and mode.

    Raises:
        FileError: the owner can't be kept.
    """
    if sys.platform == "win32":
        return
    mode = before.st_mode & 0o7777
    now = os.fstat(descriptor)
    if now.st_uid != before.st_uid:
        try:
            os.fchown(descriptor, before.st_uid, -1)
        except OSError as exc:
            raise FileError(target, "can't be written: it belongs to another user, and would become yours") from exc
    if now.st_gid != before.st_gid:
        try:
            os.fchown(descriptor, -1, before.st_gid)
        except OSError:
            # The group that it gets instead may do no more than anybody.
            mode = mode & ~0o2070 | (mode & 0o007) << 3
    if sys.platform == "linux":
        with suppress(OSError):  # not every file system has them
            for name in os.listxattr(target, follow_symlinks=False):
                with suppress(OSError):
                    os.setxattr(descriptor, name, os.getxattr(target, name, follow_symlinks=False))
    os.fchmod(descriptor, mode)


def _settle(folder: Path) -> None:
    """Makes the new name survive a power cut too. If a folder can't be synced, the system does this by itself."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
