"""The states of a job, and which state may follow which."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class JobState(StrEnum):
    """See the public contract."""

    QUEUED = "queued"
    DRAFTING = "drafting"
    AUDITING = "auditing"
    READY = "ready"
    APPLIED = "applied"
    OFFERED = "offered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    FAILED = "failed"


AT_WORK = frozenset({JobState.QUEUED, JobState.DRAFTING, JobState.AUDITING})
_BROKEN_OFF = frozenset({JobState.CANCELLED, JobState.FAILED})
# A refused draft is drafted again, and so is a draft that the endpoint broke off. An answer in prose ends as ready.
FOLLOWING: Mapping[JobState, frozenset[JobState]] = MappingProxyType(
    {
        JobState.QUEUED: _BROKEN_OFF | {JobState.DRAFTING},
        JobState.DRAFTING: _BROKEN_OFF | {JobState.DRAFTING, JobState.AUDITING, JobState.READY, JobState.REFUSED},
        JobState.AUDITING: _BROKEN_OFF | {JobState.DRAFTING, JobState.AUDITING, JobState.READY, JobState.REFUSED},
        JobState.READY: frozenset({JobState.APPLIED, JobState.OFFERED, JobState.FAILED}),
        JobState.OFFERED: frozenset({JobState.APPLIED, JobState.REFUSED}),
        JobState.APPLIED: frozenset(),
        JobState.REFUSED: frozenset(),
        JobState.CANCELLED: frozenset(),
        JobState.FAILED: frozenset(),
    }
)
