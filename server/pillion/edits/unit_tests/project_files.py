"""Reads the files around a document that show how a project tests. Within bounds, and without following links."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pillion.errors import FileError
from pillion.files.bounded_read import KIB, read_text

_MOST_BYTES = 512 * KIB
_WITHIN_S = 1.0
_MOST_FOLDERS = 400
_MOST_ENTRIES = 5_000
_DEEPEST = 6
_SKIPPED = frozenset(
    {
        "node_modules",
        "__pycache__",
        "site-packages",
        "venv",
        "env",
        "target",
        "dist",
        "build",
        "out",
        "vendor",
        "coverage",
    }
)


@dataclass(slots=True)
class ProjectFiles:
    """The files of a project, each folder and file read once."""

    root: Path
    _names: dict[Path, list[tuple[str, bool]]] = field(default_factory=dict)
    _texts: dict[Path, str | None] = field(default_factory=dict)

    def text(self, path: Path) -> str | None:
        """A file's text; None if there is no such file, or if it can't be read as text."""
        if path not in self._texts:
            self._texts[path] = None
            with suppress(FileError, OSError, ValueError):
                if not path.is_symlink():
                    self._texts[path] = read_text(path, _MOST_BYTES, within_s=_WITHIN_S)
        return self._texts[path]

    def is_there(self, path: Path) -> bool:
        """Whether there is something with this name, be it a link."""
        with suppress(OSError, ValueError):
            return os.path.lexists(path)
        return False

    def files(self, folder: Path) -> list[str]:
        """The names of the files in a folder, in their order."""
        return [name for name, is_folder in self._entries(folder) if not is_folder]

    def is_folder(self, folder: Path) -> bool:
        """Whether there is such a folder, and not behind a link."""
        return (folder.name, True) in self._entries(folder.parent)

    def above(self, path: Path) -> list[Path]:
        """The folders from a file's own up to the root."""
        folders = list(path.parents)
        return folders[: folders.index(self.root) + 1] if self.root in folders else folders[:1]

    def below(self, folder: Path) -> Iterator[Path]:
        """A folder and those in it, nearest first, as far as people nest tests."""
        queue: deque[tuple[Path, int]] = deque([(folder, 0)])
        count = 0
        while queue and count < _MOST_FOLDERS:
            current, depth = queue.popleft()
            count += 1
            yield current
            if depth < _DEEPEST:
                inner = [name for name, is_folder in self._entries(current) if is_folder and not _is_skipped(name)]
                queue.extend((current / name, depth + 1) for name in inner)

    def texts(self, paths: Iterable[Path], most: int) -> Iterator[tuple[Path, str]]:
        """The texts of the first of these files that can be read."""
        for path in list(paths)[:most]:
            text = self.text(path)
            if text is not None:
                yield path, text

    def _entries(self, folder: Path) -> list[tuple[str, bool]]:
        if folder not in self._names:
            found: list[tuple[str, bool]] = []
            with suppress(OSError, ValueError), os.scandir(folder) as listed:
                for entry in listed:
                    if entry.is_symlink():
                        continue
                    found.append((entry.name, entry.is_dir(follow_symlinks=False)))
                    if len(found) >= _MOST_ENTRIES:
                        break
            self._names[folder] = sorted(found)
        return self._names[folder]


def _is_skipped(name: str) -> bool:
    return name.startswith(".") or name in _SKIPPED
