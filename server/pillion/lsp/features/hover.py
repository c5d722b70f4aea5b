"""textDocument/hover: the small model explains the symbol under the cursor, within a budget."""

import asyncio
from collections import OrderedDict
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.errors import DocumentError, PillionError
from pillion.lsp.downloads import ModelDownloads
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session
from pillion.text.markdown import Markdown, code_block, emphasised, harmless, joined
from pillion.tiers import Lane

if TYPE_CHECKING:
    from pillion.pipeline.runtime import Runtime
    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol

_CACHED_EXPLANATIONS = 256


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the model said, where, and whether it was allowed to finish."""

    text: str
    endpoint: str
    complete: bool


class Explainer:
    """Explains symbols. An explanation is remembered for as long as the symbol's text is the same."""

    def __init__(self, session: Session, downloads: ModelDownloads) -> None:
        self._session = session
        self._downloads = downloads
        self._cache: OrderedDict[tuple[str, str], Explanation] = OrderedDict()

    async def explain(self, symbol: "Symbol", parsed: "ParsedText") -> Explanation | None:
        """The explanation, complete or as far as the budget allowed; None if hovers are off, or if
        the user is being asked whether to fetch the model.

        Raises:
            PillionError: no endpoint of the hover lane answers.
        """
        key = (parsed.language.id, symbol.text)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        async with self._session.engines() as runtime:
            if not runtime.config.hover.enabled or await self._downloads.offers_missing(runtime, [Lane.HOVER]):
                return None  # no popup waits for a download
            explanation = await self._ask(symbol, parsed, runtime)
        if explanation.complete:
            self._cache[key] = explanation
            if len(self._cache) > _CACHED_EXPLANATIONS:
                self._cache.popitem(last=False)
        return explanation

    async def _ask(self, symbol: "Symbol", parsed: "ParsedText", runtime: "Runtime") -> Explanation:
        from pillion.backends.base import Done, Text
        from pillion.pool.objections import says_nothing
        from pillion.pool.pool import EndpointFailed, Started
        from pillion.prompts.build import hover_prompt
        from pillion.text.fences import extract_prose

        hover = runtime.config.hover
        said, endpoint, complete = "", "", False
        try:
            async with (
                asyncio.timeout(hover.budget_s),
                aclosing(
                    runtime.pool.stream(
                        Lane.HOVER,
                        lambda limits: hover_prompt(symbol, parsed, hover.max_tokens, limits),
                        says_nothing,
                    )
                ) as events,
            ):
                async for event in events:
                    if isinstance(event, Started):
                        endpoint = event.endpoint
                    elif isinstance(event, EndpointFailed):
                        said = ""
                    elif isinstance(event, Text):
                        said += event.text
                    elif isinstance(event, Done) and event.stopped:
                        said += f"\n\n({endpoint} {event.stopped}.)"
                complete = True
        except TimeoutError:
            pass  # what there is so far is shown
        return Explanation(extract_prose(said), endpoint, complete)


def register(server: PillionServer, session: Session, downloads: ModelDownloads) -> None:
    """Registers the handler."""
    explainer = Explainer(session, downloads)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        try:
            document, parsed = session.readable(params.text_document.uri)
        except DocumentError:
            return None  # a popup that says why it has nothing to say would only nag
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
