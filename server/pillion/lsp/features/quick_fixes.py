"""The part of textDocument/codeAction about findings: to have one fixed, to ask the large model, to dismiss it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pillion.errors import DocumentError
from pillion.jobs.finding_store import FindingStore, Placed
from pillion.jobs.import_fixes import import_title
from pillion.jobs.offers import brief, mendings
from pillion.lsp.diagnostics import placed_diagnostic
from pillion.lsp.features.commands import RUN, run_argument
from pillion.lsp.features.dismiss import DISMISS
from pillion.lsp.features.fix import FIX
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.lsp.documents import Document

DISMISS_KIND = "quickfix.pillion.dismiss"
IMPORT_KIND = "quickfix.pillion.import"
QUICK_FIX_KINDS = (IMPORT_KIND, DISMISS_KIND)
_Tags = list[types.CodeActionTag] | None


def quick_fixes(session: Session, findings: FindingStore, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The quick fixes for the findings in the range, and for those the client names: first the fixes that mend them,
    last the dismissals."""
    document = session.open_document(params.text_document.uri)
    known = findings.of(params.text_document.uri)
    if document is None or not known:
        return []
    start, end = document.positions.offsets(params.range)
    published = {each: placed_diagnostic(document, each) for each in known}
    # An editor may show a line's findings wherever the cursor is in the line.
    named = [(each.range, each.message) for each in params.context.diagnostics]
    found = {
        each: diagnostic
        for each, diagnostic in published.items()
        if each.touches(start, end) or (diagnostic.range, diagnostic.message) in named
    }
    if not found:
        return []
    mending = _mending(session, document, found)
    # VS Code puts rows with a model's tag last: an untagged dismissal would be the first row of its menu.
    by_models = any(each.command is not None and each.command.command == RUN for each in mending)
    tags = session.protocol.client_model_tags() if by_models else None
    dismissals = [_dismissal(document, placed, diagnostic, tags) for placed, diagnostic in found.items()]
    return [*mending, *dismissals, _dismiss_all(document, list(published.values()), tags)]


def _mending(
    session: Session, document: "Document", found: Mapping[Placed, types.Diagnostic]
) -> list[types.CodeAction]:
    try:
        _, parsed = session.readable(document.uri)
    except DocumentError:
        parsed = None
    fixes: list[types.CodeAction] = []
    for each in mendings(list(found), parsed):
        diagnostic = found[each.placed]
        if each.action is None:
            argument = {"uri": document.uri, "finding": each.placed.id, "import": each.statement}
            title = f"Pillion: {import_title(each.statement)}"
            fix = _code_action(title, IMPORT_KIND, [diagnostic], FIX, argument, None)
        else:
            argument = {**run_argument(each.action, document, diagnostic.range), "finding": each.placed.id}
            title, tags = (
                each.action.title_for(brief(each.placed.finding.message)),
                session.protocol.client_model_tags(),
            )
            fix = _code_action(title, each.action.kind, [diagnostic], RUN, argument, tags)
        fix.is_preferred = True if each.first and session.protocol.client_prefers_fixes() else None
        fixes.append(fix)
    return fixes


def _dismissal(document: "Document", placed: Placed, diagnostic: types.Diagnostic, tags: _Tags) -> types.CodeAction:
    argument = {"uri": document.uri, "id": placed.id}
    return _code_action(
        f"Pillion: dismiss: {brief(placed.finding.message)}", DISMISS_KIND, [diagnostic], DISMISS, argument, tags
    )


def _dismiss_all(document: "Document", diagnostics: list[types.Diagnostic], tags: _Tags) -> types.CodeAction:
    argument = {"uri": document.uri, "all": True}
    title = "Pillion: dismiss all findings in this file"
    return _code_action(title, DISMISS_KIND, diagnostics, DISMISS, argument, tags)


def _code_action(
    title: str,
    kind: str,
    diagnostics: list[types.Diagnostic],
    command: str,
    argument: Mapping[str, Any],
    tags: _Tags,
) -> types.CodeAction:
    return types.CodeAction(
        title=title,
        kind=kind,
        diagnostics=diagnostics,
        tags=tags,
        command=types.Command(title=title, command=command, arguments=[argument]),
    )
