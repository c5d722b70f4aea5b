"""Findings: what the audit says about a place in the draft."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["information", "warning", "error"]
# The source of a model's findings; the source of a deterministic auditor's findings is its name.
MODEL = "model"
# The category of a criterion that isn't met.
CRITERIA = "criteria"


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` and `end` are code points: in the draft while it streams, in the edited document at the end.

    `source` is the auditor that reports it. Only a deterministic auditor reports an `error`. `identity` distinguishes
    findings with the same quote about different text: it is a hash of what the quote leaves out (a secret, a call's
    other lines). `imports` are statements; any one of them, added to the file, settles the finding.
    """

    quote: str
    severity: Severity
    category: str
    message: str
    start: int
    end: int
    source: str = MODEL
    identity: str = ""
    imports: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The diagnostic's code: `audit/…` from a model, `check/…` from a deterministic auditor."""
        family = "audit" if self.source == MODEL else "check"
        return f"{family}/{self.category.replace(' ', '-')}"
