"""Figures of jobs as metrics and as a snapshot."""

from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pillion.telemetry.job_figures import JobFigures
from pillion.telemetry.metrics import Telemetry
from pillion.tiers import Tier

BESIDE = JobFigures(
    draft_endpoint="gpu0",
    audit_endpoint="gpu1",
    draft_tokens=200,
    draft_s=4.0,
    wall_s=4.1,
    after_draft=False,
    overlap_ratio=0.9,
    audit_lag_tokens_mean=20.0,
    audit_lag_tokens_max=40,
    audit_tail_s=0.1,
    audit_prompt_tokens=1000,
    audit_cached_tokens=950,
    findings=1,
)
AFTER = replace(BESIDE, audit_endpoint="gpu0", after_draft=True, overlap_ratio=0.0, audit_tail_s=2.1)
UNAUDITED = replace(BESIDE, audit_endpoint="", overlap_ratio=0.0, audit_tail_s=0.0)


def samples(telemetry: Telemetry) -> dict[tuple[str, ...], float]:
    """Prometheus' text, read back by its own parser."""
    families = text_string_to_metric_families(telemetry.exposition())
    return {(each.name, *sorted(each.labels.values())): each.value for family in families for each in family.samples}


def test_metrics_are_prometheus_text() -> None:
    telemetry = Telemetry()
    telemetry.job_measured(BESIDE)
    telemetry.job_measured(AFTER)
    telemetry.job_measured(UNAUDITED)
    telemetry.job_ended(Tier.COMPLEX, "implement", "edit")
    telemetry.finding_raised("calls", "error")
    read = samples(telemetry)
    assert read["pillion_jobs_total", "COMPLEX", "edit", "implement"] == 1
    assert read["pillion_findings_total", "calls", "error"] == 1
    assert read["pillion_draft_tokens_total", "gpu0"] == 600
    assert read["pillion_draft_seconds_sum",] == 12
    assert read["pillion_audit_overlap_ratio_count",] == 2, "one without an audit says nothing of two GPUs"
    assert read["pillion_audit_tail_seconds_sum",] == pytest.approx(2.2)
    assert read["pillion_audit_lag_tokens_sum",] == 40
    assert "dual_gpu" in telemetry.exposition()


@pytest.mark.parametrize(
    ("jobs", "dual_gpu"),
    [
        ([], (0, 0.0, 0.0, None)),
        ([UNAUDITED], (0, 0.0, 0.0, None)),
        ([BESIDE], (1, 0.9, 0.1, False)),
        ([BESIDE, AFTER], (2, 0.45, 1.1, True)),
    ],
)
def test_the_snapshot_has_means_and_the_last(jobs: list[JobFigures], dual_gpu: tuple[object, ...]) -> None:
    telemetry = Telemetry()
    for each in jobs:
        telemetry.job_measured(each)
    said = telemetry.snapshot()["dual_gpu"]
    last = said["last"] and said["last"]["after_draft"]
    assert (said["audited_jobs"], said["overlap_ratio"], said["audit_tail_s"], last) == dual_gpu


def test_jobs_and_findings_are_counted_by_their_labels() -> None:
    telemetry = Telemetry()
    for result in ("edit", "edit", "cancelled"):
        telemetry.job_ended(Tier.SIMPLE, "docstring", result)
    telemetry.finding_raised("model", "warning")
    snapshot = telemetry.snapshot()
    assert snapshot["jobs"] == [
        {"tier": "SIMPLE", "action": "docstring", "result": "edit", "count": 2},
        {"tier": "SIMPLE", "action": "docstring", "result": "cancelled", "count": 1},
    ]
    assert snapshot["findings"] == [{"source": "model", "severity": "warning", "count": 1}]


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (BESIDE, ["gpu0", "beside it, on gpu1", "overlap 90%", "tail 0.10 s", "950 of 1000", "1 finding"]),
        (AFTER, ["after the draft, on the same endpoint", "tail 2.10 s"]),
        (UNAUDITED, ["no audit by a model"]),
    ],
)
def test_the_log_line(figures: JobFigures, words: list[str]) -> None:
    assert all(word in str(figures) for word in words), str(figures)
