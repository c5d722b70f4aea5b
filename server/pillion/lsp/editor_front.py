"""The editor as the front of its jobs."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.edits.file_change import FileCreation
from pillion.errors import CannotAskError, CannotRenameError, ModelNotHereError, PillionError
from pillion.jobs.finding_store import Placed
from pillion.jobs.front import ENDED_WORDS, Applied, FileStep, Level
from pillion.jobs.job import Job
from pillion.jobs.states import JobState
from pillion.jobs.tracked_ranges import TrackedRanges
from pillion.lsp.diagnostics import publish
from pillion.lsp.documents import Document
from pillion.lsp.progress import Progress
from pillion.lsp.reporter import JobReporter
from pillion.lsp.session import Session
from pillion.lsp.uris import path_of, scheme_of
from pillion.rpc.plain_protocol import ClientRefusedError
from pillion.text.file_uris import document_name

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText

CHOOSE_NAME, RENAME = "pillion/chooseName", "pillion/rename"
_LEVELS = {"info": types.MessageType.Info, "warning": types.MessageType.Warning, "error": types.MessageType.Error}


class EditorFront:
    """See Front."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._showing: asyncio.Task[None] | None = None

    @property
    def shows_drafts(self) -> bool:
        """Whether the client shows drafts and answers by itself."""
        return self._session.shows_drafts

    @property
    def confirms(self) -> bool:
        """Whether the client asks before it applies an annotated edit."""
        return self._session.protocol.client_asks_for_confirmation()

    @property
    def ended_words(self) -> Mapping[JobState, str]:
        """See Front."""
        return ENDED_WORDS

    @property
    def tracked(self) -> TrackedRanges:
        """The places that move with the text while the user types."""
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

    def path_of(self, uri: str) -> str | None:
        """The path of a file: URI; None for other URIs."""
        return path_of(uri) if scheme_of(uri) == "file" else None

    def workspace_of(self, uri: str) -> Path | None:
        """The innermost of the client's folders that the document is in."""
        return self._session.workspace_of(uri)

    def show(self, message: str, level: Level = "info") -> None:
        """window/showMessage."""
        self._session.show(message, _LEVELS[level])

    def show_outcome(self, message: str, level: Level = "info") -> None:
        """window/showMessage, unless the client tells outcomes by itself."""
        if not self._session.tells_outcomes:
            self.show(message, level)

    def show_answer(self, name: str, prose: str) -> None:
        """window/showMessage, with all lines of the answer."""
        self._session.show_answer(name, prose)

    def words_for(self, error: PillionError) -> str:
        """The error's message. If a model is missing, it begins with the way to fetch it: a client may show no more."""
        if not isinstance(error, ModelNotHereError):
            return error.full_message
        how = self._session.pulls or f"`pillion model pull {error.model}`"
        return f"this needs its model; {how} fetches it ({error.model})."

    def progress(self, name: str, title: str) -> Progress:
        """Work-done progress."""
        return Progress(self._session.protocol, name, title)

    def note(self, message: str) -> None:
        """window/logMessage."""
        self._session.note(message)

    async def ask(self, question: str, answers: Sequence[str], level: Level = "warning") -> str | None:
        """window/showMessageRequest."""
        params = types.ShowMessageRequestParams(
            type=_LEVELS[level],
            message=question,
            actions=[types.MessageActionItem(each) for each in answers],
        )
        try:
            answer = await self._session.protocol.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params)
        except ClientRefusedError as exc:
            raise CannotAskError(str(exc)) from exc
        return answer.title if answer is not None else None

    async def choose_name(self, question: str, names: Sequence[str]) -> str | None:
        """pillion/chooseName if the client does it, else window/showMessageRequest."""
        if not self._session.renames:
            return await self.ask(question, names, "info")
        try:
            chosen = await self._session.protocol.ask(CHOOSE_NAME, {"question": question, "names": list(names)})
        except ClientRefusedError as exc:
            raise CannotAskError(str(exc)) from exc
        return chosen if isinstance(chosen, str) else None

    async def rename(self, uri: str, start: int, end: int, name: str) -> None:
        """pillion/rename."""
        document = self.open_document(uri)
        if not self._session.renames or document is None:
            raise CannotRenameError("")
        place = document.positions.range(start, end).start
        position = {"line": place.line, "character": place.character}
        try:
            said = await self._session.protocol.ask(RENAME, {"uri": uri, "position": position, "name": name})
        except ClientRefusedError as exc:
            raise CannotRenameError(str(exc)) from exc
        answer = said if isinstance(said, Mapping) else {}
        if answer.get("renamed") is not True:
            raise CannotRenameError(str(answer.get("reason") or "the editor has renamed nothing"))

    async def apply(self, steps: Sequence[FileStep], label: str, objection: str = "") -> Applied:
        """workspace/applyEdit."""
        from pillion.lsp.apply import deliver  # the start needn't load it

        applied = await deliver(self._session, steps, label, objection)
        if applied.done and (created := [each.uri for each in steps if isinstance(each, FileCreation)]):
            self._showing = asyncio.create_task(self._show_files(created), name="show new files")
        return applied

    async def _show_files(self, uris: Sequence[str]) -> None:
        """window/showDocument. The user may be typing elsewhere, so the focus stays where it is."""
        if not self._session.protocol.client_shows_documents():
            return
        for uri in uris:
            try:
                params = types.ShowDocumentParams(uri, take_focus=False)
                await self._session.protocol.ask(types.WINDOW_SHOW_DOCUMENT, params)
            except ClientRefusedError as exc:
                self.note(f"the editor doesn't show {document_name(uri)}: {exc}")

    def publish(self, uri: str, findings: Sequence[Placed]) -> None:
        """textDocument/publishDiagnostics."""
        publish(self._session.protocol, uri, findings)
