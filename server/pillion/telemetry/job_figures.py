"""The figures of one job, and how a rate is computed."""

from dataclasses import dataclass

from pillion.plurals import counted


@dataclass(frozen=True, slots=True)
class JobFigures:
    """How well the draft and its audit ran side by side.

    `wall_s` is the time from the first request to the end of the last. `overlap_ratio` is the time in which both were
    busy ÷ `wall_s`. The lag is how many tokens the draft was ahead of the audited part when an answer came.
    `audit_tail_s` is how long the audit went on after the draft. Without an audit, the audit's figures are 0.
    """

    draft_endpoint: str
    audit_endpoint: str
    draft_tokens: int
    draft_s: float
    wall_s: float
    after_draft: bool
    overlap_ratio: float
    audit_lag_tokens_mean: float
    audit_lag_tokens_max: int
    audit_tail_s: float
    audit_prompt_tokens: int
    audit_cached_tokens: int
    findings: int

    def __str__(self) -> str:
        """One line for a log."""
        draft = f"{counted(self.draft_tokens, 'token')} on {self.draft_endpoint} in {self.draft_s:.2f} s"
        if not self.audit_endpoint:
            return f"{draft}; no audit by a model; {counted(self.findings, 'finding')}"
        where = f"beside it, on {self.audit_endpoint}"
        if self.after_draft:
            where = "after the draft, on the same endpoint"
        elif self.audit_endpoint == self.draft_endpoint:
            where = f"beside it and, at last, on {self.audit_endpoint} itself"
        return (
            f"{draft}; audited {where}: overlap {self.overlap_ratio:.0%}, "
            f"lag {counted(self.audit_lag_tokens_mean, 'token')} (at most {self.audit_lag_tokens_max}), "
            f"tail {self.audit_tail_s:.2f} s, {self.audit_cached_tokens} of {self.audit_prompt_tokens} prompt tokens "
            f"from the cache; {counted(self.findings, 'finding')}"
        )


def tokens_per_s(tokens: int, seconds: float) -> float:
    """Tokens per second after the first; 0 until there are two."""
    return (tokens - 1) / seconds if tokens > 1 and seconds > 0 else 0.0
