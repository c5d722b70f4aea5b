"""textDocument/codeAction: from the syntax tree alone, in milliseconds; each action carries a command."""

from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.catalogue import ACTIONS, Action
from pillion.errors import DocumentError
from pillion.lsp.features.commands import RUN
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.lsp.documents import Document
    from pillion.syntax.symbols import Symbol


def register(server: PillionServer, session: Session) -> None:
    """Registers the handlers."""
    options = types.CodeActionOptions(
        code_action_kinds=[action.kind for action in ACTIONS],
        resolve_provider=True,
    )

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        wanted = [action for action in ACTIONS if _wanted(action.kind, params.context.only)]
        if not wanted:
            return []
        try:
            document, parsed = session.readable(params.text_document.uri)
        except DocumentError as exc:
            return _disabled(session, params, exc)
        symbol = parsed.symbols.enclosing(*document.positions.offsets(params.range))
        if symbol is None:
            return []
        return _offers(session, wanted, document, symbol)

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

    tags = _tags(session)
    # The definition's own range: it leads back to the same symbol, wherever the cursor was.
    place = document.positions.range(symbol.definition_start, symbol.end)
    return [
        types.CodeAction(
            title=action.title_for(symbol.name),
            kind=action.kind,
            tags=tags,
            command=types.Command(
                title=action.title_for(symbol.name),
                command=RUN,
                arguments=[
                    {
                        "action": action.id,
                        "uri": document.uri,
                        "range": {
                            "start": {"line": place.start.line, "character": place.start.character},
                            "end": {"line": place.end.line, "character": place.end.character},
                        },
                        "version": document.version,
                    }
                ],
            ),
        )
        for action in applicable(symbol)
        if action in wanted
    ]


def _tags(session: Session) -> list[types.CodeActionTag] | None:
    support = session.protocol.client_code_action().tag_support
    tag = types.CodeActionTag.LlmGenerated
    return [tag] if support is not None and tag in support.value_set else None


def _disabled(session: Session, params: types.CodeActionParams, error: DocumentError) -> list[types.CodeAction]:
    """Why there is nothing, for who opened the menu in a document that is open and would be expected to work."""
    invoked = params.context.trigger_kind is types.CodeActionTriggerKind.Invoked
    shows_disabled = session.protocol.client_code_action().disabled_support
    document = session.open_document(params.text_document.uri)
    if document is None or not invoked or not shows_disabled or not document.is_readable_language:
        return []
    reason = types.CodeActionDisabled(reason=error.full_message)
    return [types.CodeAction(title="Pillion", kind=ACTIONS[0].kind, disabled=reason)]
