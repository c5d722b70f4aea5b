"""Whether a model's findings are worth showing: its measurements, and the line that it has to reach."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pillion.errors import FileError
from pillion.state.folder import state_folder
from pillion.state.json_entries import JsonEntries

Verdict = Literal["above", "below", "unmeasured"]
_FILE_NAME = "auditors.json"
_MAX_FIGURE = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What `pillion bench auditor` measured for one model. Shares are 0 to 1; `at` is an ISO 8601 date.

    `precision` is 0 for a model that found nothing at all. `margin_nats`: of a model's decision tokens, whose figures
    are kept under a name of their own, the margin from which its doubts are findings.
    """

    model: str
    precision: float
    recall: float
    false_alarms_per_function: float
    functions: int
    mutants: int
    at: str
    margin_nats: float | None = None


@dataclass(frozen=True, slots=True)
class TrustRule:
    """The line. Figures from fewer functions or mutants say nothing."""

    min_precision: float = 0.5
    min_recall: float = 0.1
    max_false_alarms_per_function: float = 0.2
    min_functions: int = 20
    min_mutants: int = 20

    def is_enough(self, measured: Measured) -> bool:
        """Whether there were enough functions and mutants for a verdict."""
        return measured.functions >= self.min_functions and measured.mutants >= self.min_mutants

    def verdict(self, measured: Measured | None) -> Verdict:
        """Above or below the line, or not measured (on enough functions)."""
        if measured is None or not self.is_enough(measured):
            return "unmeasured"
        above = (
            measured.precision >= self.min_precision
            and measured.recall >= self.min_recall
            and measured.false_alarms_per_function <= self.max_false_alarms_per_function
        )
        return "above" if above else "below"


RULE = TrustRule()
# The project's own measurements. A user's measurement of the same model comes first.
KNOWN_MEASUREMENTS: tuple[Measured, ...] = (
    # It says nothing of anything: suite 927bed1ea626, Python 3.11.7.
    Measured("smollm2-135m", 0.0, 0.0, 0.0, functions=40, mutants=40, at="2026-11-24"),
    # Decision tokens, on other functions than those that the margin was chosen on.
    Measured("qwen2.5-coder-1.5b: decision tokens", 0.73, 0.28, 0.06, 80, 80, at="2026-11-29", margin_nats=3.5),
    Measured("qwen2.5-coder-0.5b: decision tokens", 0.4, 0.05, 0.025, 40, 40, at="2026-11-30", margin_nats=4.0),
)


class TrustStore:
    """The user's own measurements, by model, in one JSON file. A file that can't be read, or isn't one, holds none."""

    def __init__(self, folder: Path, known: Iterable[Measured] = KNOWN_MEASUREMENTS) -> None:
        self.path = folder / _FILE_NAME
        self._file = JsonEntries(self.path, "models")
        self._known = {each.model: each for each in known}

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "TrustStore":
        """In `$PILLION_STATE_DIR`, else the user's state folder."""
        return cls(state_folder(environ))

    def measured(self, model: str) -> Measured | None:
        """A model's measurement: the user's own, else the project's. Never raises.

        A measurement on enough functions is preferred to one on too few.
        """
        key = model_key(model)
        found = [each for each in (self._read().get(key), self._known.get(key)) if each is not None]
        return next(iter(sorted(found, key=lambda each: not RULE.is_enough(each))), None)

    def verdict(self, model: str) -> Verdict:
        """Whether a model stands above the line. Never raises."""
        return RULE.verdict(self.measured(model))

    def decision_margin(self, model: str) -> float | None:
        """From which margin a model's doubts about decisions are findings; None if it wasn't measured so, or stands
        below the line with them: nobody is shown them then. Never raises."""
        measured = self.measured(decisions_key(model))
        return measured.margin_nats if measured is not None and RULE.verdict(measured) == "above" else None

    def keep(self, measured: Measured) -> Path | None:
        """Writes a model's figures over its older ones, and returns the file; None if it can't be written.

        Other writers wait meanwhile; a reader sees either the old file or the new one.
        """
        try:
            self._file.replace(lambda: _as_data({**self._read(), model_key(measured.model): measured}))
        except FileError:
            return None
        return self.path

    def _read(self) -> dict[str, Measured]:
        entries = {name: _measured(name, entry) for name, entry in self._file.read().items()}
        return {name: entry for name, entry in entries.items() if entry is not None}


def model_key(model: str) -> str:
    """The name that figures are kept under.

    A path to a `.gguf` file is kept under the file's name, or, if it is a known model's file, under the model's name.
    """
    from pillion.models.known import KNOWN_MODELS  # imports pydantic, and `initialize` must not wait for that

    if not model.lower().endswith(".gguf"):
        return model
    name = model.replace("\\", "/").rsplit("/", 1)[-1]
    return next((each.name for each in KNOWN_MODELS if each.file_name == name), name)


def decisions_key(model: str) -> str:
    """The name that the figures of a model's decision tokens are kept under."""
    return f"{model_key(model)}: decision tokens"


def _measured(name: str, entry: object) -> Measured | None:
    """An entry of the file, if it is complete; other keys may come from a later Pillion."""
    if not isinstance(entry, dict):
        return None
    try:
        return Measured(
            model=name,
            precision=_figure(entry["precision"], most=1),
            recall=_figure(entry["recall"], most=1),
            false_alarms_per_function=_figure(entry["false_alarms_per_function"], most=_MAX_FIGURE),
            functions=int(_figure(entry["functions"], most=_MAX_FIGURE)),
            mutants=int(_figure(entry["mutants"], most=_MAX_FIGURE)),
            at=str(entry["at"]),
            margin_nats=_figure(margin, most=_MAX_FIGURE) if (margin := entry.get("margin_nats")) is not None else None,
        )
    except (KeyError, ValueError):
        return None


def _figure(value: object, most: int) -> float:
    """A number from 0 to `most`.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most:
        return float(value)
    raise ValueError("nobody measured this")


def _as_data(found: Mapping[str, Measured]) -> dict[str, object]:
    return {
        name: {key: value for key, value in sorted(asdict(each).items()) if value is not None}
        for name, each in sorted(found.items())
    }
