"""The draft's endpoint dies in mid-stream: the void draft's audit goes with it, what was settled of the task stays."""

import asyncio

import pytest

from pillion.audit.model_audit import ModelAudit
from pillion.events import (
    AuditAnswered,
    AuditInterrupted,
    AuditStep,
    CriteriaSettled,
    DraftVoided,
    FindingRaised,
    JobMeasured,
    UnitClosed,
)
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, RequestLog, Rule
from pillion.findings.finding import Finding
from pillion.findings.place import InDraft
from pillion.prompts.audit_conversation import AuditConversation
from pillion.syntax.units import Unit
from pillion.tiers import Lane
from tests.pipeline.audits import (
    ASKS_VERDICT,
    CRITERIA,
    DRAFT,
    NOTHING,
    answer,
    assert_done,
    finding,
    of_step,
    settles,
    step_of,
)
from tests.pipeline.jobs import rig, task
from tests.support.pools import ask, backend, collect, only_this_task, open_pool, until

VOID = DRAFT.replace("year < 1968", "year < 1900")
CLOSED_WITHIN_S = 0.1


def is_void(entry: RequestLog) -> bool:
    return "1900" in entry.messages[-1]["content"]


@pytest.mark.quiet
@pytest.mark.parametrize("answers", [True, False], ids=["an answer is there", "an answer is awaited"])
async def test_the_void_drafts_audit_goes_with_it(engine: FakeEngine, auditing: FakeEngine, answers: bool) -> None:
    engine.change(tokens_per_s=100)
    engine.script(Rule(VOID, fault=Fault("stall", 60)))
    said = answer(finding("if year < 1900:"), finding("surcharge = 0.0"))
    auditing.script(
        settles(),
        Rule(said if answers else "", match_last="1900", fault=None if answers else Fault("hang")),
        Rule(answer(unmet=[2]), match_last=ASKS_VERDICT),
        Rule(NOTHING),
    )
    with FakeEngine.start(tokens_per_s=300) as second:
        second.script(Rule(DRAFT))
        gpu0 = backend("ollama", engine.url, stall_timeout_s=0.4)
        gpu1 = backend("openai", auditing.url, "gpu1")
        gpu2 = backend("openai", second.url, "gpu2")
        lanes = {"complex": ["gpu0", "gpu2"], "audit": ["gpu1"]}
        async with open_pool(lanes, gpu0, gpu1, gpu2) as pool, rig(engine, auditing) as jobs:
            jobs.pool = pool
            job = jobs.start(task("implement", "rate"))
            if answers:
                while not jobs.of(FindingRaised):
                    await asyncio.sleep(0.005)
            outcome = await job
    assert_done(outcome)
    assert outcome.draft.endpoint == "gpu2"
    (voided,) = jobs.of(DraftVoided)
    log = auditing.log()
    # Nothing is said of what is void, and the question about it was closed at once.
    assert not any("1900" in found.quote or found.quote == "surcharge = 0.0" for found in outcome.findings)
    assert bool([event for event in jobs.of(FindingRaised) if event.at_s <= voided.at_s]) is answers
    closed = [entry for entry in log if entry.ended == "client_closed" and is_void(entry)]
    assert len(closed) == (0 if answers else 1)
    for entry in closed:
        assert is_void(entry)
        (draft,) = engine.log()
        assert entry.ended_s is not None
        assert draft.ended_s is not None
        assert entry.ended_s - draft.ended_s < CLOSED_WITHIN_S
    renewed = next(number for number, event in enumerate(jobs.events) if isinstance(event, DraftVoided))
    until_then = (each for each in jobs.events[renewed:] if each.at_s <= voided.at_s + CLOSED_WITHIN_S)
    interrupted = [event for event in until_then if isinstance(event, AuditInterrupted)]
    assert len(interrupted) == len(closed)
    assert all(event.endpoint == "gpu1" for event in interrupted)
    # Units begin anew, and the criteria are kept.
    later = [event.unit for event in jobs.of(UnitClosed) if event.at_s >= voided.at_s]
    assert [unit.index for unit in later] == [*range(len(later))]
    assert later[0].start == 0
    assert [event.criteria for event in jobs.of(CriteriaSettled)] == [CRITERIA]
    assert [step_of(entry) for entry in log].count("criteria") == 1
    (verdict,) = of_step(log, "verdict")
    assert "1900" not in verdict.prompt
    assert CRITERIA[0] in verdict.prompt
    assert [found.code for found in outcome.findings] == ["audit/criteria"]
    (measured,) = jobs.of(JobMeasured)
    assert measured.figures.draft_endpoint == "gpu2"
    await only_this_task()


async def test_criteria_that_are_being_asked_for_are_kept(engine: FakeEngine, auditing: FakeEngine) -> None:
    """They are about the task, not about the draft."""
    engine.script(Rule(VOID, fault=Fault("drop", 10)))
    auditing.change(tokens_per_s=40)
    auditing.script(settles(), Rule(answer(unmet=[1]), match_last=ASKS_VERDICT), Rule(NOTHING))
    with FakeEngine.start(tokens_per_s=300) as second:
        second.script(Rule(DRAFT))
        lanes = {"complex": ["gpu0", "gpu2"], "audit": ["gpu1"]}
        backends = (
            backend("ollama", engine.url),
            backend("openai", auditing.url, "gpu1"),
            backend("ollama", second.url, "gpu2"),
        )
        async with open_pool(lanes, *backends) as pool, rig(engine, auditing) as jobs:
            jobs.pool = pool
            outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    assert auditing.log()[0].ended == "done"
    assert [step_of(entry) for entry in auditing.log()].count("criteria") == 1
    assert [event for event in jobs.of(AuditInterrupted) if event.step is AuditStep.CRITERIA] == []
    assert [found.message for found in outcome.findings] == [f"Perhaps not met: {CRITERIA[0]}"]


async def test_the_draft_moves_to_the_audits_endpoint(engine: FakeEngine, auditing: FakeEngine) -> None:
    """There it goes first, and the audit after it."""
    engine.change(tokens_per_s=100)
    auditing.change(tokens_per_s=150)
    engine.script(Rule(VOID, fault=Fault("drop", 50)))
    asked = Rule(answer(finding("base = 0.19"), unmet=[1]), match="You review code")
    auditing.script(settles(), asked, Rule(DRAFT))
    async with rig(engine, auditing, {"complex": ["gpu0", "gpu1"]}) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    assert outcome.draft.endpoint == "gpu1"
    log = auditing.log()
    at = next(number for number, entry in enumerate(log) if step_of(entry) == "other")
    draft = log[at]
    assert draft.ended == "done"
    assert draft.ended_s is not None
    assert all(entry.received_s >= draft.ended_s for entry in log[at + 1 :])
    assert [step_of(entry) for entry in log[at + 1 :]] == ["verdict"]
    assert {found.quote for found in outcome.findings} >= {"base = 0.19"}


class Audit:
    """A model audit on its own, fed by hand."""

    def __init__(self, jobs: object) -> None:
        self.found: list[Finding[InDraft]] = []
        self.events: list[object] = []
        self.model = ModelAudit(
            jobs.pool,  # type: ignore[attr-defined]
            AuditConversation("Do it.", "python"),
            self.found.extend,
            emit=self.events.append,
            now_s=lambda: 0.0,
        )


def unit(index: int, text: str, start: int = 0) -> Unit:
    return Unit(index, start, start + len(text), text)


async def test_two_failures_in_a_row(engine: FakeEngine, auditing: FakeEngine) -> None:
    """The second comes while the stream of the first one's question is still being closed."""
    auditing.script(settles(), Rule(fault=Fault("hang"), match_last="void"), Rule(answer(finding("good = 1"))))
    async with rig(engine, auditing) as jobs:
        audit = Audit(jobs)
        running = asyncio.create_task(audit.model.run())
        audit.model.begin("gpu0")
        audit.model.read("void = 1\n", [unit(0, "void = 1\n")])
        await until(auditing, lambda log: bool(log) and step_of(log[-1]) == "part")
        for _ in range(4):
            audit.model.start_over()
            await asyncio.sleep(0)
        audit.model.begin("gpu2")
        audit.model.read("good = 1\n", [unit(0, "good = 1\n")])
        audit.model.finish()
        async with asyncio.timeout(30):
            await running
    assert [found.quote for found in audit.found] == ["good = 1"]
    assert [event.step for event in audit.events if isinstance(event, AuditInterrupted)] == [AuditStep.PART]
    assert [entry.ended for entry in auditing.log()] == ["done", "client_closed", "done"]
    await only_this_task()


async def test_a_question_about_a_void_draft_that_waits_for_its_slot_is_never_asked(
    engine: FakeEngine, auditing: FakeEngine
) -> None:
    auditing.script(
        settles(), Rule("x ", match="what is it?", fault=Fault("endless")), Rule(answer(finding("good = 1")))
    )
    async with rig(engine, auditing) as jobs:
        audit = Audit(jobs)
        running = asyncio.create_task(audit.model.run())
        audit.model.begin("gpu0")
        # Not when the engine has sent its answer: the slot is held until that was read.
        await until(auditing, lambda log: any(isinstance(event, AuditAnswered) for event in audit.events))
        prompt = ask("what is it?", max_tokens=1_000_000)
        hover = asyncio.create_task(collect(jobs.pool.stream(Lane.HOVER, lambda *_: prompt)))
        await until(auditing, lambda log: len(log) == 2)
        audit.model.read("void = 1\n", [unit(0, "void = 1\n")])
        await asyncio.sleep(0.05)
        audit.model.start_over()
        audit.model.begin("gpu2")
        audit.model.read("good = 1\n", [unit(0, "good = 1\n")])
        audit.model.finish()
        await asyncio.sleep(0.05)
        hover.cancel()
        async with asyncio.timeout(30):
            await running
    assert [found.quote for found in audit.found] == ["good = 1"]
    assert not any("void" in entry.messages[-1]["content"] for entry in auditing.log())
    assert [event for event in audit.events if isinstance(event, AuditInterrupted)] == [], "it had not begun"
