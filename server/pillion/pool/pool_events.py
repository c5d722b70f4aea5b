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


@dataclass(frozen=True, slots=True)
class Waiting:
    """An endpoint has no room now, and no other can do the work: it is asked again in `wait_s`. `words` say it for a
    person: “gpu0 asks to wait 3 s”."""

    endpoint: str
    wait_s: float
    words: str


PoolEvent = Started | Continued | EndpointFailed | Waiting | Preempted | StreamEvent
