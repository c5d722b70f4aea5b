"""One client's session: its documents, settings and engines."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pillion.config.limits import DEFAULT_MAX_DOCUMENT_LINES
from pillion.errors import DocumentError, PillionError
from pillion.jobs.engines import Engines
from pillion.jobs.found_notice import FoundNotice
from pillion.jobs.open_document import why_not_open
from pillion.jobs.targets import require_readable_length
from pillion.jobs.tracked_ranges import TrackedRanges
from pillion.lsp.documents import Document
from pillion.lsp.protocol import PillionProtocol
from pillion.lsp.uris import path_of, scheme_of
from pillion.text.file_uris import document_name
from pillion.text.plain import plain_text

if TYPE_CHECKING:  # loaded after `initialize` was answered
    from pillion.pipeline.runtime import LoadRuntime, Runtime
    from pillion.syntax.document import ParsedText

# The schemes of documents that an edit can change. Others (git:, output:, notebook cells) are only views.
_EDITABLE_SCHEMES = frozenset({"file", "untitled"})
_SHOWN_PROBLEMS = 5
# Right after the start a client opens documents and asks for menus: a load would take processor time from that.
_SETTLES_S = 1.0
# The characters in a row of a menu. At least: a terminal's line of 80 columns, without the number and the server's name
# that Neovim adds. At most: as many as anybody reads.
_TITLE_ROOM, _MOST_TITLE_ROOM = 64, 200


class Session:
    """What the features share. Settings come from the client; the runtime is loaded when it is first needed."""

    def __init__(self, protocol: PillionProtocol, load_runtime: "LoadRuntime") -> None:
        self.protocol = protocol
        self._load_runtime = load_runtime
        self._settings: Mapping[str, Any] = {}
        self._engines = Engines(self._load, on_current=self._tell, on_failed=self._tell_failure)
        self._listeners: list[Callable[[Runtime | None], None]] = [FoundNotice(self.show).tell]
        self.tracked = TrackedRanges()
        self.wants_events = False
        self.shows_drafts = False
        self.tells_outcomes = False
        self.renames = False
        self.title_room = _TITLE_ROOM
        self.asks = self.pulls = ""
        self._loading: asyncio.Task[None] | None = None

    @property
    def loaded(self) -> "Runtime | None":
        """The engines that the next request gets, if they are loaded. For callers that must not wait."""
        return self._engines.current

    def load_soon(self) -> None:
        """Loads the configuration once the client has settled, so that menus can name the engines. Starts no engine."""
        self._loading = asyncio.create_task(self._load_once_settled(), name="load the configuration")

    def when_loaded(self, listener: "Callable[[Runtime | None], None]") -> None:
        """Adds a listener. It is called with each runtime that is loaded, at first use and after a change of settings,
        and with None when new jobs no longer get that runtime."""
        self._listeners.append(listener)

    def begin(self, options: Any) -> None:
        """Takes `initializationOptions`: `{"pillion": {"events": bool, "previews": bool, …settings}}`.

        `events`: the client gets notifications about jobs and endpoints. `previews`: the client shows answers, and
        drafts for review, by itself, so the server asks and shows nothing for them. `tells`: the client itself tells
        its user, from those notifications, about failed and cancelled jobs and about mistakes in the configuration.
        `asks`: the client's own command with which a user asks something. `room`: the characters in a row of its menu.
        `pulls`: how its user has a missing model fetched, in words. `renames`: the client lets its user choose a name,
        and has its editor's own rename give it.
        """
        own = _own_settings(options) or {}
        self.wants_events = own.pop("events", False) is True
        self.shows_drafts = own.pop("previews", False) is True
        self.tells_outcomes = own.pop("tells", False) is True and self.wants_events
        self.renames = own.pop("renames", False) is True
        self.title_room = _room(own.pop("room", None))
        asks, pulls = own.pop("asks", ""), own.pop("pulls", "")
        self.asks = asks if isinstance(asks, str) else ""
        self.pulls = pulls if isinstance(pulls, str) else ""
        self._settings = own

    async def change_settings(self, settings: Any) -> None:
        """New settings from the client: the next job gets a runtime made from them.

        Clients also send settings that say nothing about Pillion. They change nothing.
        """
        own = _own_settings(settings)
        if own is None:
            return
        for each in ("events", "previews", "tells", "renames", "room", "asks", "pulls"):
            own.pop(each, None)
        if own != self._settings:
            self._settings = own
            await self.reload()

    async def reload(self) -> None:
        """The next job gets a runtime made from the configuration as it is then; running jobs keep their runtime."""
        self._engines.reload()

    def engines(self) -> "AbstractAsyncContextManager[Runtime]":
        """The engines while the block runs; see Engines.use."""
        return self._engines.use()

    async def close(self) -> None:
        """Stops the engines."""
        if self._loading is not None:
            self._loading.cancel()
        await self._engines.close()

    def show(self, message: str, level: types.MessageType = types.MessageType.Info) -> None:
        """Shows the user a message, as one line."""
        params = types.ShowMessageParams(type=level, message=f"Pillion: {message}")
        self.protocol.notify(types.WINDOW_SHOW_MESSAGE, params)

    def show_answer(self, name: str, prose: str) -> None:
        """Shows the user a model's answer on `name`, with all its lines."""
        words = plain_text(f"Pillion: {name}: {prose}")
        self.protocol.notify(types.WINDOW_SHOW_MESSAGE, types.ShowMessageParams(types.MessageType.Info, words))

    def note(self, message: str) -> None:
        """Writes to the client's log."""
        self.protocol.notify(
            types.WINDOW_LOG_MESSAGE, types.LogMessageParams(type=types.MessageType.Info, message=message)
        )

    def open_document(self, uri: str) -> Document | None:
        """The document if it is open."""
        return self.protocol.open_document(uri)

    def readable(self, uri: str) -> "tuple[Document, ParsedText]":
        """An open document that Pillion can work on, and its tree.

        Raises:
            DocumentError: it isn't open, isn't a text to edit, is too long, or is in a language Pillion doesn't read.
        """
        document = self.open_document(uri)
        name = document_name(uri)
        scheme = scheme_of(uri)
        if not scheme:
            raise DocumentError(f"“{name}” is no document's URI.")
        if scheme not in _EDITABLE_SCHEMES:
            raise DocumentError(f"{name} is a view ({scheme}:), and Pillion edits files.")
        if document is None:
            raise DocumentError(why_not_open(name, path_of(uri)))
        require_readable_length(name, len(document.index), self.max_document_lines())
        parsed = document.parsed()
        if parsed is None:
            from pillion.syntax.languages import known_titles

            language = document.language_id or "unknown"
            raise DocumentError(f"Pillion doesn't read “{language}” ({name}). It knows {known_titles()}.")
        return document, parsed

    def workspace_of(self, uri: str) -> Path | None:
        """The innermost of the client's folders that the document is in; None if it is in none."""
        path = path_of(uri)
        workspace = self.protocol.workspace
        folders = map(path_of, (workspace.root_uri, *workspace.folders))
        around = [Path(each) for each in folders if each and path and Path(path).is_relative_to(each)]
        return max(around, key=lambda each: len(each.parts), default=None)

    def max_document_lines(self) -> int:
        """How long a document may be that Pillion works on."""
        runtime = self._engines.current
        return DEFAULT_MAX_DOCUMENT_LINES if runtime is None else runtime.config.limits.max_document_lines

    async def _load_once_settled(self) -> None:
        await asyncio.sleep(_SETTLES_S)
        with suppress(PillionError):  # callers get the error too, and the user was told
            async with self.engines():
                pass

    def _load(self) -> "Runtime":
        """Runs in a thread."""
        root = path_of(self.protocol.workspace.root_uri)
        return self._load_runtime(Path(root) if root else None, self._settings)

    def _tell(self, runtime: "Runtime | None") -> None:
        """New requests get this runtime from now on. Shows the mistakes in its configuration once, unless the client
        does that."""
        if runtime is not None and runtime.problems and not self.tells_outcomes:
            shown = [problem.brief for problem in runtime.problems[:_SHOWN_PROBLEMS]]
            if more := len(runtime.problems) - len(shown):
                shown.append(f"… and {more} more")
            self.show("your configuration has mistakes. " + "; ".join(shown), types.MessageType.Warning)
        for listener in self._listeners:
            listener(runtime)

    def _tell_failure(self, error: PillionError) -> None:
        self.show(error.full_message, types.MessageType.Error)


def _room(given: Any) -> int:
    """The characters in a row of the client's menu: no fewer than every client has room for."""
    return max(_TITLE_ROOM, min(given, _MOST_TITLE_ROOM)) if type(given) is int else _TITLE_ROOM


def _own_settings(options: Any) -> dict[str, Any] | None:
    """The `pillion` table in a client's settings, which may be anything; None if there is none."""
    own = options.get("pillion") if isinstance(options, Mapping) else None
    return dict(own) if isinstance(own, Mapping) else None
