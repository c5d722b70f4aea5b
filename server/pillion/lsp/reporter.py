"""Tells the client how a job goes: progress with real numbers, and events for clients that asked for them."""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pillion.jobs.front import Applied
from pillion.jobs.job import Job
from pillion.jobs.states import AT_WORK
from pillion.lsp.progress import Progress
from pillion.lsp.results import plain_applied
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.events import PipelineEvent

JOB_NOTIFICATION, DRAFT_NOTIFICATION = "pillion/job", "pillion/draft"
# The news of several tokens is sent together: a client draws no faster, and a fast engine sends hundreds of tokens.
_TELLS_EVERY_S = 0.1


class JobReporter:
    """Shows one job to the client; see Follower."""

    def __init__(self, session: Session, job: Job, clock: Callable[[], float] = time.monotonic) -> None:
        self._session = session
        self._job = job
        self._progress = Progress(session.protocol, job.id, job.title)
        self._clock = clock
        self._untold: list[str] = []
        self._told_at_s = float("-inf")
        self._telling: asyncio.TimerHandle | None = None

    async def begin(self) -> None:
        """The job is queued."""
        self._notify_job(None)
        await self._progress.begin(self._job.doing)

    def event(self, event: "PipelineEvent") -> None:
        """Something happened in the pipeline."""
        from pillion import events

        match event:
            case events.DraftProgress():
                self._untold.append(event.text)
                self._tell_soon(event)
            case events.AuditProgress():
                self._tell_soon(event)
            case _:
                self._notify_job(event)

    def changed(self) -> None:
        """The job's state or its report has changed."""
        self._notify_job(None)

    def applied(self, applied: Applied | None) -> None:
        """The document has the edit; with None, it no longer has it."""
        document = self._session.open_document(self._job.request.uri)
        if applied is None:
            self._job.tell(applied=None)
        elif document is not None:
            self._job.tell(applied=plain_applied(applied, document, self._session.tracked))

    def end(self) -> None:
        """The job is over."""
        self._progress.end(self._job.state.value)

    def _tell_soon(self, event: "PipelineEvent") -> None:
        """Tells the client of a token, now or soon together with the next tokens."""
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
        job = self._job
        if job.state in AT_WORK:
            self._progress.report(job.doing)
        text, self._untold = "".join(self._untold), []
        if not self._session.wants_events:
            return
        if text:
            self._session.protocol.notify(DRAFT_NOTIFICATION, {"id": job.id, "text": text})
        action = job.request.action
        params: dict[str, Any] = {
            "id": job.id,
            "action": action.id,
            "output": action.output.value,
            "state": job.state.value,
            "tier": action.tier.value,
            "uri": job.request.uri,
            "title": job.title,
            "doing": job.doing,
            **job.report.as_data(),
        }
        if event is not None:
            params["event"] = type(event).__name__
            params["at_s"] = round(event.at_s, 3)
        self._session.protocol.notify(JOB_NOTIFICATION, params)
