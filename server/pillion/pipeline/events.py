"""What happens in a job, as typed events. Times are seconds since the job began."""

from collections.abc import Callable
from dataclasses import dataclass

from pillion.findings import Finding
from pillion.syntax.units import Unit
from pillion.tiers import Lane


@dataclass(frozen=True, slots=True)
class DraftStarted:
    """An endpoint is drafting. `omitted` says what its prompt had no room for (empty: nothing)."""

    endpoint: str
    lane: Lane
    omitted: str
    at_s: float


@dataclass(frozen=True, slots=True)
class DraftProgress:
    """A token came. `text` is empty while a reasoning model thinks."""

    endpoint: str
    text: str
    tokens: int
    tokens_per_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class DraftVoided:
    """The endpoint failed, or its draft was refused: what was drafted so far counts for nothing."""

    endpoint: str
    reason: str
    at_s: float


@dataclass(frozen=True, slots=True)
class DraftEnded:
    """The draft is complete."""

    endpoint: str
    tokens: int
    tokens_per_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class UnitClosed:
    """A piece of the draft is complete and can be audited."""

    unit: Unit
    at_s: float


@dataclass(frozen=True, slots=True)
class AuditStarted:
    """An endpoint reads the units with these numbers."""

    endpoint: str
    units: tuple[int, ...]
    at_s: float


@dataclass(frozen=True, slots=True)
class AuditProgress:
    """The auditor said a token."""

    endpoint: str
    tokens: int
    tokens_per_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class AuditAnswered:
    """The auditor has answered for these units."""

    endpoint: str
    units: tuple[int, ...]
    tokens: int
    at_s: float


@dataclass(frozen=True, slots=True)
class FindingRaised:
    """The audit found something."""

    finding: Finding
    at_s: float


@dataclass(frozen=True, slots=True)
class AuditFailed:
    """The audit can't go on. The draft doesn't suffer."""

    reason: str
    at_s: float


PipelineEvent = (
    DraftStarted
    | DraftProgress
    | DraftVoided
    | DraftEnded
    | UnitClosed
    | AuditStarted
    | AuditProgress
    | AuditAnswered
    | FindingRaised
    | AuditFailed
)
Emit = Callable[[PipelineEvent], None]
