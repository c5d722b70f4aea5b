"""Counts and distributions of all jobs of this process: for Prometheus, and as a snapshot for people."""

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from pillion.telemetry.job_figures import JobFigures
from pillion.tiers import Tier

_RATIOS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
_SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
_TOKENS = (8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096)


class Telemetry:
    """The counts. They contain no names of models, files or users."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._jobs = Counter(
            "pillion_jobs", "Jobs that ended, by how they ended.", ("tier", "action", "result"), registry=self._registry
        )
        self._findings = Counter(
            "pillion_findings", "What audits found.", ("source", "severity"), registry=self._registry
        )
        self._draft_tokens = Counter("pillion_draft_tokens", "Tokens drafted.", ("endpoint",), registry=self._registry)
        self._draft_s = self._histogram("pillion_draft_seconds", "How long a draft took.", _SECONDS)
        self._overlap = self._histogram(
            "pillion_audit_overlap_ratio",
            "dual_gpu: the share of a job's time in which draft and audit were busy at once.",
            _RATIOS,
        )
        self._lag = self._histogram(
            "pillion_audit_lag_tokens", "dual_gpu: how many tokens the draft was ahead of its audit.", _TOKENS
        )
        self._tail_s = self._histogram(
            "pillion_audit_tail_seconds", "dual_gpu: how long the audit went on after the draft.", _SECONDS
        )
        self._last: JobFigures | None = None

    def job_ended(self, tier: Tier, action_id: str, result: str) -> None:
        """A job is over: `edit`, `prose`, `rejected`, `failed` or `cancelled`."""
        self._jobs.labels(tier.value, action_id, result).inc()

    def finding_raised(self, source: str, severity: str) -> None:
        """An auditor found something."""
        self._findings.labels(source, severity).inc()

    def job_measured(self, figures: JobFigures) -> None:
        """Adds the figures of a job. A job without a model auditor says nothing about two GPUs."""
        self._draft_tokens.labels(figures.draft_endpoint).inc(figures.draft_tokens)
        self._draft_s.observe(figures.draft_s)
        if figures.audit_endpoint:
            self._last = figures
            self._overlap.observe(figures.overlap_ratio)
            self._lag.observe(figures.audit_lag_tokens_mean)
            self._tail_s.observe(figures.audit_tail_s)

    def exposition(self) -> str:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry).decode()

    def snapshot(self) -> dict[str, Any]:
        """All of it as JSON data; `dual_gpu` has the means, and the last audited job's own figures."""
        last = self._last
        return {
            "jobs": [
                {**sample.labels, "count": int(sample.value)}
                for sample in self._samples("pillion_jobs")
                if sample.name.endswith("_total")
            ],
            "findings": [
                {**sample.labels, "count": int(sample.value)}
                for sample in self._samples("pillion_findings")
                if sample.name.endswith("_total")
            ],
            "dual_gpu": {
                "audited_jobs": self._count("pillion_audit_overlap_ratio"),
                "overlap_ratio": self._mean("pillion_audit_overlap_ratio"),
                "audit_lag_tokens": self._mean("pillion_audit_lag_tokens"),
                "audit_tail_s": self._mean("pillion_audit_tail_seconds"),
                "last": None
                if last is None
                else {
                    "draft_endpoint": last.draft_endpoint,
                    "audit_endpoint": last.audit_endpoint,
                    "after_draft": last.after_draft,
                    "overlap_ratio": round(last.overlap_ratio, 3),
                    "audit_lag_tokens": round(last.audit_lag_tokens_mean, 1),
                    "audit_tail_s": round(last.audit_tail_s, 3),
                },
            },
        }

    def _histogram(self, name: str, help_text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, help_text, buckets=buckets, registry=self._registry)

    def _samples(self, name: str) -> list[Any]:
        return [sample for family in self._registry.collect() if family.name == name for sample in family.samples]

    def _value(self, name: str) -> float:
        return self._registry.get_sample_value(name) or 0.0

    def _count(self, name: str) -> int:
        return int(self._value(f"{name}_count"))

    def _mean(self, name: str) -> float:
        count = self._count(name)
        return round(self._value(f"{name}_sum") / count, 3) if count else 0.0
