"""The user's decisions on edits on offer, whole or hunk by hunk, and what follows once the document has an edit."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pillion.errors import NothingToDoError
from pillion.jobs.dismissal_service import DismissalService
from pillion.jobs.edit_plans import verdict_on
from pillion.jobs.file_steps import Steps
from pillion.jobs.finding_store import FindingStore
from pillion.jobs.front import Applied, EditStep, Front
from pillion.jobs.job import Job
from pillion.jobs.offered_hunks import HunkStep, Rest, Split, has_hunks
from pillion.jobs.placed_findings import show_findings
from pillion.jobs.states import JobState
from pillion.state.kept_drafts import DraftFolder, remove_draft

if TYPE_CHECKING:
    from pillion.pipeline.outcome import Outcome, Task

_CLOSED = "the document is closed; open it and accept again"
_LEFT = "you decide on the other changes."


class Decisions:
    """Decides on the offers of these jobs."""

    def __init__(
        self,
        front: Front,
        jobs: Mapping[str, Job],
        findings: FindingStore,
        dismissals: DismissalService,
        drafts: DraftFolder,
    ) -> None:
        self._front = front
        self._jobs = jobs
        self._findings = findings
        self._dismissals = dismissals
        self._drafts = drafts

    async def accept(self, job_id: str) -> bool:
        """Applies an offered edit, or all that is left of it. Returns whether the document has it now.

        Raises:
            NothingToDoError: the job has nothing on offer.
        """
        job = self._offered(job_id)
        if job.task is None or job.outcome is None:
            return False
        job.accepting = True  # the client is asked now, and must not be asked twice
        try:
            applied = await self._forced(job.task, job.outcome)
            if applied.done:
                await self.made(job, applied)
        finally:
            job.accepting = False
        return self._over(job, applied)

    async def accept_hunk(self, job_id: str, hunk_id: str) -> bool:
        """Applies one hunk of an offered edit, with what it brings; the rest stays on offer. Returns whether the
        document has it now.

        Raises:
            NothingToDoError: the job has nothing on offer, or isn't decided by hunks.
        """
        job = self._offered(job_id)
        task, outcome = _in_hunks(job)
        step = HunkStep(task, outcome, hunk_id)
        job.accepting = True
        try:
            applied = await self._hunk_applied(step)
            if applied.done and step.split is not None:
                await self._took(job, applied, await asyncio.to_thread(step.split.accepted))
        finally:
            job.accepting = False
        return self._over(job, applied)

    def reject(self, job_id: str) -> None:
        """Discards an offered edit, or what is left of it.

        Raises:
            NothingToDoError: the job has nothing on offer.
        """
        self._give_up(self._offered(job_id))

    async def reject_hunk(self, job_id: str, hunk_id: str) -> None:
        """Takes one hunk out of an offered edit; the rest stays on offer.

        Raises:
            NothingToDoError: the job has nothing on offer, or no such hunk.
        """
        job = self._offered(job_id)
        task, outcome = _in_hunks(job)
        document = self._front.open_document(task.uri)
        now = document.parsed() if document is not None else None
        split = await asyncio.to_thread(Split.of, task, outcome, now or task.document, hunk_id)
        if split is None:
            raise NothingToDoError(f"The job {job_id!r} has no change {hunk_id!r} on offer.")
        rest = await asyncio.to_thread(split.rejected)
        if job.outcome is not outcome or not job.is_on_offer():
            raise NothingToDoError(f"The job {job_id!r} was changed meanwhile.")
        job.report.recount(outcome.findings, rest.outcome.findings)
        if rest.is_empty:
            self._give_up(job)
        else:
            _offer_rest(job, rest)

    async def made(self, job: Job, applied: Applied) -> None:
        """The document has the edit: removes the finding that the job was about, and shows the edit's findings."""
        if job.task is not None and job.outcome is not None:
            await self._show_findings(job, job.task, job.outcome)
        self._end(job, _together(job.applied, applied))

    async def _took(self, job: Job, applied: Applied, rest: Rest) -> None:
        """The document has one more hunk."""
        await self._show_findings(job, rest.task, replace(rest.outcome, findings=rest.findings))
        if rest.is_empty:
            self._end(job, _together(job.applied, applied))
        else:
            job.applied = _together(job.applied, applied)
            _offer_rest(job, rest)

    async def _show_findings(self, job: Job, task: "Task", outcome: "Outcome") -> None:
        if job.request.finding_id:
            self._findings.remove({job.request.finding_id}, job.request.uri)
        await show_findings(task, outcome, self._front, self._findings, self._dismissals)

    def _end(self, job: Job, applied: Applied) -> None:
        """All that the user wants is in the document."""
        for other in self._jobs.values():
            if other is not job and other.does_the_same_as(job):
                other.superseded = True
        job.took_place(applied)
        if not applied.certain:
            doubt = "the editor says that it has the edit, and tells of no change"
            self._front.note(f"{doubt}.{job.keep_draft(self._drafts, doubt)}")
        else:
            job.record.drop()
            if job.request.kept is not None:
                remove_draft(job.request.kept.path)
            if job.state is JobState.OFFERED:
                self._drafts.forget(job.id)
                job.tell(draft_file=None)
        job.move_to(JobState.APPLIED)

    def _give_up(self, job: Job) -> None:
        """Nothing more of the edit is wanted. Hunks that were accepted stay."""
        if job.applied is not None:
            self._end(job, job.applied)
        else:
            job.tell(reason="")  # the reason for the offer doesn't explain the user's decision
            job.move_to(JobState.REFUSED)
            job.record.drop()
        job.let_go()

    def _over(self, job: Job, applied: Applied) -> bool:
        if applied.done:
            job.let_go()
        else:
            self._front.show(f"not applied: {applied.reason}.", "warning")
        return applied.done

    def _offered(self, job_id: str) -> Job:
        job = self._jobs.get(job_id)
        if job is None or not job.is_on_offer():
            raise NothingToDoError(f"The job {job_id!r} has nothing on offer.")
        return job

    async def _forced(self, task: "Task", outcome: "Outcome") -> Applied:
        """Applies an edit that the user accepted in spite of the objections."""
        if self._front.open_document(task.uri) is None:
            return Applied(False, _CLOSED)
        return await Steps(task, outcome, forced=True).done_by(self._front)

    async def _hunk_applied(self, step: HunkStep) -> Applied:
        """Does the same with one hunk."""
        task = step.task
        if self._front.open_document(task.uri) is None:
            return Applied(False, _CLOSED)
        wrong = await asyncio.to_thread(step.outcome.whats_wrong, task.workspace)
        return Applied(False, wrong) if wrong else await self._front.apply([EditStep(task.uri, step.make)], task.label)


def _in_hunks(job: Job) -> "tuple[Task, Outcome]":
    if job.task is None or job.outcome is None or not has_hunks(job.outcome):
        raise NothingToDoError(f"The edit of the job {job.id!r} is accepted or rejected as a whole.")
    return job.task, job.outcome


def _offer_rest(job: Job, rest: Rest) -> None:
    job.task, job.outcome = rest.task, rest.outcome
    left = verdict_on(rest.task.action, rest.outcome)
    job.tell_now(reason=f"{left}." if left else _LEFT)


def _together(one: Applied | None, other: Applied) -> Applied:
    """Two edits of one job as one."""
    if one is None:
        return other
    return replace(other, certain=one.certain and other.certain, changes=(*one.changes, *other.changes))
