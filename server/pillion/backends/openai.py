"""The OpenAI dialect: SSE from /v1/chat/completions, and from /v1/completions for a text with a gap.

llama.cpp's server, vLLM and others speak it. llama.cpp's server ignores a suffix: it fills gaps only at /infill.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from typing import Any

from pillion.backends.backend import LISTED_MODELS_BYTES, Done, StreamEvent
from pillion.backends.chat_request import ChatRequest, Prefill
from pillion.backends.concessions import OPENAI_FIELDS, Concessions
from pillion.backends.foreign import readable
from pillion.backends.http import EndpointHttp, listed_names, read_to_end
from pillion.backends.likelihood import Likelihood, LikelihoodRequest
from pillion.backends.openai_likelihoods import OpenAILikelihoods
from pillion.backends.openai_reading import OpenAIReading
from pillion.backends.server_events import END, NO_EVENT, server_events
from pillion.backends.tool_calls import plain_tools
from pillion.backends.whole_body import whole_value
from pillion.config.schema import EndpointConfig
from pillion.errors import ModelMissingError
from pillion.plurals import counted


class OpenAIBackend:
    """A server that speaks the OpenAI dialect. `url` and `api_key` override the configuration's."""

    def __init__(
        self, name: str, config: EndpointConfig, *, url: str | None = None, api_key: str | None = None
    ) -> None:
        self.name = name
        self.config = config
        address = url or str(config.url)
        self._http = EndpointHttp(name, config, address, api_key)
        self._concessions = Concessions(OPENAI_FIELDS, self._http)
        self._likelihoods = OpenAILikelihoods(name, config, self._http, address, api_key)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """See Backend.stream."""
        reading = OpenAIReading(self._http.failures, with_tools=bool(request.tools))
        async with AsyncExitStack() as stack:
            body = self._body(request)
            answer = await self._concessions.answer(stack, _path(request), body, request.max_tokens)
            lines = await stack.enter_async_context(aclosing(answer.lines(empty=True)))
            events = await stack.enter_async_context(aclosing(server_events(lines)))
            async for event in events:
                if event.value is END:
                    reading.end()
                    await read_to_end(lines)
                    break
                pieces, value = reading.pieces, event.value
                if value is NO_EVENT and not reading.has_begun:
                    value = await whole_value(event.data, lines)
                for said in reading.take(event, value):
                    yield said
                if reading.pieces > pieces:
                    answer.progressed()
        for last in reading.last(request.max_tokens, self.config.num_ctx):
            yield last

    def likelihoods(self, request: LikelihoodRequest) -> AsyncGenerator[Likelihood | Done, None]:
        """See ReadsLikelihoods."""
        return self._likelihoods.read(request)

    async def check(self) -> None:
        """See Backend.check."""
        await self._http.get("/models")

    async def look(self) -> str:
        """See Backend.look. A server with only one model, for example llama.cpp's, accepts any model name."""
        page = await self._http.get("/models", LISTED_MODELS_BYTES)
        if page.status in (401, 403):
            raise self._http.failures.key_refused(page.status)
        if page.status != 200:
            unsure = f"it doesn't list its models (status {page.status}), so the model's name is taken on trust"
            return f"{unsure}. {self._http.failures.address_hint}".rstrip(". ")
        names = await asyncio.to_thread(listed_names, page, "data", "id", self._http.failures)
        if self.config.model in names or f"models/{self.config.model}" in names:  # Gemini's names have a folder
            return ""
        if len(names) <= 1:
            return f"it calls its model {readable(names[0], 80)!r}" if names else "it lists no models"
        raise ModelMissingError(
            f"{self.name} doesn't have the model {self.config.model!r}.",
            hint=f"It has {counted(len(names), 'model')}: {_few(names)}.",
        )

    async def aclose(self) -> None:
        """See Backend.aclose."""
        await self._likelihoods.aclose()
        await self._http.aclose()

    def _body(self, request: ChatRequest) -> dict[str, Any]:
        sampling = request.sampling
        body: dict[str, Any] = {
            "model": self.config.model,
            **_said(request),
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": request.max_tokens,
            "temperature": self.config.temperature if sampling.temperature is None else sampling.temperature,
        }
        if isinstance(self.config.think, str):
            body["reasoning_effort"] = self.config.think
        if sampling.top_p is not None:
            body["top_p"] = sampling.top_p
        if sampling.seed is not None:
            body["seed"] = sampling.seed
        if request.stop:
            body["stop"] = list(request.stop)
        if request.prefill is Prefill.FLAGGED:
            body |= {"continue_final_message": True, "add_generation_prompt": False}
        if request.suffix is not None and (request.schema is not None or request.tools):
            raise self._http.failures.not_possible("fill a gap in a text by a schema or with tools")
        if request.tools:
            body["tools"] = plain_tools(request.tools)
        if request.schema is not None:
            schema = {"name": "answer", "schema": request.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body


def _path(request: ChatRequest) -> str:
    return "/chat/completions" if request.suffix is None else "/completions"


def _said(request: ChatRequest) -> dict[str, Any]:
    if request.suffix is not None:
        return {"prompt": request.messages[0].content, "suffix": request.suffix}
    return {"messages": [{"role": message.role, "content": message.content} for message in request.messages]}


def _few(names: list[str]) -> str:
    few = ", ".join(readable(each, 60) for each in names[:5])
    return few if len(names) <= 5 else f"{few} …"
