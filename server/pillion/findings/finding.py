"""Findings: what the audit says about a place in a text."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from pillion.findings.place import Place

Severity = Literal["information", "warning", "error"]
# The source of a model's findings; the source of a deterministic auditor's findings is its name.
MODEL = "model"
# The category of a criterion that isn't met.
CRITERIA = "criteria"
# The text that the place is in. A `Finding[Place]` is a finding in any text.
_P_co = TypeVar("_P_co", bound=Place, covariant=True)


@dataclass(frozen=True, slots=True)
class Finding(Generic[_P_co]):
    """`place` is where `quote` stands. A finding gets a place in another text only in this room.

    `source` is the auditor that reports it. Only a deterministic auditor reports an `error`. `identity` distinguishes
    findings with the same quote about different text: it is a hash of what the quote leaves out (a secret, a call's
    other lines). `imports` are statements; any one of them, added to the file, settles the finding.
    """

    quote: str
    severity: Severity
    category: str
    message: str
    place: _P_co
    source: str = MODEL
    identity: str = ""
    imports: tuple[str, ...] = ()

    @property
    def start(self) -> int:
        """The first code point of its place."""
        return self.place.start

    @property
    def end(self) -> int:
        """The code point after its place."""
        return self.place.end

    @property
    def code(self) -> str:
        """The diagnostic's code: `audit/…` from a model, `check/…` from a deterministic auditor."""
        family = "audit" if self.source == MODEL else "check"
        return f"{family}/{self.category.replace(' ', '-')}"
