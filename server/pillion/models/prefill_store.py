"""Which models go on from the beginning of an answer: what was found out, in one JSON file, for some weeks.

A model may be made again under the same name with another template, so nothing is believed for ever.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from pillion.errors import FileError
from pillion.state.folder import state_folder
from pillion.state.json_entries import JsonEntries

_FILE_NAME = "prefills.json"
_MOST_MODELS = 200
_KEPT_S = 14 * 24 * 3600


class PrefillStore:
    """The findings by a model's key, newest last. A file that can't be read, or isn't one, holds none."""

    def __init__(self, folder: Path, now_s: Callable[[], float] = time.time) -> None:
        self.path = folder / _FILE_NAME
        self._file = JsonEntries(self.path, "models")
        self._now_s = now_s

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "PrefillStore":
        """In `$PILLION_STATE_DIR`, else the user's state folder."""
        return cls(state_folder(environ))

    def found(self, key: str) -> str | None:
        """What was found out about a model: the way to ask it, or `""` if there is none. None: nobody knows."""
        entry = self._read().get(key)
        return entry[0] if entry is not None else None

    def keep(self, key: str, way: str | None) -> None:
        """Writes what was found out; None forgets it. If it can't be written, it is found out again later."""

        def changed() -> dict[str, object]:
            entries = self._read()
            entries.pop(key, None)
            if way is not None:
                entries[key] = (way, self._now_s())
            kept = list(entries.items())[-_MOST_MODELS:]
            return {each: {"way": way, "at_s": at_s} for each, (way, at_s) in kept}

        with suppress(FileError):
            self._file.replace(changed)

    def _read(self) -> dict[str, tuple[str, float]]:
        found: dict[str, tuple[str, float]] = {}
        for key, entry in self._file.read().items():
            way, at_s = (entry.get("way"), entry.get("at_s")) if isinstance(entry, dict) else (None, None)
            if isinstance(way, str) and isinstance(at_s, int | float) and 0 <= self._now_s() - at_s < _KEPT_S:
                found[key] = (way, float(at_s))
        return found
