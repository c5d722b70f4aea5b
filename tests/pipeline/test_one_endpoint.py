"""One endpoint, or a dead second one: the audit comes after the draft, says so, and costs the draft nothing."""

from typing import Any

import pytest

from pillion.events import AuditFailed, AuditStarted, JobMeasured
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, RequestLog, Rule, busy_overlap_s
from pillion.tiers import Lane
from tests.pipeline.audits import DRAFT, answer, assert_done, assert_each_unit_once, finding, settles, step_of, steps
from tests.pipeline.jobs import NO_CHANGE, rig, task
from tests.support.pools import only_this_task

DEAD = {"url": "http://127.0.0.1:9"}
AUDITS = Rule(answer(finding("if year == 2020:")), match="You review code")
BOTH = {"audit": ["gpu1", "gpu0"]}
ONE = {lane.value: ["gpu0"] for lane in Lane}


def draft_and_audits(log: list[RequestLog]) -> tuple[RequestLog, list[RequestLog]]:
    """The draft, and what was asked besides: in the order in which they came."""
    (draft,) = (entry for entry in log if step_of(entry) == "other")
    return draft, [entry for entry in log if entry is not draft]


@pytest.mark.parametrize(
    ("lanes", "gpu1", "fault"),
    [
        pytest.param(ONE, NO_CHANGE, None, id="one endpoint"),
        pytest.param(BOTH, DEAD, None, id="the second is dead"),
        pytest.param(BOTH, NO_CHANGE, Fault("status", status=500), id="the second refuses"),
        pytest.param(BOTH, NO_CHANGE, Fault("drop", 1), id="the second breaks off"),
        pytest.param(BOTH, NO_CHANGE, Fault("html"), id="the second is a web page"),
    ],
)
async def test_the_audit_comes_after_the_draft(
    engine: FakeEngine, auditing: FakeEngine, lanes: dict[str, Any], gpu1: dict[str, Any], fault: Fault | None
) -> None:
    engine.change(tokens_per_s=300)
    engine.script(settles(), AUDITS, Rule(DRAFT))
    auditing.script(Rule("x", fault=fault))
    async with rig(engine, auditing, lanes, gpu1=gpu1) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    draft, audits = draft_and_audits(engine.log())
    assert draft.ended_s is not None
    assert engine.log()[0] is not None
    assert steps(audits), "it is audited"
    assert all(audit.received_s >= draft.ended_s for audit in audits), "nothing was in the draft's way"
    assert {"criteria", "reading"} & {step_of(audit) for audit in audits} == set(), "they come too late to be of use"
    assert [found.quote for found in outcome.findings] == ["if year == 2020:"]
    assert_each_unit_once(jobs)
    started = [event for event in jobs.of(AuditStarted) if event.endpoint == "gpu0"]
    assert started
    assert all(event.after_draft for event in started)
    assert jobs.of(AuditFailed) == []
    (measured,) = jobs.of(JobMeasured)
    figures = measured.figures
    assert figures.overlap_ratio < 0.5
    if lanes is ONE:
        assert (figures.after_draft, figures.audit_endpoint, figures.overlap_ratio) == (True, "gpu0", 0.0)
        assert figures.audit_tail_s > 0
        assert "after the draft, on the same endpoint" in str(figures)
        assert auditing.log() == []
    await only_this_task()


@pytest.mark.parametrize(
    "fault",
    [Fault("status", status=500), Fault("drop", 3), Fault("garbage"), Fault("hang"), Fault("endless")],
    ids=lambda fault: fault.kind,
)
async def test_its_failing_costs_the_draft_nothing(engine: FakeEngine, auditing: FakeEngine, fault: Fault) -> None:
    engine.script(Rule("so ", match="You review code", fault=fault), Rule(DRAFT))
    async with rig(engine, auditing, ONE, gpu0={"first_token_timeout_s": 1.0}) as jobs:
        outcome = await jobs.run(task("implement", "rate"), budget_s=3)
    assert_done(outcome)
    assert outcome.findings == ()
    assert len(jobs.of(AuditFailed)) == (fault.kind != "endless"), "what is endless is only cut off"
    assert isinstance(jobs.events[-1], JobMeasured)
    await only_this_task()


async def test_a_lane_without_an_endpoint(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.script(Rule(DRAFT))
    async with rig(engine, auditing, {"audit": []}) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    (failed,) = jobs.of(AuditFailed)
    assert failed.reason.startswith("No endpoint is set up for “audit”.")
    assert auditing.log() == []


async def test_with_two_slots_it_runs_beside(auditing: FakeEngine) -> None:
    with FakeEngine.start(slots=2, tokens_per_s=120) as engine:
        engine.script(settles(), AUDITS, Rule(DRAFT))
        async with rig(engine, auditing, ONE, gpu0={"slots": 2}) as jobs:
            outcome = await jobs.run(task("implement", "rate"))
        draft, audits = draft_and_audits(engine.log())
    assert_done(outcome)
    assert steps(audits)[0] == "criteria"
    assert "part" in steps(audits)
    assert sum(busy_overlap_s(draft, audit) for audit in audits) > 0.1
    assert not any(event.after_draft for event in jobs.of(AuditStarted)[:-1])
    (measured,) = jobs.of(JobMeasured)
    assert not measured.figures.after_draft
    assert measured.figures.overlap_ratio > 0.1
    assert [found.quote for found in outcome.findings] == ["if year == 2020:"]
    assert_each_unit_once(jobs)
