"""The files of a workspace, within bounds: without links, and without hidden, ignored and vendored folders."""

import fnmatch
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pillion.errors import FileError
from pillion.files.bounded_read import KIB, read_text

_VENDORED = frozenset(
    {"node_modules", "__pycache__", "site-packages", "venv", "env", "target", "dist", "build", "vendor", "third_party"}
)
_LARGEST_IGNORE_FILE_BYTES = 64 * KIB
_WITHIN_S = 0.5


@dataclass(frozen=True, slots=True)
class WalkBounds:
    """How much of a workspace is looked at. `over` says that the time is up."""

    folders: int = 2_000
    files: int = 20_000
    depth: int = 12


def workspace_files(root: Path, bounds: WalkBounds, over: Callable[[], bool]) -> Iterator[Path]:
    """The files below `root`: a folder's own files come before those in its folders, in the order of their names."""
    ignored = _ignored_names(root)
    waiting: deque[tuple[Path, int]] = deque([(root, 0)])
    folders = files = 0
    while waiting and folders < bounds.folders and files < bounds.files and not over():
        folder, depth = waiting.popleft()
        folders += 1
        inner: list[Path] = []
        own: list[Path] = []
        with suppress(OSError, ValueError), os.scandir(folder) as entries:
            for each in entries:
                if each.name.startswith(".") or any(fnmatch.fnmatchcase(each.name, name) for name in ignored):
                    continue
                if each.is_dir(follow_symlinks=False) and each.name not in _VENDORED:
                    inner.append(folder / each.name)
                elif each.is_file(follow_symlinks=False):
                    own.append(folder / each.name)
        for file in sorted(own)[: bounds.files - files]:
            files += 1
            yield file
        if depth < bounds.depth:
            waiting.extend((below, depth + 1) for below in sorted(inner))


def _ignored_names(root: Path) -> list[str]:
    """The names that the workspace's .gitignore leaves out wherever they are. Its other rules aren't read."""
    try:
        text = read_text(root / ".gitignore", _LARGEST_IGNORE_FILE_BYTES, within_s=_WITHIN_S)
    except FileError:
        return []
    lines = (line.strip().rstrip("/").lstrip("/") for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(("#", "!")) and "/" not in line and line != "*"]
