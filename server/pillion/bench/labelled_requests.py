"""The labelled requests of `fixtures/classify`, and their two halves."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from pillion.tiers import Tier

_LABELS = {"S": Tier.SIMPLE, "M": Tier.MODERATE, "C": Tier.COMPLEX}
_ESCAPE = re.compile(r"\\([\\nt])")
_ESCAPED = {"\\": "\\", "n": "\n", "t": "\t"}


@dataclass(frozen=True, slots=True)
class LabelledRequest:
    """A request, its tier by the rubric, and the kind of use with the language: `chat.en`."""

    text: str
    tier: Tier
    use: str

    @property
    def unseen(self) -> bool:
        """Whether it belongs to the half that the model is measured on, and never trained on."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


def labelled_requests(folder: Path) -> tuple[LabelledRequest, ...]:
    """All requests of the folder's text files; each line is a label, a space and the request.

    Raises:
        ValueError: a line has no known label.
    """
    found: list[LabelledRequest] = []
    for path in sorted(folder.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            label, space, text = line[:1], line[1:2], line[2:]
            if label not in _LABELS or space != " " or not text.strip():
                raise ValueError(f"{path.name}, line {number}: expected a label (S, M or C), a space and a request")
            said = _ESCAPE.sub(lambda match: _ESCAPED[match[1]], text)
            found.append(LabelledRequest(said, _LABELS[label], path.stem))
    return tuple(found)
