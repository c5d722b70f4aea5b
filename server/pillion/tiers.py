"""How hard a piece of work is (its tier) and what it is for (its lane)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal


class Tier(StrEnum):
    """How large a model an action needs."""

    SIMPLE = "SIMPLE"
    MODERATE = "MODERATE"
    COMPLEX = "COMPLEX"

    @property
    def lane(self) -> "Lane":
        """The lane that drafts for this tier."""
        return Lane(self.value.lower())


class Lane(StrEnum):
    """What the work is for; the configuration maps each lane to endpoints."""

    SIMPLE = "simple"
    MODERATE = "moderate"
    COMPLEX = "complex"
    AUDIT = "audit"
    HOVER = "hover"

    @property
    def row(self) -> "LaneRow":
        """The lane's row."""
        return LANES[self]

    @property
    def next_up(self) -> "Lane":
        """The lane for another try of a failed draft: the next higher one, or the same at the top."""
        return self.row.next_up or self


@dataclass(frozen=True, slots=True)
class LaneRow:
    """The facts about a lane. `purpose` is its setting's description, `limit` the setting in `limits` that says how
    long one answer may take, `model` the model that comes first if the configuration doesn't say: small or large."""

    purpose: str
    priority: int
    """When several callers wait for one slot, the one with the lowest number goes first."""
    model: Literal["small", "large"]
    limit: str
    yields: bool = False
    """Whether it gives its slot back when a more urgent caller comes."""
    next_up: Lane | None = None
    has_second_default: bool = True
    """Whether, with the default engines, the other engine does the work if the first fails."""


# A new lane is a name in `Lane` and a row here. A hover, for which a person waits, goes before a draft, and a draft
# before an audit.
LANES: Mapping[Lane, LaneRow] = MappingProxyType(
    {
        Lane.SIMPLE: LaneRow(
            "who does simple actions: docstrings, explanations", 1, "small", "simple_s", next_up=Lane.MODERATE
        ),
        Lane.MODERATE: LaneRow(
            "who does moderate actions: refactorings, questions", 2, "large", "moderate_s", next_up=Lane.COMPLEX
        ),
        Lane.COMPLEX: LaneRow(
            "who writes new code, while another endpoint audits it", 2, "large", "complex_s", has_second_default=False
        ),
        Lane.AUDIT: LaneRow("who audits what the lane complex writes", 3, "small", "audit_s", yields=True),
        Lane.HOVER: LaneRow("who explains what is under the mouse", 0, "small", "simple_s", has_second_default=False),
    }
)
