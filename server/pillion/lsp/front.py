"""The editor as a front of its jobs."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.errors import CannotAskError, ModelNotHereError, PillionError
from pillion.jobs.front import Applied, FileStep, Level
from pillion.jobs.job import Job
from pillion.jobs.tracked_ranges import TrackedRanges
from pillion.lsp.apply import deliver
from pillion.lsp.diagnostics import DiagnosticStore, Placed
from pillion.lsp.documents import Document
from pillion.lsp.downloads import ModelDownloads
from pillion.lsp.protocol import ClientRefusedError
from pillion.lsp.reporter import JobReporter
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.findings.finding import Finding
    from pillion.pipeline.runtime import Runtime
    from pillion.syntax.document import ParsedText
    from pillion.tiers import Lane

_LEVELS = {"info": types.MessageType.Info, "warning": types.MessageType.Warning, "error": types.MessageType.Error}


class EditorFront:
    """See Front."""

    def __init__(self, session: Session, diagnostics: DiagnosticStore, downloads: ModelDownloads) -> None:
        self._session = session
        self._diagnostics = diagnostics
        self._downloads = downloads

    @property
    def shows_drafts(self) -> bool:
        """Whether the client shows drafts and answers by itself."""
        return self._session.shows_drafts

    @property
    def confirms(self) -> bool:
        """Whether the client asks before it applies an annotated edit."""
        return self._session.protocol.client_asks_for_confirmation()

    @property
    def tracked(self) -> TrackedRanges:
        """The places that follow what is typed."""
        return self._session.tracked

    def follow(self, job: Job) -> JobReporter:
        """Tells the client of the job."""
        return JobReporter(self._session, job)

    def open_document(self, uri: str) -> Document | None:
        """The document, if the client has it open."""
        return self._session.open_document(uri)

    def readable(self, uri: str) -> "tuple[Document, ParsedText]":
        """See Session.readable."""
        return self._session.readable(uri)

    def workspace_of(self, uri: str) -> Path | None:
        """The innermost of the client's folders that the document is in."""
        return self._session.workspace_of(uri)

    def show(self, message: str, level: Level = "info") -> None:
        """window/showMessage."""
        self._session.show(message, _LEVELS[level])

    def show_outcome(self, message: str, level: Level = "info") -> None:
        """The same, where the client doesn't say it by itself."""
        if not self._session.tells_outcomes:
            self.show(message, level)

    def show_answer(self, name: str, prose: str) -> None:
        """The same with the lines that it has."""
        self._session.show_answer(name, prose)

    def words_for(self, error: PillionError) -> str:
        """Its message. How a model is fetched is said first: a client may show no more than the beginning."""
        if not isinstance(error, ModelNotHereError):
            return error.full_message
        how = self._session.pulls or f"`pillion model pull {error.model}`"
        return f"this needs its model; {how} fetches it ({error.model})."

    def note(self, message: str) -> None:
        """window/logMessage."""
        self._session.note(message)

    async def ask(self, question: str, answers: Sequence[str]) -> str | None:
        """window/showMessageRequest."""
        params = types.ShowMessageRequestParams(
            type=types.MessageType.Warning,
            message=question,
            actions=[types.MessageActionItem(each) for each in answers],
        )
        try:
            answer = await self._session.protocol.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params)
        except ClientRefusedError as exc:
            raise CannotAskError(str(exc)) from exc
        return answer.title if answer is not None else None

    async def apply(self, steps: Sequence[FileStep], label: str, objection: str = "") -> Applied:
        """workspace/applyEdit."""
        return await deliver(self._session, steps, label, objection)

    def publish(self, uri: str, findings: "Sequence[Finding]") -> None:
        """textDocument/publishDiagnostics."""
        document = self._session.open_document(uri)
        if document is not None:
            self._diagnostics.show(document, findings)

    def settle(self, finding_ids: Iterable[str], uri: str) -> None:
        """Takes them away from the document."""
        self._diagnostics.remove(finding_ids, uri)

    def hide(self, finding_ids: Iterable[str]) -> None:
        """Has these, and no others, not shown."""
        self._diagnostics.hide(frozenset(finding_ids))

    def finding(self, uri: str, finding_id: str, near: int) -> Placed | None:
        """The one of this id that stands nearest."""
        found = [each for each in self._diagnostics.of(uri) if each.id == finding_id]
        return min(found, key=lambda each: abs(each.start - near), default=None)

    async def offer_missing(self, runtime: "Runtime", lanes: "Sequence[Lane]", say: Callable[[str], None]) -> None:
        """See ModelDownloads.offer_missing."""
        await self._downloads.offer_missing(runtime, lanes, say)
