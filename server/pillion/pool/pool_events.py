"""What the pool tells of one request."""

from dataclasses import dataclass

from pillion.backends.backend import StreamEvent


@dataclass(frozen=True, slots=True)
class Started:
    """An endpoint has a slot for the request and is being asked; `omitted` is what its prompt had no room for."""

    endpoint: str
    omitted: str


@dataclass(frozen=True, slots=True)
class Continued:
    """The same, of an endpoint that goes on from `text`, which others have said, and which stands."""

    endpoint: str
    omitted: str
    text: str


@dataclass(frozen=True, slots=True)
class EndpointFailed:
    """An endpoint failed, or its answer won't do. `void`: what was said so far counts for nothing, and the next one
    starts over; else the next one goes on from it."""

    endpoint: str
    reason: str
    void: bool = True


@dataclass(frozen=True, slots=True)
class Preempted:
    """Somebody more urgent needed the endpoint: the stream is closed. What it sent is void; ask again."""

    endpoint: str


PoolEvent = Started | Continued | EndpointFailed | Preempted | StreamEvent
