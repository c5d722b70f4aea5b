"""Which files an outcome may touch besides the job's own document.

A model's output names these files, and must not be trusted. A file must be plainly inside the workspace. Neither it nor
a folder on its path may be hidden: programs run the files of some hidden folders. No link may lead to it.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from pillion.edits.file_change import FileChange, FileCreation, FileEdit, FileRename
from pillion.errors import FileError
from pillion.files.bounded_read import MIB, read_text
from pillion.text.file_uris import document_name, path_in

_LARGEST_CREATED_BYTES = 2 * MIB
# Characters that separate names on some system, or that end or hide a part of a name.
_ODD = re.compile(r'[\\:*?"<>|\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|[. ]$')
# Windows opens a device instead of a file with such a name, whatever its ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_LONGEST_NAME = 120


def whats_wrong(changes: Sequence[FileChange], document_uri: str, workspace: Path | None) -> str:
    """Why these changes may not be made, or can't be made now; empty if they can be made. Looks at the disk."""
    uris = [uri.casefold() for each in changes for uri in each.uris]
    twice = next((uri for each in changes for uri in each.uris if uris.count(uri.casefold()) > 1), "")
    if twice:
        return f"it would change “{document_name(twice)}” twice"
    return next((reason for each in changes for reason in _reasons(each, document_uri, workspace)), "")


def file_of(uri: str) -> Path | None:
    """The file that a URI names on this machine; None if it names no such file."""
    path = path_in(uri)
    return Path(path) if path is not None and not path.startswith(("//", "\\\\")) else None


def is_there(uri: str) -> bool:
    """Whether there is something with this name, even if it is a link to nowhere."""
    file = file_of(uri)
    return file is not None and os.path.lexists(file)


def text_there(uri: str, within_s: float) -> str | None:
    """The text of the file that a URI names; None if no text can be read within this time."""
    file = file_of(uri)
    try:
        return read_text(file, _LARGEST_CREATED_BYTES, within_s=within_s) if file is not None else None
    except FileError:
        return None


def already_there(uri: str) -> str:
    """The words for a file that should be created but exists."""
    return f"“{document_name(uri)}” is there already"


def _reasons(change: FileChange, document_uri: str, workspace: Path | None) -> Iterator[str]:
    for uri in change.uris:
        if uri != document_uri and (reason := _why_outside(uri, document_uri, workspace)):
            yield reason
    match change:
        case FileCreation() if is_there(change.uri):
            yield already_there(change.uri)
        case FileRename():
            if is_there(change.new_uri):
                yield already_there(change.new_uri)
            if file_of(change.uri) is not None and not is_there(change.uri):
                yield f"“{document_name(change.uri)}” isn't there"
        case FileCreation() | FileEdit():
            return


def _why_outside(uri: str, document_uri: str, workspace: Path | None) -> str:
    outside = f"“{document_name(uri)}” isn't in the workspace"
    try:
        scheme, own = urlsplit(uri).scheme, urlsplit(document_uri)
    except ValueError:
        return outside
    if scheme != "file":
        return "" if scheme == own.scheme and _is_below_document(uri, document_uri) else outside
    document = file_of(document_uri)
    root = workspace if workspace is not None else document.parent if document is not None else None
    file = file_of(uri)
    if root is None or file is None:
        return outside
    try:
        names = PurePosixPath(file.as_posix()).relative_to(root.as_posix()).parts
        if not names or ".." in names:
            return outside
        if any(map(_is_odd, names)):
            return f"“{document_name(uri)}” has a name, or a folder, that is hidden or odd"
        # Nothing below the root may be a link: a link leads to another place.
        below = [root.joinpath(*names[: number + 1]) for number in range(len(names))]
        if any(each.is_symlink() for each in below):
            return f"a link leads to “{document_name(uri)}”"
        return "" if file.resolve().is_relative_to(root.resolve()) else outside
    except (OSError, ValueError, RuntimeError):
        return outside


def _is_below_document(uri: str, document_uri: str) -> bool:
    """Whether a file is in the document's folder or below it. For files that aren't on this machine."""
    parts, own = urlsplit(uri), urlsplit(document_uri)
    names = PurePosixPath(unquote(parts.path))
    folder = PurePosixPath(unquote(own.path)).parent
    if (parts.netloc, parts.query, parts.fragment) != (own.netloc, own.query, own.fragment):
        return False
    if not names.is_absolute() or ".." in names.parts or not names.is_relative_to(folder):
        return False
    inside = names.relative_to(folder).parts
    return bool(inside) and not any(map(_is_odd, inside))


def _is_odd(name: str) -> bool:
    """Whether a file or a folder with this name is hidden, or isn't on every system what it seems to be."""
    odd = _ODD.search(name) is not None or _DEVICE.fullmatch(name) is not None
    return name.startswith(".") or odd or len(name) > _LONGEST_NAME
