"""Brings an outcome into the document as it is now."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.lsp.documents import Document
from pillion.lsp.protocol import ClientRefusedError
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.edits.replacement import Replacement
    from pillion.pipeline.outcome import Outcome, Task

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

    document = session.open_document(task.uri)
    if document is None:
        return Applied(False, "the document is closed; open it and accept again")
    rebased = rebase(outcome.replacements, task.document.text, document.source)
    replacements: Sequence[Replacement] = rebased.replacements
    if rebased.conflict:
        replacements = _forced(task, outcome.replacements, document)
    if not replacements:
        return Applied(False, f"“{task.symbol.name}” isn't in the document any more")
    return await _send(session, document, replacements, task.action.title_for(task.symbol.name))


def _forced(task: "Task", replacements: "Sequence[Replacement]", document: Document) -> "Sequence[Replacement]":
    """The drafted symbol in place of the current one, and what it brings along where that doesn't conflict."""
    from pillion.edits.rebase import rebase
    from pillion.edits.replacement import apply_replacements, smallest_replacements

    symbol, snapshot = task.symbol, task.document.text
    parsed = document.parsed()
    node = task.document.symbols.same_in(parsed.symbols, symbol) if parsed is not None else None
    if parsed is None or node is None:
        return ()
    current = parsed.symbols.read(node)
    own = [each for each in replacements if symbol.start <= each.start and each.end <= symbol.end]
    drafted = apply_replacements(symbol.text, [each.moved(-symbol.start) for each in own])
    forced = [each.moved(current.start) for each in smallest_replacements(current.text, drafted)]
    for each in replacements:
        if each not in own:
            forced += rebase([each], snapshot, document.source).replacements
    return forced


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
    try:
        result = await session.protocol.ask(types.WORKSPACE_APPLY_EDIT, params)
    except ClientRefusedError as exc:
        return Applied(False, str(exc))
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
