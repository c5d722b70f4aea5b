"""Tells the client how a job goes: progress with real numbers, and events for clients that asked for them."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pillion.catalogue import Action
from pillion.lsp.progress import Progress
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.events import PipelineEvent
    from pillion.findings.finding import Finding

JOB_NOTIFICATION, DRAFT_NOTIFICATION = "pillion/job", "pillion/draft"
# What a token changes is told with that of its neighbours: a client draws no faster, and a fast engine sends hundreds.
_TELLS_EVERY_S = 0.1


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


# What is going on where the pipeline has nothing to say.
_DOING = {
    JobState.QUEUED: "waiting for an engine",
    JobState.READY: "bringing the edit into the document",
    JobState.OFFERED: "waits for you",
}
_AT_WORK = frozenset({JobState.QUEUED, JobState.DRAFTING, JobState.AUDITING})


class JobReporter:
    """Turns one job's pipeline events into what the client sees; `state` is the job's."""

    def __init__(
        self,
        session: Session,
        job_id: str,
        action: Action,
        uri: str,
        title: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        from pillion.pipeline.activity import Doing  # not needed before the first job

        self.token = f"pillion-{job_id}"
        self._session = session
        self._uri = uri
        self._job_id = job_id
        self._action = action
        self._progress = Progress(session.protocol, self.token, title)
        self._clock = clock
        self.state = JobState.QUEUED
        self._untold: list[str] = []
        self._told_at_s = float("-inf")
        self._telling: asyncio.TimerHandle | None = None
        self._doing = Doing()
        self._said = ""
        self._figures: dict[str, Any] = {"endpoint": None, "tokens": 0, "tokens_per_s": 0.0}
        self._severities: Counter[str] = Counter()
        self._audit: dict[str, Any] = {"endpoint": None, "tokens": 0, "tokens_per_s": 0.0, "units": 0}
        self._told: dict[str, Any] = {"review": False}
        self.title = title
        self.attempts: list[dict[str, str]] = []

    @property
    def reason(self) -> str:
        """Why the job ended as it did, or why its edit waits."""
        return str(self._told.get("reason", ""))

    @property
    def refusal(self) -> dict[str, Any]:
        """What a client needs to offer another try."""
        return {name: self._told.get(name) for name in ("reason", "attempts", "larger", "larger_tier", "draft_file")}

    @property
    def doing(self) -> str:
        """What is going on, in a user's words; empty once the job is over."""
        if self.state in _AT_WORK:
            return self._said or self._doing.words or _DOING[JobState.QUEUED]
        over = self.state is JobState.READY and "prose" in self._told
        return "" if over else _DOING.get(self.state, "")

    async def begin(self) -> None:
        """The job is queued."""
        self._notify_job(None)
        await self._progress.begin(self.doing)

    def say(self, words: str) -> None:
        """What is going on until something happens."""
        self._said = words
        self._notify_job(None)
        self._progress.report(words)

    def tell(self, **words: object) -> None:
        """Has the notifications say `review`, `reason`, `prose` and the like from now on; with None, no longer."""
        self._told = {name: word for name, word in {**self._told, **words}.items() if word is not None}

    def recount(self, before: "Iterable[Finding]", after: "Iterable[Finding]") -> None:
        """The draft was mended: findings are gone, or others are there."""
        gone, come = (Counter[str](each.severity for each in findings) for findings in (before, after))
        self._severities = self._severities - gone + come

    def tell_now(self, **words: object) -> None:
        """The same, at once."""
        self.tell(**words)
        self._notify_job(None)

    def move_to(self, state: JobState) -> None:
        """The job is in another state."""
        self.state = state
        self._notify_job(None)

    def end(self) -> None:
        """The job is over."""
        self._progress.end(self.state.value)

    def event(self, event: "PipelineEvent") -> None:
        """Something happened in the pipeline."""
        from pillion import events

        self._doing.event(event)
        self._said = ""
        match event:
            case events.DraftStarted():
                self._figures |= {"endpoint": event.endpoint, "tokens": 0, "tokens_per_s": 0.0}
                self.state = JobState.DRAFTING
                if event.omitted:
                    self._session.note(f"{event.endpoint}'s prompt had no room for {event.omitted}.")
            case events.DraftProgress():
                self._untold.append(event.text)
                self._figures["tokens"], self._figures["tokens_per_s"] = event.tokens, event.tokens_per_s
                self._tell_soon(event)
                return
            case events.DraftRefused():
                self.attempts.append({"endpoint": event.endpoint, "model": event.model, "reason": event.reason})
                self.tell(attempts=list(self.attempts))
            case events.DraftVoided():
                self._severities.clear()
                self._session.note(f"{event.endpoint}'s draft is void: {event.reason}")
            case events.DraftEnded():
                self._figures |= {"tokens": event.tokens, "tokens_per_s": event.tokens_per_s}
                if self._action.audited:
                    self.state = JobState.AUDITING
            case events.AuditStarted():
                self._audit |= {"endpoint": event.endpoint, "tokens": 0}
            case events.AuditProgress():
                self._audit["tokens"], self._audit["tokens_per_s"] = event.tokens, event.tokens_per_s
                self._tell_soon(event)
                return
            case events.AuditAnswered():
                self._audit["units"] += len(event.units)
            case events.FindingRaised():
                self._severities[event.finding.severity] += 1
            case events.AuditFailed():
                self._session.note(f"the audit of {self._action.id} ended early: {event.reason}")
            case events.JobMeasured():
                self._figures["overlap_ratio"] = round(event.figures.overlap_ratio, 3)
                self._figures["audit_lag_tokens"] = round(event.figures.audit_lag_tokens_mean)
                self._figures["audit_tail_s"] = round(event.figures.audit_tail_s, 3)
                self._session.note(f"{self._action.id}: {event.figures}")
            case events.AuditInterrupted():
                if event.reason:
                    self._session.note(f"the audit of {self._action.id} on {event.endpoint}: {event.reason}")
            case events.CriteriaSettled():
                self._session.note("the auditor will look for: " + " · ".join(event.criteria))
            case _:
                pass  # the others are told as they are
        self._notify_job(event)

    def _tell_soon(self, event: "PipelineEvent") -> None:
        """Tells of a token, now or together with those that come until then."""
        due_s = self._told_at_s + _TELLS_EVERY_S - self._clock()
        if due_s <= 0:
            self._notify_job(event)
        elif self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(due_s, self._notify_job, event)

    def _notify_job(self, event: "PipelineEvent | None") -> None:
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        self._told_at_s = self._clock()
        if self.state in _AT_WORK:
            self._progress.report(self.doing)
        text, self._untold = "".join(self._untold), []
        if not self._session.wants_events:
            return
        if text:
            self._session.protocol.notify(DRAFT_NOTIFICATION, {"id": self._job_id, "text": text})
        params: dict[str, Any] = {
            "id": self._job_id,
            "action": self._action.id,
            "output": self._action.output.value,
            "state": self.state.value,
            "tier": self._action.tier.value,
            "uri": self._uri,
            "title": self.title,
            "doing": self.doing,
            **self._told,
            **self._figures,
            "tokens_per_s": round(self._figures["tokens_per_s"], 1),
            "findings": self._severities.total(),
            "severities": dict(self._severities),
        }
        if self._action.audited:
            params["audit"] = {**self._audit, "tokens_per_s": round(self._audit["tokens_per_s"], 1)}
        if event is not None:
            params["event"] = type(event).__name__
            params["at_s"] = round(event.at_s, 3)
        self._session.protocol.notify(JOB_NOTIFICATION, params)
