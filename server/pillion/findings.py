"""Findings: what the audit says of a place in the draft."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["information", "warning", "error"]
# The source of what a model found; what a deterministic auditor found has the auditor's name.
MODEL = "model"


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` and `end` are code points: in the draft while it streams, in the edited document at the end.

    `source` is the auditor that says so. Only a deterministic one says `error`.
    """

    quote: str
    severity: Severity
    category: str
    message: str
    start: int
    end: int
    source: str = MODEL

    @property
    def code(self) -> str:
        """The diagnostic's code: `audit/…` from a model, `check/…` from a deterministic auditor."""
        family = "audit" if self.source == MODEL else "check"
        return f"{family}/{self.category.replace(' ', '-')}"
