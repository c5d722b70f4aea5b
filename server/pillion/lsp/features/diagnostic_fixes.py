"""The part of textDocument/codeAction about what the editor's other servers report: linters, type checkers, compilers.

The request brings their diagnostics along. They are foreign words, so what is taken of them is bounded and plain.
"""

from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.actions.action_registry import ACTIONS
from pillion.actions.action_row import Action
from pillion.errors import DocumentError
from pillion.jobs.offers import brief
from pillion.jobs.report_words import report_words
from pillion.lsp.diagnostics import SOURCE
from pillion.lsp.features.commands import RUN, run_argument
from pillion.lsp.session import Session
from pillion.text.plain import plain_line

if TYPE_CHECKING:
    from pillion.lsp.documents import Document
    from pillion.syntax.document import ParsedText

# A menu is read, and a line may have any number of diagnostics.
_MOST = 5


def diagnostic_fixes(session: Session, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The fixes for the diagnostics that the client names, if they are in code that a model can work on."""
    foreign = [each for each in params.context.diagnostics if _is_foreign(each)]
    if not foreign:
        return []
    try:
        document, parsed = session.readable(params.text_document.uri)
    except DocumentError:
        return []
    rows: list[types.CodeAction] = []
    for diagnostic in list({_identity(each): each for each in foreign}.values())[:_MOST]:
        is_error = diagnostic.severity is types.DiagnosticSeverity.Error
        able = [each for each in ACTIONS if each.mends_diagnostics == "all" or (each.mends_diagnostics and is_error)]
        words = _words(document, parsed, diagnostic, able)
        if words:
            rows += [_row(session, action, document, diagnostic, words) for action in able]
    return rows


def _is_foreign(diagnostic: types.Diagnostic) -> bool:
    """Whether it is another server's, and not only a hint, which editors show as a shade of the text."""
    hint = diagnostic.severity is types.DiagnosticSeverity.Hint
    return diagnostic.source != SOURCE and not hint and bool(diagnostic.message.strip())


def _identity(diagnostic: types.Diagnostic) -> tuple[object, ...]:
    place = diagnostic.range
    return place.start.line, place.start.character, place.end.line, place.end.character, diagnostic.message


def _words(document: "Document", parsed: "ParsedText", diagnostic: types.Diagnostic, able: list[Action]) -> str:
    """What the model is told; empty if there is no code for a model to work on."""
    start, end = document.positions.offsets(diagnostic.range)
    symbol = able[0].scope.target(parsed, start, end).around if able else None
    if symbol is None:
        return ""
    return report_words(
        diagnostic.message,
        source=diagnostic.source or "",
        code=str(diagnostic.code) if diagnostic.code is not None else "",
        line=parsed.text.count("\n", symbol.start, max(start, symbol.start)) + 1,
        quote=parsed.text[start:end].partition("\n")[0],
    )


def _row(
    session: Session, action: Action, document: "Document", diagnostic: types.Diagnostic, words: str
) -> types.CodeAction:
    title = action.title_for(brief(plain_line(diagnostic.message)))
    argument = {**run_argument(action, document, diagnostic.range), "instruction": words}
    return types.CodeAction(
        title=title,
        kind=action.kind,
        diagnostics=[diagnostic],
        tags=session.protocol.client_model_tags(),
        command=types.Command(title=title, command=RUN, arguments=[argument]),
    )
