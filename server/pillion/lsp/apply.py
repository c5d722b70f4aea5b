"""Has the client change a document as it is now."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from lsprotocol import types

from pillion.jobs.edit_plans import places_written
from pillion.jobs.front import Applied, Make
from pillion.lsp.documents import Awaited, Document
from pillion.lsp.session import Session
from pillion.rpc.plain_protocol import ClientLacksError, ClientRefusedError

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText
    from pillion.text.replacement import Replacement

# The client refuses an edit that is older than its document; the edit is made anew for the newer one.
_ATTEMPTS = 3
# An edit that the user must confirm is asked about once more at most.
_CONFIRMATIONS = 2
# How long the change that made a client refuse may take to be told of. After a no, what the user types next isn't it.
_TOLD_AFTER_REFUSAL_S = 2.0
_TOLD_AFTER_NO_S = 0.05
# eglot tells of changes when its user pauses for half a second: who goes on typing keeps us waiting.
_TOLD_LATE_S = 10.0
_SYNC_TIMEOUT_S = 2.0
# While an edit is made for a long document somebody may type: it is made again, after more and more of a pause.
_PAUSES_S = (0.0, 0.0, 0.1, 0.2, 0.4, 0.8, 1.6)
_ANNOTATION: types.ChangeAnnotationIdentifier = "pillion"


@dataclass(frozen=True, slots=True)
class Moment:
    """An open document as it is when an edit is made for it."""

    document: Document
    version: int | None
    text: str
    parsed: "ParsedText | None"

    @classmethod
    def of(cls, document: Document) -> "Moment":
        """As it is now."""
        return cls(document, document.version, document.source, document.parsed())

    def is_over(self, session: Session) -> bool:
        """Whether the document was changed since, or closed, or closed and opened again."""
        now = session.open_document(self.document.uri)
        return now is not self.document or now.version != self.version or now.source != self.text

    async def passes(self, session: Session, within_s: float) -> bool:
        """Whether it is over, now or soon."""
        return await _until(lambda: self.is_over(session), self.document, within_s)


async def deliver(session: Session, uri: str, label: str, make: Make, objection: str = "") -> Applied:
    """Sends what `make` makes for the document as it is, or gives up with what it says is in the way. An edit that the
    client refuses is made anew if the document turns out to be newer; else it would be refused again."""
    applied = Applied(False)
    document, compares = session.open_document(uri), session.protocol.client_takes_versioned_edits()
    async with document.being_edited if document is not None and not compares else nullcontext():
        for _ in range(_CONFIRMATIONS if objection else _ATTEMPTS):
            made = await _made_for_now(session, uri, make)
            if isinstance(made, str):
                return Applied(False, made)
            moment, replacements = made
            applied = await _send(session, moment, replacements, label, objection)
            final = applied.done or not applied.newer_within_s
            if final or not await moment.passes(session, applied.newer_within_s):
                return applied
    return Applied(False, applied.reason)


async def _made_for_now(session: Session, uri: str, make: Make) -> "tuple[Moment, Sequence[Replacement]] | str":
    """The edit and the moment that it fits, which is now; or what is in the way."""
    for pause_s in _PAUSES_S:
        await asyncio.sleep(pause_s)
        document = session.open_document(uri)
        if document is None:
            return "the document was closed"
        moment = Moment.of(document)
        made = await asyncio.to_thread(make, moment)
        if not moment.is_over(session):
            return made if isinstance(made, str) else (moment, made)
    return "you typed on while its place was looked for"


async def _send(
    session: Session, moment: Moment, replacements: "Sequence[Replacement]", label: str, objection: str
) -> Applied:
    from pillion.text.replacement import apply_replacements

    document, before = moment.document, moment.text
    expected = apply_replacements(before, replacements)
    edit = _workspace_edit(session, document, replacements, label, objection)
    params = types.ApplyWorkspaceEditParams(edit=edit, label=label)
    written, key = places_written(before, replacements), uuid4().hex
    places = [(each.start, each.end) for each in written]
    with document.awaiting(expected, lambda: session.tracked.track(key, document.uri, places)) as awaited:
        try:
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
        if expected == before or await _arrives(session, moment, awaited):
            return Applied(True, written=written, key=key)
    current = session.open_document(document.uri)
    if current is None or not moment.is_over(session):
        return Applied(True, certain=False)
    # Version 0 is one that some clients don't compare: they would not refuse the edit if it is there after all.
    compared = session.protocol.client_takes_versioned_edits() and moment.version
    if compared and await asyncio.to_thread(_is_missing, before, expected, current.source):
        reason = "the editor said that it applied the edit, and the document doesn't have it"
        return Applied(False, reason, newer_within_s=_TOLD_AFTER_REFUSAL_S)
    return Applied(True)


def _workspace_edit(
    session: Session,
    document: Document,
    replacements: "Sequence[Replacement]",
    label: str,
    objection: str,
) -> types.WorkspaceEdit:
    """The edit in the newest form that the client knows; with an `objection`, the client asks before it applies it."""
    positions = document.positions
    edits = [types.TextEdit(positions.range(each.start, each.end), each.new_text) for each in replacements]
    if not session.protocol.client_takes_versioned_edits():
        return types.WorkspaceEdit(changes={document.uri: edits})
    identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    if not objection:
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])
    confirm = types.ChangeAnnotation(label, needs_confirmation=True, description=f"{objection}.")
    annotated = [types.AnnotatedTextEdit(_ANNOTATION, each.range, each.new_text) for each in edits]
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(identifier, list(annotated))],
        change_annotations={_ANNOTATION: confirm},
    )


async def _arrives(session: Session, moment: Moment, awaited: Awaited) -> bool:
    """Whether the document becomes what our edit makes of it; some clients send the didChange after the answer."""
    if not awaited.seen and await moment.passes(session, _TOLD_LATE_S):
        # The edit may be told of together with what was typed: then the document never is just that.
        await _until(lambda: awaited.seen, moment.document, _SYNC_TIMEOUT_S)
    return awaited.seen


async def _until(good: Callable[[], bool], document: Document, within_s: float) -> bool:
    """Whether it is `good`, now or soon; looks again when the document changes."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while not good():
                document.changed.clear()
                await document.changed.wait()
    return good()


def _is_missing(before: str, after: str, text: str) -> bool:
    """Whether a text, in which more may have been typed, comes from `before` rather than from `after`.

    Neovim answers that it applied an edit which it has refused because the buffer is newer
    (vim.lsp.util.apply_text_document_edit prints that, and returns nothing).
    """
    return _distance(before, text) < _distance(after, text)


def _distance(one: str, other: str) -> int:
    """Characters of the lines that differ."""
    from pillion.text.replacement import smallest_replacements

    return sum(each.end - each.start + len(each.new_text) for each in smallest_replacements(one, other))
