"""The report on a job: its figures, its findings by severity, and why it ended as it did."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pillion.actions.action_row import Action
from pillion.errors import (
    ConfigError,
    DocumentError,
    EngineError,
    ModelError,
    NoEndpointError,
    NotLoadedError,
    PillionError,
)
from pillion.jobs.states import AT_WORK, JobState

if TYPE_CHECKING:
    from pillion.events import DraftChosen, PipelineEvent
    from pillion.findings.finding import Finding
    from pillion.findings.place import InEdit

# The words for the states in which the pipeline reports nothing.
_DOING = {
    JobState.QUEUED: "waiting for an engine",
    JobState.READY: "bringing the edit into the document",
    JobState.OFFERED: "waits for you",
}


class JobReport:
    """Follows a job's events, and keeps the other facts to report about the job."""

    def __init__(self, action: Action) -> None:
        from pillion.pipeline.activity import Activity  # not needed before the first job

        self._action = action
        self._doing = Activity()
        self._said = ""
        self._figures: dict[str, Any] = {"endpoint": None, "tokens": 0, "tokens_per_s": 0.0}
        self._audit: dict[str, Any] = {"endpoint": None, "tokens": 0, "tokens_per_s": 0.0, "units": 0}
        self._severities: Counter[str] = Counter()
        self._told: dict[str, Any] = {"review": False}
        self.attempts: list[dict[str, str]] = []

    @property
    def reason(self) -> str:
        """Why the job ended as it did, or why its edit waits."""
        return str(self._told.get("reason", ""))

    @property
    def refusal(self) -> dict[str, Any]:
        """What a client needs to offer another try."""
        return {name: self._told.get(name) for name in ("reason", "attempts", "larger", "larger_tier", "draft_file")}

    def doing(self, state: JobState) -> str:
        """What the job does now, in a user's words; empty once it is over."""
        if state in AT_WORK:
            return self._said or self._doing.words or _DOING[JobState.QUEUED]
        over = state is JobState.READY and "prose" in self._told
        return "" if over else _DOING.get(state, "")

    def say(self, words: str) -> None:
        """Has `doing` give these words until the next event."""
        self._said = words

    def tell(self, **words: object) -> None:
        """Keeps `review`, `reason`, `prose` and the like; None removes one."""
        self._told |= words
        self._told = {name: value for name, value in self._told.items() if value is not None}

    def recount(self, before: "Iterable[Finding[InEdit]]", after: "Iterable[Finding[InEdit]]") -> None:
        """Counts the findings again after the draft was mended."""
        gone, come = (Counter[str](each.severity for each in findings) for findings in (before, after))
        self._severities = self._severities - gone + come

    def event(self, event: "PipelineEvent") -> None:
        """Something happened in the pipeline."""
        from pillion import events

        self._doing.event(event)
        self._said = ""
        match event:
            case events.DraftStarted():
                self._figures |= {"endpoint": event.endpoint, "tokens": 0, "tokens_per_s": 0.0}
            case events.DraftContinued():
                self._figures["endpoint"] = event.endpoint
            case events.DraftProgress() | events.DraftEnded():
                self._figures |= {"tokens": event.tokens, "tokens_per_s": event.tokens_per_s}
            case events.DraftRefused():
                self.attempts.append({"endpoint": event.endpoint, "model": event.model, "reason": event.reason})
                self.tell(attempts=list(self.attempts))
            case events.DraftVoided():
                self._severities.clear()
                self.tell(ran=None)
            case events.AuditStarted():
                self._audit |= {"endpoint": event.endpoint, "tokens": 0}
            case events.AuditProgress():
                self._audit |= {"tokens": event.tokens, "tokens_per_s": event.tokens_per_s}
            case events.AuditAnswered():
                self._audit["units"] += len(event.units)
            case events.CodeRan():
                figures = {name: getattr(event, name) for name in ("compared", "examples", "tried", "not_run")}
                self.tell(ran={**figures, "words": event.words})
            case events.DraftChosen():
                self._chose(event)
            case events.FindingRaised():
                self._severities[event.finding.severity] += 1
            case events.JobMeasured():
                self._figures["overlap_ratio"] = round(event.figures.overlap_ratio, 3)
                self._figures["audit_lag_tokens"] = round(event.figures.audit_lag_tokens_mean)
                self._figures["audit_tail_s"] = round(event.figures.audit_tail_s, 3)
            case _:
                pass  # it changes no figure

    def _chose(self, event: "DraftChosen") -> None:
        self.tell(chosen=event.words)
        if event.is_earlier:
            self._severities.clear()
            self._figures |= {"endpoint": event.endpoint, "tokens": event.tokens}

    def as_data(self) -> dict[str, Any]:
        """The whole report, as JSON data."""
        audit = {"audit": _rounded(self._audit)} if self._action.audited else {}
        return {
            **self._told,
            **_rounded(self._figures),
            "findings": self._severities.total(),
            "severities": dict(self._severities),
            **audit,
        }


def about(error: PillionError) -> str | None:
    """The cause of a job's failure, if a front can help with it: the document or the engines."""
    if isinstance(error, DocumentError):
        return "document"
    engines = (EngineError, ModelError, NoEndpointError, NotLoadedError, ConfigError)
    return "engines" if isinstance(error, engines) else None


def note_of(event: "PipelineEvent", action: Action) -> str:
    """The line about an event for a log that the user may read; empty if the event needs none."""
    from pillion import events

    match event:
        case events.DraftStarted() if event.omitted:
            return f"{event.endpoint}'s prompt had no room for {event.omitted}."
        case events.DraftInterrupted():
            return f"{event.endpoint} broke off in mid-draft: {event.reason}"
        case events.DraftContinued():
            room = f" Its prompt had no room for {event.omitted}." if event.omitted else ""
            return f"{event.endpoint} goes on with the draft from character {event.seam}.{room}"
        case events.DraftVoided():
            return f"{event.endpoint}'s draft is void: {event.reason}"
        case events.AuditFailed():
            return f"the audit of {action.id} ended early: {event.reason}"
        case events.AuditInterrupted() if event.reason:
            return f"the audit of {action.id} on {event.endpoint}: {event.reason}"
        case events.CriteriaSettled():
            return "the auditor will look for: " + " · ".join(event.criteria)
        case events.CodeRan() if event.words:
            return f"{action.id}: {event.words}"
        case events.DraftChosen():
            return f"{action.id}: {event.words}"
        case events.JobMeasured():
            return f"{action.id}: {event.figures}"
        case _:
            return ""


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {**figures, "tokens_per_s": round(figures["tokens_per_s"], 1)}
