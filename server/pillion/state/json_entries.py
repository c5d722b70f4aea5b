"""Entries by name, in one JSON file of the state folder: what was measured or found out, and can be found out again."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from pillion.errors import FileError
from pillion.files.atomic_write import replace_file
from pillion.files.bounded_read import MIB, read_bytes
from pillion.files.lock import locked
from pillion.state.folder import LOCK_WITHIN_S, ready_folder

# Enough for some thousand entries; Pillion didn't write a larger file.
_MOST_BYTES = MIB


class JsonEntries:
    """The file's object has the entries under one key. Its folder is a state folder, which is made if need be."""

    def __init__(self, path: Path, key: str) -> None:
        self.path = path
        self._key = key

    def read(self) -> dict[str, object]:
        """The entries, which may be anything; none if the file can't be read or isn't such a file. Never raises."""
        try:
            data = json.loads(read_bytes(self.path, _MOST_BYTES))
        except (FileError, ValueError, RecursionError):
            return {}
        entries = data.get(self._key) if isinstance(data, dict) else None
        return entries if isinstance(entries, dict) else {}

    def replace(self, make: Callable[[], Mapping[str, object]]) -> None:
        """Writes the entries that `make` gives. Other writers wait meanwhile, so `make` may read and change; a reader
        sees either the old file or the new one.

        Raises:
            FileError: it can't be written.
        """
        with locked(ready_folder(self.path.parent), within_s=LOCK_WITHIN_S):
            text = json.dumps({self._key: make()}, indent=2)
            replace_file(self.path, f"{text}\n".encode(), private=True)
