"""Tells whether the configuration's files have changed since they were read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pillion.config.loading import WORKSPACE_FILE, user_config_file


@dataclass(frozen=True, slots=True)
class ConfigStamp:
    """The files that `load` reads, and the state of each: (modified at, ns; size, bytes; inode), None if missing."""

    files: Mapping[Path, tuple[int, int, int] | None]

    @classmethod
    def taken(cls, environ: Mapping[str, str], workspace: Path | None) -> Self:
        """The stamp of the files as they are now."""
        files = [user_config_file(environ)]
        if workspace is not None:
            files.append(workspace / WORKSPACE_FILE)
        return cls({file: _state_of(file) for file in files})

    def holds(self) -> bool:
        """Whether the files are unchanged."""
        return all(_state_of(file) == state for file, state in self.files.items())


def _state_of(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
