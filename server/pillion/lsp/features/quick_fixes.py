"""What can be done about a finding: have it fixed, ask the large model, dismiss it. Part of textDocument/codeAction."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pillion.catalogue import ACTIONS, Scope
from pillion.errors import DocumentError
from pillion.lsp.diagnostics import DiagnosticStore, Placed
from pillion.lsp.features.commands import RUN, run_argument
from pillion.lsp.features.dismiss import DISMISS
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.lsp.documents import Document

DISMISS_KIND = "quickfix.pillion.dismiss"
_LONGEST_MESSAGE = 120


def quick_fixes(
    session: Session, diagnostics: DiagnosticStore, params: types.CodeActionParams
) -> list[types.CodeAction]:
    """The quick fixes for the findings in the range, and for those the client names."""
    document = session.open_document(params.text_document.uri)
    known = diagnostics.of(params.text_document.uri)
    if document is None or not known:
        return []
    start, end = document.positions.offsets(params.range)
    published = {each: diagnostics.diagnostic(document, each) for each in known}
    # An editor may show a line's findings wherever in the line the cursor is.
    named = [(each.range, each.message) for each in params.context.diagnostics]
    found = [
        each
        for each, diagnostic in published.items()
        if each.touches(start, end) or (diagnostic.range, diagnostic.message) in named
    ]
    fixes = [fix for each in found for fix in _fixes(session, document, each, published[each])]
    return [*fixes, _dismiss_all(document, list(published.values()))] if found else []


def _fixes(
    session: Session, document: "Document", placed: Placed, diagnostic: types.Diagnostic
) -> list[types.CodeAction]:
    message = " ".join(placed.finding.message.split())
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[: _LONGEST_MESSAGE - 1]}…"
    fixes: list[types.CodeAction] = []
    if _has_symbol(session, document, placed):
        for action in ACTIONS:
            if action.scope is Scope.FINDING:
                argument = {**run_argument(action, document, diagnostic.range), "finding": placed.id}
                tags = session.protocol.client_model_tags()
                fixes.append(_code_action(action.title_for(message), action.kind, [diagnostic], RUN, argument, tags))
    dismissal = {"uri": document.uri, "id": placed.id}
    fixes.append(_code_action(f"Pillion: dismiss: {message}", DISMISS_KIND, [diagnostic], DISMISS, dismissal))
    return fixes


def _dismiss_all(document: "Document", diagnostics: list[types.Diagnostic]) -> types.CodeAction:
    argument = {"uri": document.uri, "all": True}
    title = "Pillion: dismiss all findings in this file"
    return _code_action(title, DISMISS_KIND, diagnostics, DISMISS, argument)


def _has_symbol(session: Session, document: "Document", placed: Placed) -> bool:
    """Whether there is something to work on: an import at the top is in no function or class."""
    try:
        _, parsed = session.readable(document.uri)
    except DocumentError:
        return False
    return parsed.symbols.enclosing(placed.start, placed.end) is not None


def _code_action(
    title: str,
    kind: str,
    diagnostics: list[types.Diagnostic],
    command: str,
    argument: Mapping[str, Any],
    tags: list[types.CodeActionTag] | None = None,
) -> types.CodeAction:
    return types.CodeAction(
        title=title,
        kind=kind,
        diagnostics=diagnostics,
        tags=tags,
        command=types.Command(title=title, command=command, arguments=[argument]),
    )
