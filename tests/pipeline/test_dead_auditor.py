"""The endpoint that audits is dead, and the one that drafts answers in its place."""

import pytest

from pillion.config.schema import AuditConfig
from pillion.events import AuditInterrupted, JobMeasured
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.pipeline.job_run import run_job
from pillion.pipeline.policy import AuditPolicy
from tests.pipeline.audits import DRAFT, answer, assert_done, finding
from tests.pipeline.jobs import rig, task

DEAD = "http://127.0.0.1:9"


@pytest.mark.parametrize(("trusted", "quotes"), [("fake-model", ["base = 0.19"]), ("gone", [])])
async def test_what_counts_is_who_answered(
    engine: FakeEngine, auditing: FakeEngine, trusted: str, quotes: list[str]
) -> None:
    """Findings of a model that may not find don't count because another was asked first."""
    engine.script(Rule(DRAFT, match="Implement this"), Rule(answer(finding("base = 0.19"))))
    policy = AuditPolicy(AuditConfig(), (), lambda endpoint: endpoint.model in {trusted, "gone"})
    async with rig(engine, auditing, {"audit": ["gpu1", "gpu0"]}, gpu1={"url": DEAD, "model": "gone"}) as jobs:
        outcome = await run_job(task("implement", "rate"), jobs.pool, policy, jobs.events.append)
    assert_done(outcome)
    assert [found.quote for found in outcome.findings] == quotes
    # What happened is said, and isn't taken for an audit beside the draft.
    assert [event.endpoint for event in jobs.of(AuditInterrupted) if "Nobody answers" in event.reason] == ["gpu1"]
    (measured,) = jobs.of(JobMeasured)
    assert (measured.figures.after_draft, measured.figures.audit_endpoint) == (True, "gpu0")
    assert measured.figures.overlap_ratio == 0
    assert "after the draft, on the same endpoint" in str(measured.figures)
