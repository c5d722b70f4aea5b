"""Streams a draft from the lane's endpoint."""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from pillion.backends.base import Done, Text, Thinking
from pillion.events import DraftEnded, DraftProgress, DraftStarted, DraftVoided, Emit
from pillion.pool.pool import EndpointFailed, Pool, PromptFactory, Started
from pillion.pool.text_batches import TextBatches
from pillion.pool.watch import Objection
from pillion.telemetry.figures import tokens_per_s
from pillion.tiers import Lane


class DraftReader(Protocol):
    """Who reads along."""

    def begin(self, endpoint: str) -> None:
        """An endpoint has begun to work on the draft."""

    def read(self, text: str) -> None:
        """The draft goes on."""

    def start_over(self) -> None:
        """All that was read so far is void."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. Times are seconds since the job began. `stopped` is why Pillion ended it, as what the endpoint did."""

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
    emit: Emit,
    now_s: Callable[[], float],
    reader: DraftReader,
) -> Draft:
    """Streams the draft to its end; `reader` gets every piece as it comes. One with an `objection` is only what there
    is if no other endpoint does better.

    Raises:
        PillionError: no endpoint could draft; see Pool.stream.
    """
    parts: list[str] = []
    tokens = 0
    endpoint = stopped = ""
    started_s = first_token_s = now_s()
    cut_off = False

    def pass_on(text: str) -> None:
        emit(DraftProgress(endpoint, text, tokens, tokens_per_s(tokens, now_s() - first_token_s), now_s()))
        if text:
            reader.read(text)

    async with aclosing(pool.stream(lane, make_prompt, objection)) as events:
        with TextBatches(pass_on) as gathered:
            async for event in events:
                match event:
                    case Text(text) | Thinking(text):
                        tokens += 1
                        if tokens == 1:
                            first_token_s = now_s()
                        said = text if isinstance(event, Text) else ""
                        parts.append(said)
                        gathered.add(said)
                    case Started():
                        endpoint, started_s = event.endpoint, now_s()
                        emit(DraftStarted(endpoint, lane, event.omitted, started_s))
                        reader.begin(endpoint)
                    case EndpointFailed():
                        gathered.flush()
                        parts, tokens = [], 0
                        reader.start_over()
                        emit(DraftVoided(event.endpoint, event.reason, now_s()))
                    case Done():
                        gathered.flush()
                        cut_off, stopped = event.cut_off, event.stopped
                        tokens = event.completion_tokens or tokens
    ended_s = now_s()
    emit(DraftEnded(endpoint, tokens, tokens_per_s(tokens, ended_s - first_token_s), ended_s))
    return Draft("".join(parts), endpoint, tokens, started_s, ended_s, cut_off, stopped)
