"""Reads files and folders around a document for the auditors, within bounds. Nothing is written or run."""

import json
import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pillion.auditors.auditor import Passage
from pillion.errors import FileError
from pillion.files import toml
from pillion.files.bounded_read import KIB, read_bytes

_MAX_FILE_BYTES = 1_000_000
_TOML_BOUNDS = toml.TomlBounds(size_bytes=512 * KIB, depth=32, keys=20_000)
# All auditors together have a few seconds, and they read many files.
_READ_WITHIN_S = 1.0
_MAX_DEPTH = 3
_MAX_FOLDERS = 500
_MAX_ENTRIES = 20_000
_SKIPPED = frozenset(
    {"node_modules", "__pycache__", "site-packages", "venv", "env", "target", "dist", "build", "vendor"}
)


def read(path: Path) -> str:
    """A file's text, or nothing if there is none, it is too large or it can't be read."""
    with suppress(FileError):
        data = read_bytes(path, _MAX_FILE_BYTES, within_s=_READ_WITHIN_S)
        return data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return ""


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file's table; empty if there is none, it isn't TOML, or it is larger than people write."""
    with suppress(FileError):
        return toml.read_toml(path, _TOML_BOUNDS, within_s=_READ_WITHIN_S)
    return {}


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file's object; empty if there is none or it isn't one."""
    with suppress(ValueError, RecursionError):
        found = json.loads(read(path))
        return found if isinstance(found, dict) else {}
    return {}


def exists(path: Path) -> bool:
    """Whether there is such a file or folder; False for a name that no file can have."""
    with suppress(OSError, ValueError):
        return path.exists()
    return False


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; False for a name that no file can have."""
    with suppress(OSError, ValueError):
        return path.is_dir()
    return False


def entries(folder: Path) -> list[str]:
    """The names in a folder, at most 20,000 of them; none if it can't be read."""
    names: list[str] = []
    with suppress(OSError, ValueError), os.scandir(folder) as listed:
        for entry in listed:
            names.append(entry.name)
            if len(names) >= _MAX_ENTRIES:
                break
    return names


def folders_above(passage: Passage) -> list[Path]:
    """The document's folder and those above it, up to the workspace. Without a path: the workspace alone."""
    workspace = passage.workspace
    if passage.path is None:
        return [workspace] if workspace is not None else []
    above = list(passage.path.parents)
    if workspace is None or workspace not in above:
        return above[:1] + ([workspace] if workspace is not None else [])
    return above[: above.index(workspace) + 1]


def folders_below(root: Path) -> Iterator[Path]:
    """A folder and its subfolders, nearest first: three levels deep, at most 500, without hidden and build folders."""
    queue: deque[tuple[Path, int]] = deque([(root, 0)])
    count = 0
    while queue and count < _MAX_FOLDERS:
        folder, depth = queue.popleft()
        count += 1
        yield folder
        if depth == _MAX_DEPTH:
            continue
        with suppress(OSError, ValueError), os.scandir(folder) as listed:
            inner = [entry.name for entry in listed if entry.is_dir(follow_symlinks=False)]
            queue.extend((folder / name, depth + 1) for name in sorted(inner) if not _is_skipped(name))


def _is_skipped(name: str) -> bool:
    return name.startswith(".") or name in _SKIPPED
