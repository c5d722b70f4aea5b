"""The linear model behind the classifier, trained by `pillion.bench.tier_training` and read at the first request."""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pillion.actions.request_features import Features
from pillion.tiers import Tier

WEIGHTS = Path(__file__).with_name("tier_weights.json")
TIERS = tuple(Tier)
# Weights are kept as whole numbers: this many to one.
STEPS = 64
# A word explains a decision only if it says at least this much for it, in the model's own measure.
_TELLING = 0.08
_MOST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest tier, how likely it is (0 to 1), and the user's words that say most for it."""

    tier: Tier
    likelihood: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TierModel:
    """A weight for each feature and tier, in the order of `Tier`, in 1/STEPS; `bias` is each tier's own."""

    weights: dict[str, list[int]]
    bias: list[float]
    temperature: float = 1.0

    def likelihoods(self, features: Features) -> list[float]:
        """How likely each tier is, in the order of `Tier`."""
        scores = list(self.bias)
        for name, value in features.values.items():
            if (row := self.weights.get(name)) is not None:
                for place, weight in enumerate(row):
                    scores[place] += value * weight / STEPS
        highest = max(scores)
        parts = [math.exp((score - highest) / self.temperature) for score in scores]
        return [part / sum(parts) for part in parts]

    def guess(self, features: Features) -> Guess:
        """The likeliest tier, and why."""
        likelihoods = self.likelihoods(features)
        best = max(range(len(TIERS)), key=likelihoods.__getitem__)
        return Guess(TIERS[best], likelihoods[best], self._telling(features, best))

    def _telling(self, features: Features, best: int) -> tuple[str, ...]:
        """The words that say most for a tier, as they stand in the request, each at most once."""
        said: dict[str, float] = {}
        for name, word in features.words.items():
            row, value = self.weights.get(name), features.values.get(name)
            if row is not None and value is not None:
                others = (sum(row) - row[best]) / (len(row) - 1)
                said[word] = said.get(word, 0.0) + value * (row[best] - others) / STEPS
        found: list[str] = []
        for word in sorted(said, key=lambda each: (-said[each], each)):
            if said[word] < _TELLING or len(found) == _MOST_WORDS:
                break
            if not any(word.lower() in each.lower() or each.lower() in word.lower() for each in found):
                found.append(word)
        return tuple(found)


@cache
def tier_model() -> TierModel:
    """The model that is shipped."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return TierModel(data["weights"], data["bias"], data["temperature"])
