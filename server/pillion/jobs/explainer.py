"""Explains a symbol for a hover, with a small model and within a budget."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pillion.errors import NoEndpointError
from pillion.tiers import Lane

if TYPE_CHECKING:
    from pillion.pipeline.runtime import Runtime
    from pillion.pool.prompt_factory import PromptLimits
    from pillion.prompts.prompt import Prompt
    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol

_CACHED_EXPLANATIONS = 256


@dataclass(frozen=True, slots=True)
class Explanation:
    """The model's words, its endpoint, and whether the model finished within the budget."""

    text: str
    endpoint: str
    complete: bool


class Explainer:
    """Explains symbols. A complete explanation is remembered while the symbol's text stays the same."""

    def __init__(
        self,
        engines: "Callable[[], AbstractAsyncContextManager[Runtime]]",
        waits_for_models: "Callable[[Runtime, Sequence[Lane]], Awaitable[bool]]",
    ) -> None:
        self._engines = engines
        self._waits_for_models = waits_for_models
        self._cache: OrderedDict[tuple[str, str], Explanation] = OrderedDict()

    async def explain(self, symbol: "Symbol", parsed: "ParsedText") -> Explanation | None:
        """The explanation, complete or as far as it came within the budget; None if hovers are off, or if the user is
        being asked whether to fetch the model.

        Raises:
            PillionError: no endpoint of the hover lane answers.
        """
        key = (parsed.language.id, symbol.text)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        async with self._engines() as runtime:
            if not runtime.config.hover.enabled or await self._waits_for_models(runtime, [Lane.HOVER]):
                return None  # no popup waits for a download
            explanation = await self._ask(symbol, parsed, runtime)
        if explanation.complete:
            self._cache[key] = explanation
            if len(self._cache) > _CACHED_EXPLANATIONS:
                self._cache.popitem(last=False)
        return explanation

    async def _ask(self, symbol: "Symbol", parsed: "ParsedText", runtime: "Runtime") -> Explanation:
        from pillion.pool.bounds import Bounds
        from pillion.pool.objections import says_nothing
        from pillion.pool.stream_reader import StreamReader
        from pillion.prompts.hover_prompt import hover_prompt
        from pillion.text.sentences import whole_sentences
        from pillion.text.thoughts import extract_prose

        hover = runtime.config.hover
        stream, complete = StreamReader(Bounds.behind_the_pool(hover.max_tokens)), False

        def make_prompt(limits: "PromptLimits", _so_far: str) -> "Prompt":  # so short a text starts again
            return hover_prompt(symbol, parsed, hover.max_tokens, limits)

        try:
            async with asyncio.timeout(hover.budget_s):
                await stream.read(runtime.pool.stream(Lane.HOVER, make_prompt, says_nothing))
                complete = True
        except TimeoutError:
            pass  # the text so far is shown
        said = extract_prose(stream.text)
        # Up to the limit of the answer or of the time: a sentence that breaks off isn't shown.
        text = whole_sentences(said) if stream.cut_off or not complete else said
        if complete and not text.strip():
            raise NoEndpointError(f"{stream.endpoint} said nothing.", hint="Try again, or let it think less.")
        if stream.stopped:
            text = f"{text}\n\n({stream.endpoint} {stream.stopped}.)"
        return Explanation(text, stream.endpoint, complete)
