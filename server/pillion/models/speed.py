"""How fast models write on this machine, as measured while they worked."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pillion.errors import FileError
from pillion.state.folder import state_folder
from pillion.state.json_entries import JsonEntries

_FILE_NAME = "speeds.json"
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
        self._file = JsonEntries(self.path, "models")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "SpeedStore":
        """In `$PILLION_STATE_DIR`, else the user's state folder."""
        return cls(state_folder(environ))

    def all(self) -> dict[str, Speed]:
        """The speeds by model. Never raises."""
        found = {name: _speed(name, entry) for name, entry in self._file.read().items()}
        return {name: each for name, each in found.items() if each is not None}

    def keep(self, speed: Speed) -> None:
        """Writes a model's speed over its older one. A speed that can't be written is none: it is measured again."""
        with suppress(FileError):
            self._file.replace(
                lambda: {name: asdict(each) for name, each in {**self.all(), speed.model: speed}.items()}
            )


def _speed(name: str, entry: object) -> Speed | None:
    if not isinstance(entry, dict):
        return None
    figure, at = entry.get("tokens_per_s"), entry.get("at")
    if not isinstance(figure, int | float) or isinstance(figure, bool) or not isinstance(at, str):
        return None
    return Speed(name, float(figure), at) if 0 < figure < _MAX_TOKENS_PER_S else None
