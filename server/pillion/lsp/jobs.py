"""The session's jobs: started by a command, cancelled by many things, ended in exactly one state."""

import asyncio
import logging
from dataclasses import replace
from uuid import uuid4

from lsprotocol import types

from pillion.catalogue import Output
from pillion.errors import DocumentError, DownloadStoppedError, NothingToDoError, PillionError
from pillion.lsp.apply import Applied, apply_outcome, force_outcome, is_always_offered, objection_to, verdict_on
from pillion.lsp.diagnostics import DiagnosticStore, Placed
from pillion.lsp.dismissals import Dismissals
from pillion.lsp.documents import Document
from pillion.lsp.downloads import ModelDownloads
from pillion.lsp.job import Job, JobRequest, Target
from pillion.lsp.placed_findings import place_findings
from pillion.lsp.preview import DraftView
from pillion.lsp.protocol import ClientRefusedError
from pillion.lsp.reporter import JobReporter, JobState
from pillion.lsp.results import larger_model, plain_applied
from pillion.lsp.session import Session
from pillion.state.draft_log import DraftLog
from pillion.state.kept_drafts import DraftFolder
from pillion.text.markdown import harmless

log = logging.getLogger(__name__)

_APPLY_ANYWAY, _DISCARD = "Apply anyway", "Discard"
# For pillion.preview; what is on offer stays until the user has decided.
_REMEMBERED = 50
_CANCELLABLE = frozenset({JobState.QUEUED, JobState.DRAFTING, JobState.AUDITING})


class Jobs:
    """All jobs of a session."""

    def __init__(
        self,
        session: Session,
        diagnostics: DiagnosticStore,
        dismissals: Dismissals,
        drafts: DraftFolder,
        draft_log: DraftLog,
        downloads: ModelDownloads,
    ) -> None:
        self._session = session
        self._diagnostics = diagnostics
        self._dismissals = dismissals
        self._drafts = drafts
        self._draft_log = draft_log
        self._downloads = downloads
        self._jobs: dict[str, Job] = {}

    def start(self, request: JobRequest) -> str:
        """Starts a job and returns its id at once. What it works on is settled here: the user may type on."""
        job_id = uuid4().hex[:12]
        target = self._target(request)
        symbol = target.symbol.name if isinstance(target, Target) else request.symbol
        reporter = JobReporter(
            self._session, job_id, request.action, request.uri, request.action.title_for(symbol or "…")
        )
        record = self._draft_log.begin(job_id, request.action.id, symbol, request.uri)
        job = Job(job_id, request, reporter, DraftView(), record, target, symbol)
        self._jobs[job_id] = job
        if isinstance(target, Target) and (document := self._session.open_document(request.uri)) is not None:
            self._session.tracked.track(job_id, request.uri, [document.positions.offsets(request.range)])
        job.running = asyncio.create_task(self._run(job), name=f"job {job_id}")
        for old in list(self._jobs.values())[:-_REMEMBERED]:
            if old.state is not JobState.OFFERED and (old.running is None or old.running.done()):
                del self._jobs[old.id]
                self._session.tracked.forget(old.id)
                self._session.tracked.forget(old.applied.key if old.applied is not None else "")
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
        """Cancels one job, or all. An edit that is with the editor, or on offer, is past cancelling."""
        for job in list(self._jobs.values()):
            if job_id in {None, job.id} and job.state in _CANCELLABLE and job.running is not None:
                job.cancel_reason = reason
                job.running.cancel()

    def cancel_progress(self, token: str | int) -> None:
        """The user pressed cancel on a progress."""
        for job in self._jobs.values():
            if job.reporter.token == token:
                self.cancel(job.id)

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

    async def accept(self, job_id: str) -> bool:
        """Applies an offered edit. Returns whether the document has it now."""
        job = self._offered(job_id)
        if job.task is None or job.outcome is None:
            return False
        job.accepting = True  # the client is asked now, and must not be asked twice
        try:
            applied = await force_outcome(self._session, job.task, job.outcome)
            if applied.done:
                await self._applied(job, applied)
        finally:
            job.accepting = False
        if applied.done:
            job.let_go()
        else:
            self._session.show(f"not applied: {applied.reason}.", types.MessageType.Warning)
        return applied.done

    def reject(self, job_id: str) -> None:
        """Puts an offered edit away."""
        job = self._offered(job_id)
        job.reporter.tell(reason="")  # why it was offered is no reason for what the user decided
        job.reporter.move_to(JobState.REFUSED)
        job.let_go()

    def _offered(self, job_id: str) -> Job:
        job = self._jobs.get(job_id)
        if job is None or job.state is not JobState.OFFERED or job.accepting:
            raise NothingToDoError(f"The job {job_id!r} has nothing on offer.")
        return job

    async def _run(self, job: Job) -> None:
        """A job's life. Whatever happens, it ends in one state and its progress goes."""
        try:
            await job.reporter.begin()
            await self._draft_and_deliver(job)
        except asyncio.CancelledError:
            kept = job.keep_draft(self._drafts)
            if job.cancel_reason:
                reason = f"{job.request.action.id} was cancelled: {job.cancel_reason}."
                job.reporter.tell(reason=reason)
                self._session.show(f"{reason}{kept}")
            if job.state in _CANCELLABLE:
                job.reporter.move_to(JobState.CANCELLED)
            raise
        except DownloadStoppedError:
            job.reporter.move_to(JobState.CANCELLED)  # by the user, who was told what became of the download
        except PillionError as exc:
            self._fail(job, exc.full_message)
        except Exception:
            # A mistake of ours must end one job, with a word to the user, and not the server.
            log.exception("job %s failed", job.id)
            self._fail(job, f"{job.request.action.id} failed in a way it should not have; see the server's log.")
        finally:
            job.reporter.end()
            job.let_go()

    async def _draft_and_deliver(self, job: Job) -> None:
        if not isinstance(job.target, Target):
            raise job.target or NothingToDoError("The job is over.")
        async with self._session.engines() as runtime:
            from pillion.prompts.build import Retry

            job.task = job.target.task(job.request, self._session.workspace_of(job.request.uri))
            review = runtime.config.review
            await self._load_dismissals()
            job.reporter.tell(review=is_always_offered(job.request.action, review))
            await self._downloads.offer_missing(runtime, [job.request.action.tier.lane], job.reporter.say)
            outcome = await runtime.run(job.task, job.event)
            if outcome.rejected:
                job.refusal = Retry(outcome.draft.text, outcome.rejected)
                job.reporter.tell(**larger_model(job, runtime.pool))
        if outcome.findings:
            await self._load_dismissals()  # another session may have had some meanwhile
            wanted = tuple(each for each in outcome.findings if each not in self._dismissals)
            outcome = replace(outcome, findings=wanted)
        job.outcome = outcome
        if outcome.rejected:
            reason, kept = f"the edit was refused: {outcome.rejected}.", job.keep_refused(self._drafts)
            job.reporter.tell(reason=reason)
            if not self._session.shows_drafts:
                self._session.show(f"{reason}{kept}", types.MessageType.Warning)
            job.reporter.move_to(JobState.REFUSED)
            return
        if job.request.action.output is Output.PROSE:
            job.reporter.tell(prose=await asyncio.to_thread(harmless, outcome.prose))
            job.reporter.move_to(JobState.READY)
            job.record.drop()
            if not self._session.shows_drafts:
                self._session.show_answer(job.task.symbol.name, outcome.prose)
            return
        job.reporter.move_to(JobState.READY)
        objection = objection_to(job.request.action, outcome, review)
        if objection:
            job.reporter.end()  # the work is done, and the user may take any time to answer
        applied = await apply_outcome(self._session, job.task, outcome, objection)
        if applied.done:
            await self._applied(job, applied)
        else:
            self._offer(job, applied)

    def _target(self, request: JobRequest) -> Target | DocumentError | NothingToDoError:
        """What the request means, or why it can't be done: the job says that, since `pillion.run` only starts."""
        from pillion.prompts.build import about_finding
        from pillion.syntax.scopes import applies
        from pillion.syntax.todos import target_of

        try:
            document, parsed = self._session.readable(request.uri)
        except DocumentError as exc:
            return exc
        if request.version is not None and request.version != document.version:
            return DocumentError("The document changed since the menu was opened.", hint="Open the menu again.")
        start, end = document.positions.offsets(request.range)
        about = None
        if request.finding_id:
            about = self._finding(document, request.finding_id, start)
            if about is None:
                return NothingToDoError("The finding is gone: its text was changed, or it was dismissed.")
            start, end = about.start, about.end
        symbol = target_of(request.action, parsed, start, end)
        if symbol is None:
            place = "around the finding" if about is not None else "at the cursor"
            return NothingToDoError(f"There is no function or class {place}.")
        if request.symbol and request.symbol != symbol.name:
            return NothingToDoError(f"“{request.symbol}” isn't there any more.")
        if not applies(request.action, symbol):
            return NothingToDoError(f"“{request.action.id}” doesn't apply to “{symbol.name}”.")
        told = [request.instruction] if request.instruction else []
        if about is not None:
            told.insert(0, about_finding(about.finding, symbol.text, about.start - symbol.start))
        return Target(parsed, symbol, " ".join(told))

    def _finding(self, document: Document, finding_id: str, near: int) -> Placed | None:
        found = [each for each in self._diagnostics.of(document.uri) if each.id == finding_id]
        return min(found, key=lambda each: abs(each.start - near), default=None)

    def _offer(self, job: Job, applied: Applied) -> None:
        """Keeps the edit for pillion.accept, and asks unless the client does."""
        reasons = [applied.reason, verdict_on(job.request.action, job.outcome) if job.outcome is not None else ""]
        reason = f"{'; '.join(dict.fromkeys(each.rstrip('.') for each in reasons if each))}."
        message, kept = f"the edit is ready and was not applied: {reason}", job.keep_draft(self._drafts)
        job.reporter.tell(reason=reason)
        job.reporter.move_to(JobState.OFFERED)
        unasked = f"{message} pillion.accept applies it.{kept}"
        if self._session.shows_drafts:
            self._session.note(unasked)
        elif applied.declined:
            self._session.show(unasked)
        else:
            asking = self._ask(job, f"Pillion: {message}{kept}", unasked)
            job.asking = asyncio.create_task(asking, name=f"offer {job.id}")

    async def _ask(self, job: Job, question: str, unasked: str) -> None:
        """Asks what is to become of an offered edit; without an answer it stays on offer.

        `unasked` is shown to the user of a client that can't ask.
        """
        params = types.ShowMessageRequestParams(
            type=types.MessageType.Warning,
            message=question,
            # Some editors preselect the first, and the question may come while somebody types.
            actions=[types.MessageActionItem(_DISCARD), types.MessageActionItem(_APPLY_ANYWAY)],
        )
        try:
            answer = await self._session.protocol.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params)
        except ClientRefusedError:
            self._session.show(unasked, types.MessageType.Warning)
            return
        if job.state is not JobState.OFFERED or job.accepting or answer is None:
            return
        if answer.title == _APPLY_ANYWAY:
            await self.accept(job.id)
        elif answer.title == _DISCARD:
            self.reject(job.id)

    async def _applied(self, job: Job, applied: Applied) -> None:
        """The document has the edit: the finding that it was about is settled, and its own are shown."""
        document = self._session.open_document(job.request.uri)
        if document is not None and job.task is not None and job.outcome is not None:
            if job.request.finding_id:
                self._diagnostics.remove({job.request.finding_id}, document.uri)
            placed = await place_findings(job.task, job.outcome, document)
            if self._session.open_document(document.uri) is document:  # else it was closed meanwhile
                self._diagnostics.show(document, [each for each in placed if each not in self._dismissals])
        job.applied = applied
        for other in self._jobs.values():
            if other is not job and other.does_the_same_as(job):
                other.superseded = True
        if document is not None:
            job.reporter.tell(applied=plain_applied(applied, document, self._session.tracked))
        if not applied.certain:
            self._session.note(
                f"the editor says that it has the edit, and tells of no change.{job.keep_draft(self._drafts)}"
            )
        else:
            job.record.drop()
            if job.state is JobState.OFFERED:
                self._drafts.forget(job.id)
                job.reporter.tell(draft_file=None)
        job.reporter.move_to(JobState.APPLIED)

    async def _load_dismissals(self) -> None:
        if problem := await self._dismissals.load():
            self._session.note(problem)
        self._diagnostics.hide(self._dismissals.ids)  # another session, or the command line, may have changed its mind

    def _fail(self, job: Job, reason: str) -> None:
        kept = job.keep_draft(self._drafts)
        job.reporter.tell(reason=reason)
        self._session.show(f"{reason}{kept}", types.MessageType.Error)
        job.reporter.move_to(JobState.FAILED)
