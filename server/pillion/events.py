"""A job's events, as types. Times are seconds since the job began."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pillion.findings.finding import Finding
from pillion.findings.place import InDraft, InEdit
from pillion.syntax.units import Unit
from pillion.telemetry.job_figures import JobFigures
from pillion.tiers import Lane


@dataclass(frozen=True, slots=True)
class DraftStarted:
    """An endpoint begins a draft. `omitted` says what its prompt had no room for (empty: nothing)."""

    endpoint: str
    lane: Lane
    omitted: str
    at_s: float


@dataclass(frozen=True, slots=True)
class DraftProgress:
    """Tokens came. `text` is empty while a reasoning model thinks."""

    endpoint: str
    text: str
    tokens: int
    tokens_per_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class EndpointWaited:
    """An endpoint has no room now and is asked again; `words` say it: “gpu0 asks to wait 3 s”. `audits`: it is wanted
    for the audit, and not for the draft."""

    endpoint: str
    words: str
    audits: bool
    at_s: float


@dataclass(frozen=True, slots=True)
class DraftVoided:
    """The endpoint failed, or its draft was refused: the draft so far counts for nothing."""

    endpoint: str
    reason: str
    at_s: float


@dataclass(frozen=True, slots=True)
class DraftInterrupted:
    """The endpoint broke off. The draft so far stands, and another endpoint will go on from it."""

    endpoint: str
    reason: str
    at_s: float


@dataclass(frozen=True, slots=True)
class DraftContinued:
    """Another endpoint goes on with the draft: its words begin at character `seam` of the text. `omitted` is as in
    DraftStarted."""

    endpoint: str
    lane: Lane
    omitted: str
    seam: int
    at_s: float


@dataclass(frozen=True, slots=True)
class DraftRefused:
    """A complete draft failed a check, so it can't become an edit. Later events show whether there is another try."""

    endpoint: str
    model: str
    reason: str
    at_s: float


@dataclass(frozen=True, slots=True)
class DraftEnded:
    """The draft is complete."""

    endpoint: str
    tokens: int
    tokens_per_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class UnitClosed:
    """A piece of the draft is complete and can be audited."""

    unit: Unit
    at_s: float


class AuditStep(StrEnum):
    """The kinds of questions to the model auditor."""

    CRITERIA = "criteria"  # what must the draft do?
    READING = "reading"  # nothing yet: it reads along, so that the engine has the code in its cache
    DECISIONS = "decisions"  # which tokens of these units are unlikely?
    PART = "part"  # what is wrong in these units?
    VERDICT = "verdict"  # what is wrong in the last units, and which criteria are unmet?

    @property
    def words(self) -> str:
        """What the auditor does, for a person."""
        return _AUDIT_WORDS[self]


_AUDIT_WORDS = {
    AuditStep.CRITERIA: "settles what the code must do",
    AuditStep.READING: "reads along",
    AuditStep.DECISIONS: "reads the decisions",
    AuditStep.PART: "audits",
    AuditStep.VERDICT: "audits the last part",
}


@dataclass(frozen=True, slots=True)
class AuditStarted:
    """An endpoint is asked about the units with these numbers.

    `after_draft`: the draft is complete and the same endpoint made it, so nothing runs at the same time.
    """

    endpoint: str
    step: AuditStep
    units: tuple[int, ...]
    after_draft: bool
    at_s: float


@dataclass(frozen=True, slots=True)
class AuditProgress:
    """The auditor's answer has more tokens."""

    endpoint: str
    tokens: int
    tokens_per_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class AuditAnswered:
    """The auditor has answered. The counts of its prompt are the engine's (0 if the engine doesn't give them)."""

    endpoint: str
    step: AuditStep
    units: tuple[int, ...]
    tokens: int
    prompt_tokens: int
    cached_tokens: int
    at_s: float


@dataclass(frozen=True, slots=True)
class AuditInterrupted:
    """The question has no answer, and `reason` says why.

    If `reason` is empty, the endpoint was needed for more urgent work, or the question's draft is void or complete.
    """

    endpoint: str
    step: AuditStep
    units: tuple[int, ...]
    reason: str
    at_s: float


@dataclass(frozen=True, slots=True)
class CriteriaSettled:
    """The auditor will judge the whole draft by these criteria."""

    criteria: tuple[str, ...]
    at_s: float


@dataclass(frozen=True, slots=True)
class ChecksStarted:
    """The checks of the finished edit without a model begin."""

    at_s: float


@dataclass(frozen=True, slots=True)
class ChecksEnded:
    """The checks of the finished edit have ended."""

    at_s: float


@dataclass(frozen=True, slots=True)
class FunctionRan:
    """A function was run while its draft still streamed, `waited_s` after the draft had it."""

    name: str
    waited_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class CodeRan:
    """What the finished edit changes or adds was run in a sandbox; the figures are those of RunReport. `words` say it:
    “behaviour compared on 61 inputs”."""

    compared: int
    examples: int
    tried: int
    not_run: str
    words: str
    at_s: float


@dataclass(frozen=True, slots=True)
class DraftChosen:
    """A draft failed when it was run, so there are others. `words` say which of them is taken, and why.

    `is_earlier`: the last one counts for nothing after all. The findings of the one that is taken are raised again
    behind this.
    """

    endpoint: str
    tokens: int
    is_earlier: bool
    words: str
    at_s: float


@dataclass(frozen=True, slots=True)
class FindingRaised:
    """The audit found something in the draft, or in the finished edit: `edited` is the edit's text then. `uri` is the
    edited file, if it isn't the job's own document."""

    finding: Finding[InDraft | InEdit]
    at_s: float
    edited: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True)
class AuditFailed:
    """The audit can't go on. The draft isn't affected."""

    reason: str
    at_s: float


@dataclass(frozen=True, slots=True)
class JobMeasured:
    """The job's drafting and auditing are over."""

    figures: JobFigures
    at_s: float


PipelineEvent = (
    DraftStarted
    | DraftProgress
    | EndpointWaited
    | DraftVoided
    | DraftInterrupted
    | DraftContinued
    | DraftRefused
    | DraftEnded
    | UnitClosed
    | AuditStarted
    | AuditProgress
    | AuditAnswered
    | AuditInterrupted
    | CriteriaSettled
    | ChecksStarted
    | ChecksEnded
    | FunctionRan
    | CodeRan
    | DraftChosen
    | FindingRaised
    | AuditFailed
    | JobMeasured
)
Emit = Callable[[PipelineEvent], None]
