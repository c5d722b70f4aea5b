"""textDocument/hover: the small model explains the symbol under the cursor, within a budget."""

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.errors import DocumentError, PillionError
from pillion.jobs.downloads import ModelDownloads
from pillion.jobs.explainer import Explainer, Explanation
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session
from pillion.text.markdown import Markdown, code_block, emphasised, harmless, joined

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol


def register(server: PillionServer, session: Session, downloads: ModelDownloads) -> None:
    """Registers the handler."""
    explainer = Explainer(session.engines, downloads.offers_missing)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        try:
            document, parsed = session.readable(params.text_document.uri)
        except DocumentError:
            return None  # a popup that only says why there is no explanation would annoy
        positions = document.positions
        name = parsed.symbols.identifier_at(positions.offset(params.position))
        symbol = parsed.symbols.named(name) if name else None
        if name is None or symbol is None:
            return None
        try:
            explanation = await explainer.explain(symbol, parsed)
        except PillionError as exc:
            session.note(f"hover: {exc.full_message}")
            return None
        if explanation is None:
            return None
        words = await asyncio.to_thread(_markdown, symbol, parsed, explanation)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, words))


def _markdown(symbol: "Symbol", parsed: "ParsedText", explanation: Explanation) -> Markdown:
    ending = f"Pillion · {explanation.endpoint or 'no endpoint yet'}"
    if not explanation.complete:
        ending += " · partial: the time for a hover ran out"
    words = harmless(explanation.text or "…")
    return joined([code_block(symbol.header, parsed.language.id), words, emphasised(ending)])
