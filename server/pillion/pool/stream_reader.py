"""The one reader of streams: every caller of the pool reads its answer with it, within bounds."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from pillion.backends.backend import Done, Text, Thinking, ToolCall
from pillion.pool.bounds import Bounds, Meter
from pillion.pool.pool_events import Continued, EndpointFailed, PoolEvent, Preempted, Started, Waiting
from pillion.telemetry.job_figures import tokens_per_s


class StreamListener:
    """Hears what happens while a StreamReader reads. A subclass overrides only the methods that it needs."""

    def started(self, endpoint: str, omitted: str) -> None:
        """An endpoint begins; the words of earlier endpoints are void."""

    def continued(self, endpoint: str, omitted: str) -> None:
        """An endpoint goes on from the text so far, which stands."""

    def heard(self, text: str) -> None:
        """A token came and is counted. `text` is empty if the token is part of a thought."""

    def called(self, call: ToolCall) -> None:
        """The model asks for a tool."""

    def failed(self, failure: EndpointFailed) -> None:
        """An endpoint failed. If its words are void, the reader still has them, and forgets them after this call."""

    def waits(self, waiting: Waiting) -> None:
        """The endpoint has no room now, and is asked again later."""

    def preempted(self) -> None:
        """A more urgent request needed the endpoint: there will be no answer."""

    def ended(self, done: Done) -> None:
        """The answer is complete, or Pillion ends it. The reader's figures are still from its own count."""


class StreamReader:
    """Reads one answer. Its attributes can be read at any time, also after an interruption.

    `now_s` gives the times. If the answer exceeds its bounds, the reader closes the stream, and the engine stops.
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
        """The places in the text where another endpoint went on."""
        self.done: Done | None = None
        """How the answer ended; None before its end."""
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
        """The tokens that came, in the reader's count. `tokens` becomes the engine's count, if the engine gives one."""
        return self._meter.pieces

    @property
    def tokens_per_s(self) -> float:
        """The rate of the endpoint that works now; 0 before there is a rate."""
        return tokens_per_s(self.tokens - self._tokens_before, self._now_s() - self._first_token_s)

    @property
    def cut_off(self) -> bool:
        """Whether the answer ended too early."""
        return self.done is not None and self.done.cut_off

    @property
    def stopped(self) -> str:
        """Why Pillion ended the answer, in words for what the endpoint did; empty if Pillion didn't end it."""
        return self.done.stopped if self.done is not None else ""

    def close(self) -> None:
        """Ends the reading after this event. For listeners that have heard enough."""
        self._closing = True

    async def read(self, events: AsyncGenerator[PoolEvent, None]) -> None:
        """Reads to the end, and always closes the stream.

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
            case Waiting():
                self._listener.waits(event)
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
        """Everything so far is void."""
        self._parts = []
        self.tool_calls = []
        self._meter = Meter(self._bounds)
        self.tokens = self._tokens_before = 0
        self.seams.clear()
