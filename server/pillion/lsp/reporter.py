"""Tells the client how a job goes: progress with real numbers, and events for clients that asked for them."""

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pillion.catalogue import Action
from pillion.counted import counted, token_rate
from pillion.lsp.progress import Progress
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.pipeline.events import PipelineEvent

JOB_NOTIFICATION, DRAFT_NOTIFICATION = "pillion/job", "pillion/draft"


class JobState(StrEnum):
    """See the public contract."""

    QUEUED = "queued"
    DRAFTING = "drafting"
    AUDITING = "auditing"
    READY = "ready"
    APPLIED = "applied"
    OFFERED = "offered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    FAILED = "failed"


class JobReporter:
    """Turns one job's pipeline events into what the client sees; `state` is the job's."""

    def __init__(self, session: Session, job_id: str, action: Action, uri: str, title: str) -> None:
        self.token = f"pillion-{job_id}"
        self._session = session
        self._uri = uri
        self._job_id = job_id
        self._action = action
        self._progress = Progress(session.protocol, self.token, title)
        self.state = JobState.QUEUED
        self._draft: list[str] = []
        self._draft_line = self._audit_line = ""
        self._figures: dict[str, Any] = {"endpoint": None, "tokens": 0, "tokens_per_s": 0.0}
        self._severities: Counter[str] = Counter()
        self._audit: dict[str, Any] = {"endpoint": None, "tokens": 0, "tokens_per_s": 0.0, "units": 0}
        self._told: dict[str, Any] = {"review": False}
        self._title = title

    @property
    def offer(self) -> dict[str, str]:
        """The job's title, and why its edit waits."""
        return {"title": self._title, "reason": str(self._told.get("reason", ""))}

    @property
    def draft_so_far(self) -> str:
        """What was drafted, complete or not."""
        return "".join(self._draft)

    async def begin(self) -> None:
        """The job is queued."""
        self._notify_job(None)
        await self._progress.begin("queued")

    def say(self, words: str) -> None:
        """What the job's progress says until something happens."""
        self._progress.report(words)

    def tell(self, **words: object) -> None:
        """Has the notifications say `review`, `reason`, `prose` or `draft_file` from now on; with None, no longer."""
        self._told = {name: word for name, word in {**self._told, **words}.items() if word is not None}

    def move_to(self, state: JobState) -> None:
        """The job is in another state."""
        self.state = state
        self._notify_job(None)

    def end(self) -> None:
        """The job is over."""
        self._progress.end(self.state.value)

    def event(self, event: "PipelineEvent") -> None:
        """Something happened in the pipeline."""
        from pillion.pipeline import events

        match event:
            case events.DraftStarted():
                self._figures |= {"endpoint": event.endpoint, "tokens": 0, "tokens_per_s": 0.0}
                self.state = JobState.DRAFTING
                self._draft_line = f"drafting on {event.endpoint}"
                if event.omitted:
                    self._session.note(f"{event.endpoint}'s prompt had no room for {event.omitted}.")
            case events.DraftProgress():
                self._draft.append(event.text)
                self._figures |= {"tokens": event.tokens, "tokens_per_s": round(event.tokens_per_s, 1)}
                figures = f"{counted(event.tokens, 'token')} · {token_rate(event.tokens_per_s)}"
                self._draft_line = f"drafting on {event.endpoint} · {figures}"
                self._notify_draft(event.text)
            case events.DraftVoided():
                self._draft.clear()
                self._severities.clear()
                self._session.note(f"{event.endpoint}'s draft is void: {event.reason}")
            case events.DraftEnded():
                self._figures |= {"tokens": event.tokens, "tokens_per_s": round(event.tokens_per_s, 1)}
                if self._action.audited:
                    self.state = JobState.AUDITING
                self._draft_line = f"drafted on {event.endpoint} ({counted(event.tokens, 'token')})"
            case events.AuditStarted():
                self._audit |= {"endpoint": event.endpoint, "tokens": 0}
                self._audit_line = f" · {event.endpoint} {event.step.words}"
                if event.after_draft:
                    self._audit_line += " after the draft (one endpoint)"
            case events.AuditProgress():
                self._audit |= {"tokens": event.tokens, "tokens_per_s": round(event.tokens_per_s, 1)}
            case events.AuditAnswered():
                self._audit["units"] += len(event.units)
            case events.FindingRaised():
                self._severities[event.finding.severity] += 1
            case events.AuditFailed():
                self._audit_line = " · audit failed"
                self._session.note(f"the audit of {self._action.id} ended early: {event.reason}")
            case events.JobMeasured():
                self._figures["overlap_ratio"] = round(event.figures.overlap_ratio, 3)
                self._figures["audit_lag_tokens"] = round(event.figures.audit_lag_tokens_mean)
                self._figures["audit_tail_s"] = round(event.figures.audit_tail_s, 3)
                self._session.note(f"{self._action.id}: {event.figures}")
            case events.AuditInterrupted():
                self._audit_line = ""
                if event.reason:
                    self._session.note(f"the audit of {self._action.id} on {event.endpoint}: {event.reason}")
            case events.CriteriaSettled():
                self._session.note("the auditor will look for: " + " · ".join(event.criteria))
            case _:
                pass  # the others are told as they are
        self._notify_job(event)
        self._progress.report(self._draft_line + self._audit_line)

    def _notify_draft(self, text: str) -> None:
        if self._session.wants_events and text:
            self._session.protocol.notify(DRAFT_NOTIFICATION, {"id": self._job_id, "text": text})

    def _notify_job(self, event: "PipelineEvent | None") -> None:
        if not self._session.wants_events:
            return
        params: dict[str, Any] = {
            "id": self._job_id,
            "action": self._action.id,
            "output": self._action.output.value,
            "state": self.state.value,
            "tier": self._action.tier.value,
            "uri": self._uri,
            "title": self._title,
            **self._told,
            **self._figures,
            "findings": self._severities.total(),
            "severities": dict(self._severities),
        }
        if self._action.audited:
            params["audit"] = dict(self._audit)
        if event is not None:
            params["event"] = type(event).__name__
            params["at_s"] = round(event.at_s, 3)
        self._session.protocol.notify(JOB_NOTIFICATION, params)
