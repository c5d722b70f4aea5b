"""Trains the classifier's model on the seen half: `python -m pillion.bench.tier_training FIXTURES/classify`.

Softmax regression with AdaGrad and a pull to zero, in plain Python, in a fixed order: the same requests always give the
same file. Besides the requests as written, it learns from them without case and marks, as people type in haste.
"""

import json
import math
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pillion.actions.request_features import features
from pillion.actions.tier_model import STEPS, TIERS, WEIGHTS, TierModel
from pillion.bench.labelled_requests import LabelledRequest, labelled_requests
from pillion.tiers import Tier

_ROUNDS = 30
_RATE = 0.35
_PULL = 0.0006
# A feature that only one request has says nothing about others.
_FEWEST_REQUESTS = 2
_MARKS = re.compile(r"[^\w\s`'+#./-]")
_SEED = 20
# Examples of Pillion's published design, in forms that people write. They aren't measured.
_PUBLISHED = (
    ("Optimize this algorithm", Tier.COMPLEX),
    ("optimise the algorithm", Tier.COMPLEX),
    ("improve this algorithm", Tier.COMPLEX),
    ("find a better algorithm for this", Tier.COMPLEX),
    ("Optimiere diesen Algorithmus", Tier.COMPLEX),
    ("optimiza este algoritmo", Tier.COMPLEX),
    ("optimise cet algorithme", Tier.COMPLEX),
    ("优化这个算法", Tier.COMPLEX),
    ("Build a caching layer with TTL", Tier.COMPLEX),
)


def trained(requests: Sequence[LabelledRequest]) -> TierModel:
    """The model that these requests teach."""
    read = [(features(each.text), TIERS.index(each.tier)) for each in requests]
    counts = Counter(name for found, _ in read for name in found.values)
    known = {name for name, count in counts.items() if count >= _FEWEST_REQUESTS}
    read += [(features(hasty(each.text)), TIERS.index(each.tier)) for each in requests if "\n" not in each.text]
    read += [(features(text), TIERS.index(tier)) for text, tier in (*_lone_words(), *_PUBLISHED) for _ in range(2)]
    rows = [([(name, value) for name, value in found.values.items() if name in known], tier) for found, tier in read]
    weights = {name: [0.0] * len(TIERS) for name in sorted(known)}
    bias, speeds = [0.0] * len(TIERS), {name: [1e-8] * len(TIERS) for name in weights}
    order = random.Random(_SEED)  # noqa: S311, an order that is the same every time
    for _ in range(_ROUNDS):
        order.shuffle(rows)
        for row, tier in rows:
            _learn(row, tier, weights, speeds, bias)
    kept = {name: [round(weight * STEPS) for weight in row] for name, row in weights.items()}
    return TierModel({name: row for name, row in kept.items() if any(row)}, [round(each, 4) for each in bias])


def hasty(text: str) -> str:
    """The request as typed in haste: small letters, no marks."""
    return " ".join(_MARKS.sub(" ", text.lower()).split())


def _learn(
    row: list[tuple[str, float]],
    tier: int,
    weights: dict[str, list[float]],
    speeds: dict[str, list[float]],
    bias: list[float],
) -> None:
    """One step towards the tier of one request."""
    scores = list(bias)
    for name, value in row:
        for place, weight in enumerate(weights[name]):
            scores[place] += value * weight
    highest = max(scores)
    parts = [math.exp(score - highest) for score in scores]
    total = sum(parts)
    for place, part in enumerate(parts):
        slope = part / total - (place == tier)
        bias[place] -= 0.01 * slope
        for name, value in row:
            row_weights, row_speeds = weights[name], speeds[name]
            step = slope * value + _PULL * row_weights[place]
            row_speeds[place] += step * step
            row_weights[place] -= _RATE * step / math.sqrt(row_speeds[place])


def _lone_words() -> list[tuple[str, Tier]]:
    """What the twelve words mean by themselves."""
    from pillion.actions.classify import TIER_WORDS

    return [
        (form.format(word), tier) for word, tier in TIER_WORDS.items() for form in ("{}", "{} it", "{} this please")
    ]


def main(folder: Path) -> None:
    """Trains on the folder's seen half, and writes the file that is shipped."""
    model = trained([each for each in labelled_requests(folder) if not each.unseen])
    data = {"bias": model.bias, "temperature": model.temperature, "weights": model.weights}
    WEIGHTS.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
