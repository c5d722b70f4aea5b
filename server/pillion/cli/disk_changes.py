"""Makes an outcome's changes on the disk: all of them, or none."""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from pillion.edits.file_change import FileChange, FileCreation, FileEdit, FileRename
from pillion.edits.file_places import already_there, file_of
from pillion.errors import DocumentError, FileError
from pillion.files.replacing import Replaced, create_file, rename_file, replace_file


def make_changes(
    changes: Sequence[FileChange], files: Callable[[str], Path], read: Callable[[Path], str]
) -> dict[str, Replaced]:
    """Makes them, and returns what was written for each edited URI: a link leads to another file. `files` gives a URI's
    file, `read` its text as it is now.

    Raises:
        DocumentError: one can't be made; everything is as it was.
    """
    edits = [(files(each.uri), _rebased(each, files(each.uri), read)) for each in changes if isinstance(each, FileEdit)]
    written: list[Replaced] = []
    try:
        with ExitStack() as back:
            for change in changes:
                if isinstance(change, FileCreation):
                    _create(files(change.uri), _encoded(change.text), change.uri, back)
                elif isinstance(change, FileRename):
                    _rename(files(change.uri), files(change.new_uri), change.new_uri, back)
            for file, (before, after) in edits:
                written.append(replace_file(file, after))
                back.callback(replace_file, file, before)
            back.pop_all()
    except FileError as exc:
        raise DocumentError(f"{exc} Nothing was written.") from exc
    uris = [each.uri for each in changes if isinstance(each, FileEdit)]
    return dict(zip(uris, written, strict=True))


def file_on_disk(uri: str) -> Path:
    """The file of a URI that has been looked at before.

    Raises:
        DocumentError: it names no file.
    """
    file = file_of(uri)
    if file is None:
        raise DocumentError(f"{uri} is no file. Nothing was written.")
    return file


def _rebased(edit: FileEdit, file: Path, read: Callable[[Path], str]) -> tuple[bytes, bytes]:
    """The file's content now and with the edit."""
    from pillion.text.rebase import rebase
    from pillion.text.replacement import apply_replacements

    current = read(file)
    rebased = rebase(edit.replacements, edit.before_text, current)
    if rebased.conflict:
        raise DocumentError(f"{file} was changed meanwhile where the edit goes; nothing was written.")
    return current.encode(), _encoded(apply_replacements(current, rebased.replacements))


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as exc:
        half = ascii(exc.object[exc.start])
        raise DocumentError(f"The edit has half a character ({half}), so it can't be written to a file.") from exc


def _create(file: Path, content: bytes, uri: str, back: ExitStack) -> None:
    for folder in reversed([each for each in file.parents if not each.exists()]):
        try:
            folder.mkdir()
        except OSError as exc:
            raise FileError(folder, f"can't be made: {exc.strerror}") from exc
        back.callback(_remove_folder, folder)
    if not create_file(file, content):
        raise DocumentError(f"{already_there(uri)}; nothing was written.")
    back.callback(os.unlink, file)


def _rename(file: Path, target: Path, uri: str, back: ExitStack) -> None:
    if not rename_file(file, target):
        raise DocumentError(f"{already_there(uri)}; nothing was written.")
    back.callback(rename_file, target, file)


def _remove_folder(folder: Path) -> None:
    with suppress(OSError):  # somebody else has put something into it
        folder.rmdir()
