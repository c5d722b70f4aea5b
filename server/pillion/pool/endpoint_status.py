"""An endpoint's state, for people."""

from dataclasses import dataclass
from enum import StrEnum

from pillion.config.schema import EndpointConfig
from pillion.tiers import Lane


class EndpointState(StrEnum):
    """An endpoint's state, as far as its own answers show it."""

    IDLE = "idle"
    WORKING = "working"
    DOWN = "down"  # the next request would probably fail too; it hasn't answered since its failure


@dataclass(frozen=True, slots=True)
class EndpointStatus:
    """An endpoint, for people. `first_in`: the lanes that try it before others. `reason`: why it is down.
    `tokens_per_s`: its last answer's rate (0: not known)."""

    name: str
    config: EndpointConfig
    lanes: tuple[Lane, ...]
    first_in: tuple[Lane, ...]
    state: EndpointState
    reason: str
    tokens_per_s: float
