"""An outcome's changes: files are edited, created and renamed. This module doesn't need the syntax tree."""

from collections.abc import Iterable
from dataclasses import dataclass

from pillion.findings.place import InEdit
from pillion.text.replacement import Replacement


@dataclass(frozen=True, slots=True)
class FileEdit:
    """`replacements` turn `before_text` into `after_text`. Its `regions` are new."""

    uri: str
    replacements: tuple[Replacement, ...]
    before_text: str
    after_text: str
    regions: tuple[InEdit, ...] = ()

    @property
    def uris(self) -> tuple[str, ...]:
        """The files that it is about."""
        return (self.uri,)


@dataclass(frozen=True, slots=True)
class FileCreation:
    """A new file with its whole text. It never replaces an existing file."""

    uri: str
    text: str

    @property
    def uris(self) -> tuple[str, ...]:
        """The files that it is about."""
        return (self.uri,)


@dataclass(frozen=True, slots=True)
class FileRename:
    """A file gets another name. No file may have that name yet."""

    uri: str
    new_uri: str

    @property
    def uris(self) -> tuple[str, ...]:
        """The files that it is about."""
        return (self.uri, self.new_uri)


@dataclass(frozen=True, slots=True)
class FileDeletion:
    """Removes a created file again, if it still has exactly this text. A model's answer never becomes a deletion."""

    uri: str
    text: str


FileChange = FileEdit | FileCreation | FileRename


def described(changes: Iterable[FileChange]) -> list[dict[str, str]]:
    """The changes as JSON data without the texts: `kind`, `uri`, and a renamed file's `new_uri`."""
    found: list[dict[str, str]] = []
    for each in changes:
        match each:
            case FileEdit():
                found.append({"kind": "edit", "uri": each.uri})
            case FileCreation():
                found.append({"kind": "create", "uri": each.uri})
            case FileRename():
                found.append({"kind": "rename", "uri": each.uri, "new_uri": each.new_uri})
    return found


def edit_of(uri: str, changes: Iterable[FileChange]) -> FileEdit | None:
    """The edit of this file; None if there is none."""
    return next((each for each in changes if isinstance(each, FileEdit) and each.uri == uri), None)
