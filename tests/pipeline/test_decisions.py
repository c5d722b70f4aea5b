"""Decisions, read along by a second model that says how likely tokens are: what is asked, found, and left alone."""

import asyncio
from itertools import pairwise

import pytest

from pillion.events import AuditAnswered, AuditFailed, AuditInterrupted, AuditStep, DraftVoided, FindingRaised
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, RequestLog, Rule
from pillion.tiers import Lane
from tests.pipeline.audits import (
    ASKS_VERDICT,
    DRAFT,
    NOTHING,
    answer,
    assert_done,
    settles,
    step_of,
)
from tests.pipeline.jobs import rig, task
from tests.support.pools import ask, collect, only_this_task, until

MARGIN_NATS = 3.5
LINE = "if year < 2007:"
CRITERIA = [settles(), Rule(answer(unmet=[]), match_last=ASKS_VERDICT), Rule(NOTHING)]


def doubts(nats: float, **more: object) -> Rule:
    """Would write `<=` in LINE, and is so sure of it."""
    before = "return 0.0\n    if year"
    return Rule(match_end=before, choices=[(" <=", -0.1), (" <", -0.1 - nats)], **more)  # type: ignore[arg-type]


def decisions(log: list[RequestLog]) -> list[RequestLog]:
    return [entry for entry in log if step_of(entry) == "decision"]


async def test_a_doubt_becomes_a_finding_on_its_line(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.change(tokens_per_s=60)
    engine.script(Rule(DRAFT))
    auditing.script(doubts(4.0), *CRITERIA)
    async with rig(engine, auditing) as jobs:
        jobs.margin_nats = MARGIN_NATS
        outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    (found,) = outcome.findings
    assert (found.quote, found.severity, found.code, found.source) == (LINE, "information", "audit/decision", "model")
    assert found.message == "The second model would write `<=` here, not `<`."
    assert outcome.after_text[found.start : found.end] == LINE
    (draft,), log = engine.log(), auditing.log()
    assert draft.ended_s is not None
    assert decisions(log)[0].received_s < draft.ended_s, "it reads along"
    asked = [step_of(entry) for entry in log]
    assert set(asked) == {"criteria", "decision", "verdict"}, "nobody asks it for findings, or to read along besides"
    verdict = log[-1].schema
    assert verdict is not None
    assert list(verdict["properties"]) == ["unmet"]
    answered = [event for event in jobs.of(AuditAnswered) if event.step is AuditStep.DECISIONS]
    assert len(answered) > 1, "unit by unit"
    assert all(event.tokens == 0 for event in answered)
    await only_this_task()


async def test_each_text_is_the_one_before_and_more(engine: FakeEngine, auditing: FakeEngine) -> None:
    """So that the engine reads only what is new."""
    engine.change(tokens_per_s=60)
    engine.script(Rule(DRAFT))
    auditing.script(*CRITERIA)
    async with rig(engine, auditing) as jobs:
        jobs.margin_nats = MARGIN_NATS
        assert_done(await jobs.run(task("implement", "rate")))
    texts = [entry.prompt for entry in decisions(auditing.log())]
    assert len(texts) > 10
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert all(entry.options["n_predict"] == 1 for entry in decisions(auditing.log()))
    assert texts[-1].endswith("rounded = min(allowed)"), "up to the last return"


SILENT = {
    "less than the margin": (MARGIN_NATS, doubts(3.4)),
    "another class": (MARGIN_NATS, Rule(match_end="    if year", choices=[(" and", -0.1), (" <=", -1)])),
}


@pytest.mark.parametrize(("margin_nats", "rule"), SILENT.values(), ids=SILENT)
async def test_no_finding(engine: FakeEngine, auditing: FakeEngine, margin_nats: float, rule: Rule) -> None:
    engine.change(tokens_per_s=60)
    engine.script(Rule(DRAFT))
    auditing.script(rule, *CRITERIA)
    async with rig(engine, auditing) as jobs:
        jobs.margin_nats = margin_nats
        outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    assert outcome.findings == ()
    assert decisions(auditing.log()) != []


async def test_a_large_doubt_is_a_warning_and_there_are_five_at_most(engine: FakeEngine, auditing: FakeEngine) -> None:
    lines = "".join(f"    if year < {number}:\n        return year\n" for number in range(8))
    engine.change(tokens_per_s=60)
    engine.script(Rule(f"```python\ndef rate(year: int) -> float:\n{lines}    return 0.0\n```\n"))
    auditing.script(Rule(match_end="if year", choices=[(" <=", -0.1), (" <", -9.0)]), *CRITERIA)
    async with rig(engine, auditing) as jobs:
        jobs.margin_nats = MARGIN_NATS
        outcome = await jobs.run(task("implement", "rate"))
    assert [found.severity for found in outcome.findings] == ["warning"] * 5


async def test_without_a_measured_margin_nothing_is_asked(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.script(Rule(DRAFT))
    auditing.script(doubts(9.0), *CRITERIA)
    async with rig(engine, auditing) as jobs:
        assert_done(outcome := await jobs.run(task("implement", "rate")))
    assert outcome.findings == ()
    assert decisions(auditing.log()) == []


async def test_of_an_endpoint_that_has_no_likelihoods_nothing_is_asked(
    engine: FakeEngine, auditing: FakeEngine
) -> None:
    """An Ollama endpoint: its protocol has no likelihoods of a text. So the model is asked for findings, as always."""
    engine.script(Rule(DRAFT, match="Implement this"), *CRITERIA)
    everything = {lane.value: ["gpu0"] for lane in Lane}
    async with rig(engine, auditing, everything) as jobs:
        jobs.margin_nats = MARGIN_NATS
        assert_done(await jobs.run(task("implement", "rate")))
    assert decisions(engine.log()) == []
    last = engine.log()[-1].schema
    assert last is not None
    assert "findings" in last["properties"]


async def test_a_server_that_cant_is_asked_once_and_judges_by_criteria(
    engine: FakeEngine, auditing: FakeEngine
) -> None:
    engine.change(tokens_per_s=60)
    engine.script(Rule(DRAFT))
    auditing.change(likelihoods="none")
    auditing.script(settles(), Rule(answer(unmet=[1]), match_last=ASKS_VERDICT), Rule(NOTHING))
    async with rig(engine, auditing) as jobs:
        jobs.margin_nats = MARGIN_NATS
        outcome = await jobs.run(task("implement", "rate"))
        assert_done(outcome)
        (gave_up,) = [event for event in jobs.of(AuditInterrupted) if event.step is AuditStep.DECISIONS]
        assert "can't say how likely a text is" in gave_up.reason
        assert jobs.of(AuditFailed) == []
        assert [found.code for found in outcome.findings] == ["audit/criteria"]
        assert [entry.path for entry in auditing.log()].count("/v1/completions") == 1, "each of the ways once"


FAULTS = {
    "status": Fault("status", status=500),
    "not JSON": Fault("status", status=200, body="no"),
    "hangs up": Fault("drop"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_an_engine_that_fails_ends_the_reading_only(
    engine: FakeEngine, auditing: FakeEngine, fault: Fault
) -> None:
    engine.script(Rule(DRAFT))
    auditing.script(Rule(choices=[("x", -0.1)], fault=fault), *CRITERIA)
    async with rig(engine, auditing) as jobs:
        jobs.margin_nats = MARGIN_NATS
        outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    assert outcome.findings == ()
    assert len([event for event in jobs.of(AuditInterrupted) if event.step is AuditStep.DECISIONS]) == 1
    await only_this_task()


async def test_a_void_drafts_doubts_go_with_it(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.change(tokens_per_s=200)
    engine.script(Rule(DRAFT, fault=Fault("drop", 40), times=1), Rule(DRAFT.replace(LINE, "if year <= 2007:")))
    auditing.script(
        Rule(DRAFT.replace(LINE, "if year <= 2007:"), match="Implement this"),
        doubts(5.0),
        *CRITERIA,
    )
    async with rig(engine, auditing, {"complex": ["gpu0", "gpu1"]}) as jobs:
        jobs.margin_nats = MARGIN_NATS
        outcome = await jobs.run(task("implement", "rate"))
    assert outcome.rejected == ""
    assert outcome.draft.endpoint == "gpu1"
    assert outcome.findings == ()
    (voided,) = jobs.of(DraftVoided)
    assert all(event.at_s <= voided.at_s for event in jobs.of(FindingRaised))


async def test_a_cancelled_job_stops_the_reading(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.change(tokens_per_s=50)
    engine.script(Rule(DRAFT))
    auditing.script(Rule(choices=[("x", -0.1)], fault=Fault("stall")), *CRITERIA)
    async with rig(engine, auditing) as jobs:
        jobs.margin_nats = MARGIN_NATS
        running = jobs.start(task("implement", "rate"))
        await until(auditing, lambda log: bool(decisions(log)))
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await until(auditing, lambda log: decisions(log)[-1].ended == "client_closed")
    await only_this_task()


async def test_urgent_work_goes_first_and_the_decisions_are_read_after_it(
    engine: FakeEngine, auditing: FakeEngine
) -> None:
    engine.change(tokens_per_s=40)
    engine.script(Rule(DRAFT))
    auditing.script(
        Rule(choices=[("x", -0.1)], fault=Fault("stall"), times=1),
        doubts(5.0),
        Rule("urgent", match_last="what is it?"),
        *CRITERIA,
    )
    async with rig(engine, auditing) as jobs:
        jobs.margin_nats = MARGIN_NATS
        running = jobs.start(task("implement", "rate"))
        await until(auditing, lambda log: bool(decisions(log)))
        await collect(jobs.pool.stream(Lane.HOVER, lambda *_: ask("what is it?")))
        outcome = await running
    assert_done(outcome)
    assert [found.quote for found in outcome.findings] == [LINE]


async def test_an_engine_that_is_slow_to_read_makes_no_long_tail(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.script(Rule(DRAFT))
    auditing.script(Rule(choices=[("x", -0.1)], fault=Fault("stall")), *CRITERIA)
    async with rig(engine, auditing) as jobs:
        jobs.margin_nats = MARGIN_NATS
        async with asyncio.timeout(30):
            outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    assert step_of(auditing.log()[-1]) == "verdict", "the criteria are judged all the same"
    assert len(decisions(auditing.log())) == 1
    await only_this_task()
