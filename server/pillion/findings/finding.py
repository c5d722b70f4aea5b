"""Findings: what the audit says of a place in the draft."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["information", "warning", "error"]
# The source of what a model found; what a deterministic auditor found has the auditor's name.
MODEL = "model"
# The category of a criterion that isn't met.
CRITERIA = "criteria"


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` and `end` are code points: in the draft while it streams, in the edited document at the end.

    `source` is the auditor that says so. Only a deterministic one says `error`. `identity` tells findings apart that
    quote the same and are about different text: a hash of what the quote leaves out (a secret, a call's other lines).
    `imports` are the statements each of which, added to the file, settles it.
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
