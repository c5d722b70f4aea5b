"""How fast models write on this machine, as measured while they worked."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pillion.errors import FileError
from pillion.files.atomic_write import replace_file
from pillion.files.bounded_read import MIB, read_bytes
from pillion.files.lock import locked
from pillion.state.folder import LOCK_WITHIN_S, ready_folder, state_folder

_FILE_NAME = "speeds.json"
_MAX_FILE_BYTES = MIB
_MAX_TOKENS_PER_S = 100_000.0


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast the embedded engine wrote with a model. `at` is an ISO 8601 date."""

    model: str
    tokens_per_s: float
    at: str


class SpeedStore:
    """The newest speed of each model, in one JSON file. A file that can't be read, or isn't one, holds none."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / _FILE_NAME

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "SpeedStore":
        """In `$PILLION_STATE_DIR`, else the user's state folder."""
        return cls(state_folder(environ))

    def all(self) -> dict[str, Speed]:
        """The speeds by model. Never raises."""
        try:
            data = json.loads(read_bytes(self.path, _MAX_FILE_BYTES))
        except (FileError, ValueError, RecursionError):
            return {}
        entries = data.get("models") if isinstance(data, dict) else None
        if not isinstance(entries, dict):
            return {}
        found = {name: _speed(name, entry) for name, entry in entries.items()}
        return {name: each for name, each in found.items() if each is not None}

    def keep(self, speed: Speed) -> None:
        """Writes a model's speed over its older one. A speed that can't be written is none: it is measured again."""
        try:
            with locked(ready_folder(self.path.parent), within_s=LOCK_WITHIN_S):
                found = {**self.all(), speed.model: speed}
                text = json.dumps({"models": {name: asdict(each) for name, each in found.items()}}, indent=2)
                replace_file(self.path, f"{text}\n".encode(), private=True)
        except FileError:
            return


def _speed(name: str, entry: object) -> Speed | None:
    if not isinstance(entry, dict):
        return None
    figure, at = entry.get("tokens_per_s"), entry.get("at")
    if not isinstance(figure, int | float) or isinstance(figure, bool) or not isinstance(at, str):
        return None
    return Speed(name, float(figure), at) if 0 < figure < _MAX_TOKENS_PER_S else None
