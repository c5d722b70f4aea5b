"""The audit on the real embedded engines: what it asks later is, almost all of it, in the engine's cache."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pillion.audit.model_audit import Decisions, ModelAudit
from pillion.audit.streaming_audit import StreamingAudit
from pillion.audit.unit_checks import UnitChecks
from pillion.backends.create import create_backends
from pillion.config.schema import AuditConfig, Config
from pillion.events import (
    AuditAnswered,
    AuditFailed,
    AuditInterrupted,
    AuditStarted,
    AuditStep,
    JobMeasured,
    PipelineEvent,
    UnitClosed,
)
from pillion.models.store import ModelStore
from pillion.pipeline.job_run import run_job
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.pool import Pool
from pillion.prompts.audit_conversation import AuditConversation
from pillion.syntax.units import UnitStream
from pillion.text.code_filter import CodeFilter
from tests.pipeline.audits import BODY, HEADER
from tests.pipeline.jobs import task
from tests.support.pools import only_this_task

SETTINGS = {"protocol": "embedded", "num_ctx": 4096}
# A real draft as a person would write it, one statement in it that is long in closing.
CODE = (
    HEADER
    + '\n    """Return the tax rate of a year, between 0 and 1."""\n    known = {\n'
    + "".join(f"        {year}: 0.{10 + year % 7},\n" for year in range(1968, 2007, 3))
    + "    }\n    if year in known:\n        return known[year]\n"
    + BODY
)


@asynccontextmanager
async def embedded_pair(folder: Path) -> AsyncIterator[Pool]:
    """Two endpoints with one model, as without any configuration."""
    config = Config.model_validate(
        {
            "endpoints": {"draft": SETTINGS, "audit": SETTINGS},
            "lanes": {
                "simple": ["audit"],
                "moderate": ["draft"],
                "complex": ["draft"],
                "audit": ["audit"],
                "hover": ["audit"],
            },
        }
    )
    pool = Pool(create_backends(config, ModelStore(folder)), config.lanes)
    try:
        yield pool
    finally:
        await pool.aclose()


async def until_idle(events: list[PipelineEvent]) -> None:
    """Waits until every question has its answer and nothing more is asked."""
    quiet = 0
    async with asyncio.timeout(120):
        while quiet < 3:
            await asyncio.sleep(0.005)
            over = sum(isinstance(event, AuditAnswered | AuditInterrupted | AuditFailed) for event in events)
            quiet = quiet + 1 if over >= sum(isinstance(event, AuditStarted) for event in events) else 0


async def test_later_questions_are_in_the_cache(model_folder: Path) -> None:
    """A draft that is slower than its audit, which is the case that a second GPU is there for."""
    document = task("implement", "rate")
    events: list[PipelineEvent] = []
    seconds = itertools.count()  # a draft so slow that nothing is read ahead too soon after what was read before
    async with embedded_pair(model_folder) as pool:
        conversation = AuditConversation("Implement rate.", "python")
        audit = StreamingAudit(
            lambda: UnitStream(document.document.language),
            CodeFilter,
            lambda report: UnitChecks((), document.passage(""), report),
            lambda report: ModelAudit(
                pool, conversation, report, emit=events.append, now_s=lambda: float(next(seconds))
            ),
            emit=events.append,
            now_s=lambda: float(next(seconds)),
        )
        running = asyncio.create_task(audit.run())
        audit.begin("draft")
        await until_idle(events)
        audit.read("```python\n")
        for line in CODE.splitlines(keepends=True):
            audit.read(line)
            await until_idle(events)
        audit.read("```\n")
        audit.finish()
        await running
    assert [event for event in events if isinstance(event, AuditFailed | AuditInterrupted)] == []
    answered = [event for event in events if isinstance(event, AuditAnswered)]
    first, *later = answered
    assert first.step is AuditStep.CRITERIA
    assert {event.step for event in later} == {AuditStep.READING, AuditStep.PART, AuditStep.VERDICT}
    shares = [
        (event.step.value, event.cached_tokens, event.prompt_tokens)
        for event in later
        if event.step is not AuditStep.READING
    ]
    assert all(cached >= 0.9 * prompt for _, cached, prompt in shares), shares
    units = [event.unit.index for event in events if isinstance(event, UnitClosed)]
    assert [number for event in answered for number in event.units] == units
    await only_this_task()


async def test_decisions_are_read_once_and_the_verdict_finds_them_in_the_cache(model_folder: Path) -> None:
    """The model is the one for which most of this means nothing; what is tried is the engine."""
    document = task("implement", "rate")
    language = document.document.language
    events: list[PipelineEvent] = []
    seconds = itertools.count()
    async with embedded_pair(model_folder) as pool:
        assert pool.reads_likelihoods("audit")
        conversation = AuditConversation("Implement rate.", "python", finds=False)
        decisions = Decisions("audit", language, margin_nats=0.0)
        audit = StreamingAudit(
            lambda: UnitStream(language),
            CodeFilter,
            lambda report: UnitChecks((), document.passage(""), report),
            lambda report: ModelAudit(
                pool, conversation, report, decisions=decisions, emit=events.append, now_s=lambda: float(next(seconds))
            ),
            emit=events.append,
            now_s=lambda: float(next(seconds)),
        )
        running = asyncio.create_task(audit.run())
        audit.begin("draft")
        await until_idle(events)
        audit.read("```python\n")
        for line in f"{HEADER}\n{BODY}".replace("base + surcharge", "base + surcharge or None").splitlines(
            keepends=True
        ):
            audit.read(line)
            await until_idle(events)
        audit.read("```\n")
        audit.finish()
        await running
    assert [event for event in events if isinstance(event, AuditFailed)] == []
    answered = [event for event in events if isinstance(event, AuditAnswered)]
    assert {event.step for event in answered} == {AuditStep.CRITERIA, AuditStep.DECISIONS, AuditStep.VERDICT}
    shares = [(event.step.value, event.cached_tokens, event.prompt_tokens) for event in answered[1:]]
    # All that was read before is in the cache, to a few tokens where the texts part: nothing is read twice.
    read_again = [earlier[2] - later[1] for earlier, later in itertools.pairwise(shares)]
    assert all(tokens <= 8 for tokens in read_again), shares
    found = [each for each in audit.findings.all() if each.category == "decision"]
    assert 0 < len(found) <= 5, "at a margin of nothing it doubts something"
    assert all(audit.code[each.start : each.end] == each.quote for each in found)
    await only_this_task()


@pytest.mark.quiet
async def test_a_real_job_says_how_it_went(model_folder: Path) -> None:
    events: list[PipelineEvent] = []
    policy = AuditPolicy(AuditConfig(budget_s=60), (), lambda endpoint: True)
    async with embedded_pair(model_folder) as pool:
        await run_job(task("implement", "rate"), pool, policy, events.append)
    measured = events[-1]
    assert isinstance(measured, JobMeasured)
    figures = measured.figures
    assert (figures.draft_endpoint, figures.audit_endpoint, figures.after_draft) == ("draft", "audit", False)
    assert figures.draft_tokens > 0
    assert figures.overlap_ratio > 0
    # Cold, and with a draft that may be refused, there may have been the criteria and nothing more.
    assert 0 <= figures.audit_cached_tokens < figures.audit_prompt_tokens
    assert [event for event in events if isinstance(event, AuditFailed)] == []
    await only_this_task()
