"""How an endpoint is, for people."""

from dataclasses import dataclass
from enum import StrEnum

from pillion.config.schema import EndpointConfig
from pillion.tiers import Lane


class EndpointState(StrEnum):
    """How an endpoint is, as far as its own answers tell."""

    IDLE = "idle"
    WORKING = "working"
    DOWN = "down"  # it failed in a way that the next request would meet too, and hasn't answered since


@dataclass(frozen=True, slots=True)
class EndpointStatus:
    """An endpoint for people: `first_in` are the lanes that try it before others, `reason` says why it is down,
    `tokens_per_s` is of its last answer (0: not known)."""

    name: str
    config: EndpointConfig
    lanes: tuple[Lane, ...]
    first_in: tuple[Lane, ...]
    state: EndpointState
    reason: str
    tokens_per_s: float
