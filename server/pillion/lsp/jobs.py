"""The session's jobs: started by a command, cancelled by many things, ended in exactly one state."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from lsprotocol import types

from pillion.catalogue import Action, Output
from pillion.errors import DocumentError, NothingToDoError, PillionError
from pillion.lsp.apply import Applied, apply_outcome, force_outcome
from pillion.lsp.diagnostics import DiagnosticStore
from pillion.lsp.drafts import DraftFolder
from pillion.lsp.protocol import ClientRefusedError
from pillion.lsp.reporter import JobReporter, JobState
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol

log = logging.getLogger(__name__)

_APPLY_ANYWAY, _DISCARD = "Apply anyway", "Discard"
# Finished jobs are remembered for pillion.accept and pillion.reject.
_REMEMBERED = 50


_CANCELLABLE = frozenset({JobState.QUEUED, JobState.DRAFTING, JobState.AUDITING})


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What `pillion.run` was asked for."""

    action: Action
    uri: str
    range: types.Range
    version: int | None
    instruction: str


@dataclass(frozen=True, slots=True)
class Target:
    """The document as it was at the click, and the symbol that was meant."""

    parsed: "ParsedText"
    symbol: "Symbol"


@dataclass(eq=False, slots=True)
class Job:
    """One job and how far it is."""

    id: str
    request: JobRequest
    reporter: JobReporter
    target: "Target | DocumentError | NothingToDoError"
    task: "Task | None" = None
    outcome: "Outcome | None" = None
    running: asyncio.Task[None] | None = field(default=None, repr=False)
    asking: asyncio.Task[None] | None = field(default=None, repr=False)
    cancel_reason: str = ""

    @property
    def state(self) -> JobState:
        """How far it is, as the client was told."""
        return self.reporter.state


class Jobs:
    """All jobs of a session."""

    def __init__(self, session: Session, diagnostics: DiagnosticStore, drafts: DraftFolder) -> None:
        self._session = session
        self._diagnostics = diagnostics
        self._drafts = drafts
        self._jobs: dict[str, Job] = {}

    def start(self, request: JobRequest) -> str:
        """Starts a job and returns its id at once. What it works on is settled here: the user may type on."""
        job_id = uuid4().hex[:12]
        reporter = JobReporter(self._session, job_id, request.action)
        job = Job(job_id, request, reporter, self._target(request))
        self._jobs[job_id] = job
        job.running = asyncio.create_task(self._run(job), name=f"job {job_id}")
        for old in list(self._jobs.values())[:-_REMEMBERED]:
            if old.running is None or old.running.done():
                del self._jobs[old.id]
        return job_id

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
        running = [task for job in self._jobs.values() for task in (job.running, job.asking) if task is not None]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    async def accept(self, job_id: str) -> bool:
        """Applies an offered edit. Returns whether the document has it now."""
        job = self._offered(job_id)
        if job.task is None or job.outcome is None:
            return False
        applied = await force_outcome(self._session, job.task, job.outcome)
        if applied.done:
            self._show_findings(job)
            job.reporter.move_to(JobState.APPLIED)
        else:
            self._session.show(f"not applied: {applied.reason}.", types.MessageType.Warning)
        return applied.done

    def reject(self, job_id: str) -> None:
        """Puts an offered edit away."""
        self._offered(job_id).reporter.move_to(JobState.REFUSED)

    def _offered(self, job_id: str) -> Job:
        job = self._jobs.get(job_id)
        if job is None or job.state is not JobState.OFFERED:
            raise NothingToDoError(f"The job {job_id!r} has nothing on offer.")
        return job

    async def _run(self, job: Job) -> None:
        """A job's life. Whatever happens, it ends in one state and its progress goes."""
        try:
            await job.reporter.begin()
            await self._draft_and_deliver(job)
        except asyncio.CancelledError:
            kept = self._keep_draft(job)
            if job.cancel_reason:
                self._session.show(f"{job.request.action.id} was cancelled: {job.cancel_reason}.{kept}")
            if job.state in _CANCELLABLE:
                job.reporter.move_to(JobState.CANCELLED)
            raise
        except PillionError as exc:
            kept = self._keep_draft(job)
            self._session.show(f"{exc.full_message}{kept}", types.MessageType.Error)
            job.reporter.move_to(JobState.FAILED)
        except Exception:
            # A mistake of ours must end one job, with a word to the user, and not the server.
            log.exception("job %s failed", job.id)
            kept = self._keep_draft(job)
            self._session.show(
                f"{job.request.action.id} failed in a way it should not have; see the server's log.{kept}",
                types.MessageType.Error,
            )
            job.reporter.move_to(JobState.FAILED)
        finally:
            job.reporter.end()

    async def _draft_and_deliver(self, job: Job) -> None:
        if isinstance(job.target, PillionError):
            raise job.target
        async with self._session.engines() as runtime:
            from pillion.pipeline.outcome import Task

            target, request = job.target, job.request
            job.task = Task(request.uri, request.action, target.symbol, target.parsed, request.instruction)
            job.reporter.watch(target.symbol.name)
            outcome = await runtime.run(job.task, job.reporter.event)
        job.outcome = outcome
        if outcome.rejected:
            kept = self._keep_draft(job)
            self._session.show(f"the edit was refused: {outcome.rejected}.{kept}", types.MessageType.Warning)
            job.reporter.move_to(JobState.REFUSED)
            return
        job.reporter.move_to(JobState.READY)
        if job.request.action.output is Output.PROSE:
            self._session.show(f"{job.task.symbol.name}: {outcome.prose}")
            return
        applied = await apply_outcome(self._session, job.task, outcome)
        if applied.done:
            self._show_findings(job)
            job.reporter.move_to(JobState.APPLIED)
        else:
            job.reporter.move_to(JobState.OFFERED)
            job.asking = asyncio.create_task(self._offer(job, applied), name=f"offer {job.id}")

    def _target(self, request: JobRequest) -> Target | DocumentError | NothingToDoError:
        """What the request means, or why it can't be done: the job says that, since `pillion.run` only starts."""
        from pillion.syntax.scopes import applies

        try:
            document, parsed = self._session.readable(request.uri)
        except DocumentError as exc:
            return exc
        if request.version is not None and request.version != document.version:
            return DocumentError("The document changed since the menu was opened.", hint="Open the menu again.")
        symbol = parsed.symbols.enclosing(*document.positions.offsets(request.range))
        if symbol is None:
            return NothingToDoError("There is no function or class at the cursor.")
        if not applies(request.action, symbol):
            return NothingToDoError(f"“{request.action.id}” doesn't apply to “{symbol.name}”.")
        return Target(parsed, symbol)

    async def _offer(self, job: Job, applied: Applied) -> None:
        """Keeps the edit and asks; without an answer it stays on offer for pillion.accept."""
        message = f"the edit is ready and was not applied: {applied.reason}.{self._keep_draft(job)}"
        params = types.ShowMessageRequestParams(
            type=types.MessageType.Warning,
            message=f"Pillion: {message}",
            actions=[types.MessageActionItem(_APPLY_ANYWAY), types.MessageActionItem(_DISCARD)],
        )
        try:
            answer = await self._session.protocol.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params)
        except ClientRefusedError:
            self._session.show(f"{message} pillion.accept applies it.", types.MessageType.Warning)
            return
        if job.state is not JobState.OFFERED or answer is None:
            return
        if answer.title == _APPLY_ANYWAY:
            await self.accept(job.id)
        elif answer.title == _DISCARD:
            job.reporter.move_to(JobState.REFUSED)

    def _show_findings(self, job: Job) -> None:
        from pillion.pipeline.findings import relocate

        document = self._session.open_document(job.request.uri)
        if document is None or job.outcome is None or job.task is None:
            return
        parsed = document.parsed()
        node = job.task.document.symbols.same_in(parsed.symbols, job.task.symbol) if parsed is not None else None
        if parsed is not None and node is not None:
            symbol = parsed.symbols.read(node)
            placed = relocate(job.outcome.findings, document.source, [(symbol.start, symbol.end)])
            self._diagnostics.show(document, placed)

    def _keep_draft(self, job: Job) -> str:
        """Keeps what the model said; returns a sentence that says where, or nothing."""
        text = job.outcome.draft.text if job.outcome is not None else job.reporter.draft_so_far
        if not text.strip():
            return ""
        path = self._drafts.keep(f"{job.request.action.id}-{job.id}", text)
        return f" The draft is kept in {path}" if path is not None else ""
