"""An endpoint that is down is looked at until it is back, whoever listens."""

import asyncio

import pytest

from pillion.backends.backend import Text
from pillion.errors import EngineInterruptedError, PillionError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from pillion.pool.endpoint_status import EndpointState
from pillion.pool.health import HealthWatch
from pillion.pool.pool import Pool
from pillion.tiers import Lane
from tests.support.pools import ask, backend, collect, open_pool

LANES = {"simple": ["gpu0"], "moderate": ["gpu0"], "complex": ["gpu0"], "audit": ["gpu0"], "hover": ["gpu0"]}
BACK_WITHIN_S = 30.0
LOOKS_AFTER_S = 3.0


async def test_it_looks_while_something_is_down_and_no_longer() -> None:
    down, looks = ["a", "b"], []

    async def look_again(name: str) -> None:
        looks.append(name)
        if looks.count(name) == 2:
            down.remove(name)

    watch = HealthWatch(lambda: list(down), look_again, 0.01)
    for _ in range(3):  # one look at a time, however often it is told
        watch.notice()
    async with asyncio.timeout(BACK_WITHIN_S):
        while down:
            await asyncio.sleep(0.01)
    assert sorted(looks) == ["a", "a", "b", "b"]
    down.append("a")
    watch.notice()
    await watch.aclose()
    watch.notice()
    assert len(looks) == 4, "nobody looks once it is closed"


async def test_an_endpoint_that_comes_back_is_found_though_nobody_listens() -> None:
    engine = FakeEngine.start()
    with engine:
        url = engine.url
    async with open_pool(LANES, backend("ollama", url)) as pool:
        try:
            await collect(pool.stream(Lane.SIMPLE, lambda *_: ask()))
        except PillionError:
            assert pool.status()[0].state is EndpointState.DOWN
        with FakeEngine.start(port=int(url.rsplit(":", 1)[1])):
            async with asyncio.timeout(BACK_WITHIN_S):
                while pool.status()[0].state is EndpointState.DOWN:
                    await asyncio.sleep(0.05)


@pytest.mark.parametrize("stays", [True, False], ids=["it is still there", "it is gone"])
async def test_one_that_broke_off_is_looked_at(stays: bool) -> None:
    with FakeEngine.start() as engine:
        if stays:
            engine.script(Rule("a b c d e f", fault=Fault("drop", after_tokens=2)))
        else:
            engine.change(tokens_per_s=5.0)
            engine.script(Rule("a b c d e f g h i j k l m n"))
        async with open_pool(LANES, backend("ollama", engine.url)) as pool:
            with pytest.raises(EngineInterruptedError):
                await _heard(pool, engine if not stays else None)
            assert pool.status()[0].state is EndpointState.IDLE
            await asyncio.sleep(LOOKS_AFTER_S)
            assert pool.status()[0].state is (EndpointState.IDLE if stays else EndpointState.DOWN)


async def _heard(pool: Pool, dies: FakeEngine | None) -> None:
    """Hears an answer out, in the middle of which the engine may be killed."""
    async for event in pool.stream(Lane.SIMPLE, lambda *_: ask()):
        if isinstance(event, Text) and dies is not None:
            dies.kill()
