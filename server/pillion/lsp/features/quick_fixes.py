"""What can be done about a finding: have it fixed, ask the large model, dismiss it. Part of textDocument/codeAction."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pillion.actions.registry import ACTIONS
from pillion.errors import DocumentError
from pillion.lsp.diagnostics import DiagnosticStore, Placed, import_title
from pillion.lsp.features.commands import RUN, run_argument
from pillion.lsp.features.dismiss import DISMISS
from pillion.lsp.features.fix import FIX
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.lsp.documents import Document

DISMISS_KIND = "quickfix.pillion.dismiss"
IMPORT_KIND = "quickfix.pillion.import"
QUICK_FIX_KINDS = (IMPORT_KIND, DISMISS_KIND)
_LONGEST_MESSAGE = 120
_Tags = list[types.CodeActionTag] | None


def quick_fixes(
    session: Session, diagnostics: DiagnosticStore, params: types.CodeActionParams
) -> list[types.CodeAction]:
    """The quick fixes for the findings in the range, and for those the client names: what mends them first, and what
    puts them away last."""
    document = session.open_document(params.text_document.uri)
    known = diagnostics.of(params.text_document.uri)
    if document is None or not known:
        return []
    start, end = document.positions.offsets(params.range)
    published = {each: diagnostics.diagnostic(document, each) for each in known}
    # An editor may show a line's findings wherever in the line the cursor is.
    named = [(each.range, each.message) for each in params.context.diagnostics]
    found = {
        each: diagnostic
        for each, diagnostic in published.items()
        if each.touches(start, end) or (diagnostic.range, diagnostic.message) in named
    }
    if not found:
        return []
    imports = _imports(session, document, found)
    mending = _by_models(session, document, found)
    # VS Code puts what a model does behind all else: untagged, a dismissal would be the first row of its menu.
    tags = session.protocol.client_model_tags() if mending else None
    dismissals = [_dismissal(document, placed, diagnostic, tags) for placed, diagnostic in found.items()]
    return [*imports, *mending, *dismissals, _dismiss_all(document, list(published.values()), tags)]


def _imports(
    session: Session, document: "Document", found: Mapping[Placed, types.Diagnostic]
) -> list[types.CodeAction]:
    """The imports each of which settles a finding, without a model. Where it is clear which, it is preferred."""
    fixes: list[types.CodeAction] = []
    for placed, diagnostic in found.items():
        for statement in placed.finding.imports:
            argument = {"uri": document.uri, "finding": placed.id, "import": statement}
            title = f"Pillion: {import_title(statement)}"
            fix = _code_action(title, IMPORT_KIND, [diagnostic], FIX, argument, None)
            alone = len(placed.finding.imports) == 1
            fix.is_preferred = True if alone and session.protocol.client_prefers_fixes() else None
            fixes.append(fix)
    return fixes


def _by_models(
    session: Session, document: "Document", found: Mapping[Placed, types.Diagnostic]
) -> list[types.CodeAction]:
    """Each action on each finding; the first of them is what a finding is there for."""
    about = {placed: diagnostic for placed, diagnostic in found.items() if _has_symbol(session, document, placed)}
    tags, shows_preferred = session.protocol.client_model_tags(), session.protocol.client_prefers_fixes()
    fixes: list[types.CodeAction] = []
    for number, action in enumerate(each for each in ACTIONS if each.scope.offered_for == "finding"):
        for placed, diagnostic in about.items():
            argument = {**run_argument(action, document, diagnostic.range), "finding": placed.id}
            fix = _code_action(action.title_for(_brief(placed)), action.kind, [diagnostic], RUN, argument, tags)
            first = number == 0 and not placed.finding.imports
            fix.is_preferred = True if first and shows_preferred else None
            fixes.append(fix)
    return fixes


def _dismissal(document: "Document", placed: Placed, diagnostic: types.Diagnostic, tags: _Tags) -> types.CodeAction:
    argument = {"uri": document.uri, "id": placed.id}
    return _code_action(f"Pillion: dismiss: {_brief(placed)}", DISMISS_KIND, [diagnostic], DISMISS, argument, tags)


def _dismiss_all(document: "Document", diagnostics: list[types.Diagnostic], tags: _Tags) -> types.CodeAction:
    argument = {"uri": document.uri, "all": True}
    title = "Pillion: dismiss all findings in this file"
    return _code_action(title, DISMISS_KIND, diagnostics, DISMISS, argument, tags)


def _brief(placed: Placed) -> str:
    """A finding's message for a menu."""
    message = " ".join(placed.finding.message.split())
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[: _LONGEST_MESSAGE - 1]}…"


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
    tags: _Tags,
) -> types.CodeAction:
    return types.CodeAction(
        title=title,
        kind=kind,
        diagnostics=diagnostics,
        tags=tags,
        command=types.Command(title=title, command=command, arguments=[argument]),
    )
