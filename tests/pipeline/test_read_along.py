"""The auditor's engine has read what it is asked about before it is asked, and each question goes on from the last."""

import logging
from collections import Counter
from itertools import pairwise

import pytest

from pillion.auditors.auditor import Passage, Sees
from pillion.events import (
    AuditAnswered,
    AuditFailed,
    AuditInterrupted,
    AuditStep,
    DraftProgress,
    DraftVoided,
    JobMeasured,
    UnitClosed,
)
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import RequestLog, Rule
from pillion.findings.finding import Finding, Severity
from pillion.findings.place import InPassage
from tests.pipeline.audits import (
    ASKS_VERDICT,
    BODY,
    DRAFT,
    HEADER,
    NOTHING,
    answer,
    assert_done,
    assert_each_unit_once,
    finding,
    of_step,
    settles,
    step_of,
    steps,
)
from tests.pipeline.jobs import rig, task

# One statement of many lines: nothing closes for long, so that there is something to read ahead.
LONG = "    rates = {\n" + "".join(f"        {1900 + n}: {n}.16,\n" for n in range(60)) + "    }\n"
LONG_DRAFT = f"```python\n{HEADER}\n{LONG}{BODY}```\n"


def code_of(entry: RequestLog) -> str:
    """The code a request has at its end, without the fence around it."""
    content = entry.messages[-1]["content"]
    return content.rsplit("```python\n", 1)[-1].split("\n```")[0]


@pytest.mark.quiet
async def test_what_is_asked_has_been_read(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.change(tokens_per_s=150)
    engine.script(Rule(LONG_DRAFT))
    auditing.script(settles(), Rule(answer(unmet=[]), match_last=ASKS_VERDICT), Rule(NOTHING))
    async with rig(engine, auditing) as jobs:
        assert_done(await jobs.run(task("implement", "rate")))
    log = auditing.log()
    readings = of_step(log, "reading")
    assert len(readings) >= 3
    assert all(entry.options["max_tokens"] == 1 for entry in readings)
    assert all(entry.tokens_sent <= 1 for entry in readings)
    # What is read is the beginning of what is asked about next.
    for at, entry in enumerate(log):
        if step_of(entry) == "reading":
            question = next(later for later in log[at:] if step_of(later) in ("part", "verdict"))
            read, asked = code_of(entry), code_of(question)
            assert asked.startswith(read) or read.startswith(asked)
    questions = [event for event in jobs.of(AuditAnswered) if event.step in (AuditStep.PART, AuditStep.VERDICT)]
    assert len(questions) >= 2
    first, *later = questions
    assert first.cached_tokens >= 0.9 * first.prompt_tokens, "the longest part was read while it was written"
    assert all(event.cached_tokens >= 0.9 * event.prompt_tokens for event in later)
    assert_each_unit_once(jobs)


async def test_the_conversation_is_only_added_to(engine: FakeEngine, auditing: FakeEngine) -> None:
    """From the criteria through every part to the verdict; what was only read is no part of it."""
    engine.change(tokens_per_s=150)
    engine.script(Rule(LONG_DRAFT))
    auditing.script(settles(), Rule(answer(unmet=[]), match_last=ASKS_VERDICT), Rule(NOTHING))
    async with rig(engine, auditing) as jobs:
        assert_done(await jobs.run(task("implement", "rate")))
    log = [entry for entry in auditing.log() if entry.ended == "done"]
    questions = [entry for entry in log if step_of(entry) != "reading"]
    assert steps(log) == ["criteria", *["part"] * (len(questions) - 2), "verdict"]
    # What was given up when the draft was complete is asked anew and differently; for the engine it may have been over.
    if questions[-1].messages[: len(questions[-2].messages)] != questions[-2].messages:
        del questions[-2]
    assert len(questions) >= 3
    for earlier, later in pairwise(questions):
        length = len(earlier.messages)
        assert later.messages[:length] == earlier.messages
        assert [message["role"] for message in later.messages[length:]] == ["assistant", "user"]
    for entry in of_step(log, "reading"):
        before = questions[max(n for n, each in enumerate(questions) if each.received_s <= entry.received_s)]
        assert entry.messages[: len(before.messages)] == before.messages


async def test_a_conversation_that_outgrows_the_context_keeps_its_criteria(
    engine: FakeEngine, auditing: FakeEngine
) -> None:
    engine.change(tokens_per_s=400)
    engine.script(Rule(LONG_DRAFT.replace(BODY, LONG + BODY)))
    auditing.script(settles(), Rule(answer(unmet=[1]), match_last=ASKS_VERDICT), Rule(NOTHING))
    async with rig(engine, auditing, gpu1={"num_ctx": 1400}) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    assert jobs.of(AuditFailed) == []
    log = auditing.log()
    questions = [entry for entry in log if step_of(entry) != "reading"]
    assert any(later.messages[: len(earlier.messages)] != earlier.messages for earlier, later in pairwise(questions))
    assert all("Returns 0.16 before 2007." in entry.prompt for entry in questions[1:])
    assert max(sum(len(message["content"]) for message in entry.messages) for entry in log) < 3 * 1400
    assert [found.code for found in outcome.findings] == ["audit/criteria"]
    assert_each_unit_once(jobs)


# What comes of it all


class Looker:
    """Finds these words; severity error."""

    name = "looker"

    def __init__(self, sees: Sees, *words: str, severity: Severity = "error") -> None:
        self.sees, self._words, self._severity = sees, words, severity

    def audit(self, passage: Passage) -> list[Finding[InPassage]]:
        found: list[Finding[InPassage]] = []
        for word in self._words:
            at = passage.text.find(word, passage.start, passage.end)
            if at >= 0:
                found.append(
                    Finding(word, self._severity, "calls", f"No {word}.", InPassage(at, at + len(word)), self.name)
                )
        return found


@pytest.mark.parametrize("enabled", [True, False], ids=["while it streams", "on the finished edit"])
async def test_deterministic_findings_stand_in_the_edit(
    engine: FakeEngine, auditing: FakeEngine, enabled: bool
) -> None:
    engine.change(tokens_per_s=400)
    engine.script(
        Rule(
            DRAFT.replace("```python\n", "```python\nimport math\nimport pickle\n\n\n").replace("round(", "math.floor(")
        )
    )
    auditing.script(settles(), Rule(answer(finding("surcharge = 0.0"), finding("base = 0.19"))))
    async with rig(engine, auditing) as jobs:
        jobs.auditors = (
            Looker(Sees.UNIT, "import math", "surcharge = 0.0"),
            Looker(Sees.EDIT, "allowed = {", severity="warning"),
        )
        outcome = await jobs.run(task("implement", "rate"), enabled=enabled)
    assert outcome.rejected == ""
    said = [(found.quote, found.source, found.severity) for found in outcome.findings]
    assert said == [
        ("import math", "looker", "error"),  # which the edit brought along
        ("surcharge = 0.0", "looker", "error"),  # and not the model's of the same line
        *([("base = 0.19", "model", "warning")] if enabled else []),
        ("allowed = {", "looker", "warning"),
    ]
    assert all(outcome.after_text[found.start : found.end] == found.quote for found in outcome.findings)
    assert (auditing.log() == []) is not enabled


async def test_a_finding_stands_at_its_own_line_of_several_alike(engine: FakeEngine, auditing: FakeEngine) -> None:
    body = "    if year < 1968:\n        value = 1\n    else:\n        value = 1\n    return value\n"
    engine.script(Rule(f"```python\n{HEADER}\n{body}```"))
    auditing.script(settles(), Rule(NOTHING))

    class Second(Looker):
        def audit(self, passage: Passage) -> list[Finding[InPassage]]:
            at = passage.text.rfind("value = 1")
            return [Finding("value = 1", "warning", "lint", "No.", InPassage(at, at + 9), "second")] if at >= 0 else []

    async with rig(engine, auditing) as jobs:
        jobs.auditors = (Second(Sees.UNIT),)
        outcome = await jobs.run(task("implement", "rate"))
    (found,) = outcome.findings
    assert found.start == outcome.after_text.rindex("value = 1")


async def test_an_action_that_isnt_audited_gets_the_deterministic_auditors(
    engine: FakeEngine, auditing: FakeEngine
) -> None:
    engine.script(Rule("```python\nimport math\n\n\ndef total(prices):\n    return math.fsum(prices)\n```"))
    async with rig(engine, auditing) as jobs:
        jobs.auditors = (
            Looker(Sees.UNIT, "import math", "def discount"),
            Looker(Sees.EDIT, "math.fsum", "def discount"),
        )
        outcome = await jobs.run(task("refactor", "total"))
    assert [found.quote for found in outcome.findings] == ["import math", "math.fsum"]
    assert all(outcome.after_text[found.start : found.end] == found.quote for found in outcome.findings)
    assert auditing.log() == []


async def test_a_jobs_figures_are_its_last_event_and_one_line_in_the_log(
    engine: FakeEngine, auditing: FakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pillion.pipeline.job_run")
    engine.change(tokens_per_s=150)
    auditing.change(tokens_per_s=60)
    engine.script(Rule("no code", times=1), Rule(DRAFT))
    auditing.script(
        settles(), Rule(answer(finding("return rounded"), unmet=[1]), match_last=ASKS_VERDICT), Rule(NOTHING)
    )
    async with rig(engine, auditing) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    assert len(jobs.of(DraftVoided)) == 1
    measured = jobs.events[-1]
    assert isinstance(measured, JobMeasured)
    assert jobs.of(JobMeasured) == [measured]
    figures, drafts, answers = measured.figures, engine.log(), jobs.of(AuditAnswered)
    # An answer that was given up in its last moment may have been a whole one for the engine.
    whole = Counter((entry.prompt_tokens, entry.cached_tokens) for entry in auditing.log() if entry.ended == "done")
    counted = Counter((each.prompt_tokens, each.cached_tokens) for each in answers)
    assert counted <= whole
    assert (whole - counted).total() <= len(jobs.of(AuditInterrupted))
    assert (figures.draft_endpoint, figures.audit_endpoint, figures.after_draft) == ("gpu0", "gpu1", False)
    assert figures.draft_tokens == drafts[-1].tokens_sent
    assert figures.audit_prompt_tokens == sum(each.prompt_tokens for each in answers)
    assert figures.audit_cached_tokens == sum(each.cached_tokens for each in answers)
    assert 0.1 < figures.overlap_ratio <= 1
    assert 0 < figures.audit_lag_tokens_mean <= figures.audit_lag_tokens_max < figures.draft_tokens
    assert 0 < figures.audit_tail_s < figures.wall_s
    assert figures.findings == len(outcome.findings) == 2
    # A token is counted before what it closes, or the lag would be one too much.
    last = jobs.events.index(jobs.of(DraftVoided)[0])
    told = ""
    for event in jobs.events[last:]:
        if isinstance(event, DraftProgress):
            told += event.text
        elif isinstance(event, UnitClosed):
            assert event.unit.text in told
    (line,) = (record.getMessage() for record in caplog.records if record.name == "pillion.pipeline.job_run")
    assert line == f"implement rate: {figures}"
