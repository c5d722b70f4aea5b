"""The one reader of streams: whoever asks the pool reads the answer with it, within bounds."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from pillion.backends.backend import Done, Text, Thinking, ToolCall
from pillion.pool.bounds import Bounds, Meter
from pillion.pool.pool_events import Continued, EndpointFailed, PoolEvent, Preempted, Started
from pillion.telemetry.job_figures import tokens_per_s


class StreamListener:
    """Hears what happens while a StreamReader reads. What isn't of interest needn't be overridden."""

    def started(self, endpoint: str, omitted: str) -> None:
        """An endpoint begins; what others may have said before is void."""

    def continued(self, endpoint: str, omitted: str) -> None:
        """An endpoint goes on from the text so far, which stands."""

    def heard(self, text: str) -> None:
        """A token came, and is counted; the text of a thought is empty here."""

    def called(self, call: ToolCall) -> None:
        """The model asks for a tool."""

    def failed(self, failure: EndpointFailed) -> None:
        """An endpoint failed. If what it said is void, the reader still has it, and forgets it after this."""

    def preempted(self) -> None:
        """Somebody more urgent needed the endpoint: there will be no answer."""

    def ended(self, done: Done) -> None:
        """The answer is complete, or Pillion ends it. The reader's figures are still those of its own count."""


class StreamReader:
    """Reads one answer. What was gathered can be looked at whenever one likes, also when reading was interrupted.

    Times are `now_s`'s. Beyond its bounds the answer isn't read: the stream is closed, and the engine stops.
    """

    def __init__(
        self,
        bounds: Bounds,
        listener: StreamListener | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bounds = bounds
        self._listener = listener or StreamListener()
        self._now_s = now_s
        self._closing = False
        self.endpoint = ""
        self.started_s = self._first_token_s = now_s()
        self.start_overs = 0
        """How often an endpoint's words were void."""
        self.seams: list[int] = []
        """Where in the text another endpoint went on."""
        self.done: Done | None = None
        """How the answer ended; None while it hasn't."""
        self.tokens = self._tokens_before = 0
        self._parts: list[str] = []
        self.tool_calls: list[ToolCall] = []
        self._meter = Meter(bounds)

    @property
    def text(self) -> str:
        """The answer so far, without thoughts."""
        return "".join(self._parts)

    @property
    def pieces(self) -> int:
        """The tokens that came, as the reader counted them; `tokens` is the engine's count, once it has told it."""
        return self._meter.pieces

    @property
    def tokens_per_s(self) -> float:
        """How fast the endpoint at work is; 0 before there is a rate."""
        return tokens_per_s(self.tokens - self._tokens_before, self._now_s() - self._first_token_s)

    @property
    def cut_off(self) -> bool:
        """Whether the answer ended before its time."""
        return self.done is not None and self.done.cut_off

    @property
    def stopped(self) -> str:
        """Why Pillion ended the answer, as what the endpoint did; empty if it didn't."""
        return self.done.stopped if self.done is not None else ""

    def close(self) -> None:
        """Has the reading end here: a listener has heard enough."""
        self._closing = True

    async def read(self, events: AsyncGenerator[PoolEvent, None]) -> None:
        """Reads to the end, and closes the stream, however it ends.

        Raises:
            PillionError: no endpoint gave an answer; see Pool.stream.
        """
        async with aclosing(events):
            async for event in events:
                self._take(event)
                if self._closing:
                    return

    def _take(self, event: PoolEvent) -> None:
        match event:
            case Text() | Thinking():
                self._hear(event)
            case ToolCall():
                self._call(event)
            case Started():
                self.endpoint, self.started_s = event.endpoint, self._now_s()
                self._forget()
                self._listener.started(event.endpoint, event.omitted)
            case Continued():
                self.endpoint = event.endpoint
                self.seams.append(len(event.text))
                self._tokens_before = self.tokens
                self._listener.continued(event.endpoint, event.omitted)
            case EndpointFailed():
                self._listener.failed(event)
                if event.void:
                    self.start_overs += bool(self.tokens)
                    self._forget()
            case Preempted():
                self._listener.preempted()
            case Done():
                self._end(event)

    def _hear(self, event: Text | Thinking) -> None:
        kept = self._meter.take(event)
        if self.tokens == self._tokens_before:
            self._first_token_s = self._now_s()
        self.tokens += 1
        text = kept.text if isinstance(kept, Text) else ""
        if text:
            self._parts.append(text)
        self._listener.heard(text)
        self._hang_up_if_too_long()

    def _call(self, event: ToolCall) -> None:
        self._meter.take(event)
        self.tool_calls.append(event)
        self._listener.called(event)
        self._hang_up_if_too_long()

    def _hang_up_if_too_long(self) -> None:
        if self._meter.exceeded:
            self._end(Done(completion_tokens=self.tokens, tool_calls=len(self.tool_calls), cut_off=True))
            self._closing = True

    def _end(self, done: Done) -> None:
        self._listener.ended(done)
        self.done = done
        self.tokens = done.completion_tokens or self.tokens

    def _forget(self) -> None:
        """All that was said is void."""
        self._parts = []
        self.tool_calls = []
        self._meter = Meter(self._bounds)
        self.tokens = self._tokens_before = 0
        self.seams.clear()
