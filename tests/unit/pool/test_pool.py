"""The pool: who is asked first, who waits for whom, and what happens when one fails."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, aclosing
from typing import Any, NamedTuple

import pytest

from pillion.backends.backend import Backend, Done, ToolCall
from pillion.errors import (
    ConfigError,
    ContextTooLongError,
    EngineUnreachableError,
    NoEndpointError,
    PillionError,
)
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from pillion.pool.breaker import Breaker
from pillion.pool.pool import Pool
from pillion.pool.pool_events import EndpointFailed, PoolEvent, Preempted, Started, Waiting
from pillion.pool.prompt_factory import PromptLimits
from pillion.pool.slots import Slots
from pillion.prompts.prompt import Prompt
from pillion.tiers import Lane
from tests.support.pools import ask, backend, collect, only_this_task, open_pool

NOBODY = "http://127.0.0.1:9"  # the discard port, which nobody serves
NO_MODEL = Fault("status", status=404, body='{"error": "model \'fake-model\' not found"}')


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture(scope="module")
def _engines() -> Iterator[dict[str, FakeEngine]]:
    with FakeEngine.start(slots=2) as a, FakeEngine.start(slots=2) as b:
        yield {"a": a, "b": b}


@pytest.fixture
def engines(_engines: dict[str, FakeEngine]) -> dict[str, FakeEngine]:
    """Two engines that answer with their names."""
    for name, engine in _engines.items():
        engine.script(Rule(f"I am {name}"))
        engine.clear_log()
        engine.change(tokens_per_s=0)
    return _engines


def endpoints(engines: dict[str, FakeEngine], **settings: Any) -> list[Backend]:
    """a and b live, each in another dialect; c and d are addresses where nobody is."""
    return [
        backend("ollama", engines["a"].url, "a", **settings),
        backend("openai", engines["b"].url, "b", **settings),
        backend("ollama", NOBODY, "c"),
        backend("openai", NOBODY, "d"),
    ]


def make_prompt(_limits: PromptLimits, _so_far: str) -> Prompt:
    return ask()


async def answers(pool: Pool, lane: Lane = Lane.SIMPLE) -> list[PoolEvent]:
    return await collect(pool.stream(lane, make_prompt))


def told(events: list[PoolEvent]) -> str:
    """The events as a line: who was started or failed, and what was said."""
    return " ".join(
        {Started: "→", EndpointFailed: "✗", Preempted: "↯"}[type(event)] + event.endpoint
        if isinstance(event, Started | EndpointFailed | Preempted)
        else event.text.strip()
        for event in events
        if not isinstance(event, Done | ToolCall | Waiting)
    )


# Who is asked


@pytest.mark.parametrize(
    ("lane", "expected"),
    [
        pytest.param(["a", "b"], "→a I am a", id="the first"),
        pytest.param(["b", "a"], "→b I am b", id="the other order"),
        pytest.param([["b", "a"]], "→b I am b", id="an idle pool, in its order"),
        pytest.param(["c", "a"], "→c ✗c →a I am a", id="the second, where nobody is at the first"),
        pytest.param(["c", "d", "b"], "→c ✗c →d ✗d →b I am b", id="the third"),
        pytest.param([["c", "d"], "b"], "→c ✗c →d ✗d →b I am b", id="a pool that is down"),
    ],
)
async def test_order_of_preference(engines: dict[str, FakeEngine], lane: list[Any], expected: str) -> None:
    async with open_pool({"simple": lane}, *endpoints(engines)) as pool:
        assert told(await answers(pool)) == expected


@pytest.mark.parametrize(
    ("lane", "expected"),
    [
        pytest.param([["a", "b"]], "abab", id="a pool shares"),
        pytest.param([["b", "a"]], "baba", id="in its own order"),
        pytest.param(["a", "b"], "aa", id="a list doesn't share: the second is for failures"),
    ],
)
async def test_load_is_shared(engines: dict[str, FakeEngine], lane: list[Any], expected: str) -> None:
    async with open_pool({"simple": lane}, *endpoints(engines, slots=2)) as pool, AsyncExitStack() as stack:
        asked = ""
        for _ in expected:
            events = await stack.enter_async_context(aclosing(pool.stream(Lane.SIMPLE, make_prompt)))
            async with asyncio.timeout(30):
                started = await anext(events)
            assert isinstance(started, Started)
            asked += started.endpoint
        assert asked == expected


async def test_who_goes_first_when_several_wait(engines: dict[str, FakeEngine]) -> None:
    lanes = {lane.value: ["a"] for lane in Lane}
    order: list[Lane] = []

    async def ask_on(lane: Lane) -> None:
        async with aclosing(pool.stream(lane, make_prompt)) as events:
            assert isinstance(await anext(events), Started)
            order.append(lane)

    async with (
        open_pool(lanes, *endpoints(engines, slots=1)) as pool,
        asyncio.TaskGroup() as group,
        aclosing(pool.stream(Lane.AUDIT, make_prompt)) as held,
    ):
        await anext(held)
        for lane in (Lane.AUDIT, Lane.COMPLEX, Lane.MODERATE, Lane.SIMPLE, Lane.HOVER, Lane.AUDIT):
            group.create_task(ask_on(lane))
            await asyncio.sleep(0)
        assert order == []
    assert order == [Lane.HOVER, Lane.SIMPLE, Lane.COMPLEX, Lane.MODERATE, Lane.AUDIT, Lane.AUDIT]


# Slots on their own


async def test_slots_are_never_lost() -> None:
    """Whoever is cancelled, while waiting or in the moment when the slot is given, the others get theirs."""
    slots = Slots(1)
    got: list[str] = []

    async def hold(name: str) -> None:
        async with slots.hold(1):
            got.append(name)

    for unlucky in ("waiting", "given"):
        async with slots.hold(1):
            first, second = (asyncio.create_task(hold(name)) for name in ("first", "second"))
            await asyncio.sleep(0)
            assert slots.load == 3
            if unlucky == "waiting":
                first.cancel()
                await asyncio.sleep(0)
                assert slots.load == 2
        if unlucky == "given":
            first.cancel()  # the slot is its already, and it has not run since
        _, waiting = await asyncio.wait([first, second], timeout=30)
        assert not waiting
        assert first.cancelled()
        assert slots.load == 0
    assert got == ["second", "second"]


# When one fails


class Failing(NamedTuple):
    fault: Fault
    expected: str
    reason: str


FAILING = {
    "refused": Failing(Fault("status"), "→a ✗a →b I am b", "a answered 500: scripted error"),
    "model missing": Failing(NO_MODEL, "→a ✗a →b I am b", "a doesn't have the model 'fake-model'."),
    "hangs": Failing(Fault("hang"), "→a ✗a →b I am b", "a sent nothing for 0.2 s."),
    "garbage": Failing(Fault("garbage"), "→a ✗a →b I am b", "a sent “"),
    "breaks off": Failing(Fault("drop", 2), "→a I am ✗a →b I am b", "a: the stream broke off"),
    "stalls": Failing(Fault("stall", 2), "→a I am ✗a →b I am b", "a sent nothing for 0.2 s."),
    "error line": Failing(Fault("error_line", 1), "→a I ✗a →b I am b", "a: scripted error"),
}


@pytest.mark.parametrize("case", FAILING.values(), ids=FAILING.keys())
async def test_the_next_one_starts_over(engines: dict[str, FakeEngine], case: Failing) -> None:
    engines["a"].script(Rule("I am a", fault=case.fault))
    # Only who is to be late has little time: on a busy machine the others would be late, too.
    times = {"hang": {"first_token_timeout_s": 0.2}, "stall": {"stall_timeout_s": 0.2}}
    limits = times.get(case.fault.kind, {})
    _, *others = endpoints(engines)
    async with open_pool({"simple": ["a", "b"]}, backend("ollama", engines["a"].url, "a", **limits), *others) as pool:
        events = await answers(pool)
    assert told(events) == case.expected
    (failed,) = (event for event in events if isinstance(event, EndpointFailed))
    assert failed.reason.startswith(case.reason)
    assert [type(event) for event in events].count(Done) == 1
    await only_this_task()


@pytest.mark.parametrize(
    ("lane", "error", "words"),
    [
        pytest.param([], NoEndpointError, ["“simple”", "No endpoint is set up"], id="an empty lane"),
        pytest.param(["c"], EngineUnreachableError, ["'c'"], id="the only one"),
        pytest.param(["c", "d"], NoEndpointError, ["No engine answered.", "'c'", "'d'"], id="all that there are"),
        pytest.param(["c", "a", "d"], NoEndpointError, ["'c'", "a answered 500", "'d'"], id="each in its own way"),
    ],
)
async def test_when_nobody_can(
    engines: dict[str, FakeEngine], lane: list[str], error: type[PillionError], words: list[str]
) -> None:
    engines["a"].script(Rule(fault=Fault("status")))
    async with open_pool({"simple": lane}, *endpoints(engines)) as pool:
        with pytest.raises(error) as caught:
            await answers(pool)
    assert type(caught.value) is error
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert caught.value.hint


async def test_a_prompt_that_is_too_long_goes_where_it_fits(engines: dict[str, FakeEngine]) -> None:
    def fits_the_large_one(limits: PromptLimits, _so_far: str) -> Prompt:
        if limits.num_ctx < 8192:
            raise ContextTooLongError("too long")
        return ask()

    small = backend("ollama", engines["a"].url, "a", num_ctx=1024)
    large = backend("openai", engines["b"].url, "b", num_ctx=8192)
    async with open_pool({"simple": ["a", "b"], "hover": ["a"]}, small, large) as pool:
        for _ in range(4):  # it is no failure of the endpoint's, so it stays the first to be tried
            events = await collect(pool.stream(Lane.SIMPLE, fits_the_large_one))
            assert told(events) == "✗a →b I am b"
        with pytest.raises(ContextTooLongError):
            await collect(pool.stream(Lane.HOVER, fits_the_large_one))
    assert engines["a"].log() == []


async def test_an_endpoint_without_its_key_is_left_for_the_next_one(engines: dict[str, FakeEngine]) -> None:
    keyed = backend("openai", engines["a"].url, "a", api_key_env="NOT_SET")
    async with open_pool({"simple": ["a", "b"], "hover": ["a"]}, keyed, *endpoints(engines)[1:]) as pool:
        events = await answers(pool)
        assert told(events) == "→a ✗a →b I am b"
        (failed,) = (event for event in events if isinstance(event, EndpointFailed))
        assert "NOT_SET, which isn't set" in failed.reason
        assert "NOT_SET" in pool.status()[0].reason
        with pytest.raises(ConfigError, match="NOT_SET"):  # the only one's mistake is the lane's
            await answers(pool, Lane.HOVER)
    assert engines["a"].log() == []


# Rest and recovery


async def test_an_endpoint_that_is_down_is_tried_last_for_a_while(engines: dict[str, FakeEngine]) -> None:
    clock = Clock()
    engines["a"].script(Rule(fault=NO_MODEL, times=2), Rule("I am a"))
    async with open_pool({"simple": ["a", "b"], "hover": ["a"]}, *endpoints(engines), clock=clock) as pool:
        assert told(await answers(pool)) == "→a ✗a →b I am b"
        assert told(await answers(pool)) == "→b I am b"
        clock.now_s += 4.9
        assert told(await answers(pool)) == "→b I am b"
        engines["b"].script(Rule(fault=Fault("status"), times=1), Rule("I am b"))
        with pytest.raises(NoEndpointError):  # at rest is not out: where the others fail, it is tried
            await answers(pool)
        clock.now_s += 9.9
        assert told(await answers(pool)) == "→b I am b", "its second rest is twice as long"
        assert told(await answers(pool, Lane.HOVER)) == "→a I am a", "where it is the only one, it is tried"
        assert told(await answers(pool)) == "→a I am a", "a success ends the rest"


async def test_what_may_pass_is_forgiven_twice(engines: dict[str, FakeEngine]) -> None:
    engines["a"].script(
        Rule(fault=Fault("status", status=503), times=2), Rule("I am a", times=1), Rule(fault=Fault("status"))
    )
    async with open_pool({"simple": ["a", "b"]}, *endpoints(engines), clock=Clock()) as pool:
        assert [told(await answers(pool)) for _ in range(7)] == [
            *["→a ✗a →b I am b"] * 2,
            "→a I am a",  # which makes the count begin anew
            *["→a ✗a →b I am b"] * 3,
            "→b I am b",
        ]


async def test_where_nobody_is_rests_at_once(engines: dict[str, FakeEngine]) -> None:
    async with open_pool({"simple": ["c", "a"]}, *endpoints(engines)) as pool:
        assert [told(await answers(pool)) for _ in range(2)] == ["→c ✗c →a I am a", "→a I am a"]


@pytest.mark.parametrize(
    ("fatal", "failures", "rests_s"),
    [
        pytest.param(False, 2, [0.0, 0.0], id="two failures are forgiven"),
        pytest.param(False, 4, [0.0, 0.0, 5.0, 10.0], id="the third is not"),
        pytest.param(True, 6, [5.0, 10.0, 20.0, 40.0, 60.0, 60.0], id="down: longer each time, up to a minute"),
    ],
)
def test_rests(fatal: bool, failures: int, rests_s: list[float]) -> None:
    clock = Clock()
    breaker = Breaker(clock)
    measured: list[float] = []
    for _ in range(failures):
        breaker.failed(fatal=fatal)
        failed_s = clock.now_s
        while breaker.resting:
            clock.now_s += 0.5
        measured.append(clock.now_s - failed_s)
    assert measured == rests_s
    breaker.succeeded()
    assert not breaker.resting
    breaker.failed(fatal=True)
    clock.now_s += 5
    assert not breaker.resting, "after a success the first rest is short again"
