"""Has the client change documents as they are now, and create, rename and delete files."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from lsprotocol import types

from pillion.edits.file_change import FileCreation, FileDeletion, FileRename
from pillion.edits.file_places import already_there, is_there, text_there
from pillion.jobs.edit_plans import places_written
from pillion.jobs.file_steps import closed_text, not_open
from pillion.jobs.front import Applied, AppliedEdit, EditStep, FileStep
from pillion.lsp.documents import Awaited, Document
from pillion.lsp.session import Session
from pillion.lsp.workspace_edits import DocumentEdit, what_is_lacking, workspace_edit
from pillion.rpc.plain_protocol import ClientLacksError, ClientRefusedError
from pillion.text.file_uris import document_name

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText
    from pillion.text.replacement import Replacement

# The client refuses an edit that is older than its document; then the edit is made anew for the newer document.
_ATTEMPTS = 3
# The user is asked to confirm an edit at most twice.
_CONFIRMATIONS = 2
# How long to wait for the change that made a client refuse. After the user's no, the next change is another one.
_TOLD_AFTER_REFUSAL_S = 2.0
_TOLD_AFTER_NO_S = 0.05
# eglot sends changes when its user pauses for half a second: while the user types on, the server has to wait.
_TOLD_LATE_S = 10.0
_SYNC_TIMEOUT_S = 2.0
# The user may type while an edit is made for a long document. Then it is made again, after longer and longer pauses.
_PAUSES_S = (0.0, 0.0, 0.1, 0.2, 0.4, 0.8, 1.6)


@dataclass(frozen=True, slots=True)
class Moment:
    """An open document as it is when an edit is made for it."""

    document: Document
    version: int | None
    text: str
    parsed: "ParsedText | None"

    @classmethod
    def of(cls, document: Document) -> "Moment":
        """The document as it is now."""
        return cls(document, document.version, document.source, document.parsed())

    def is_over(self, session: Session) -> bool:
        """Whether the document was changed since, or closed, or closed and opened again."""
        now = session.open_document(self.document.uri)
        return now is not self.document or now.version != self.version or now.source != self.text

    async def passes(self, session: Session, within_s: float) -> bool:
        """Whether the moment is over, now or within this time."""
        return await _until(lambda: self.is_over(session), self.document, within_s)


@dataclass(frozen=True, slots=True)
class _Part:
    """An edit, and the moment that it fits."""

    moment: Moment
    replacements: "Sequence[Replacement]"


@dataclass(frozen=True, slots=True)
class _Closed:
    """An edit of a document that isn't open, and the text of its file."""

    uri: str
    text: str
    replacements: "Sequence[Replacement]"


async def deliver(session: Session, steps: Sequence[FileStep], label: str, objection: str = "") -> Applied:
    """Sends the changes that the steps make in the documents as they are now, or returns what is in the way of a step.
    A refused edit is made anew if its document turns out to be newer; otherwise it would be refused again."""
    if lacking := what_is_lacking(session.protocol, steps):
        return Applied(False, lacking)
    applied = Applied(False)
    async with AsyncExitStack() as alone:
        if not session.protocol.client_takes_versioned_edits():
            for document in _documents(session, steps):
                await alone.enter_async_context(document.being_edited)
        for _ in range(_CONFIRMATIONS if objection else _ATTEMPTS):
            made = await _made_for_now(session, steps)
            if isinstance(made, str):
                return Applied(False, made)
            applied = await _send(session, steps, *made, label, objection)
            final = applied.done or not applied.newer_within_s
            if final or not await _one_passes(session, made[0], applied.newer_within_s):
                return applied
    return Applied(False, applied.reason)


def _documents(session: Session, steps: Sequence[FileStep]) -> list[Document]:
    found = (session.open_document(each.uri) for each in steps if isinstance(each, EditStep))
    return [each for each in found if each is not None]


async def _made_for_now(session: Session, steps: Sequence[FileStep]) -> tuple[list[_Part], list[_Closed]] | str:
    """The edits, all of them made for the documents as they are now; or what is in the way."""
    for pause_s in _PAUSES_S:
        await asyncio.sleep(pause_s)
        made: list[_Part] = []
        closed: list[_Closed] = []
        for each in steps:
            if not isinstance(each, EditStep):
                if reason := await _why_not_now(session, each):
                    return reason
                continue
            document = session.open_document(each.uri)
            if document is None:
                text = await closed_text(each)
                found = await asyncio.to_thread(each.make, text) if text is not None else not_open(each.uri, steps)
                if isinstance(found, str) or text is None:
                    return str(found)
                closed.append(_Closed(each.uri, text.text, found))
                continue
            moment = Moment.of(document)
            replacements = await asyncio.to_thread(each.make, moment)
            if isinstance(replacements, str) and not moment.is_over(session):
                return replacements
            if not isinstance(replacements, str):
                made.append(_Part(moment, replacements))
        edits = sum(isinstance(each, EditStep) for each in steps)
        opened = any(session.open_document(each.uri) is not None for each in closed)
        if len(made) + len(closed) == edits and not opened and not any(each.moment.is_over(session) for each in made):
            return made, closed
    return "you typed on while its place was looked for"


async def _why_not_now(session: Session, step: FileCreation | FileRename | FileDeletion) -> str:
    """Why a file can't be created, renamed or deleted as things are; empty if it can."""
    if isinstance(step, FileDeletion):
        document = session.open_document(step.uri)
        text = (
            document.source if document is not None else await asyncio.to_thread(text_there, step.uri, _SYNC_TIMEOUT_S)
        )
        return "" if text == step.text else f"{document_name(step.uri)} was changed since, or is gone"
    uri = step.uri if isinstance(step, FileCreation) else step.new_uri
    there = session.open_document(uri) is not None or await asyncio.to_thread(is_there, uri)
    return already_there(uri) if there else ""


async def _one_passes(session: Session, parts: Sequence[_Part], within_s: float) -> bool:
    """Whether one of the documents has changed, now or within this time."""
    waiting = [asyncio.ensure_future(each.moment.passes(session, within_s)) for each in parts]
    try:
        for first in asyncio.as_completed(waiting):
            if await first:
                return True
    finally:
        for each in waiting:
            each.cancel()
    return False


async def _send(
    session: Session,
    steps: Sequence[FileStep],
    parts: Sequence[_Part],
    closed: Sequence[_Closed],
    label: str,
    objection: str,
) -> Applied:
    protocol = session.protocol
    edits = {each.uri: DocumentEdit.of_closed(each.uri, each.text, protocol, each.replacements) for each in closed}
    for part in parts:
        document = part.moment.document
        edits[document.uri] = DocumentEdit(document.uri, document.version, document.positions, part.replacements)
    changes = [edits[each.uri] if isinstance(each, EditStep) else each for each in steps]
    edit = workspace_edit(session.protocol, changes, label, objection)
    with ExitStack() as watching:
        watched = [_watched(session, each, watching) for each in parts]
        try:
            params = types.ApplyWorkspaceEditParams(edit=edit, label=label)
            result = await session.protocol.ask(types.WORKSPACE_APPLY_EDIT, params)
        except ClientLacksError as exc:
            return Applied(False, str(exc))
        except ClientRefusedError as exc:
            # eglot's answer is an error both when its user says no (“User cancelled server edit”) and when the edit is
            # for an older version.
            declined = "cancel" in str(exc).lower()
            return Applied(False, str(exc), declined, newer_within_s=0.0 if declined else _TOLD_LATE_S)
        if not result.applied:
            reason, asked = result.failure_reason or "the editor refused the edit", bool(objection)
            patience_s = _TOLD_AFTER_NO_S if asked else _TOLD_AFTER_REFUSAL_S
            return Applied(False, reason, declined=asked, newer_within_s=patience_s)
        arrived = [await each.outcome(session) for each in watched]
    if (missing := next((each for each in arrived if not each.done), None)) is not None:
        # Another try would do the other steps twice.
        return missing if len(steps) == 1 else replace(missing, newer_within_s=0.0)
    done = {each.uri: AppliedEdit(each.uri, places_written(each.text, each.replacements), "") for each in closed}
    done |= {each.uri: each for each in (edit for part in arrived for edit in part.edits)}
    found = tuple(done.get(each.uri) if isinstance(each, EditStep) else each for each in steps)
    certain = all(each.certain for each in arrived)
    return Applied(True, certain=certain, changes=tuple(each for each in found if each is not None))


@dataclass(frozen=True, slots=True)
class _Watched:
    """A document that should get its edit."""

    part: _Part
    expected: str
    awaited: Awaited
    edit: AppliedEdit

    async def outcome(self, session: Session) -> Applied:
        """Whether the document has the edit, once the client has said so."""
        moment, before = self.part.moment, self.part.moment.text
        if self.expected == before or await _arrives(session, moment, self.awaited):
            return Applied(True, changes=(self.edit,))
        current = session.open_document(moment.document.uri)
        if current is None or not moment.is_over(session):
            return Applied(True, certain=False)
        # Some clients don't compare version 0: they would not refuse the edit again if it is there after all.
        compared = session.protocol.client_takes_versioned_edits() and moment.version
        if compared and await asyncio.to_thread(_is_missing, before, self.expected, current.source):
            reason = "the editor said that it applied the edit, and the document doesn't have it"
            return Applied(False, reason, newer_within_s=_TOLD_AFTER_REFUSAL_S)
        return Applied(True)


def _watched(session: Session, part: _Part, watching: ExitStack) -> _Watched:
    from pillion.text.replacement import apply_replacements

    document, before, key = part.moment.document, part.moment.text, uuid4().hex
    expected, written = apply_replacements(before, part.replacements), places_written(before, part.replacements)
    places = [(each.start, each.end) for each in written]
    arrived = partial(session.tracked.track, key, document.uri, places)
    awaited = watching.enter_context(document.awaiting(expected, arrived))
    return _Watched(part, expected, awaited, AppliedEdit(document.uri, written, key))


async def _arrives(session: Session, moment: Moment, awaited: Awaited) -> bool:
    """Whether the document gets the text that the edit makes. Some clients send the didChange after the answer."""
    if not awaited.seen and await moment.passes(session, _TOLD_LATE_S):
        # The client may send the edit together with typed text: then the document never has just that text.
        await _until(lambda: awaited.seen, moment.document, _SYNC_TIMEOUT_S)
    return awaited.seen


async def _until(good: Callable[[], bool], document: Document, within_s: float) -> bool:
    """Whether `good` is true, now or within this time; looks again when the document changes."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while not good():
                document.changed.clear()
                await document.changed.wait()
    return good()


def _is_missing(before: str, after: str, text: str) -> bool:
    """Whether `text`, into which the user may have typed, comes from `before` rather than from `after`.

    Neovim says that it applied an edit even if it refused the edit because the buffer is newer
    (vim.lsp.util.apply_text_document_edit prints that, and returns nothing).
    """
    return _distance(before, text) < _distance(after, text)


def _distance(one: str, other: str) -> int:
    """The number of characters in the parts that differ."""
    from pillion.text.replacement import smallest_replacements

    return sum(each.end - each.start + len(each.new_text) for each in smallest_replacements(one, other))
