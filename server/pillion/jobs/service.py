"""Starts, runs and cancels jobs. Each job ends in exactly one state."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING
from uuid import uuid4

from pillion.actions.action_row import Output
from pillion.edits.file_change import described
from pillion.errors import CannotAskError, DownloadStoppedError, NoChoiceError, NothingToDoError, PillionError
from pillion.jobs.answers import answer
from pillion.jobs.decisions import Decisions
from pillion.jobs.dismissal_service import DismissalService
from pillion.jobs.downloads import ModelDownloads
from pillion.jobs.edit_plans import is_always_offered, objection_to, shown_of, verdict_on
from pillion.jobs.file_steps import Steps, in_the_way
from pillion.jobs.finding_store import FindingStore
from pillion.jobs.front import Applied, Front
from pillion.jobs.job import Job
from pillion.jobs.naming import named
from pillion.jobs.report import JobReport, about, note_of
from pillion.jobs.request import JobRequest
from pillion.jobs.sequels import larger_model
from pillion.jobs.states import AT_WORK, JobState
from pillion.jobs.targets import Assignment, assignment_of
from pillion.state.draft_log import DraftLog
from pillion.state.kept_drafts import DraftFolder

if TYPE_CHECKING:
    from pillion.events import PipelineEvent
    from pillion.pipeline.runtime import Runtime

log = logging.getLogger(__name__)

_APPLY_ANYWAY, _DISCARD = "Apply anyway", "Discard"
# A client may look at a job's preview late. A job on offer stays until the user has decided.
_REMEMBERED = 50


class JobService:
    """All jobs of one front. `engines` gives the engines while a block runs; `decisions` are the user's."""

    def __init__(
        self,
        front: Front,
        engines: "Callable[[], AbstractAsyncContextManager[Runtime]]",
        findings: FindingStore,
        dismissals: DismissalService,
        downloads: ModelDownloads,
        drafts: DraftFolder,
        draft_log: DraftLog,
    ) -> None:
        self._front = front
        self._engines = engines
        self._findings = findings
        self._dismissals = dismissals
        self._downloads = downloads
        self._drafts = drafts
        self._draft_log = draft_log
        self._jobs: dict[str, Job] = {}
        self.decisions = Decisions(front, self._jobs, findings, dismissals, drafts)

    def start(self, request: JobRequest) -> str:
        """Starts a job and returns its id at once. Its target is settled here, so the user may type on."""
        job_id = uuid4().hex[:12]
        assignment = assignment_of(request, self._front, self._findings)
        target = assignment.target if isinstance(assignment, Assignment) else None
        symbol = target.name if target is not None else request.symbol
        record = self._draft_log.begin(job_id, request.action.id, symbol, request.uri)
        title = request.action.titled_for(target).title_for(symbol or "…", request.instruction)
        job = Job(job_id, request, title, record, assignment, JobReport(request.action), symbol)
        job.shown_by(self._front.follow(job))
        self._jobs[job_id] = job
        if isinstance(assignment, Assignment):
            self._front.tracked.track(job_id, request.uri, [(request.start, request.end)])
        job.running = asyncio.create_task(self._run(job), name=f"job {job_id}")
        self._forget_old()
        return job_id

    def find(self, job_id: str) -> Job:
        """The job with this id.

        Raises:
            NothingToDoError: there is none, or it is too long ago.
        """
        job = self._jobs.get(job_id)
        if job is None:
            raise NothingToDoError(f"There is no job {job_id!r}.")
        return job

    def all(self) -> list[Job]:
        """The jobs that are remembered, oldest first."""
        return list(self._jobs.values())

    def cancel(self, job_id: str | None = None, *, reason: str = "") -> None:
        """Cancels one job, or all. A job whose edit was sent to the editor, or is on offer, can't be cancelled."""
        for job in list(self._jobs.values()):
            if job_id in {None, job.id} and job.state in AT_WORK and job.running is not None:
                job.cancel_reason = reason
                job.running.cancel()

    def closed(self, uri: str) -> None:
        """A document was closed: jobs that still draft for it stop; a finished draft is offered."""
        for job in list(self._jobs.values()):
            if job.request.uri == uri and job.outcome is None:
                self.cancel(job.id, reason="the document was closed")

    async def finish_all(self) -> None:
        """Cancels everything and waits until every stream is closed."""
        ending = [task for job in self._jobs.values() for task in job.interrupt()]
        if ending:
            await asyncio.wait(ending)

    def _forget_old(self) -> None:
        for old in list(self._jobs.values())[:-_REMEMBERED]:
            if old.state is not JobState.OFFERED and (old.running is None or old.running.done()):
                del self._jobs[old.id]
                self._front.tracked.forget(old.id)
                for each in old.applied.edits if old.applied is not None else ():
                    self._front.tracked.forget(each.key)

    async def _run(self, job: Job) -> None:
        """Runs a job. Whatever happens, the job ends in one state and its progress disappears."""
        try:
            await job.begin()
            await self._draft_and_deliver(job)
        except asyncio.CancelledError:
            words = filter(None, (self._front.ended_words[JobState.CANCELLED], job.cancel_reason))
            kept = job.keep_draft(self._drafts, ": ".join(words))
            if job.cancel_reason:
                reason = f"{job.name} was cancelled: {job.cancel_reason}."
                job.tell(reason=reason)
                self._front.show_outcome(f"{reason}{kept}")
            if job.state in AT_WORK:
                job.move_to(JobState.CANCELLED)
            raise
        except (DownloadStoppedError, NoChoiceError):
            job.move_to(JobState.CANCELLED)  # by the user, who was asked
        except PillionError as exc:
            job.tell(about=about(exc))
            self._fail(job, self._front.words_for(exc))
        except Exception:
            # A mistake in the program must end only this job, and the user must be told. The server goes on.
            log.exception("job %s failed", job.id)
            self._fail(job, f"{job.name} failed in a way it should not have; see the server's log.")
        finally:
            job.end()
            job.let_go()

    async def _draft_and_deliver(self, job: Job) -> None:
        request = job.request
        if not isinstance(job.assignment, Assignment):
            raise job.assignment or NothingToDoError("The job is over.")
        async with self._engines() as runtime:
            if request.kept is None:
                await self._downloads.offer_missing(runtime, [request.action.tier.lane], job.say)
        async with self._engines() as runtime:  # the answer may have changed the configuration
            if request.kept is not None:
                runtime = _answering(request.kept.text, runtime)
            job.task = job.assignment.task(
                request.action, request.uri, self._front.workspace_of(request.uri), request.refused
            )
            await self._draft(job, runtime)
            review = runtime.config.review
        if job.outcome is None or job.outcome.rejected:
            return
        if request.action.output is Output.PROSE:
            await answer(self._front, job, job.outcome.prose)
            return
        if await named(self._front, job):
            return
        job.move_to(JobState.READY)
        if request.only_shown:
            job.move_to(JobState.OFFERED)
            return
        objection = objection_to(request.action, job.outcome, review)
        if objection:
            job.end()  # the work is done, and the user may take any time to answer
        steps = Steps(job.task, job.outcome)
        # A draft is shown in the job's own document. If nothing changes there, the client's own preview shows more.
        shown = self._front.shows_drafts and job.outcome.edit is not None
        if objection and (shown or not self._front.confirms):
            applied = Applied(False, await in_the_way(self._front, steps.all()) or objection)
        else:
            applied = await steps.done_by(self._front, objection)
        if applied.done:
            await self.decisions.made(job, applied)
        else:
            self._offer(job, applied)

    async def _draft(self, job: Job, runtime: "Runtime") -> None:
        """Makes the job's outcome, without the findings that the user has dismissed."""
        from pillion.prompts.build import Retry

        if job.task is None:
            return
        action = job.request.action
        await self._dismissals.refresh()
        job.tell(review=is_always_offered(action, runtime.config.review))
        outcome = await runtime.run(job.task, lambda event: self._happened(job, event))
        if outcome.rejected:
            job.refusal = Retry(outcome.draft.text, outcome.rejected)
            job.tell(**larger_model(job, runtime.pool))
        if any(outcome.all_findings()):
            await self._dismissals.refresh()  # another session may have dismissed some meanwhile
            outcome = outcome.with_only(self._dismissals.undismissed)
        job.outcome = outcome
        job.keep_set_aside(self._drafts)
        job.tell(changes=described(outcome.changes) or None)
        if outcome.unchecked and runtime.config.review != "never":
            job.tell(review=True)
        if outcome.rejected:
            kept = job.keep_refused(self._drafts, f"refused: {outcome.rejected}")
            reason = f"the edit was refused: {outcome.rejected}."
            job.tell(reason=reason)
            if not self._front.shows_drafts:
                self._front.show(f"{reason}{kept}", "warning")
            job.move_to(JobState.REFUSED)

    def _happened(self, job: Job, event: "PipelineEvent") -> None:
        job.event(event)
        if note := note_of(event, job.request.action):
            self._front.note(note)

    def _offer(self, job: Job, applied: Applied) -> None:
        """Keeps the edit until the user decides. Asks the user, unless the front does."""
        found = (verdict_on(job.request.action, job.outcome), shown_of(job.outcome)) if job.outcome is not None else ()
        reasons = [applied.reason, *found]
        reason = f"{'; '.join(dict.fromkeys(each.rstrip('.') for each in reasons if each))}."
        kept = job.keep_draft(self._drafts, f"{self._front.ended_words[JobState.OFFERED]}: {reason}")
        message = f"the edit is ready and was not applied: {reason}"
        job.tell(reason=reason)
        job.move_to(JobState.OFFERED)
        unasked = f"{message} pillion.accept applies it.{kept}"
        if self._front.shows_drafts:
            self._front.note(unasked)
        elif applied.declined:
            self._front.show(unasked)
        else:
            asking = self._ask(job, f"Pillion: {message}{kept}", unasked)
            job.asking = asyncio.create_task(asking, name=f"offer {job.id}")

    async def _ask(self, job: Job, question: str, unasked: str) -> None:
        """Asks the user what to do with an offered edit. Without an answer, the edit stays on offer.

        `unasked` is shown if the front can't ask.
        """
        try:
            # Some editors preselect the first answer, and the question may come while the user types.
            answer = await self._front.ask(question, [_DISCARD, _APPLY_ANYWAY])
        except CannotAskError:
            self._front.show(unasked, "warning")
            return
        if not job.is_on_offer():
            return
        if answer == _APPLY_ANYWAY:
            await self.decisions.accept(job.id)
        elif answer == _DISCARD:
            self.decisions.reject(job.id)

    def _fail(self, job: Job, reason: str) -> None:
        kept = job.keep_draft(self._drafts, reason)
        job.tell(reason=reason)
        self._front.show_outcome(f"{reason}{kept}", "error")
        if job.state is not JobState.FAILED:
            job.move_to(JobState.FAILED)


def _answering(text: str, runtime: "Runtime") -> "Runtime":
    """The runtime, but with a kept draft as every engine's answer."""
    from pillion.pipeline.answer_runtime import runtime_of_answer

    return runtime_of_answer(
        text,
        review=runtime.config.review,
        store=runtime.store,
        speeds=runtime.speeds,
        stamp=runtime.stamp,
        sandboxes=runtime.policy.sandboxes,
    )
