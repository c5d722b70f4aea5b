"""An editor for tests: speaks LSP over a pipe to the real server process, keeps documents, applies edits."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcInternalError, JsonRpcMethodNotFound
from pygls.protocol import LanguageServerProtocol, default_converter
from pytest_lsp import LanguageClient, LanguageClientProtocol, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from pillion.actions.action_row import Output
from tests.support.positions import offset_of, position_of

SERVE = ("-m", "pillion", "serve", "--stdio")
T = TypeVar("T")
FINAL_STATES = frozenset({"applied", "offered", "refused", "cancelled", "failed"})


class _Protocol(LanguageClientProtocol):
    """lsprotocol reads every code action as a Command, since a Command's fields fit; here they stay as they came."""

    def get_result_type(self, method: str) -> Any:  # type: ignore[override]  # pygls caches its own
        return None if method == types.TEXT_DOCUMENT_CODE_ACTION else super().get_result_type(method)


@cache
def _converter() -> Converter:
    """One for all editors: it makes its functions when they are first needed, which takes as long as many a test."""
    converter: Converter = default_converter()
    return converter


@cache
def _capabilities(editor: str) -> types.ClientCapabilities:
    return client_capabilities(editor)


@dataclass
class OpenDocument:
    """The text as the editor has it."""

    text: str
    version: int
    language_id: str


@dataclass
class Editor:
    """One editor with one server. `messages` are what a user would see."""

    client: LanguageClient
    initialized: types.InitializeResult = field(
        default_factory=lambda: types.InitializeResult(types.ServerCapabilities())
    )
    documents: dict[str, OpenDocument] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    questions: list[types.ShowMessageRequestParams] = field(default_factory=list)
    edits: list[types.ApplyWorkspaceEditParams] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    drafts: dict[str, str] = field(default_factory=dict)
    endpoints: list[list[dict[str, Any]]] = field(default_factory=list)
    published: dict[str, types.PublishDiagnosticsParams] = field(default_factory=dict)
    logged: list[str] = field(default_factory=list)
    shown: list[types.ShowDocumentParams] = field(default_factory=list)
    answer_with: str | None = None
    refuse_edits: int = 0
    refuse_requests: bool = False
    fail_edits: list[str] = field(default_factory=list)
    claim_edits: bool = False
    hold_changes: bool = False
    before_edit: Any = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _held: list[tuple[str, types.TextDocumentContentChangeEvent]] = field(default_factory=list)

    @classmethod
    async def start(
        cls,
        home: Path,
        config: Path | None = None,
        *,
        capabilities: str = "visual-studio-code",
        options: Any = None,
        environment: dict[str, str] | None = None,
        root: Path | None = None,
        says: Callable[[types.ClientCapabilities], None] | None = None,
        serve: Sequence[str] = SERVE,
    ) -> "Editor":
        """Starts the server as an editor would, with a home of its own, and initialises it. `says` is what the editor
        can do besides: pytest-lsp knows old ones. `serve` is what Python is to run."""
        editor = cls(LanguageClient(converter_factory=_converter, protocol_cls=_Protocol))
        editor._listen()
        env = private_environment(home, config) | (environment or {})
        await editor.client.start_io(sys.executable, "-P", *serve, env=env, cwd=root or home)
        able = deepcopy(_capabilities(capabilities))
        if says is not None:
            says(able)
        editor.initialized = await editor.client.initialize_session(
            types.InitializeParams(
                capabilities=able,
                root_uri=(root or home).as_uri(),
                initialization_options={"pillion": {"events": True}} if options is None else options,
            )
        )
        return editor

    @property
    def server_pid(self) -> int:
        """The server's process id."""
        server = self.client._server
        assert server is not None
        return server.pid

    def open(self, uri: str, text: str, language_id: str = "python", version: int = 1) -> str:
        """Opens a document and returns its URI."""
        self.documents[uri] = OpenDocument(text, version, language_id)
        item = types.TextDocumentItem(uri, language_id, version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def close(self, uri: str) -> None:
        """Closes it."""
        del self.documents[uri]
        identifier = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))

    def type(self, uri: str, start: int, end: int, text: str) -> None:
        """Replaces [start, end) of an open document, as typing does. With `hold_changes` the server isn't told yet."""
        document = self.documents[uri]
        a_range = types.Range(position_of(document.text, start), position_of(document.text, end))
        document.text = document.text[:start] + text + document.text[end:]
        document.version += 1
        self._held.append((uri, types.TextDocumentContentChangePartial(a_range, text)))
        if not self.hold_changes:
            self.tell_changes()

    def tell_changes(self, *, whole: bool = False) -> None:
        """Tells the server of the changes that were held back, at once; with `whole`, by sending the text as it is."""
        held, self._held = self._held, []
        for uri, of_one in groupby(held, key=lambda each: each[0]):
            document = self.documents[uri]
            changes = [change for _, change in of_one]
            self.client.text_document_did_change(
                types.DidChangeTextDocumentParams(
                    types.VersionedTextDocumentIdentifier(document.version, uri),
                    [types.TextDocumentContentChangeWholeDocument(document.text)] if whole else changes,
                )
            )

    async def actions(
        self, uri: str, line: int, character: int = 0, *, to_line: int | None = None, **context: Any
    ) -> list[types.CodeAction]:
        """The menu at a place (zero-based), or at a selection up to the beginning of another line."""
        place = types.Position(line, character)
        end = place if to_line is None else types.Position(to_line, 0)
        said = types.CodeActionContext(context.pop("diagnostics", []), **context)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), types.Range(place, end), said)
        protocol = self.client.protocol
        found = await LanguageServerProtocol.send_request_async(protocol, types.TEXT_DOCUMENT_CODE_ACTION, params)
        return [protocol._converter.structure(action, types.CodeAction) for action in found or ()]

    async def run(self, action_id: str, uri: str, line: int, to_line: int | None = None, **extra: Any) -> str:
        """Chooses an action from the menu and returns the job's id."""
        menu = await self.actions(uri, line, to_line=to_line)
        action = next(each for each in menu if str(each.kind).endswith(f".{action_id}"))
        return str(await self.choose(action, **extra))

    async def choose(self, action: types.CodeAction, **extra: Any) -> Any:
        """Executes an action's command; for pillion.run, its job's id."""
        assert action.command is not None
        assert action.command.arguments is not None
        argument: Any = action.command.arguments[0]
        return await self.command(action.command.command, {**argument, **extra})

    async def run_anywhere(self, action_id: str, uri: str, line: int = 0, version: int | None = None) -> str:
        """Runs an action without asking the menu."""
        place = {"line": line, "character": 0}
        argument = {"action": action_id, "uri": uri, "range": {"start": place, "end": place}, "version": version}
        return str(await self.command("pillion.run", argument))

    async def command(self, name: str, *arguments: Any) -> Any:
        """Executes a command; for pillion.run, its job's id."""
        params = types.ExecuteCommandParams(name, list(arguments))
        result = await self.client.workspace_execute_command_async(params)
        return _field(result, "job") if name == "pillion.run" else result

    async def finished(self, job_id: str, timeout_s: float = 20.0) -> dict[str, Any]:
        """The job's last notification."""

        def final(event: dict[str, Any]) -> bool:
            # Nothing follows on `ready` where there is nothing to apply.
            words = event["output"] == Output.PROSE.value or "prose" in event
            ends = FINAL_STATES | ({"ready"} if words else set())
            return event["id"] == job_id and event["state"] in ends

        return await self.event(final, timeout_s)

    async def event(self, wanted: Any, timeout_s: float = 20.0) -> dict[str, Any]:
        """The first pillion/job notification that is `wanted`."""
        return await self._first(lambda: [event for event in self.events if wanted(event)], timeout_s)

    async def endpoint(self, name: str, state: str, timeout_s: float = 10.0) -> dict[str, Any]:
        """An endpoint as soon as the newest notification says that it is in this state."""

        def found() -> list[dict[str, Any]]:
            newest = self.endpoints[-1] if self.endpoints else []
            return [each for each in newest if (each["name"], each["state"]) == (name, state)]

        return await self._first(found, timeout_s)

    async def message(self, containing: str, timeout_s: float = 10.0) -> str:
        """The first message to the user that contains these words."""
        return await self._first(lambda: [each for each in self.messages if containing in each], timeout_s)

    async def shown_document(self, timeout_s: float = 10.0) -> types.ShowDocumentParams:
        """The first document that the server has had shown."""
        return await self._first(lambda: self.shown, timeout_s)

    async def log_line(self, containing: str, timeout_s: float = 10.0) -> str:
        """The first line in the client's log that contains these words."""
        return await self._first(lambda: [each for each in self.logged if containing in each], timeout_s)

    async def diagnostics(self, uri: str, count: int, timeout_s: float = 10.0) -> list[types.Diagnostic]:
        """The document's diagnostics as soon as there are `count` of them."""

        def shown() -> list[types.PublishDiagnosticsParams]:
            published = self.published.get(uri)
            return [published] if published is not None and len(published.diagnostics) == count else []

        return list((await self._first(shown, timeout_s)).diagnostics)

    async def _first(self, found: Callable[[], Sequence[T]], timeout_s: float) -> T:
        async with asyncio.timeout(timeout_s):
            while not (hits := found()):
                self.changed.clear()
                await self.changed.wait()
        return hits[0]

    async def edit_came(self, count: int = 1, timeout_s: float = 20.0) -> None:
        """Waits until the server has sent so many edits."""
        await self._first(lambda: self.edits[count - 1 :], timeout_s)

    async def hover(self, uri: str, line: int, character: int) -> str | None:
        """The hover's text."""
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        hover = await self.client.text_document_hover_async(params)
        return hover.contents.value if hover and isinstance(hover.contents, types.MarkupContent) else None

    async def quit(self) -> int | None:
        """Shuts the server down and returns its exit code."""
        server = self.client._server
        assert server is not None
        async with asyncio.timeout(10):
            if server.returncode is None:
                await self.client.shutdown_session()
            await server.wait()
        await self.client.stop()
        return server.returncode

    async def progress(self, job_id: str) -> list[Any]:
        """All progress of a job, once it has ended."""
        reports = self.client.progress_reports[f"pillion-{job_id}"]
        async with asyncio.timeout(30):
            while not reports or not isinstance(reports[-1], types.WorkDoneProgressEnd):
                await asyncio.sleep(0.01)
        return list(reports)

    def _listen(self) -> None:
        client = self.client

        own = {
            types.WINDOW_SHOW_MESSAGE,
            types.WINDOW_SHOW_MESSAGE_REQUEST,
            types.WINDOW_LOG_MESSAGE,
            types.WINDOW_SHOW_DOCUMENT,
            types.WORKSPACE_APPLY_EDIT,
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
        }
        register_lsp_features(
            client, {method: handler for method, handler in DEFAULT_CLIENT_FEATURES.items() if method not in own}
        )

        @client.feature(types.WINDOW_SHOW_MESSAGE)
        def show_message(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)
            self.changed.set()

        @client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
        def show_message_request(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
            if self.refuse_requests:
                raise JsonRpcMethodNotFound("no questions")
            self.questions.append(params)
            self.messages.append(params.message)
            self.changed.set()
            wanted = self.answer_with
            return next((each for each in params.actions or () if wanted and each.title.startswith(wanted)), None)

        @client.feature(types.WINDOW_SHOW_DOCUMENT)
        def show_document(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            self.shown.append(params)
            self.changed.set()
            return types.ShowDocumentResult(success=True)

        @client.feature(types.WINDOW_LOG_MESSAGE)
        def log_message(params: types.LogMessageParams) -> None:
            self.logged.append(params.message)
            self.changed.set()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish_diagnostics(params: types.PublishDiagnosticsParams) -> None:
            self.published[params.uri] = params
            self.changed.set()

        @client.feature(types.WORKSPACE_APPLY_EDIT)
        def apply_edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            if self.before_edit is not None:
                hook, self.before_edit = self.before_edit, None
                hook()
            return self._apply(params)

        @client.feature("pillion/job")
        def job(params: Any) -> None:
            self.events.append(plain(params))
            self.changed.set()

        @client.feature("pillion/endpoints")
        def endpoints(params: Any) -> None:
            self.endpoints.append(plain(params)["endpoints"])
            self.changed.set()

        @client.feature("pillion/draft")
        def draft(params: Any) -> None:
            delta = plain(params)
            self.drafts[delta["id"]] = self.drafts.get(delta["id"], "") + delta["text"]

    def _apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        """What VS Code does: refuse an edit for another version, else apply it and report the change.

        With `claim_edits` it says that it applied what it refused, as Neovim does.
        """
        self.edits.append(params)
        self.changed.set()
        if self.refuse_requests:
            raise JsonRpcMethodNotFound("no edits")
        if self.fail_edits:
            raise JsonRpcInternalError(self.fail_edits.pop(0))
        if self.refuse_edits:
            self.refuse_edits -= 1
            return types.ApplyWorkspaceEditResult(applied=False, failure_reason="the editor is busy")
        for uri, unversioned in (params.edit.changes or {}).items():
            self._change(uri, unversioned)
        changes = params.edit.document_changes or ()
        for change in changes:  # versions are looked at before anything is done
            if isinstance(change, types.TextDocumentEdit) and change.text_document.version is not None:
                document = self.documents.get(change.text_document.uri)
                if document is None or change.text_document.version != document.version:
                    reason = "the document has changed"
                    return types.ApplyWorkspaceEditResult(applied=self.claim_edits, failure_reason=reason)
        for change in changes:
            if isinstance(change, types.TextDocumentEdit) and change.text_document.uri in self.documents:
                self._change(change.text_document.uri, change.edits)
            elif (problem := change_file(change)) is not None:
                return types.ApplyWorkspaceEditResult(applied=False, failure_reason=problem)
        return types.ApplyWorkspaceEditResult(applied=True)

    def _change(self, uri: str, edits: Sequence[Any]) -> None:
        text = self.documents[uri].text
        places = [
            (offset_of(text, edit.range.start), offset_of(text, edit.range.end), edit.new_text)
            for edit in edits
            if isinstance(edit, types.TextEdit | types.AnnotatedTextEdit)
        ]
        for start, end, new in sorted(places, reverse=True):
            self.type(uri, start, end, new)


def change_file(
    change: types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile,
) -> str | None:
    """Does to a file that isn't open what LSP says; what is wrong with that, if something is."""
    match change:
        case types.TextDocumentEdit():
            assert change.text_document.version is None, "it isn't open"
            file = path_of(change.text_document.uri)
            text = file.read_text()
            edits = [each for each in change.edits if not isinstance(each, types.SnippetTextEdit)]
            places = [
                (offset_of(text, each.range.start), offset_of(text, each.range.end), each.new_text) for each in edits
            ]
            for start, end, new in sorted(places, reverse=True):
                text = text[:start] + new + text[end:]
            file.write_text(text)
        case types.CreateFile():
            assert change.options == types.CreateFileOptions(overwrite=False, ignore_if_exists=False)
            file = path_of(change.uri)
            if file.exists():
                return f"{file} exists"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        case types.RenameFile():
            assert change.options == types.RenameFileOptions(overwrite=False, ignore_if_exists=False)
            if path_of(change.new_uri).exists():
                return f"{change.new_uri} exists"
            path_of(change.old_uri).rename(path_of(change.new_uri))
        case types.DeleteFile():
            path_of(change.uri).unlink()
    return None


def path_of(uri: str) -> Path:
    """The file of a URI."""
    return Path(url2pathname(urlsplit(uri).path))


def private_environment(home: Path, config: Path | None) -> dict[str, str]:
    """An environment in which nothing of the user's own is read or written."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "PILLION_MODEL_DIR") if name in os.environ}
    folders = {
        f"XDG_{kind}_HOME": str(home / f".{kind.lower()}") for kind in ("CONFIG", "CACHE", "DATA", "STATE", "RUNTIME")
    }
    chosen = {"PILLION_CONFIG": str(config)} if config is not None else {}
    alone = {"PILLION_DISCOVERY__ENABLED": "false"}  # an engine that really runs here has no part in a test
    return kept | folders | chosen | alone | {"HOME": str(home), "PYTHONWARNINGS": "error"}


def plain(value: Any) -> Any:
    """pygls turns the objects of methods it doesn't know into named tuples."""
    if hasattr(value, "_asdict"):
        return {name: plain(inner) for name, inner in value._asdict().items()}
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _field(result: Any, name: str) -> Any:
    return result[name] if isinstance(result, dict) else getattr(result, name)
