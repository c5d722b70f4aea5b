"""An endpoint that has no room now is waited for, where no other can do the work: never too short, and never too long."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

import pytest

from pillion.backends.backend import Text
from pillion.config.schema import LimitsConfig
from pillion.errors import EngineRefusedError, NoEndpointError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from pillion.pool.pool import Pool
from pillion.pool.pool_events import EndpointFailed, PoolEvent, Started, Waiting
from pillion.pool.waiting import Waits
from pillion.tiers import Lane
from tests.support.pools import ask, backend, collect, only_this_task, open_pool


class Time:
    """A clock that moves by the sleeps it is asked for."""

    def __init__(self, chance: float = 0.0) -> None:
        self.now_s = 1000.0
        self.slept: list[float] = []
        self.waits = Waits(lambda: self.now_s, self._sleep, lambda: chance)

    async def _sleep(self, wait_s: float) -> None:
        self.slept.append(round(wait_s, 3))
        self.now_s += wait_s


@pytest.fixture(scope="module")
def _engines() -> Iterator[tuple[FakeEngine, FakeEngine]]:
    with FakeEngine.start() as a, FakeEngine.start() as b:
        yield a, b


@pytest.fixture
def engines(_engines: tuple[FakeEngine, FakeEngine]) -> tuple[FakeEngine, FakeEngine]:
    """Two engines."""
    for engine in _engines:
        engine.clear_log()
        engine.script(Rule("fine"))
    return _engines


def refuses(status: int, times: int | None, after: str = "", body: str = "") -> Rule:
    headers = {"Retry-After": after} if after else {}
    return Rule(fault=Fault("status", status=status, body=body, headers=headers), times=times)


async def answers(pool: Pool, lane: Lane = Lane.SIMPLE) -> list[PoolEvent]:
    return await collect(pool.stream(lane, lambda *_: ask()))


def names(events: list[PoolEvent]) -> str:
    words = {Started: "→", EndpointFailed: "✗", Waiting: "…"}
    return " ".join(
        words[type(each)] + each.endpoint
        if isinstance(each, Started | EndpointFailed | Waiting)
        else type(each).__name__
        for each in events
    )


class Case(NamedTuple):
    """Refusals, the waits that follow, and the words for the first one. `ends`: it answers after them."""

    rules: list[Rule]
    slept: list[float]
    words: str = ""
    ends: bool = True
    chance: float = 0.0


CASES = {
    "it says how long": Case([refuses(429, 1, "3")], [3.0], "gpu0 asks to wait 3 s"),
    "with chance": Case([refuses(429, 1, "10")], [11.25], "gpu0 asks to wait 11 s", chance=1.0),
    "a queue that is full": Case([refuses(503, 1, "3")], [3.0], "gpu0 asks to wait 3 s"),
    "Anthropic's": Case([refuses(529, 1, "3")], [3.0], "gpu0 asks to wait 3 s"),
    "in words": Case([refuses(429, 1, body='{"error": "Please try again in 2.5s"}')], [2.5], "gpu0 asks to wait 2 s"),
    "twice": Case([refuses(429, 1, "3"), refuses(503, 1, "2")], [3.0, 2.0], "gpu0 asks to wait 3 s"),
    "it doesn't say": Case([refuses(503, 2)], [0.25, 0.5], "gpu0 is busy, and is asked again in 1 s"),
    "it doesn't say, with chance": Case([refuses(503, 2)], [0.5, 1.0], "gpu0 is busy, and is asked again in 1 s", chance=1.0),
    "it never says": Case([refuses(503, None)], [0.25, 0.5, 1.0, 2.0], "gpu0 is busy", ends=False),
    "it always asks": Case([refuses(429, None, "2")], [2.0] * 8, "gpu0 asks to wait 2 s", ends=False),
    "longer than there is time": Case([refuses(429, None, "61")], [], ends=False),
    "until there is no time": Case([refuses(429, None, "25")], [25.0, 25.0], "gpu0 asks to wait 25 s", ends=False),
    "up to the last moment": Case([refuses(429, 1, "60")], [60.0], "gpu0 asks to wait 60 s", chance=1.0),
    "no credit": Case([refuses(429, None, body='{"error": {"message": "no", "code": "insufficient_quota"}}')], [], ends=False),
    "its model loads": Case([refuses(503, 5, body='{"error": {"message": "Loading model", "code": 503}}')], [0.5, 1.0, 2.0, 2.5, 2.5], "gpu0 loads its model"),
    "it loads too long": Case([refuses(503, None, body="Loading model")], [0.5, 1.0, 2.0, 2.5, 2.5, 2.5, 2.5, 2.5], "gpu0 loads its model", ends=False),
    "another failure": Case([refuses(500, None, "3")], [], ends=False),
    "a key": Case([refuses(401, None)], [], ends=False),
}  # fmt: skip


@pytest.mark.parametrize("dialect", ["ollama", "openai"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_the_only_endpoint_is_waited_for(
    engines: tuple[FakeEngine, FakeEngine], case: Case, dialect: str
) -> None:
    time = Time(case.chance)
    engines[0].script(*case.rules, Rule("fine"))
    only = backend(dialect, engines[0].url, first_token_timeout_s=15.0)
    limits = LimitsConfig(simple_s=60.0)
    async with open_pool({"simple": ["gpu0"]}, only, clock=time.waits.now_s, limits=limits, waits=time.waits) as pool:
        if case.ends:
            events = await answers(pool)
            assert Text("fine") in events
            told = [each for each in events if isinstance(each, Waiting)]
            assert names(events) == "→gpu0 " + "…gpu0 →gpu0 " * len(told) + "Text Done"
            assert told[0].words.startswith(case.words)
        else:
            with pytest.raises(EngineRefusedError, match="gpu0 answered"):  # its own error, and once
                await answers(pool)
        assert time.slept == case.slept
        assert len(engines[0].log()) == len(case.slept) + 1
    assert time.now_s <= 1060.0
    await only_this_task()


async def test_who_can_sooner_is_asked_first(engines: tuple[FakeEngine, FakeEngine]) -> None:
    first, second = engines
    time = Time()
    endpoints = backend("ollama", first.url, "a"), backend("openai", second.url, "b")
    lanes = {"simple": ["a", "b"], "moderate": ["a"]}
    async with open_pool(lanes, *endpoints, clock=time.waits.now_s, waits=time.waits) as pool:
        first.script(refuses(429, 1, "30"), Rule("fine"))
        assert names(await answers(pool)) == "→a ✗a →b Text Done"
        assert time.slept == [], "another endpoint could do it"
        second.script(refuses(503, 1, "2"), Rule("fine"))
        assert names(await answers(pool)) == "→b …b →b Text Done", "the first one is still to be left alone"
        assert time.slept == [2.0]
        second.script(refuses(503, None, "40"))
        assert names(await answers(pool)) == "→b ✗b …a →a Text Done", "28 s are less than 40"
        assert time.slept == [2.0, 28.0]
        first.script(refuses(500, None))
        with pytest.raises(NoEndpointError) as caught:
            await answers(pool, Lane.SIMPLE)
        assert [str(caught.value).count(f"{name} answered") for name in "ab"] == [1, 1]


async def test_the_next_request_leaves_it_alone_too(engines: tuple[FakeEngine, FakeEngine]) -> None:
    time = Time()
    engines[0].script(refuses(429, 1, "30"), Rule("fine"))
    only, limits = backend("ollama", engines[0].url), LimitsConfig(simple_s=20.0, moderate_s=60.0)
    lanes = {"simple": ["gpu0"], "moderate": ["gpu0"], "hover": ["gpu0"]}
    async with open_pool(lanes, only, clock=time.waits.now_s, limits=limits, waits=time.waits) as pool:
        with pytest.raises(EngineRefusedError):
            await answers(pool, Lane.HOVER)  # nobody waits so long for a hover
        assert names(await answers(pool, Lane.MODERATE)) == "…gpu0 →gpu0 Text Done"
        assert time.slept == [30.0]
        engines[0].script(refuses(429, 1, "30"), Rule("fine"))
        with pytest.raises(EngineRefusedError):
            await answers(pool)
        assert names(await answers(pool)) == "→gpu0 Text Done", "there is no time to wait: perhaps it is better now"


@pytest.mark.parametrize("date", [True, False])
async def test_real_time(engines: tuple[FakeEngine, FakeEngine], date: bool) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    engines[0].script(refuses(429, 1, soon if date else "0.05"), Rule("fine"))
    async with open_pool({"simple": ["gpu0"]}, backend("ollama", engines[0].url)) as pool, asyncio.timeout(10):
        assert Text("fine") in await answers(pool)


async def test_a_wait_can_be_cancelled(engines: tuple[FakeEngine, FakeEngine]) -> None:
    engines[0].script(refuses(429, None, "60"))
    waiting = asyncio.Event()

    async def asks(pool: Pool) -> None:
        async for event in pool.stream(Lane.SIMPLE, lambda *_: ask()):
            if isinstance(event, Waiting):
                waiting.set()

    async with open_pool({"simple": ["gpu0"]}, backend("ollama", engines[0].url)) as pool:
        task = asyncio.create_task(asks(pool))
        async with asyncio.timeout(5):
            await waiting.wait()
            task.cancel()
            await asyncio.wait([task])
        assert task.cancelled()
    await only_this_task()


def test_the_defaults_are_the_real_time() -> None:
    waits: Any = Waits()
    assert 0 <= waits.chance() < 1
    assert waits.sleep is asyncio.sleep
