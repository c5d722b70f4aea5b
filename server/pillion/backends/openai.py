"""The OpenAI dialect: SSE from /v1/chat/completions, as llama.cpp's server, vLLM and others speak it."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from pillion.backends.base import Done, StreamEvent, Text, Thinking
from pillion.backends.http import LineStream, error_message, number, read_to_end
from pillion.config import EndpointConfig
from pillion.prompts.prompt import Prompt

_MS = 1e-3


class OpenAIBackend:
    """A server that speaks the OpenAI dialect. `url` and `api_key` override the configuration's."""

    def __init__(
        self, name: str, config: EndpointConfig, *, url: str | None = None, api_key: str | None = None
    ) -> None:
        self.name = name
        self.config = config
        self._http = LineStream(name, config, url or str(config.url), api_key)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[StreamEvent, None]:
        """See Backend.stream."""
        finish_reason: object = None
        usage: object = None
        timings: object = None
        async with aclosing(self._http.post("/chat/completions", self._body(prompt))) as lines:
            async for line in lines:
                if not line.startswith(b"data:"):
                    if line.startswith((b":", b"event:", b"id:", b"retry:")):
                        continue  # comments keep the connection alive; the other fields aren't used
                    raise self._http.not_the_protocol(line)
                data = line[len(b"data:") :].strip()
                if data == b"[DONE]":
                    await read_to_end(lines)
                    break
                event = self._object(data)
                if event.get("error"):
                    raise self._http.interrupted(error_message(data.decode("utf-8", "replace")))
                usage = event.get("usage") or usage
                timings = event.get("timings") or timings
                for choice in event.get("choices") or ():
                    finish_reason = choice.get("finish_reason") or finish_reason
                    delta = choice.get("delta") or {}
                    if thought := delta.get("reasoning_content") or delta.get("reasoning"):  # vLLM has renamed it
                        yield Thinking(str(thought))
                    if text := delta.get("content"):
                        yield Text(str(text))
            else:
                if finish_reason is None:
                    raise self._http.interrupted("the stream ended without its last event.")
        yield _done(finish_reason, usage, timings)

    async def check(self) -> None:
        """See Backend.check."""
        await self._http.get("/models")

    async def aclose(self) -> None:
        """See Backend.aclose."""
        await self._http.aclose()

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.config.model,
            "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": prompt.max_tokens,
            "temperature": self.config.temperature,
        }
        if prompt.schema is not None:
            schema = {"name": "answer", "schema": prompt.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body

    def _object(self, data: bytes) -> dict[str, Any]:
        try:
            event = json.loads(data)
        except (ValueError, RecursionError) as exc:
            raise self._http.not_the_protocol(data) from exc
        choices = event.get("choices") if isinstance(event, dict) else 0
        if not isinstance(event, dict) or not isinstance(choices, list | None):
            raise self._http.not_the_protocol(data)
        if not all(isinstance(c, dict) and isinstance(c.get("delta") or {}, dict) for c in choices or ()):
            raise self._http.not_the_protocol(data)
        return event


def _done(finish_reason: object, usage: object, timings: object) -> Done:
    details = usage.get("prompt_tokens_details") if isinstance(usage, dict) else None
    cached = number(timings, "cache_n") or number(details, "cached_tokens")
    return Done(
        prompt_tokens=int(number(usage, "prompt_tokens") or number(timings, "prompt_n") + cached),
        cached_tokens=int(cached),
        completion_tokens=int(number(usage, "completion_tokens") or number(timings, "predicted_n")),
        prompt_s=number(timings, "prompt_ms") * _MS,
        decode_s=number(timings, "predicted_ms") * _MS,
        cut_off=finish_reason == "length",
    )
