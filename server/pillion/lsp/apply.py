"""Brings an outcome into the document as it is now."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.lsp.documents import Document
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.edits.replacement import Replacement
    from pillion.pipeline.job import Outcome, Task

# The client refuses an edit that is older than its document; the edit is made anew for the newer one.
_ATTEMPTS = 3
_SYNC_TIMEOUT_S = 2.0
_RETRY_DELAY_S = 0.05


@dataclass(frozen=True, slots=True)
class Applied:
    """Whether the document has the edit, and if not, why."""

    done: bool
    reason: str = ""


async def apply_outcome(session: Session, task: "Task", outcome: "Outcome") -> Applied:
    """Rebases the edit onto the current text and has the client apply it. Never forces anything."""
    from pillion.edits.rebase import rebase

    uri = task.uri
    reason = ""
    for _ in range(_ATTEMPTS):
        document = session.open_document(uri)
        if document is None:
            return Applied(False, "the document was closed")
        rebased = rebase(outcome.replacements, task.document.text, document.source)
        if rebased.conflict:
            return Applied(False, "you changed the code it would change")
        applied = await _send(session, document, rebased.replacements, task.action.title_for(task.symbol.name))
        if applied.done:
            return applied
        reason = applied.reason
        await asyncio.sleep(_RETRY_DELAY_S)  # lets the didChange that made the client refuse come in
    return Applied(False, reason)


async def force_outcome(session: Session, task: "Task", outcome: "Outcome") -> Applied:
    """The user accepted an edit that conflicts: the symbol as it is now is replaced by the drafted one."""
    from pillion.edits.rebase import rebase
    from pillion.edits.replacement import smallest_replacements
    from pillion.syntax.document import ParsedText

    document = session.open_document(task.uri)
    if document is None:
        return Applied(False, "the document is closed; open it and accept again")
    rebased = rebase(outcome.replacements, task.document.text, document.source)
    replacements: Sequence[Replacement] = rebased.replacements
    if rebased.conflict:
        drafted = ParsedText.of(task.document.language, outcome.after_text)
        current = ParsedText.of(task.document.language, document.source)
        ours, theirs = (each.symbols.occurrences(task.symbol.path) for each in (drafted, current))
        if not ours or not theirs:
            return Applied(False, f"“{task.symbol.name}” isn't in the document any more")
        new, old = drafted.symbols.read(ours[0]), current.symbols.read(theirs[0])
        replacements = [each.moved(old.start) for each in smallest_replacements(old.text, new.text)]
    return await _send(session, document, replacements, task.action.title_for(task.symbol.name))


async def _send(session: Session, document: Document, replacements: "Sequence[Replacement]", label: str) -> Applied:
    from pillion.edits.replacement import apply_replacements

    expected = apply_replacements(document.source, replacements)
    positions = document.positions
    edits = [types.TextEdit(positions.range(each.start, each.end), each.new_text) for each in replacements]
    if session.protocol.client_takes_versioned_edits():
        identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
        edit = types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])
    else:
        edit = types.WorkspaceEdit(changes={document.uri: edits})
    params = types.ApplyWorkspaceEditParams(edit=edit, label=label)
    result = await session.protocol.ask(types.WORKSPACE_APPLY_EDIT, params)
    if not result.applied:
        return Applied(False, result.failure_reason or "the editor refused the edit")
    await _until_synced(document, expected)
    return Applied(True)


async def _until_synced(document: Document, expected: str) -> None:
    """Waits for the didChange of our own edit; some clients send it after the answer."""
    with suppress(TimeoutError):  # the user may be typing: then it never equals what was expected
        async with asyncio.timeout(_SYNC_TIMEOUT_S):
            while document.source != expected:
                document.changed.clear()
                await document.changed.wait()
