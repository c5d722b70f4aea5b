"""The sets of models to choose from for the engines that Pillion runs without endpoints of the user's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ModelSet:
    """The model that drafts, and the model that audits and answers."""

    driver: str
    passenger: str

    @property
    def names(self) -> tuple[str, ...]:
        """The models, each once."""
        return tuple(dict.fromkeys((self.driver, self.passenger)))


_LARGE, _SMALL, _TINY = "qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b", "smollm2-135m"
MODEL_SETS: Mapping[str, ModelSet] = MappingProxyType(
    {"good": ModelSet(_LARGE, _SMALL), "quick": ModelSet(_SMALL, _SMALL), "tiny": ModelSet(_TINY, _TINY)}
)
# Models that do better if they see only the code that they have to write.
SEE_NO_SURROUNDINGS = frozenset({_TINY})
# Holds until the user has chosen.
UNCHOSEN = MODEL_SETS["tiny"]


def model_set(chosen: str | None) -> ModelSet:
    """The models of a choice: a set's name, or the name of a model for both seats."""
    if chosen is None:
        return UNCHOSEN
    return MODEL_SETS.get(chosen) or ModelSet(chosen, chosen)
