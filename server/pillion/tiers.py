"""How hard a piece of work is (tier) and what it is for (lane)."""

from enum import StrEnum


class Tier(StrEnum):
    """How much model an action needs."""

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
    def next_up(self) -> "Lane":
        """The lane a failed draft is tried again on: one more model, or the same at the top."""
        match self:
            case Lane.SIMPLE:
                return Lane.MODERATE
            case Lane.MODERATE:
                return Lane.COMPLEX
            case _:
                return self


# Who goes first when several wait for one slot: a person staring at a hover before a draft, a draft before an audit.
LANE_PRIORITY: dict[Lane, int] = {
    Lane.HOVER: 0,
    Lane.SIMPLE: 1,
    Lane.MODERATE: 2,
    Lane.COMPLEX: 2,
    Lane.AUDIT: 3,
}
