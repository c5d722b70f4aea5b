"""What waits for the user once a job is over: an offer, another try for a refused draft, taking an edit back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pillion.errors import DocumentError, NothingToDoError
from pillion.lsp.apply import Applied, Moment, Written, deliver
from pillion.lsp.job import Job
from pillion.lsp.jobs import Jobs
from pillion.lsp.reporter import JobState
from pillion.lsp.session import Session, document_name
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.text.replacement import Replacement

_CAN_BE_RETRIED = frozenset({JobState.REFUSED, JobState.FAILED, JobState.CANCELLED})


class Again:
    """Second chances for the jobs of a session."""

    def __init__(self, session: Session, jobs: Jobs) -> None:
        self._session = session
        self._jobs = jobs

    def retry(self, job_id: str, instruction: str = "", tier: Tier | None = None) -> str:
        """Starts the same job anew where its symbol is now, and returns the new one's id. The model is told what its
        last draft was refused for.

        Raises:
            NothingToDoError: the job isn't one that ended without an edit, or its place is lost.
            DocumentError: its document isn't open.
        """
        job = self._jobs.find(job_id)
        if job.state not in _CAN_BE_RETRIED:
            raise NothingToDoError(f"The job {job_id!r} has nothing to try again.")
        document = self._session.open_document(job.request.uri)
        if document is None:
            raise DocumentError(f"{document_name(job.request.uri)} isn't open.", hint="Open it and try again.")
        place = self._session.tracked.of(job_id)
        if not place:
            hint = "Choose the action in its menu again."
            raise NothingToDoError("The document was closed or read anew since the job began.", hint=hint)
        request = replace(
            job.request,
            action=job.request.action.on(tier) if tier is not None else job.request.action,
            range=document.positions.range(*place[0]),
            version=document.version,
            instruction=" ".join(filter(None, (job.request.instruction, instruction.strip()))),
            symbol=job.symbol,
            refused=job.refusal,
        )
        job.superseded = True
        return self._jobs.start(request)

    async def undo(self, job_id: str) -> Applied:
        """Takes an applied edit back; what was typed elsewhere since stays. Never takes back what was typed into it.

        Raises:
            NothingToDoError: the job's edit isn't one that can be taken back.
        """
        job = self._jobs.find(job_id)
        applied = job.applied
        if job.state is not JobState.APPLIED or applied is None:
            raise NothingToDoError(f"The job {job_id!r} has no edit to take back.")

        def reversed_edit(moment: Moment) -> "Sequence[Replacement] | str":
            return _reversed(applied.written, self._session.tracked.of(applied.key), moment.text)

        job.applied = None  # the client is asked now, and must not be asked twice
        undone = Applied(False)
        try:
            undone = await deliver(self._session, job.request.uri, f"Undo {job.reporter.title}", reversed_edit)
        finally:
            if not undone.done:
                job.applied = applied
        if undone.done:
            self._session.tracked.forget(applied.key)
            self._session.tracked.forget(undone.key)  # nobody takes the taking back back
            job.reporter.tell_now(applied=None, reason="you took the edit back.")
        return undone

    def offered(self) -> list[dict[str, Any]]:
        """The edits that wait for the user: their job, URI, title, and why they wait; oldest first."""
        return [
            {**_named(job), "reason": job.reporter.reason} for job in self._jobs.all() if job.state is JobState.OFFERED
        ]

    def refused(self) -> list[dict[str, Any]]:
        """The jobs whose drafts were refused and that nobody has tried again, newest first."""
        return [
            {**_named(job), **job.reporter.refusal}
            for job in reversed(self._jobs.all())
            if job.state is JobState.REFUSED and job.refusal is not None and not job.superseded
        ]


def _named(job: Job) -> dict[str, str]:
    return {"job": job.id, "uri": job.request.uri, "title": job.reporter.title}


def _reversed(
    written: Sequence[Written], places: Sequence[tuple[int, int]] | None, text: str
) -> "Sequence[Replacement] | str":
    from pillion.text.replacement import Replacement

    if not places:
        return "the document was closed, or read anew, since the edit came; your editor's own undo may still know it"
    if any(text[start:end] != each.new_text for each, (start, end) in zip(written, places, strict=True)):
        return "its lines were changed since; your editor's own undo goes back step by step"
    return [Replacement(start, end, each.old_text) for each, (start, end) in zip(written, places, strict=True)]
