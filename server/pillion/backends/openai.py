"""The OpenAI dialect: SSE from /v1/chat/completions, and from /v1/completions for a text with a gap.

llama.cpp's server, vLLM and others speak it. llama.cpp's server ignores a suffix: it fills gaps only at /infill.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from pillion.backends.backend import LISTED_MODELS_BYTES, Done, StreamEvent, Text, Thinking, ended_early, ran_out
from pillion.backends.chat_request import ChatRequest, Prefill
from pillion.backends.foreign import encodable, error_message, number, readable
from pillion.backends.http import EndpointHttp, listed_names, read_to_end
from pillion.backends.likelihood import Likelihood, LikelihoodRequest
from pillion.backends.openai_likelihoods import OpenAILikelihoods
from pillion.backends.tool_calls import ToolCalls, plain_tools
from pillion.config.schema import EndpointConfig
from pillion.errors import ModelMissingError
from pillion.plurals import counted

_MS = 1e-3
_WORDS = ("content", "reasoning_content", "reasoning")  # vLLM has renamed the thoughts


class OpenAIBackend:
    """A server that speaks the OpenAI dialect. `url` and `api_key` override the configuration's."""

    def __init__(
        self, name: str, config: EndpointConfig, *, url: str | None = None, api_key: str | None = None
    ) -> None:
        self.name = name
        self.config = config
        address = url or str(config.url)
        self._http = EndpointHttp(name, config, address, api_key)
        self._likelihoods = OpenAILikelihoods(name, config, self._http, address, api_key)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """See Backend.stream."""
        finish_reasons: set[str] = set()
        usage: object = None
        timings: object = None
        pieces = 0
        calls = ToolCalls()
        async with (
            self._http.post(_path(request), self._body(request), request.max_tokens) as answer,
            aclosing(answer.lines()) as lines,
        ):
            async for line in lines:
                if not line.startswith(b"data:"):
                    if line.startswith((b":", b"event:", b"id:", b"retry:")):
                        continue  # comments keep the connection alive; the other fields aren't used
                    raise self._http.failures.not_a_line(line)
                data = line[len(b"data:") :].strip()
                if data == b"[DONE]":
                    await read_to_end(lines)
                    break
                event = self._object(data)
                if event.get("error"):
                    raise self._http.failures.interrupted(error_message(data.decode("utf-8", "replace")))
                usage = event.get("usage") or usage
                timings = event.get("timings") or timings
                for choice in event.get("choices") or ():
                    if isinstance(reason := choice.get("finish_reason"), str) and reason:
                        finish_reasons.add(reason)
                    delta = _delta(choice)
                    thought, text = delta.get("reasoning_content") or delta.get("reasoning"), delta.get("content")
                    if thought:
                        yield Thinking(encodable(thought))
                    if text:
                        yield Text(encodable(text))
                    called = delta.get("tool_calls") if request.tools else None
                    if not calls.add(called):
                        raise self._http.failures.not_a_line(data)
                    if thought or text or called:
                        pieces += 1
                        answer.progressed()
            else:
                if not finish_reasons:
                    raise self._http.failures.interrupted("the stream ended without its last event.")
        for call in calls.whole():
            yield call
        done = _done(usage, timings)
        cut_off = any(map(ended_early, finish_reasons)) or (
            not finish_reasons
            and ran_out(done.prompt_tokens, done.completion_tokens or pieces, request.max_tokens, self.config.num_ctx)
        )
        yield replace(done, cut_off=cut_off, tool_calls=len(calls.whole()))

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
            return f"it doesn't list its models (status {page.status}), so the model's name is taken on trust"
        names = await asyncio.to_thread(listed_names, page, "data", "id", self._http.failures)
        if self.config.model in names:
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

    def _object(self, data: bytes) -> dict[str, Any]:
        try:
            event = json.loads(data)
        except (ValueError, RecursionError) as exc:
            raise self._http.failures.not_a_line(data) from exc
        choices = event.get("choices") if isinstance(event, dict) else 0
        if not isinstance(choices, list | None) or not all(_is_choice(each) for each in choices or ()):
            raise self._http.failures.not_a_line(data)
        return dict(event)


def _path(request: ChatRequest) -> str:
    return "/chat/completions" if request.suffix is None else "/completions"


def _said(request: ChatRequest) -> dict[str, Any]:
    if request.suffix is not None:
        return {"prompt": request.messages[0].content, "suffix": request.suffix}
    return {"messages": [{"role": message.role, "content": message.content} for message in request.messages]}


def _is_choice(choice: object) -> bool:
    delta = _delta(choice) if isinstance(choice, dict) else None
    return isinstance(delta, dict) and all(isinstance(delta.get(part) or "", str) for part in _WORDS)


def _delta(choice: dict[str, Any]) -> Any:
    """The words of a choice. Outside of a chat they are one text."""
    return choice.get("delta") or ({"content": choice["text"]} if "text" in choice else {})


def _few(names: list[str]) -> str:
    few = ", ".join(readable(each, 60) for each in names[:5])
    return few if len(names) <= 5 else f"{few} …"


def _done(usage: object, timings: object) -> Done:
    details = usage.get("prompt_tokens_details") if isinstance(usage, dict) else None
    cached = number(timings, "cache_n") or number(details, "cached_tokens")
    return Done(
        prompt_tokens=int(number(usage, "prompt_tokens") or number(timings, "prompt_n") + cached),
        cached_tokens=int(cached),
        completion_tokens=int(number(usage, "completion_tokens") or number(timings, "predicted_n")),
        prompt_s=number(timings, "prompt_ms") * _MS,
        decode_s=number(timings, "predicted_ms") * _MS,
    )
