"""Backends and pools on fake engines, and what the tests of both wait for."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from pillion.backends.backend import Backend
from pillion.backends.chat_request import Message
from pillion.backends.ollama import OllamaBackend
from pillion.backends.openai import OpenAIBackend
from pillion.config.schema import EndpointConfig, LanesConfig, LimitsConfig
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import RequestLog
from pillion.pool.pool import Pool
from pillion.pool.prefill import Prefills
from pillion.pool.waiting import Waits
from pillion.prompts.prompt import Prompt

# How soon an engine must have noticed that its client left. Measured: a few milliseconds.
LEFT_WITHIN_S = 10.0
WAIT_S = 30.0
T = TypeVar("T")


def backend(dialect: str, url: str, name: str = "gpu0", **settings: Any) -> Backend:
    """An endpoint of this dialect at a fake engine's address."""
    base = f"{url}/v1" if dialect == "openai" else url
    config = EndpointConfig.model_validate({"protocol": dialect, "url": base, "model": "fake-model", **settings})
    return OpenAIBackend(name, config) if dialect == "openai" else OllamaBackend(name, config)


@asynccontextmanager
async def open_backend(dialect: str, url: str, **settings: Any) -> AsyncIterator[Backend]:
    """The same, closed at the end."""
    endpoint = backend(dialect, url, **settings)
    try:
        yield endpoint
    finally:
        await endpoint.aclose()


@asynccontextmanager
async def open_pool(
    lanes: Mapping[str, Any],
    *backends: Backend,
    clock: Callable[[], float] = time.monotonic,
    limits: LimitsConfig | None = None,
    prefills: Prefills | None = None,
    waits: Waits | None = None,
) -> AsyncIterator[Pool]:
    """A pool of these endpoints, closed at the end."""
    by_name = {each.name: each for each in backends}
    pool = Pool(by_name, LanesConfig.model_validate(lanes), clock, limits=limits, prefills=prefills, waits=waits)
    try:
        yield pool
    finally:
        await pool.aclose()


def ask(text: str = "hello", *, schema: Mapping[str, Any] | None = None, max_tokens: int = 100) -> Prompt:
    """A prompt of one message."""
    return Prompt((Message("user", text),), schema, max_tokens)


async def collect(events: AsyncIterator[T], into: list[T] | None = None) -> list[T]:
    """All that comes. With `into`, what came before an error is kept there."""
    collected = [] if into is None else into
    async for event in events:
        collected.append(event)
    return collected


async def until(engine: FakeEngine, condition: Callable[[list[RequestLog]], bool]) -> list[RequestLog]:
    """The engine's log, once it is as the condition wants it."""
    deadline = time.monotonic() + WAIT_S
    while not condition(log := await asyncio.to_thread(engine.log)):
        assert time.monotonic() < deadline, log
        await asyncio.sleep(0.005)
    return log


async def only_this_task() -> None:
    """Waits until no other task is left; a task without an owner would stay."""
    deadline = time.monotonic() + LEFT_WITHIN_S
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        assert time.monotonic() < deadline, others
        await asyncio.sleep(0.005)
