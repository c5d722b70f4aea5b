"""What the client hears of a job."""

from dataclasses import dataclass
from typing import Any

import pytest

from pillion.catalogue import action_by_id
from pillion.events import DraftVoided, FindingRaised
from pillion.findings.finding import Finding, Severity
from pillion.lsp.reporter import JobReporter
from pillion.lsp.server import build_server
from pillion.lsp.session import Session


@dataclass(frozen=True)
class NobodyKnowsIt:
    """An event that the reporter has no case for."""

    at_s: float


@pytest.fixture
def heard() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def reporter(heard: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> JobReporter:
    """A reporter whose notifications are heard."""
    protocol = build_server(lambda workspace, settings: pytest.fail("no engines here")).protocol
    monkeypatch.setattr(protocol, "notify", lambda method, params: heard.append(params))
    session = Session(protocol, lambda workspace, settings: pytest.fail("no engines here"))
    session.wants_events = True
    return JobReporter(session, "1", action_by_id("implement"), "file:///a.py", "Pillion: Implement a")


def raised(severity: Severity) -> FindingRaised:
    return FindingRaised(Finding("a = 1", severity, "bug", "It is two.", 0, 5), 1.0)


def test_findings_are_counted_by_severity(reporter: JobReporter, heard: list[dict[str, Any]]) -> None:
    for severity in ("warning", "error", "warning"):
        reporter.event(raised(severity))
    assert (heard[-1]["findings"], heard[-1]["severities"]) == (3, {"warning": 2, "error": 1})
    reporter.event(DraftVoided("gpu0", "it failed", 2.0))
    reporter.event(raised("information"))
    assert (heard[-1]["findings"], heard[-1]["severities"]) == (1, {"information": 1})


def test_an_event_it_does_not_know_is_told_by_its_name(reporter: JobReporter, heard: list[dict[str, Any]]) -> None:
    event: Any = NobodyKnowsIt(1.5)
    reporter.event(event)
    assert (heard[-1]["event"], heard[-1]["at_s"]) == ("NobodyKnowsIt", 1.5)
