"""An editor in miniature: speaks LSP over a pipe to a server in its own process, and applies what it sends.

`pillion demo` uses it to drive the real server the way an editor does.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.protocol import LanguageServerProtocol
from pygls.workspace import PositionCodec

from pillion import __version__
from pillion.errors import PillionError
from pillion.lsp.convert import Positions
from pillion.lsp.features.commands import ACCEPT
from pillion.lsp.features.engine_status import ENDPOINTS_NOTIFICATION
from pillion.lsp.reporter import DRAFT_NOTIFICATION, JOB_NOTIFICATION
from pillion.text.lines import LineIndex
from pillion.text.replacement import Replacement, apply_replacements

_CAPABILITIES = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        apply_edit=True, workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
    ),
    window=types.WindowClientCapabilities(work_done_progress=True),
)
_END_STATES = frozenset({"applied", "offered", "refused", "cancelled", "failed"})
_STOP_TIMEOUT_S = 10.0


class _Protocol(LanguageServerProtocol):
    """lsprotocol would read every code action as a Command, whose fields it has too."""

    def get_result_type(self, method: str) -> Any:  # type: ignore[override]  # pygls caches its own
        return None if method == types.TEXT_DOCUMENT_CODE_ACTION else super().get_result_type(method)


class PipeEditor:
    """One server and one open document. `on_job`, `on_message` and `on_endpoints` hear of all that the server tells."""

    def __init__(
        self,
        *,
        on_job: Callable[[dict[str, Any]], None] = lambda job: None,
        on_message: Callable[[str], None] = lambda message: None,
        on_endpoints: Callable[[list[dict[str, Any]]], None] = lambda endpoints: None,
    ) -> None:
        self._client = LanguageClient("pillion-editor", __version__, protocol_cls=_Protocol)
        self._on_job, self._on_message, self._on_endpoints = on_job, on_message, on_endpoints
        self._states: dict[str, str] = {}
        self._reasons: dict[str, str] = {}
        self._ran: dict[str, str] = {}
        self._reviewed: set[str] = set()
        self._changed = asyncio.Event()
        self.uri, self.text, self.version = "", "", 0
        self._index = LineIndex("")
        self.diagnostics: list[types.Diagnostic] = []
        self._listen()

    async def start(
        self, folder: Path, environment: Mapping[str, str] | None = None, program: Sequence[str] = ("pillion",)
    ) -> None:
        """Starts a server and initialises it. `program`: the module that runs `pillion`, and its own arguments."""
        # -P: the folder may hold anything, and must not be imported from.
        command = (sys.executable, "-P", "-m", *program, "serve", "--stdio")
        # A session of its own: an interrupt in the terminal is this process's to deal with.
        await self._client.start_io(*command, env={**os.environ, **(environment or {})}, start_new_session=True)
        await self._client.initialize_async(
            types.InitializeParams(
                capabilities=_CAPABILITIES,
                process_id=os.getpid(),
                root_uri=folder.as_uri(),
                # It looks at edits by itself: the server needn't ask, or say what `pillion/job` says.
                initialization_options={"pillion": {"events": True, "previews": True}},
            )
        )
        self._client.initialized(types.InitializedParams())

    @property
    def server_pid(self) -> int:
        """The server's process id, once it was started."""
        server = self._client._server
        return server.pid if server is not None else 0

    def open(self, uri: str, text: str, language_id: str = "python") -> None:
        """Opens the document."""
        self.uri, self.text, self.version = uri, text, 1
        self._index = LineIndex(text)
        item = types.TextDocumentItem(uri, language_id, self.version, text)
        self._client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def replace(self, start: int, end: int, new_text: str) -> None:
        """Changes [start, end) of the document, as typing does."""
        positions = Positions(self.text, self._index, PositionCodec())
        change = types.TextDocumentContentChangePartial(positions.range(start, end), new_text)
        self.text = self.text[:start] + new_text + self.text[end:]
        self._index.replace(start, end, new_text, self.text)
        self.version += 1
        identifier = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        self._client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))

    async def actions(self, line: int) -> list[dict[str, Any]]:
        """The menu at a line (zero-based), as plain data."""
        place = types.Position(line, 0)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(self.uri), types.Range(place, place), types.CodeActionContext([])
        )
        found = await self._client.text_document_code_action_async(params)
        return [_plain(action) for action in found or ()]

    async def run(self, action_id: str, line: int) -> str:
        """Runs an action from the menu to its end and returns the job's last state. An edit that is offered whatever
        is found in it is accepted, as somebody does who has looked at it.

        Raises:
            PillionError: the menu doesn't have it.
        """
        for action in await self.actions(line):
            if action["kind"].endswith(f".{action_id}"):
                command = action["command"]
                params = types.ExecuteCommandParams(command["command"], command["arguments"])
                started = _plain(await self._client.workspace_execute_command_async(params))
                job_id = str(started["job"])
                state = await self._ended(job_id)
                if state == "refused":
                    self._on_message(f"Refused: {self._reasons[job_id]}")
                if state == "applied" and self._ran[job_id]:
                    self._on_message(f"It was run before: {self._ran[job_id]}.")
                return await self._accepted(job_id) if state == "offered" and job_id in self._reviewed else state
        raise PillionError(f"the menu at line {line + 1} has no {action_id!r}")

    async def _accepted(self, job_id: str) -> str:
        self._on_message(f"This edit waits for a yes: {self._reasons[job_id]} The demo says yes.")
        await self._client.workspace_execute_command_async(types.ExecuteCommandParams(ACCEPT, [{"job": job_id}]))
        return self._states[job_id]

    async def hover(self, line: int, character: int) -> str:
        """The hover at a place; empty if there is none."""
        params = types.HoverParams(types.TextDocumentIdentifier(self.uri), types.Position(line, character))
        hover = await self._client.text_document_hover_async(params)
        return hover.contents.value if hover and isinstance(hover.contents, types.MarkupContent) else ""

    async def stop(self) -> None:
        """Shuts the server down; one that doesn't listen is killed."""
        server = self._client._server
        try:
            async with asyncio.timeout(_STOP_TIMEOUT_S):
                await self._client.shutdown_async(None)
                self._client.exit(None)
                if server is not None:
                    await server.wait()
        except (TimeoutError, RuntimeError, ConnectionError):
            if server is not None and server.returncode is None:
                server.kill()
        await self._client.stop()

    async def _ended(self, job_id: str) -> str:
        server = self._client._server
        gone = asyncio.create_task(server.wait()) if server is not None else None
        try:
            while self._states.get(job_id) not in _END_STATES:
                self._changed.clear()
                heard = asyncio.create_task(self._changed.wait())
                await asyncio.wait([task for task in (heard, gone) if task is not None], return_when="FIRST_COMPLETED")
                heard.cancel()
                if gone is not None and gone.done():
                    raise PillionError("The language server ended in the middle of the job.", hint="Its log says why.")
        finally:
            if gone is not None:
                gone.cancel()
        return self._states[job_id]

    def _listen(self) -> None:
        client = self._client

        @client.feature(JOB_NOTIFICATION)
        def job(params: Any) -> None:
            plain = _plain(params)
            self._states[plain["id"]], self._reasons[plain["id"]] = plain["state"], plain.get("reason", "")
            self._ran[plain["id"]] = (plain.get("ran") or {}).get("words", "")
            if plain["review"]:
                self._reviewed.add(plain["id"])
            self._on_job(plain)
            self._changed.set()

        @client.feature(DRAFT_NOTIFICATION)
        def draft(params: Any) -> None:
            """The job's own notifications have the figures; the text comes as an edit."""

        @client.feature(ENDPOINTS_NOTIFICATION)
        def endpoints(params: Any) -> None:
            self._on_endpoints(_plain(params)["endpoints"])

        @client.feature(types.WINDOW_SHOW_MESSAGE)
        def message(params: types.ShowMessageParams) -> None:
            self._on_message(params.message)

        @client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
        def question(params: types.ShowMessageRequestParams) -> None:
            self._on_message(params.message)

        @client.feature(types.WINDOW_LOG_MESSAGE)
        def log_message(params: types.LogMessageParams) -> None:
            """For a log window, and there is none."""

        @client.feature(types.WINDOW_WORK_DONE_PROGRESS_CREATE)
        def create(params: types.WorkDoneProgressCreateParams) -> None:
            """Agrees to show it."""

        @client.feature(types.PROGRESS)
        def progress(params: types.ProgressParams) -> None:
            """The job's own notifications say more."""

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def diagnostics(params: types.PublishDiagnosticsParams) -> None:
            self.diagnostics = list(params.diagnostics)

        @client.feature(types.WORKSPACE_APPLY_EDIT)
        def apply_edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            return self._apply(params.edit)

    def _apply(self, edit: types.WorkspaceEdit) -> types.ApplyWorkspaceEditResult:
        for change in edit.document_changes or ():
            if not isinstance(change, types.TextDocumentEdit) or change.text_document.version != self.version:
                return types.ApplyWorkspaceEditResult(applied=False, failure_reason="the document has changed")
            positions = Positions(self.text, self._index, PositionCodec())
            replacements = [
                Replacement(*positions.offsets(each.range), each.new_text)
                for each in change.edits
                if isinstance(each, types.TextEdit)
            ]
            after = apply_replacements(self.text, replacements)
            self.replace(0, len(self.text), after)
        return types.ApplyWorkspaceEditResult(applied=True)


def _plain(value: Any) -> Any:
    """pygls turns the objects of methods it doesn't know into named tuples."""
    if hasattr(value, "_asdict"):
        return {name: _plain(inner) for name, inner in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return value
