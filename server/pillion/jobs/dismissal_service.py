"""Dismisses findings and brings them back. Offers the user an undo if the front doesn't."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pillion.errors import CannotAskError
from pillion.jobs.dismissals import Dismissals
from pillion.jobs.finding_store import FindingStore, Placed
from pillion.jobs.front import Front
from pillion.jobs.redaction import line_and_message
from pillion.plurals import counted
from pillion.state.dismissal_file import Dismissal
from pillion.text.file_uris import document_name
from pillion.text.lines import LineIndex

if TYPE_CHECKING:
    from pillion.findings.finding import Finding
    from pillion.findings.place import P

_UNDO = "Undo"
_LONGEST_MESSAGE = 200


class DismissalService:
    """The dismissals of a front's user. A dismissed finding is hidden wherever it stands."""

    def __init__(self, front: Front, findings: FindingStore, dismissals: Dismissals) -> None:
        self._front = front
        self._findings = findings
        self._dismissals = dismissals
        self._asking: set[asyncio.Task[None]] = set()

    async def refresh(self) -> None:
        """Loads the dismissals again: another session, or the command line, may have changed them."""
        self._note(await self._dismissals.load())
        self._findings.hide(self._dismissals.ids)

    def undismissed(self, findings: "Iterable[Finding[P]]") -> "tuple[Finding[P], ...]":
        """The findings that the user hasn't dismissed."""
        return tuple(each for each in findings if each not in self._dismissals)

    async def dismiss(self, uri: str, finding_id: str | None) -> dict[str, Any]:
        """Dismisses one finding, or all findings of a document. They disappear at once."""
        document = self._front.open_document(uri)
        known = {each.id: each for each in self._findings.of(uri)}
        ids = [finding_id] if finding_id is not None else list(known)
        self._dismissals.hold(Dismissal(each) for each in ids)
        self._findings.hide(self._dismissals.ids)
        text = document.source if document is not None else None
        where = self._front.path_of(uri) or uri
        # In a thread, because it searches the text around the findings for secrets.
        records = await asyncio.to_thread(_records, where, {each: known.get(each) for each in ids}, text)
        self._note(await self._dismissals.save(records))
        message = _message([known[each] for each in ids if each in known], ids, uri)
        if ids and not self._front.shows_drafts:
            asking = asyncio.create_task(self._ask(message, ids), name="offer to undo a dismissal")
            self._asking.add(asking)
            asking.add_done_callback(self._asking.discard)
        return {"dismissed": ids, "message": message}

    async def undo(self, ids: list[str]) -> int:
        """Brings findings back; returns how many are shown again."""
        self._note(await self._dismissals.release(ids))
        return self._findings.hide(self._dismissals.ids)

    async def listed(self) -> list[dict[str, Any]]:
        """The dismissed findings, newest first."""
        found, problem = await self._dismissals.listed()
        self._note(problem)
        self._findings.hide(self._dismissals.ids)
        return [each.data for each in found]

    def finish(self) -> None:
        """Withdraws the questions: nobody answers any more."""
        for each in self._asking:
            each.cancel()

    def _note(self, problem: str) -> None:
        if problem:
            self._front.note(problem)

    async def _ask(self, message: str, ids: list[str]) -> None:
        try:
            answer = await self._front.ask(f"Pillion: {message}", [_UNDO], "info")
        except CannotAskError:
            self._front.show(f"{message} (pillion dismissed undo 1 brings it back)")
            return
        if answer == _UNDO:
            await self.undo(ids)


def _records(where: str, found: dict[str, Placed | None], text: str | None) -> list[Dismissal]:
    """The records of these findings for the file."""
    lines, now = LineIndex(text or ""), datetime.now(UTC).isoformat(timespec="seconds")
    records = []
    for finding_id, placed in found.items():
        line = lines.line_at(placed.start) + 1 if placed is not None and text is not None else None
        words = line_and_message(text or "", placed.start, placed.finding) if placed is not None else ("", "")
        records.append(Dismissal(finding_id, where, line, *words, now))
    return records


def _message(placed: list[Placed], ids: list[str], uri: str) -> str:
    if not ids:
        return f"there is nothing to dismiss in {document_name(uri)}"
    if len(ids) > 1 or not placed:
        return f"dismissed: {counted(len(ids), 'finding')} in {document_name(uri)}"
    words = " ".join(placed[0].finding.message.split())
    return f"dismissed: {words if len(words) <= _LONGEST_MESSAGE else words[: _LONGEST_MESSAGE - 1] + '…'}"
