"""Ollama's native API: NDJSON from /api/chat, and from /api/generate for a text with a gap.

Ollama's /v1 can neither fix num_ctx nor keep a model loaded.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from typing import Any

from pillion.backends.backend import LISTED_MODELS_BYTES, Done, StreamEvent, Text, Thinking, ended_early, ran_out
from pillion.backends.chat_request import ChatRequest, Prefill
from pillion.backends.concessions import OLLAMA_FIELDS, Concessions
from pillion.backends.foreign import WholeCharacters, number
from pillion.backends.foreign_errors import error_in
from pillion.backends.http import EndpointHttp, listed_names, read_to_end
from pillion.backends.tool_calls import ToolCalls, plain_tools
from pillion.backends.whole_body import CUT, is_web_page, whole_value
from pillion.config.schema import EndpointConfig, Protocol
from pillion.errors import ModelMissingError

_NS = 1e-9
_WORDS = ("content", "thinking")
# What a line begins with where events are sent, as OpenAI's protocol has them.
_EVENTS = (b"data:", b"event:", b": ")


class OllamaBackend:
    """An Ollama server."""

    def __init__(self, name: str, config: EndpointConfig) -> None:
        self.name = name
        self.config = config
        self._http = EndpointHttp(name, config, str(config.url))
        self._concessions = Concessions(OLLAMA_FIELDS, self._http)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """See Backend.stream."""
        pieces = 0
        calls, thoughts, words = ToolCalls(), WholeCharacters(), WholeCharacters()
        async with AsyncExitStack() as stack:
            body = self._body(request)
            answer = await self._concessions.answer(stack, _path(request), body, request.max_tokens)
            lines = await stack.enter_async_context(aclosing(answer.lines()))
            async for line in lines:
                event, message = self._read(line, await whole_value(line, lines), request, begun=pieces > 0)
                thought, text = message.get("thinking") or "", message.get("content") or ""
                called = message.get("tool_calls") if request.tools else None
                if not calls.add(called):
                    raise self._http.failures.not_a_line(line)
                if thought or text or called:
                    pieces += 1
                    answer.progressed()
                is_last = bool(event.get("done"))
                for kind, said, whole in ((Thinking, thought, thoughts), (Text, text, words)):
                    if ready := whole.feed(said) + (whole.finish() if is_last else ""):
                        yield kind(ready)
                if is_last:
                    await read_to_end(lines)
                    for call in calls.whole():
                        yield call
                    done = _done(event, request.max_tokens, pieces, self.config.num_ctx)
                    yield replace(done, tool_calls=len(calls.whole()))
                    return
        raise self._http.failures.interrupted("the stream ended without its last line.")

    async def check(self) -> None:
        """See Backend.check."""
        await self._http.get("/api/version")

    async def look(self) -> str:
        """See Backend.look."""
        page = await self._http.get("/api/tags", LISTED_MODELS_BYTES)
        names = await asyncio.to_thread(listed_names, page, "models", "name", self._http.failures)
        model = self.config.model
        if model not in names and f"{model}:latest" not in names:
            raise ModelMissingError(f"{self.name} doesn't have the model {model!r}.", hint=f"Run: ollama pull {model}")
        return ""

    async def aclose(self) -> None:
        """See Backend.aclose."""
        await self._http.aclose()

    def _body(self, request: ChatRequest) -> dict[str, Any]:
        config = self.config
        body = {"model": config.model, **_said(request), "stream": True, "options": self._options(request)}
        if request.prefill is Prefill.FLAGGED:
            raise self._http.failures.not_possible("be told to go on from an answer")
        if request.schema is not None:
            body["format"] = request.schema
        if request.tools:
            if request.suffix is not None:
                raise self._http.failures.not_possible("fill a gap in a text with tools")
            body["tools"] = plain_tools(request.tools)
        if config.keep_alive is not None:
            body["keep_alive"] = config.keep_alive
        if config.think is not None:
            body["think"] = config.think
        return body

    def _options(self, request: ChatRequest) -> dict[str, Any]:
        config, sampling = self.config, request.sampling
        temperature = config.temperature if sampling.temperature is None else sampling.temperature
        options: dict[str, Any] = {
            "num_ctx": config.num_ctx,
            "num_predict": request.max_tokens,
            "temperature": temperature,
        }
        if sampling.top_p is not None:
            options["top_p"] = sampling.top_p
        if sampling.seed is not None:
            options["seed"] = sampling.seed
        if request.stop:
            options["stop"] = list(request.stop)
        return options

    def _read(
        self, line: bytes, event: object, request: ChatRequest, *, begun: bool
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The event that a line has, and the message in it."""
        failures = self._http.failures
        if (error := error_in(event)) is not None:
            # A failure in the middle of a stream comes as the last line of a reply with status 200.
            raise failures.said(error, begun=begun)
        if isinstance(event, dict):
            gap = request.suffix is not None
            message = {**event, "content": event.get("response")} if gap else event.get("message") or {}
            if isinstance(message, dict) and all(isinstance(message.get(part) or "", str) for part in _WORDS):
                return event, message
        if event is CUT:
            raise failures.cut_in_a_line()
        if line.startswith(_EVENTS):
            raise failures.other_protocol("events as OpenAI's servers do", Protocol.OPENAI)
        if is_web_page(line):
            raise failures.not_the_protocol("a web page")
        raise failures.not_a_line(line)


def _path(request: ChatRequest) -> str:
    return "/api/chat" if request.suffix is None else "/api/generate"


def _said(request: ChatRequest) -> dict[str, Any]:
    if request.suffix is not None:
        return {"prompt": request.messages[0].content, "suffix": request.suffix}
    return {"messages": [{"role": message.role, "content": message.content} for message in request.messages]}


def _done(event: dict[str, Any], max_tokens: int, pieces: int, num_ctx: int) -> Done:
    prompt_tokens, tokens = int(number(event, "prompt_eval_count")), int(number(event, "eval_count"))
    reason = event.get("done_reason")
    if isinstance(reason, str) and reason:
        cut_off = ended_early(reason)
    else:
        cut_off = ran_out(prompt_tokens, tokens or pieces, max_tokens, num_ctx)
    return Done(
        prompt_tokens=prompt_tokens,
        completion_tokens=tokens,
        prompt_s=number(event, "prompt_eval_duration") * _NS,
        decode_s=number(event, "eval_duration") * _NS,
        cut_off=cut_off,
    )
