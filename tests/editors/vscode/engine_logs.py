"""What the fake engines have heard, for tests that wait for an editor."""

import asyncio

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import RequestLog
from tests.editors.polling import until


async def log_with(engine: FakeEngine, count: int) -> list[RequestLog]:
    """The engine's log, once it has so many requests."""
    return await until(
        lambda: asyncio.to_thread(engine.log), lambda log: len(log) >= count, f"{count} requests at the engine"
    )


async def first_request_ended(engine: FakeEngine) -> RequestLog:
    """The engine's first request, once it is over."""
    log = await until(
        lambda: asyncio.to_thread(engine.log), lambda log: log and log[0].ended != "open", "the request to end"
    )
    return log[0]
