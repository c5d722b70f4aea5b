"""textDocument/codeAction: from the syntax tree and the findings that are known, in milliseconds.

Each action carries a command.
"""

from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.catalogue import ACTIONS, Action
from pillion.errors import DocumentError
from pillion.lsp.diagnostics import DiagnosticStore
from pillion.lsp.features.commands import RUN, run_argument
from pillion.lsp.features.quick_fixes import DISMISS_KIND, quick_fixes
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.lsp.documents import Document
    from pillion.syntax.symbols import Symbol


def register(server: PillionServer, session: Session, diagnostics: DiagnosticStore) -> None:
    """Registers the handlers."""
    options = types.CodeActionOptions(
        code_action_kinds=[*(action.kind for action in ACTIONS if action.offered), DISMISS_KIND],
        resolve_provider=True,
    )

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        only = params.context.only
        fixes = [fix for fix in quick_fixes(session, diagnostics, params) if _wanted(str(fix.kind), only)]
        wanted = [action for action in ACTIONS if not action.needs_instruction and _wanted(action.kind, only)]
        if not wanted:
            return fixes
        try:
            document, parsed = session.readable(params.text_document.uri)
        except DocumentError as exc:
            return fixes + _disabled(session, params, exc)
        symbol = parsed.symbols.enclosing(*document.positions.offsets(params.range))
        return fixes + (_offers(session, wanted, document, symbol) if symbol is not None else [])

    @server.feature(types.CODE_ACTION_RESOLVE)
    def resolve(action: types.CodeAction) -> types.CodeAction:
        # Everything was there from the start: some editors stand still until this is answered.
        return action


def _wanted(kind: str, only: object) -> bool:
    if not isinstance(only, list | tuple) or not only:
        return True
    kinds = [str(getattr(each, "value", each)) for each in only]
    return any(kind == each or kind.startswith(f"{each}.") or each == "" for each in kinds)


def _offers(session: Session, wanted: list[Action], document: "Document", symbol: "Symbol") -> list[types.CodeAction]:
    from pillion.syntax.scopes import applicable

    tags = session.protocol.client_model_tags()
    # The definition's own range: it leads back to the same symbol, wherever the cursor was.
    place = document.positions.range(symbol.definition_start, symbol.end)
    offers: list[types.CodeAction] = []
    for action in applicable(symbol):
        if action in wanted:
            title = action.title_for(symbol.name)
            command = types.Command(title=title, command=RUN, arguments=[run_argument(action, document, place)])
            offers.append(types.CodeAction(title=title, kind=action.kind, tags=tags, command=command))
    return offers


def _disabled(session: Session, params: types.CodeActionParams, error: DocumentError) -> list[types.CodeAction]:
    """Why there is nothing, for who opened the menu in a document that is open and would be expected to work."""
    invoked = params.context.trigger_kind is types.CodeActionTriggerKind.Invoked
    shows_disabled = session.protocol.client_code_action().disabled_support
    document = session.open_document(params.text_document.uri)
    if document is None or not invoked or not shows_disabled or not document.is_readable_language:
        return []
    reason = types.CodeActionDisabled(reason=error.full_message)
    return [types.CodeAction(title="Pillion", kind=ACTIONS[0].kind, disabled=reason)]
