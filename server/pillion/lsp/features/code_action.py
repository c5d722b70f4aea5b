"""textDocument/codeAction: from the syntax tree and the known findings, in milliseconds.

Each action carries a command. Actions on the code come first, then actions on findings: clients that don't sort show
them in this order.
"""

from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.actions.action_registry import ACTIONS
from pillion.actions.action_row import Action
from pillion.errors import DocumentError
from pillion.jobs.finding_store import FindingStore
from pillion.jobs.offers import menu_title, offers
from pillion.lsp.features.commands import RUN, plain_range, run_argument
from pillion.lsp.features.diagnostic_fixes import diagnostic_fixes
from pillion.lsp.features.quick_fixes import QUICK_FIX_KINDS, quick_fixes
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.lsp.documents import Document
    from pillion.syntax.document import ParsedText

# A kind of Pillion's own, as actions have that only answer in words.
ASK_KIND = "pillion.ask"


def register(server: PillionServer, session: Session, findings: FindingStore) -> None:
    """Registers the handlers."""
    kinds = [kind for action in ACTIONS if action.offered for kind in action.kinds]
    options = types.CodeActionOptions(code_action_kinds=[*kinds, ASK_KIND, *QUICK_FIX_KINDS], resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = session.open_document(params.text_document.uri)
        if document is not None and len(document.index) <= session.max_document_lines():
            # In the thread, since all else would wait while a long document is parsed.
            await document.parsed_in_thread()
        return menu(params)

    def menu(params: types.CodeActionParams) -> list[types.CodeAction]:
        only = _kinds_asked_for(params.context.only)
        mending = [*diagnostic_fixes(session, params), *quick_fixes(session, findings, params)]
        fixes = [fix for fix in mending if _is_wanted(str(fix.kind), only)]
        wanted = {action: kind for action in ACTIONS if (kind := _wanted_kind(action, only)) is not None}
        asks = bool(session.asks) and _is_wanted(ASK_KIND, only)
        if not wanted and not asks:
            return fixes
        try:
            document, parsed = session.readable(params.text_document.uri)
        except DocumentError as exc:
            return [*_disabled(session, params, only, exc), *fixes]
        start, end = document.positions.offsets(params.range)
        rows = _offers(session, wanted, document, parsed, start, end, everything=not only or "" in only)
        return [*rows, _ask(session, document, params.range), *fixes] if asks else [*rows, *fixes]

    @server.feature(types.CODE_ACTION_RESOLVE)
    def resolve(action: types.CodeAction) -> types.CodeAction:
        # The action was complete from the start. Some editors stand still until this request is answered.
        return action


def _kinds_asked_for(only: object) -> list[str]:
    """The kinds that the client asks for; an empty list means all."""
    listed = only if isinstance(only, list | tuple) else ()
    return [str(getattr(each, "value", each)) for each in listed]


def _is_wanted(kind: str, only: list[str]) -> bool:
    return not only or any(kind == each or kind.startswith(f"{each}.") or each == "" for each in only)


def _wanted_kind(action: Action, only: list[str]) -> str | None:
    """The kind under which the client gets the action: a former kind if the client asked for that. None: not wanted."""
    if action.needs_instruction:
        return None
    if _is_wanted(action.kind, only):
        return action.kind
    # A client that asks for all rewrites doesn't mean answers in words; a client that names a kind of Pillion's does.
    named = [each for each in only if ".pillion" in each]
    return next((kind for kind in action.kinds[1:] if named and _is_wanted(kind, named)), None)


def _offers(
    session: Session,
    wanted: dict[Action, str],
    document: "Document",
    parsed: "ParsedText",
    start: int,
    end: int,
    *,
    everything: bool,
) -> list[types.CodeAction]:
    tags = session.protocol.client_model_tags()
    rows: list[types.CodeAction] = []
    for action, target in offers(wanted, parsed, start, end, everything=everything):
        # The definition's own range leads back to the same symbol, wherever the cursor was.
        symbol = target.around
        ends = (symbol.definition_start, symbol.end) if symbol is not None else (target.start, target.end)
        place = document.positions.range(*ends)
        title = menu_title(action.titled_for(target), target.name, session.loaded, session.title_room)
        command = types.Command(title=title, command=RUN, arguments=[run_argument(action, document, place)])
        rows.append(types.CodeAction(title=title, kind=wanted[action], tags=tags, command=command))
    return rows


def _ask(session: Session, document: "Document", place: types.Range) -> types.CodeAction:
    """The row for the client's own question to its user."""
    title = "Pillion: Ask…"
    argument = {"uri": document.uri, "range": plain_range(place)}
    command = types.Command(title=title, command=session.asks, arguments=[argument])
    return types.CodeAction(title=title, kind=ASK_KIND, tags=session.protocol.client_model_tags(), command=command)


def _disabled(
    session: Session, params: types.CodeActionParams, only: list[str], error: DocumentError
) -> list[types.CodeAction]:
    """A row that says why there is nothing, if the user opened the menu in an open document that should work. A client
    that asks for ASK_KIND means to show the row, whatever it does with other disabled rows."""
    invoked = params.context.trigger_kind is types.CodeActionTriggerKind.Invoked
    shows_disabled = session.protocol.client_code_action().disabled_support or ASK_KIND in only
    document = session.open_document(params.text_document.uri)
    if document is None or not invoked or not shows_disabled or not document.is_readable_language:
        return []
    reason = types.CodeActionDisabled(reason=error.full_message)
    return [types.CodeAction(title="Pillion", kind=ACTIONS[0].kind, disabled=reason)]
