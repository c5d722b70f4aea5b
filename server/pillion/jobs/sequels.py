"""What the user can do once a job is over: see the offers, try a refused draft again, take an edit back."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from pillion.errors import DocumentError, NothingToDoError
from pillion.jobs.decisions import Decisions
from pillion.jobs.file_steps import steps_back
from pillion.jobs.front import Applied, Front
from pillion.jobs.job import Job
from pillion.jobs.request import JobRequest
from pillion.jobs.states import JobState
from pillion.text.file_uris import document_name
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.pool.pool import Pool
    from pillion.prompts.build import Retry

_CAN_BE_RETRIED = frozenset({JobState.REFUSED, JobState.FAILED, JobState.CANCELLED})


class _Jobs(Protocol):
    def start(self, request: JobRequest) -> str: ...
    def find(self, job_id: str) -> Job: ...
    def all(self) -> list[Job]: ...
    @property
    def decisions(self) -> Decisions: ...


class Sequels:
    """Second chances for the jobs of a front."""

    def __init__(self, front: Front, jobs: _Jobs) -> None:
        self._front = front
        self._jobs = jobs

    def retry(self, job_id: str, instruction: str = "", tier: Tier | None = None) -> str:
        """Starts the same job again where its symbol is now, and returns the new job's id. The model is told why its
        last draft was refused, by a check or by the user, who wants another draft than the one on offer.

        Raises:
            NothingToDoError: the job wasn't refused or cancelled, didn't fail and has nothing on offer, or its place is
                lost.
            DocumentError: its document isn't open.
        """
        job = self._jobs.find(job_id)
        on_offer = job.is_on_offer()
        if job.state not in _CAN_BE_RETRIED and not on_offer:
            raise NothingToDoError(f"The job {job_id!r} has nothing to try again.")
        document = self._front.open_document(job.request.uri)
        if document is None:
            raise DocumentError(f"{document_name(job.request.uri)} isn't open.", hint="Open it and try again.")
        places = self._front.tracked.of(job_id)
        if not places:
            hint = "Choose the action in its menu again."
            raise NothingToDoError("The document was closed or read anew since the job began.", hint=hint)
        start, end = places[0]
        request = replace(
            job.request,
            action=job.request.action.on(tier) if tier is not None else job.request.action,
            start=start,
            end=end,
            version=document.version,
            instruction=" ".join(filter(None, (job.request.instruction, instruction.strip()))),
            symbol=job.symbol,
            refused=_unwanted(job, instruction) if on_offer else job.refusal,
            kept=None,
        )
        job.superseded = True
        again = self._jobs.start(request)
        if on_offer:
            self._jobs.decisions.reject(job_id)
        return again

    async def undo(self, job_id: str) -> Applied:
        """Takes the applied edit back. Text that was typed elsewhere since stays. Never takes back text that was typed
        into the edit, nor a file that was changed since.

        Raises:
            NothingToDoError: the job has no edit to take back.
        """
        job = self._jobs.find(job_id)
        applied = job.applied
        if job.state is not JobState.APPLIED or applied is None:
            raise NothingToDoError(f"The job {job_id!r} has no edit to take back.")

        job.applied = None  # the client is asked now, and must not be asked twice
        undone = Applied(False)
        try:
            undone = await self._front.apply(steps_back(applied, self._front.tracked), f"Undo {job.title}")
        finally:
            if not undone.done:
                job.applied = applied
        if undone.done:
            for each in (*applied.edits, *undone.edits):  # nobody can undo an undo
                self._front.tracked.forget(each.key)
            job.took_place(None)
            job.tell_now(reason="you took the edit back.")
        return undone

    def offered(self) -> list[dict[str, Any]]:
        """The edits that wait for the user: their job, URI, title, and why they wait; oldest first."""
        return [
            {**_named(job), "reason": job.report.reason} for job in self._jobs.all() if job.state is JobState.OFFERED
        ]

    def refused(self) -> list[dict[str, Any]]:
        """The jobs whose drafts were refused and weren't tried again, newest first."""
        return [
            {**_named(job), **job.report.refusal}
            for job in reversed(self._jobs.all())
            if job.state is JobState.REFUSED and job.refusal is not None and not job.superseded
        ]


def larger_model(job: Job, pool: "Pool") -> dict[str, str | None]:
    """`larger` is the endpoint that drafts on a higher tier and hasn't tried this job yet; `larger_tier` is that tier.
    Empty if there is no larger one."""
    tried = {each["endpoint"] for each in job.report.attempts}
    tiers = list(Tier)
    for tier in tiers[tiers.index(job.request.action.tier) + 1 :]:
        endpoint = pool.preferred(tier.lane)
        if endpoint is not None and endpoint.name not in tried:
            return {"larger": endpoint.name, "larger_tier": tier.value}
    return {}


def _unwanted(job: Job, instruction: str) -> "Retry | None":
    """What the model is told about a draft that the user doesn't want."""
    from pillion.prompts.build import Retry

    words = instruction.strip().rstrip(".")
    reason = f"the user wants it otherwise: {words}" if words else "the user wants another one"
    return Retry(job.outcome.draft.text, reason) if job.outcome is not None else None


def _named(job: Job) -> dict[str, str]:
    return {"job": job.id, "uri": job.request.uri, "title": job.title}
