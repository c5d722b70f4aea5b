"""Changes files on the disk: does all steps, or none."""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.edits.file_change import FileCreation, FileDeletion, FileRename
from pillion.edits.file_places import already_there, file_of
from pillion.errors import DocumentError, FileError
from pillion.files.atomic_write import Replaced, create_file, rename_file, replace_file
from pillion.jobs.edit_plans import places_written
from pillion.jobs.front import EditStep, FileStep, Written
from pillion.jobs.open_document import DocumentText

if TYPE_CHECKING:
    from pillion.text.replacement import Replacement


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that has its edit. `places` are places in its new text."""

    replaced: Replaced
    text: str
    places: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """A file's text as it is now, and the edit for it."""

    uri: str
    file: Path
    before: str
    replacements: "Sequence[Replacement]"
    after: str
    encoded: bytes

    @classmethod
    def of(cls, step: EditStep, file: Path, read: Callable[[Path], str]) -> "_Edit":
        from pillion.text.replacement import apply_replacements

        before = read(file)
        made = step.make(DocumentText(before, None))
        if isinstance(made, str):
            raise DocumentError(f"{file} was changed meanwhile where the edit goes; nothing was written.")
        after = apply_replacements(before, made)
        return cls(step.uri, file, before, made, after, _encoded(after))


def make_changes(
    steps: Sequence[FileStep], files: Callable[[str], Path], read: Callable[[Path], str]
) -> dict[str, WrittenFile]:
    """Does all steps, and returns what was written for each URI whose text has changed. `files` gives a URI's file;
    `read` gives its text as it is now.

    Raises:
        DocumentError: a step can't be done; all files are as they were.
    """
    edits = [_Edit.of(each, files(each.uri), read) for each in steps if isinstance(each, EditStep)]
    written: dict[str, WrittenFile] = {}
    try:
        with ExitStack() as back:
            for step in steps:
                match step:
                    case FileCreation():
                        _create(files(step.uri), _encoded(step.text), step.uri, back)
                    case FileRename():
                        _rename(files(step.uri), files(step.new_uri), step.new_uri, back)
                    case FileDeletion():
                        raise ValueError("a command takes nothing back")
            for edit in edits:
                if edit.replacements:
                    replaced = replace_file(edit.file, edit.encoded)
                    back.callback(replace_file, edit.file, edit.before.encode())
                    places = places_written(edit.before, edit.replacements)
                    written[edit.uri] = WrittenFile(replaced, edit.after, places)
            back.pop_all()
    except FileError as exc:
        raise DocumentError(f"{exc} Nothing was written.") from exc
    return written


def file_on_disk(uri: str) -> Path:
    """The file of a URI that was checked before.

    Raises:
        DocumentError: the URI names no file.
    """
    file = file_of(uri)
    if file is None:
        raise DocumentError(f"{uri} is no file. Nothing was written.")
    return file


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
