"""What to expect of each set of models on this machine: the download, the memory, and about how fast it writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pillion.config.model_sets import MODEL_SETS
from pillion.models.cpu_probe import free_cores
from pillion.models.free_memory import free_memory_bytes
from pillion.models.known import KnownModel
from pillion.models.room import in_mb
from pillion.models.speed import Speed
from pillion.models.store import ModelStore
from pillion.plurals import token_rate

# Tokens/s with two threads, measured on two free cores of the reference machine (see cpu_probe.py).
_REFERENCE_SPEEDS: Mapping[str, float] = {
    "qwen2.5-coder-1.5b": 10.6,
    "qwen2.5-coder-0.5b": 21.5,
    "smollm2-135m": 64.0,
}
_REFERENCE_CORES = 2.0
# More cores than these don't write faster: memory is too slow for them.
_MOST_CORES = 8.0
_ABOUT = {
    "good": "1.5B drafts, 0.5B audits",
    "quick": "0.5B for both",
    "tiny": "135M, only to try",
}
_GOOD_NEEDS_BYTES = 4_000_000_000


@dataclass(frozen=True, slots=True)
class Expectation:
    """One set of models. `tokens_per_s` is of the model that drafts: `measured` here, or estimated."""

    name: str
    about: str
    size_bytes: int
    missing_bytes: int
    memory_bytes: int
    tokens_per_s: float
    measured: bool
    unfit: str
    """Why it isn't offered; empty if it is."""

    @property
    def size_in_words(self) -> str:
        """What is to be fetched."""
        return in_mb(self.missing_bytes) if self.missing_bytes else "here already"

    @property
    def speed_in_words(self) -> str:
        """How fast it drafts."""
        about = "" if self.measured else "about "
        return f"{about}{token_rate(max(1, round(self.tokens_per_s)))}"


def expectations(
    store: ModelStore,
    speeds: Mapping[str, Speed],
    cores: Callable[[], float] = free_cores,
    memory: Callable[[], int | None] = free_memory_bytes,
) -> list[Expectation]:
    """All sets, the best first. Takes a second: where no speed was measured yet, the cores are."""
    measured = {name: speeds[name].tokens_per_s for name in _REFERENCE_SPEEDS if name in speeds}
    # What was measured of one model tells of the others.
    shares = [speed / _REFERENCE_SPEEDS[name] for name, speed in measured.items()]
    share = sum(shares) / len(shares) if shares else min(_MOST_CORES, cores()) / _REFERENCE_CORES
    free = memory()
    found = []
    for name, models in MODEL_SETS.items():
        known = [store.find(each) for each in models.names]
        short = name == "good" and free is not None and free < _GOOD_NEEDS_BYTES
        found.append(
            Expectation(
                name=name,
                about=_ABOUT[name],
                size_bytes=sum(each.size_bytes for each in known),
                missing_bytes=sum(each.size_bytes for each in store.missing(models.names)),
                memory_bytes=_memory_bytes(store.find(models.driver), store.find(models.passenger)),
                tokens_per_s=measured.get(models.driver, share * _REFERENCE_SPEEDS[models.driver]),
                measured=models.driver in measured,
                unfit=f"it needs {_GOOD_NEEDS_BYTES // 10**9} GB of free memory" if short else "",
            )
        )
    return found


def _memory_bytes(driver: KnownModel, passenger: KnownModel) -> int:
    """What both seats need. One model for both is in memory once."""
    return driver.memory_bytes + (passenger.context_bytes if passenger == driver else passenger.memory_bytes)
