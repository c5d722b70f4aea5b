"""A job's figures, worked out of its events."""

from dataclasses import asdict
from typing import Any, NamedTuple

import pytest

from pillion.events import (
    AuditAnswered,
    AuditFailed,
    AuditInterrupted,
    AuditProgress,
    AuditStarted,
    AuditStep,
    CriteriaSettled,
    DraftContinued,
    DraftEnded,
    DraftInterrupted,
    DraftProgress,
    DraftStarted,
    DraftVoided,
    FindingRaised,
    PipelineEvent,
    UnitClosed,
)
from pillion.findings.finding import Finding
from pillion.findings.place import InDraft
from pillion.pipeline.measurement import FigureKeeper
from pillion.syntax.units import Unit
from pillion.tiers import Lane

FOUND = FindingRaised(Finding("x = 1", "warning", "bug", "It is two.", InDraft(0, 5)), 0.0)


def draft(at_s: float, endpoint: str = "gpu0") -> DraftStarted:
    return DraftStarted(endpoint, Lane.COMPLEX, "", at_s)


def token(tokens: int, at_s: float) -> DraftProgress:
    return DraftProgress("gpu0", "x", tokens, 0.0, at_s)


def ended(tokens: int, at_s: float, endpoint: str = "gpu0") -> DraftEnded:
    return DraftEnded(endpoint, tokens, 0.0, at_s)


def closed(index: int, at_s: float) -> UnitClosed:
    return UnitClosed(Unit(index, 0, 1, "x"), at_s)


def asked(at_s: float, *units: int, on: str = "gpu1", after_draft: bool = False) -> AuditStarted:
    return AuditStarted(on, AuditStep.PART if units else AuditStep.CRITERIA, units, after_draft, at_s)


def answered(at_s: float, *units: int, on: str = "gpu1", prompt: int = 0, cached: int = 0) -> AuditAnswered:
    return AuditAnswered(on, AuditStep.PART if units else AuditStep.CRITERIA, units, 3, prompt, cached, at_s)


def interrupted(at_s: float, *units: int) -> AuditInterrupted:
    return AuditInterrupted("gpu1", AuditStep.PART, units, "", at_s)


class Case(NamedTuple):
    events: list[PipelineEvent]
    figures: dict[str, Any]
    line: str
    """Part of the line for the log."""


NO_AUDIT = {
    "audit_endpoint": "",
    "after_draft": False,
    "overlap_ratio": 0.0,
    "audit_lag_tokens_mean": 0.0,
    "audit_lag_tokens_max": 0,
    "audit_tail_s": 0.0,
    "audit_prompt_tokens": 0,
    "audit_cached_tokens": 0,
}
CASES = {
    "nothing at all": Case(
        [], {**NO_AUDIT, "draft_endpoint": "", "draft_tokens": 0, "draft_s": 0.0, "wall_s": 0.0, "findings": 0}, ""
    ),
    "no audit": Case(
        [draft(1.0), token(1, 2.0), closed(0, 2.0), FOUND, ended(10, 5.0)],
        {**NO_AUDIT, "draft_endpoint": "gpu0", "draft_tokens": 10, "draft_s": 4.0, "wall_s": 4.0, "findings": 1},
        "10 tokens on gpu0 in 4.00 s; no audit by a model; 1 finding",
    ),
    "side by side": Case(
        [
            draft(0.0),
            asked(1.0),
            answered(2.0, prompt=100),
            token(10, 3.0),
            closed(0, 3.0),
            asked(3.0, 0),
            token(20, 4.0),
            closed(1, 4.0),
            token(25, 5.0),
            AuditProgress("gpu1", 1, 0.0, 5.0),
            answered(5.0, 0, prompt=150, cached=100),
            asked(5.0, 1),
            token(30, 6.0),
            answered(6.0, 1, prompt=200, cached=150),
            ended(40, 8.0),
            closed(2, 8.0),
            asked(8.0, 2),
            answered(10.0, 2, prompt=250, cached=200),
            FOUND,
        ],
        {
            "audit_endpoint": "gpu1",
            "draft_tokens": 40,
            "draft_s": 8.0,
            "wall_s": 10.0,
            "after_draft": False,
            "overlap_ratio": 0.4,  # 1 to 2, 3 to 5, 5 to 6
            "audit_lag_tokens_mean": pytest.approx(25 / 3),  # 15, 10, 0: the criteria are about no token
            "audit_lag_tokens_max": 15,
            "audit_tail_s": 2.0,
            "audit_prompt_tokens": 700,
            "audit_cached_tokens": 450,
            "findings": 1,
        },
        "audited beside it, on gpu1: overlap 40%, lag 8 tokens (at most 15), tail 2.00 s, "
        "450 of 700 prompt tokens from the cache; 1 finding",
    ),
    "on one endpoint": Case(
        [
            draft(0.0),
            token(5, 1.0),
            ended(8, 2.0),
            closed(0, 2.0),
            asked(2.0, 0, on="gpu0", after_draft=True),
            answered(5.0, 0, on="gpu0"),
        ],
        {"audit_endpoint": "gpu0", "after_draft": True, "overlap_ratio": 0.0, "audit_tail_s": 3.0, "wall_s": 5.0},
        "audited after the draft, on the same endpoint: overlap 0%",
    ),
    "two slots of one endpoint": Case(
        [
            draft(0.0),
            asked(0.0, on="gpu0"),
            answered(2.0),
            ended(8, 4.0),
            asked(4.0, 0, after_draft=True),
            answered(4.5),
        ],
        {"after_draft": False, "overlap_ratio": pytest.approx(2.0 / 4.5)},
        "audited beside it",
    ),
    "interrupted": Case(
        [
            draft(0.0),
            token(10, 1.0),
            closed(0, 1.0),
            asked(1.0, 0),
            interrupted(2.0, 0),
            asked(4.0, 0),
            interrupted(4.0, 0),
            interrupted(4.5, 0),
            asked(5.0, 0),
            token(40, 6.0),
            answered(6.0, 0),
            ended(50, 10.0),
        ],
        {"overlap_ratio": 0.2, "audit_lag_tokens_mean": 30.0, "audit_lag_tokens_max": 30, "audit_tail_s": 0.0},
        "tail 0.00 s",
    ),
    "the audit fails": Case(
        [draft(0.0), asked(1.0), ended(5, 2.0), AuditFailed("the audit took more than 3 s", 5.0)],
        {"audit_tail_s": 3.0, "wall_s": 5.0, "overlap_ratio": 0.2, "audit_lag_tokens_max": 0},
        "tail 3.00 s",
    ),
    "a failed audit that asked for nothing": Case(
        [draft(0.0), AuditFailed("nobody answers", 1.0), ended(5, 2.0)],
        NO_AUDIT | {"wall_s": 2.0},
        "no audit by a model",
    ),
    "a void draft": Case(
        [
            draft(0.0),
            token(10, 1.0),
            closed(0, 1.0),
            asked(1.0, 0),
            FOUND,
            token(20, 2.0),
            DraftVoided("gpu0", "it broke off", 2.0),
            interrupted(2.0, 0),
            draft(3.0, "gpu2"),
            token(4, 4.0),
            closed(0, 4.0),
            asked(4.0, 0),
            token(6, 5.0),
            answered(5.0, 0),
            CriteriaSettled(("a",), 5.0),
            ended(7, 6.0, "gpu2"),
        ],
        {
            "draft_endpoint": "gpu2",
            "draft_tokens": 7,
            "draft_s": 5.0,
            "wall_s": 6.0,
            "overlap_ratio": pytest.approx(2.0 / 6.0),
            "audit_lag_tokens_max": 2,
            "findings": 0,
        },
        "7 tokens on gpu2 in 5.00 s",
    ),
    "a draft that another endpoint goes on with": Case(
        [
            draft(0.0),
            token(10, 1.0),
            closed(0, 1.0),
            asked(1.0, 0),
            FOUND,
            token(20, 2.0),
            DraftInterrupted("gpu0", "it broke off", 2.0),
            DraftContinued("gpu2", Lane.COMPLEX, "", 99, 3.0),
            answered(3.5, 0),
            token(24, 4.0),
            closed(1, 4.0),
            asked(4.0, 1),
            token(26, 5.0),
            answered(5.0, 1),
            ended(30, 6.0, "gpu2"),
        ],
        {
            "draft_endpoint": "gpu2",
            "draft_tokens": 30,
            "draft_s": 5.0,
            "wall_s": 6.0,
            "overlap_ratio": pytest.approx((1.0 + 0.5 + 1.0) / 6.0),
            "audit_lag_tokens_max": 10,
            "findings": 1,
        },
        "30 tokens on gpu2 in 5.00 s",
    ),
    "a refused draft": Case(
        [
            draft(0.0),
            ended(9, 1.0),
            closed(0, 1.0),
            asked(1.0, 0),
            answered(2.0, 0),
            FOUND,
            DraftVoided("gpu0", "no code", 2.0),
            draft(2.0),
            ended(4, 3.0),
            closed(0, 3.0),
            asked(3.0, 0),
            answered(4.0, 0),
        ],
        {"draft_tokens": 4, "draft_s": 2.0, "wall_s": 4.0, "audit_tail_s": 1.0, "findings": 0, "overlap_ratio": 0.0},
        "",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_figures(case: Case) -> None:
    keeper = FigureKeeper()
    for event in case.events:
        keeper.event(event)
    figures = keeper.figures()
    said = asdict(figures)
    assert {name: said[name] for name in case.figures} == case.figures
    assert case.line in str(figures)
    assert "\n" not in str(figures)
