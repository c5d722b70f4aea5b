"""The pool's events for one request."""

from dataclasses import dataclass

from pillion.backends.backend import StreamEvent


@dataclass(frozen=True, slots=True)
class Started:
    """An endpoint has a slot for the request and is asked now; `omitted` is what its prompt had no room for."""

    endpoint: str
    omitted: str


@dataclass(frozen=True, slots=True)
class Continued:
    """Like Started, but the endpoint goes on from `text`. Other endpoints have said `text`, and it stands."""

    endpoint: str
    omitted: str
    text: str


@dataclass(frozen=True, slots=True)
class EndpointFailed:
    """An endpoint failed, or its answer isn't good enough. `void`: the text so far counts for nothing, and the next
    endpoint starts over; else the next endpoint goes on from that text."""

    endpoint: str
    reason: str
    void: bool = True


@dataclass(frozen=True, slots=True)
class Preempted:
    """A more urgent request needed the endpoint, so the stream is closed. What it sent is void; ask again."""

    endpoint: str


PoolEvent = Started | Continued | EndpointFailed | Preempted | StreamEvent
