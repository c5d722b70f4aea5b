"""Urgent work on the audit's endpoint goes first: the audit gives its slot back, and loses nothing by it."""

import asyncio
import time
from typing import NamedTuple

import pytest

from pillion.backends.backend import Text
from pillion.events import AuditFailed, AuditInterrupted, AuditStarted, CriteriaSettled, DraftProgress
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, RequestLog, Rule
from pillion.tiers import Lane
from tests.pipeline.audits import (
    ASKS_CRITERIA,
    ASKS_VERDICT,
    HAS_CODE,
    HEADER,
    NOTHING,
    answer,
    assert_done,
    assert_each_unit_once,
    finding,
    of_step,
    settles,
    step_of,
)
from tests.pipeline.jobs import Rig, rig, task
from tests.support.pools import ask, collect, only_this_task, until

AT_ONCE_S = 0.1
URGENT = Rule("urgent", match_last="what is it?")
EVERYWHERE = {"simple": ["gpu1"], "moderate": ["gpu1"], "hover": ["gpu1"]}
# Short lines and criteria: its first unit closes before there is so much that the auditor reads ahead.
BODY = "".join(f"    a = {number}\n" for number in range(24)) + "    return a\n"
DRAFT = f"```python\n{HEADER}\n{BODY}```\n"
CRITERIA = ("It is.", "It was.")
# What is found in its first part and in its last, which is what the verdict is asked about.
FIRST, LAST = finding("a = 3"), finding("return a")
SCRIPT = (
    settles(*CRITERIA),
    Rule(answer(LAST, unmet=[2]), match_last=ASKS_VERDICT),
    Rule(answer(FIRST), match_last="a = 3\n"),
    Rule(NOTHING),
)
QUESTIONS = {"criteria": ASKS_CRITERIA, "part": HAS_CODE, "verdict": ASKS_VERDICT}


async def urgently(jobs: Rig, lane: Lane) -> float:
    """Asks something on this lane; says when."""
    asked_s = time.monotonic()
    events = await collect(jobs.pool.stream(lane, lambda *_: ask("what is it?")))
    assert Text("urgent") in events
    return asked_s


def is_open(log: list[RequestLog], step: str) -> bool:
    return bool(log) and log[-1].ended == "open" and step_of(log[-1]) == step


class Case(NamedTuple):
    lane: Lane
    step: str
    first_token: bool


@pytest.mark.quiet
@pytest.mark.parametrize(
    "case",
    [
        Case(Lane.HOVER, "part", True),
        Case(Lane.HOVER, "part", False),
        Case(Lane.SIMPLE, "part", True),
        Case(Lane.MODERATE, "part", False),
        Case(Lane.HOVER, "criteria", True),
        Case(Lane.HOVER, "criteria", False),
        Case(Lane.HOVER, "verdict", True),
        Case(Lane.SIMPLE, "verdict", False),
    ],
    ids=lambda case: f"{case.lane} {case.step} {'in its answer' if case.first_token else 'before its first token'}",
)
async def test_the_audit_gives_way_and_is_asked_again(engine: FakeEngine, auditing: FakeEngine, case: Case) -> None:
    engine.change(tokens_per_s=100)
    engine.script(Rule(DRAFT))
    if case.first_token:
        hindered = Rule(NOTHING + " and so on" * 9, match_last=QUESTIONS[case.step], times=1)
        auditing.change(tokens_per_s=30)
    else:
        hindered = Rule(fault=Fault("hang"), match_last=QUESTIONS[case.step], times=1)
    auditing.script(URGENT, *([] if case.step == "criteria" else [SCRIPT[0]]), hindered, *SCRIPT)
    async with rig(engine, auditing, EVERYWHERE) as jobs:
        job = jobs.start(task("implement", "rate"))
        await until(auditing, lambda log: is_open(log, case.step) and (log[-1].tokens_sent > 0 or not case.first_token))
        auditing.change(tokens_per_s=0)
        asked_s = await urgently(jobs, case.lane)
        outcome = await job
    assert_done(outcome, BODY)
    assert_each_unit_once(jobs)
    log = auditing.log()
    # The end of the draft interrupts as well, what isn't being answered yet.
    at = next(n for n, entry in enumerate(log) if entry.ended == "client_closed" and step_of(entry) == case.step)
    closed, urgent = log[at], log[at + 1]
    assert step_of(closed) == case.step
    assert closed.ended_s is not None
    assert closed.ended_s - asked_s < AT_ONCE_S
    assert urgent.messages[-1]["content"] == "what is it?"
    assert urgent.received_s - asked_s < AT_ONCE_S
    # Asked again, and only then: what it was asked about is in the new question too.
    again = next(entry for entry in log[at + 2 :] if step_of(entry) in (case.step, "verdict"))
    assert urgent.ended_s is not None
    assert again.received_s >= urgent.ended_s
    code = closed.messages[-1]["content"].removesuffix("```").split(ASKS_VERDICT)[0].rstrip("`\n")
    assert code in again.prompt
    interrupted = [event.endpoint for event in jobs.of(AuditInterrupted) if event.step == case.step]
    assert interrupted[0] == "gpu1"
    # Nothing was lost, and nothing is there twice.
    assert [event.criteria for event in jobs.of(CriteriaSettled)] == [CRITERIA]
    assert sorted(found.quote for found in outcome.findings) == sorted([HEADER, FIRST["quote"], LAST["quote"]])
    assert jobs.of(AuditFailed) == []
    await only_this_task()


async def test_again_and_again(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.change(tokens_per_s=400)
    engine.script(Rule(DRAFT))
    auditing.change(tokens_per_s=30)
    auditing.script(URGENT, *SCRIPT)
    async with rig(engine, auditing) as jobs:
        job = jobs.start(task("implement", "rate"))
        for _ in range(5):
            seen = len(of_step(auditing.log(), "verdict"))
            await until(
                auditing,
                lambda log, seen=seen: len(of_step(log, "verdict")) > seen and is_open(log, "verdict"),  # type: ignore[misc]
            )
            await urgently(jobs, Lane.HOVER)
        auditing.change(tokens_per_s=0)
        outcome = await job
    assert_done(outcome, BODY)
    assert_each_unit_once(jobs)
    verdicts = of_step(auditing.log(), "verdict")
    assert [entry.ended for entry in verdicts] == ["client_closed"] * 5 + ["done"]
    assert len({entry.messages[-1]["content"] for entry in verdicts}) == 1, "each time the same question"
    assert LAST["quote"] in [found.quote for found in outcome.findings]


async def test_a_pre_empted_audit_ends_in_time(engine: FakeEngine, auditing: FakeEngine) -> None:
    """Urgent work that never ends keeps the audit from its slot, and the draft from nothing."""
    engine.script(Rule(DRAFT))
    auditing.script(Rule("urgent ", match_last="what is it?", fault=Fault("endless")), Rule(fault=Fault("hang")))
    async with rig(engine, auditing) as jobs:
        job = jobs.start(task("implement", "rate"), budget_s=0.3)
        await until(auditing, lambda log: is_open(log, "criteria"))
        endless = ask("what is it?", max_tokens=1_000_000)
        hover = asyncio.create_task(collect(jobs.pool.stream(Lane.HOVER, lambda *_: endless)))
        began_s = time.monotonic()
        outcome = await job
        assert time.monotonic() - began_s < 20
        assert_done(outcome, BODY)
        (failed,) = jobs.of(AuditFailed)
        assert failed.reason == "the audit took more than 0.3 s after the draft"
        assert not hover.done()
        hover.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hover
    assert [step_of(entry) for entry in auditing.log()] == ["criteria", "other"]
    await only_this_task()


@pytest.mark.parametrize("action", ["docstring", "implement"])
async def test_a_draft_is_never_pre_empted(engine: FakeEngine, auditing: FakeEngine, action: str) -> None:
    fields = '{"summary": "Take a percentage off a price.", "parameters": {}, "returns": "what is left of it"}'
    engine.change(tokens_per_s=60)
    engine.script(URGENT, Rule(DRAFT if action == "implement" else fields))
    lanes = {lane.value: ["gpu0"] for lane in Lane}
    async with rig(engine, auditing, lanes) as jobs:
        job = jobs.start(task(action, "discount" if action == "docstring" else "rate"), enabled=False)
        while not jobs.of(DraftProgress):
            await asyncio.sleep(0.005)
        await urgently(jobs, Lane.HOVER)
        outcome = await job
    assert outcome.rejected == ""
    draft, urgent = engine.log()
    assert (draft.ended, urgent.ended) == ("done", "done")
    assert draft.ended_s is not None
    assert urgent.received_s >= draft.ended_s


async def test_with_two_slots_nobody_has_to_wait(engine: FakeEngine) -> None:
    engine.change(tokens_per_s=200)
    engine.script(Rule(DRAFT))
    with FakeEngine.start(slots=2, tokens_per_s=40) as auditing:
        auditing.script(URGENT, *SCRIPT)
        async with rig(engine, auditing, gpu1={"slots": 2}) as jobs:
            job = jobs.start(task("implement", "rate"))
            await until(auditing, lambda log: is_open(log, "part"))
            await urgently(jobs, Lane.HOVER)
            outcome = await job
        log = auditing.log()
    assert_done(outcome, BODY)
    assert_each_unit_once(jobs)
    assert {entry.ended for entry in log} == {"done"}
    assert jobs.of(AuditInterrupted) == []
    assert any(event.step == "part" for event in jobs.of(AuditStarted))


@pytest.mark.quiet
async def test_of_two_audits_one_gives_way(engine: FakeEngine) -> None:
    engine.change(tokens_per_s=2000)
    engine.script(Rule(DRAFT))
    with FakeEngine.start(slots=2, tokens_per_s=30) as auditing:
        auditing.script(URGENT, *SCRIPT)
        async with rig(engine, auditing, gpu1={"slots": 2}) as jobs:
            both = [jobs.start(task("implement", "rate")) for _ in range(2)]
            await until(
                auditing, lambda log: [step_of(entry) for entry in log if entry.ended == "open"] == ["verdict"] * 2
            )
            asked_s = await urgently(jobs, Lane.HOVER)
            auditing.change(tokens_per_s=0)
            outcomes = await asyncio.gather(*both)
        log = auditing.log()
    for outcome in outcomes:
        assert_done(outcome, BODY)
        assert LAST["quote"] in [found.quote for found in outcome.findings]
    (closed,) = (entry for entry in log if entry.ended == "client_closed")
    assert closed.ended_s is not None
    assert closed.ended_s - asked_s < AT_ONCE_S
