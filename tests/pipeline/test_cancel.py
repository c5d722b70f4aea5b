"""Cancelling closes the connection in every phase, so that the engine stops, and leaves no task behind."""

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, NamedTuple

import pytest

from pillion.backends.base import Text
from pillion.bench.fake.process import FakeEngine
from pillion.bench.fake.records import Fault, RequestLog, Rule
from pillion.pool.pool import Started
from pillion.tiers import Lane
from tests.pipeline.jobs import rig, task
from tests.support.pools import LEFT_WITHIN_S, ask, backend, collect, only_this_task, open_backend, open_pool, until


class Phase(NamedTuple):
    settings: dict[str, Any]
    rule: Rule
    reached: Callable[[RequestLog], bool]


PHASES = {
    "before the headers": Phase({}, Rule(fault=Fault("hang")), lambda entry: True),
    "prefill": Phase({"prefill_tokens_per_s": 1}, Rule("x"), lambda entry: entry.started_s is not None),
    "slow generation": Phase(
        {"tokens_per_s": 20}, Rule("x ", fault=Fault("endless")), lambda entry: entry.tokens_sent > 1
    ),
    "fast generation": Phase({}, Rule("x ", fault=Fault("endless")), lambda entry: entry.tokens_sent > 100),
    "stall": Phase({}, Rule("a b", fault=Fault("stall", 2)), lambda entry: entry.tokens_sent == 2),
}


async def cancelled(task: asyncio.Task[Any]) -> float:
    """Cancels it, waits until it is gone, and says when it was cancelled."""
    cancelled_s = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return cancelled_s


def report(what: str, latency_s: float) -> None:
    """Checks how long the engine went on, and shows it (with -rP): users of such tools complain of seconds."""
    sys.stdout.write(f"cancel latency, {what}: {1e3 * latency_s:.1f} ms\n")
    assert latency_s < LEFT_WITHIN_S


@pytest.mark.parametrize("dialect", ["ollama", "openai"])
@pytest.mark.parametrize("phase", PHASES.values(), ids=PHASES.keys())
async def test_the_engine_stops(engine: FakeEngine, phase: Phase, dialect: str) -> None:
    engine.change(**phase.settings)
    engine.script(phase.rule)
    # Its first word is new, so that the prompt isn't in the cache; many tokens, so that the limit doesn't end it.
    prompt = ask(f"{time.monotonic()} is now", max_tokens=1_000_000)
    async with open_backend(dialect, engine.url) as endpoint:
        task = asyncio.create_task(collect(endpoint.stream(prompt)))
        await until(engine, lambda log: bool(log) and phase.reached(log[0]))
        cancelled_s = await cancelled(task)
        await only_this_task()
        (entry,) = await until(engine, lambda log: log[0].ended != "open")
        assert entry.ended == "client_closed"
        assert entry.ended_s is not None
        report(f"{dialect}, {phase.rule.fault.kind if phase.rule.fault else 'prefill'}", entry.ended_s - cancelled_s)
        # The slot is free, and the same endpoint can be asked again.
        engine.script()
        engine.change(prefill_tokens_per_s=0)
        assert (await collect(endpoint.stream(ask())))[0] == Text("ok")


@pytest.mark.parametrize("dialect", ["ollama", "openai"])
async def test_who_stops_reading_stops_the_engine(engine: FakeEngine, dialect: str) -> None:
    engine.script(Rule("x ", fault=Fault("endless")))
    async with open_backend(dialect, engine.url) as endpoint:
        async with aclosing(endpoint.stream(ask(max_tokens=1_000_000))) as events:
            assert await anext(events) == Text("x")
        (entry,) = await until(engine, lambda log: log[0].ended != "open")
    assert entry.ended == "client_closed"
    await only_this_task()


async def test_waiting_for_a_slot(engine: FakeEngine) -> None:
    """Who is cancelled in the queue never reaches the engine, and doesn't take the slot along."""
    engine.change(tokens_per_s=50)
    engine.script(Rule("x ", fault=Fault("endless"), times=1), Rule("fine"))
    endless, short = ask(max_tokens=1_000_000), ask("next")
    async with open_pool({"simple": ["gpu0"]}, backend("ollama", engine.url)) as pool:
        first = asyncio.create_task(collect(pool.stream(Lane.SIMPLE, lambda _: endless)))
        await until(engine, lambda log: bool(log) and log[0].tokens_sent > 0)
        second, third = (asyncio.create_task(collect(pool.stream(Lane.SIMPLE, lambda _: short))) for _ in range(2))
        await asyncio.sleep(0.05)
        cancelled_s = await cancelled(second)
        report("waiting for a slot", time.monotonic() - cancelled_s)
        assert not first.done()
        assert not third.done()
        cancelled_s = await cancelled(first)
        assert (await third)[:2] == [Started("gpu0", ""), Text("fine")]
        log = engine.log()
        assert [entry.ended for entry in log] == ["client_closed", "done"]
        assert log[0].ended_s is not None
        report("a pool's stream", log[0].ended_s - cancelled_s)
    await only_this_task()


class Moment(NamedTuple):
    """When a job is cancelled, and how its requests must have ended: gpu0's, gpu1's."""

    gpu0: Rule
    gpu1: Rule
    reached: Callable[[list[RequestLog], list[RequestLog]], bool]
    ended: tuple[list[str], list[str]]


ENDLESS = Rule("    a = 1\n" * 40, fault=Fault("endless"))
CODE = Rule("def rate(year: int) -> float:\n" + "    year += 1\n" * 20 + "    return 0.0\n")
BAD = Rule("no code", times=1)
MOMENTS = {
    "before the draft's first token": Moment(
        Rule(fault=Fault("hang")), Rule(), lambda drafts, audits: len(drafts) == 1, (["client_closed"], [])
    ),
    "while both stream": Moment(
        Rule(CODE.reply, fault=Fault("endless")),
        ENDLESS,
        lambda drafts, audits: bool(audits) and audits[0].tokens_sent > 0,
        (["client_closed"], ["client_closed"]),
    ),
    "while the audit waits for its first token": Moment(
        Rule(CODE.reply, fault=Fault("endless")),
        Rule(fault=Fault("hang")),
        lambda drafts, audits: bool(audits),
        (["client_closed"], ["client_closed"]),
    ),
    "while the audit goes on alone": Moment(
        CODE,
        Rule(fault=Fault("hang")),
        lambda drafts, audits: bool(audits) and drafts[0].ended == "done",
        (["done"], ["client_closed"]),
    ),
    "in the second try": Moment(
        Rule("x ", match="can't be used", fault=Fault("endless")),
        Rule('{"findings": []}'),
        lambda drafts, audits: len(drafts) == 2 and drafts[1].tokens_sent > 0,
        (["done", "client_closed"], ["done"]),
    ),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS.keys())
async def test_a_cancelled_job_stops_both_engines(engine: FakeEngine, auditing: FakeEngine, moment: Moment) -> None:
    for each in (engine, auditing):
        each.change(tokens_per_s=150)
    engine.script(moment.gpu0, BAD)
    auditing.script(moment.gpu1)
    async with rig(engine, auditing) as jobs:
        job = jobs.start(task("implement", "rate"))
        await until(engine, lambda drafts: moment.reached(drafts, auditing.log()))
        cancelled_s = await cancelled(job)
        await only_this_task()
        logs = [
            await until(each, lambda log: all(entry.ended != "open" for entry in log)) for each in (engine, auditing)
        ]
    assert tuple([entry.ended for entry in log] for log in logs) == moment.ended
    for entry in (entry for log in logs for entry in log if entry.ended == "client_closed"):
        assert entry.ended_s is not None
        report("a job", entry.ended_s - cancelled_s)


async def test_a_cancelled_job_leaves_the_queue(engine: FakeEngine, auditing: FakeEngine) -> None:
    """A draft that waits for the slot another job has; and the audit of a job that waits for its own draft."""
    engine.change(tokens_per_s=50)
    engine.script(CODE)
    everything = {lane.value: ["gpu0"] for lane in Lane}
    async with rig(engine, auditing, everything) as jobs:
        first = jobs.start(task("implement", "rate"))
        await until(engine, lambda drafts: bool(drafts) and drafts[0].tokens_sent > 12)
        second = jobs.start(task("implement", "rate"))
        await asyncio.sleep(0.02)
        for job in (second, first):
            await cancelled(job)
        log = await until(engine, lambda log: all(entry.ended != "open" for entry in log))
    assert [entry.ended for entry in log] == ["client_closed"]
    await only_this_task()
