"""What the client hears of a job."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.events import DraftContinued, DraftInterrupted, DraftProgress, DraftStarted, DraftVoided, FindingRaised
from pillion.findings.finding import Finding, Severity
from pillion.findings.place import InDraft
from pillion.jobs.job import Job
from pillion.jobs.report import JobReport
from pillion.jobs.request import JobRequest
from pillion.lsp.reporter import JobReporter
from pillion.lsp.server import build_server
from pillion.lsp.session import Session
from pillion.state.draft_log import DraftLog
from pillion.tiers import Lane

URI = "file:///a.py"


@dataclass(frozen=True)
class NobodyKnowsIt:
    """An event that the reporter has no case for."""

    at_s: float


@pytest.fixture
def heard() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def job(heard: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Job:
    """A job whose notifications are heard."""
    protocol = build_server(lambda workspace, settings: pytest.fail("no engines here")).protocol
    monkeypatch.setattr(protocol, "notify", lambda method, params: heard.append(params))
    session = Session(protocol, lambda workspace, settings: pytest.fail("no engines here"))
    session.wants_events = True
    action = action_by_id("implement")
    record = DraftLog(tmp_path).begin("1", action.id, "a", URI)
    job = Job("1", JobRequest(action, URI, 0, 0, 1, ""), "Pillion: Implement a", record, None, JobReport(action))
    job.shown_by(JobReporter(session, job))
    return job


def raised(severity: Severity) -> FindingRaised:
    return FindingRaised(Finding("a = 1", severity, "bug", "It is two.", InDraft(0, 5)), 1.0)


async def test_findings_are_counted_by_severity(job: Job, heard: list[dict[str, Any]]) -> None:
    for severity in ("warning", "error", "warning"):
        job.event(raised(severity))
    assert (heard[-1]["findings"], heard[-1]["severities"]) == (3, {"warning": 2, "error": 1})
    job.event(DraftVoided("gpu0", "it failed", 2.0))
    job.event(raised("information"))
    assert (heard[-1]["findings"], heard[-1]["severities"]) == (1, {"information": 1})


async def test_a_draft_that_goes_on_is_told_as_one(job: Job, heard: list[dict[str, Any]]) -> None:
    job.event(DraftStarted("gpu0", Lane.COMPLEX, "", 0.0))
    job.event(DraftProgress("gpu0", "one ", 4, 2.0, 1.0))
    job.event(raised("warning"))
    job.event(DraftInterrupted("gpu0", "it broke off", 2.0))
    assert (heard[-1]["event"], heard[-1]["endpoint"], heard[-1]["findings"]) == ("DraftInterrupted", "gpu0", 1)
    job.event(DraftContinued("gpu2", Lane.COMPLEX, "", 4, 3.0))
    said = heard[-1]
    assert (said["event"], said["endpoint"], said["tokens"], said["findings"]) == ("DraftContinued", "gpu2", 4, 1)
    job.event(DraftProgress("gpu2", "two", 5, 2.0, 4.0))
    job.event(raised("information"))
    assert "".join(each["text"] for each in heard if "text" in each) == "one two"
    assert (heard[-1]["tokens"], heard[-1]["findings"]) == (5, 2)
    assert job.record.text == "one two"


async def test_an_event_it_does_not_know_is_told_by_its_name(job: Job, heard: list[dict[str, Any]]) -> None:
    event: Any = NobodyKnowsIt(1.5)
    job.event(event)
    assert (heard[-1]["event"], heard[-1]["at_s"]) == ("NobodyKnowsIt", 1.5)
