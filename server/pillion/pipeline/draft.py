"""Streams a draft from the lane's endpoint."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pillion.backends.backend import Done
from pillion.events import (
    DraftContinued,
    DraftEnded,
    DraftInterrupted,
    DraftProgress,
    DraftStarted,
    DraftVoided,
    Emit,
    EndpointWaited,
)
from pillion.pool.bounds import Bounds
from pillion.pool.pool import Pool
from pillion.pool.pool_events import EndpointFailed, Waiting
from pillion.pool.prompt_factory import PromptFactory
from pillion.pool.stream_reader import StreamListener, StreamReader
from pillion.pool.text_batches import TextBatches
from pillion.pool.watch import Objection
from pillion.tiers import Lane


class DraftReader(Protocol):
    """Reads a draft while it streams."""

    def begin(self, endpoint: str) -> None:
        """An endpoint begins the draft, or goes on with it."""

    def read(self, text: str) -> None:
        """The draft goes on."""

    def start_over(self) -> None:
        """The draft so far is void."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. Times are seconds since the job began. `stopped`: why Pillion ended it: “repeated itself and …”."""

    text: str
    endpoint: str
    tokens: int
    started_s: float
    ended_s: float
    cut_off: bool
    stopped: str = ""


async def stream_draft(
    pool: Pool,
    lane: Lane,
    make_prompt: PromptFactory,
    objection: Objection,
    *,
    bounds: Bounds,
    emit: Emit,
    now_s: Callable[[], float],
    reader: DraftReader,
) -> Draft:
    """Streams the draft to its end; `reader` gets every piece as it comes. A draft with an `objection` is only used if
    no other endpoint does better.

    Raises:
        PillionError: no endpoint could draft; see Pool.stream.
    """
    telling = _Telling(lane, bounds, emit, now_s, reader)
    stream = telling.stream
    with telling.gathered:
        await stream.read(pool.stream(lane, make_prompt, objection))
    ended_s = now_s()
    emit(DraftEnded(stream.endpoint, stream.tokens, stream.tokens_per_s, ended_s))
    return Draft(stream.text, stream.endpoint, stream.tokens, stream.started_s, ended_s, stream.cut_off, stream.stopped)


class _Telling(StreamListener):
    """Reports the stream to the job and to the reader."""

    def __init__(self, lane: Lane, bounds: Bounds, emit: Emit, now_s: Callable[[], float], reader: DraftReader) -> None:
        self._lane = lane
        self._emit = emit
        self._now_s = now_s
        self._reader = reader
        self.stream = StreamReader(bounds, self, now_s)
        self.gathered = TextBatches(self._pass_on)

    def started(self, endpoint: str, omitted: str) -> None:
        """See StreamListener."""
        self._emit(DraftStarted(endpoint, self._lane, omitted, self._now_s()))
        self._reader.begin(endpoint)

    def continued(self, endpoint: str, omitted: str) -> None:
        """See StreamListener."""
        self._emit(DraftContinued(endpoint, self._lane, omitted, self.stream.seams[-1], self._now_s()))
        self._reader.begin(endpoint)

    def heard(self, text: str) -> None:
        """See StreamListener."""
        self.gathered.add(text)

    def failed(self, failure: EndpointFailed) -> None:
        """See StreamListener."""
        self.gathered.flush()
        if failure.void:
            self._reader.start_over()
            self._emit(DraftVoided(failure.endpoint, failure.reason, self._now_s()))
        else:
            self._emit(DraftInterrupted(failure.endpoint, failure.reason, self._now_s()))

    def waits(self, waiting: Waiting) -> None:
        """See StreamListener."""
        self._emit(EndpointWaited(waiting.endpoint, waiting.words, False, self._now_s()))

    def ended(self, done: Done) -> None:
        """See StreamListener."""
        self.gathered.flush()

    def _pass_on(self, text: str) -> None:
        stream = self.stream
        self._emit(DraftProgress(stream.endpoint, text, stream.tokens, stream.tokens_per_s, self._now_s()))
        if text:
            self._reader.read(text)
