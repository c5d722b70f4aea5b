"""`pillion.dismiss`, `pillion.undismiss`, `pillion.dismissed`: what the user doesn't want to see again, and changed
their mind about."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from pillion.counted import counted
from pillion.jobs.dismissals import Dismissals, is_finding_id
from pillion.jobs.open_document import document_name
from pillion.jobs.redaction import line_and_message
from pillion.lsp.diagnostics import DiagnosticStore, Placed
from pillion.lsp.documents import Document
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session
from pillion.lsp.uris import path_of, scheme_of
from pillion.rpc.plain_protocol import ClientRefusedError
from pillion.state.dismissal_file import Dismissal

DISMISS, UNDISMISS, DISMISSED = "pillion.dismiss", "pillion.undismiss", "pillion.dismissed"
_UNDO = "Undo"
_LONGEST_MESSAGE = 200


class Dismissing:
    """Dismisses findings, and brings them back; asks about that where the client doesn't."""

    def __init__(self, session: Session, diagnostics: DiagnosticStore, dismissals: Dismissals) -> None:
        self._session = session
        self._diagnostics = diagnostics
        self._dismissals = dismissals
        self._asking: set[asyncio.Task[None]] = set()

    async def dismiss(self, uri: str, finding_id: str | None) -> dict[str, Any]:
        """One finding, or all of a document. They go from the screen at once."""
        document = self._session.open_document(uri)
        known = {each.id: each for each in self._diagnostics.of(uri)}
        ids = [finding_id] if finding_id is not None else list(known)
        self._dismissals.hold(Dismissal(each) for each in ids)
        self._diagnostics.hide(self._dismissals.ids)
        text = document.source if document is not None else ""
        places = [(each, known.get(each), self._line(document, known.get(each))) for each in ids]
        # In a thread: the text around is looked through for secrets.
        records = await asyncio.to_thread(lambda: [_record(uri, *each, text) for each in places])
        if problem := await self._dismissals.save(records):
            self._session.note(problem)
        message = _message([known[each] for each in ids if each in known], ids, uri)
        if ids and not self._session.shows_drafts:
            asking = asyncio.create_task(self._ask(message, ids), name="offer to undo a dismissal")
            self._asking.add(asking)
            asking.add_done_callback(self._asking.discard)
        return {"dismissed": ids, "message": message}

    async def undo(self, ids: list[str]) -> int:
        """Brings findings back; returns how many are on the screen again."""
        problem = await self._dismissals.release(ids)
        if problem:
            self._session.note(problem)
        return self._diagnostics.hide(self._dismissals.ids)

    async def listed(self) -> list[dict[str, Any]]:
        """What is dismissed, newest first."""
        found, problem = await self._dismissals.listed()
        if problem:
            self._session.note(problem)
        self._diagnostics.hide(self._dismissals.ids)
        return [each.data for each in found]

    def finish(self) -> None:
        """Nobody answers any more."""
        for each in self._asking:
            each.cancel()

    def _line(self, document: Document | None, placed: Placed | None) -> int | None:
        if document is None or placed is None:
            return None
        return document.positions.range(placed.start, placed.start).start.line + 1

    async def _ask(self, message: str, ids: list[str]) -> None:
        params = types.ShowMessageRequestParams(
            type=types.MessageType.Info, message=f"Pillion: {message}", actions=[types.MessageActionItem(_UNDO)]
        )
        try:
            answer = await self._session.protocol.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params)
        except ClientRefusedError:
            self._session.show(f"{message} (pillion dismissed undo 1 brings it back)")
            return
        if answer is not None and answer.title == _UNDO:
            await self.undo(ids)


def register(server: PillionServer, dismissing: Dismissing) -> None:
    """Registers the handlers."""

    @server.command(DISMISS)
    async def dismiss(*arguments: Any) -> dict[str, Any]:
        return await dismissing.dismiss(*_checked(arguments))

    @server.command(UNDISMISS)
    async def undismiss(*arguments: Any) -> dict[str, int]:
        return {"shown": await dismissing.undo(_checked_ids(arguments))}

    @server.command(DISMISSED)
    async def dismissed(*_: Any) -> dict[str, Any]:
        return {"dismissed": await dismissing.listed()}


def _record(uri: str, finding_id: str, placed: Placed | None, line: int | None, text: str) -> Dismissal:
    """What is written down of a finding."""
    where = path_of(uri) if scheme_of(uri) == "file" else None
    words = line_and_message(text, placed.start, placed.finding) if placed is not None else ("", "")
    return Dismissal(finding_id, where or uri, line, *words, datetime.now(UTC).isoformat(timespec="seconds"))


def _message(placed: list[Placed], ids: list[str], uri: str) -> str:
    if not ids:
        return f"there is nothing to dismiss in {document_name(uri)}"
    if len(ids) > 1 or not placed:
        return f"dismissed: {counted(len(ids), 'finding')} in {document_name(uri)}"
    words = " ".join(placed[0].finding.message.split())
    return f"dismissed: {words if len(words) <= _LONGEST_MESSAGE else words[: _LONGEST_MESSAGE - 1] + '…'}"


def _checked(arguments: tuple[Any, ...]) -> tuple[str, str | None]:
    """The document's URI, and the finding's id or None for all of the document's.

    Raises:
        JsonRpcInvalidParams: it isn't what the contract says; the message names the part.
    """
    if len(arguments) != 1 or not isinstance(arguments[0], Mapping):
        raise JsonRpcInvalidParams(f"{DISMISS} takes one object: uri, and id or all")
    uri, finding_id, everything = (arguments[0].get(name) for name in ("uri", "id", "all"))
    if not isinstance(uri, str) or not uri:
        raise JsonRpcInvalidParams(f"{DISMISS}: “uri” is missing")
    if everything is not None and not isinstance(everything, bool):
        raise JsonRpcInvalidParams(f"{DISMISS}: “all” isn't true or false")
    if everything:
        if finding_id is not None:
            raise JsonRpcInvalidParams(f"{DISMISS} takes “id” or “all”, not both")
        return uri, None
    if not isinstance(finding_id, str) or not is_finding_id(finding_id):
        raise JsonRpcInvalidParams(f"{DISMISS}: “id” isn't the id of a finding")
    return uri, finding_id


def _checked_ids(arguments: tuple[Any, ...]) -> list[str]:
    """The findings to bring back.

    Raises:
        JsonRpcInvalidParams: it isn't what the contract says.
    """
    given = arguments[0].get("ids") if len(arguments) == 1 and isinstance(arguments[0], Mapping) else None
    if not isinstance(given, list) or not all(isinstance(each, str) and is_finding_id(each) for each in given):
        raise JsonRpcInvalidParams(f"{UNDISMISS} takes one object: ids, a list of findings' ids")
    return given
