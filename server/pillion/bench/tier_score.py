"""How often the classifier is right on labelled requests, what its mistakes cost, and how long it takes."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pillion.actions.classify import TIER_WORDS, classify
from pillion.actions.own_words import is_question, own_words
from pillion.bench.labelled_requests import LabelledRequest
from pillion.tiers import Tier

# (the request's tier, the tier it was given) → cost. New code that the small model writes, and nobody audits, is worst;
# a large model that explains something only takes longer.
COSTS: Mapping[tuple[Tier, Tier], int] = MappingProxyType(
    {
        (Tier.COMPLEX, Tier.SIMPLE): 10,
        (Tier.COMPLEX, Tier.MODERATE): 5,
        (Tier.MODERATE, Tier.SIMPLE): 3,
        (Tier.MODERATE, Tier.COMPLEX): 1,
        (Tier.SIMPLE, Tier.MODERATE): 1,
        (Tier.SIMPLE, Tier.COMPLEX): 2,
    }
)
_SHORT_WORDS, _LONG_WORDS = 7, 14


@dataclass(frozen=True, slots=True)
class TierScore:
    """What one way of choosing made of the requests. `counts`: (a request's tier, the tier it was given) → requests."""

    way: str
    counts: Mapping[tuple[Tier, Tier], int]
    microseconds: float

    @property
    def requests(self) -> int:
        """How many were classified."""
        return sum(self.counts.values())

    @property
    def accuracy(self) -> float:
        """The share that is right, 0 to 1."""
        return sum(count for (tier, given), count in self.counts.items() if tier is given) / max(1, self.requests)

    @property
    def cost(self) -> float:
        """The cost of the mistakes for 100 requests; see COSTS."""
        return 100 * sum(COSTS.get(each, 0) * count for each, count in self.counts.items()) / max(1, self.requests)

    def as_data(self) -> dict[str, Any]:
        """As JSON data; `confusion` is by the request's tier, then by the tier it was given."""
        confusion = {tier.value: {given.value: self.counts.get((tier, given), 0) for given in Tier} for tier in Tier}
        return {
            "way": self.way,
            "requests": self.requests,
            "accuracy": round(self.accuracy, 4),
            "cost_per_100": round(self.cost, 1),
            "microseconds": round(self.microseconds, 1),
            "confusion": confusion,
        }


def by_length(text: str) -> Tier:
    """A baseline: short requests are simple, long ones complex."""
    words = len(text.split())
    return Tier.SIMPLE if words <= _SHORT_WORDS else Tier.MODERATE if words <= _LONG_WORDS else Tier.COMPLEX


def by_words(text: str) -> Tier:
    """A baseline: the first of the twelve words, by its plain beginning; without one, questions are simple."""
    for word in own_words(text).lower().split():
        for known, tier in TIER_WORDS.items():
            if word.startswith(known.rstrip("s")[:-1]):
                return tier
    return Tier.SIMPLE if is_question(text) else Tier.MODERATE


WAYS: Mapping[str, Callable[[str], Tier]] = MappingProxyType(
    {
        "pillion": lambda text: classify(text).tier,
        "always MODERATE": lambda text: Tier.MODERATE,
        "length": by_length,
        "the twelve words": by_words,
    }
)


def tier_scores(requests: Sequence[LabelledRequest]) -> list[TierScore]:
    """All ways on the same requests. The classifier's model is loaded before the clock starts."""
    classify("warm up, please")
    scores: list[TierScore] = []
    for way, choose in WAYS.items():
        begun = time.perf_counter()
        given = [choose(each.text) for each in requests]
        took = time.perf_counter() - begun
        counts = Counter(zip((each.tier for each in requests), given, strict=True))
        scores.append(TierScore(way, counts, took / max(1, len(requests)) * 1e6))
    return scores
