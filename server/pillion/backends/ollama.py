"""Ollama's native API: NDJSON from /api/chat. (Its /v1 can neither pin num_ctx nor keep a model loaded.)"""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from pillion.backends.base import Done, StreamEvent, Text, Thinking
from pillion.backends.http import LineStream, error_message, number, read_to_end
from pillion.config import EndpointConfig
from pillion.prompts.prompt import Prompt

_NS = 1e-9


class OllamaBackend:
    """An Ollama server."""

    def __init__(self, name: str, config: EndpointConfig) -> None:
        self.name = name
        self.config = config
        self._http = LineStream(name, config, str(config.url))

    async def stream(self, prompt: Prompt) -> AsyncGenerator[StreamEvent, None]:
        """See Backend.stream."""
        async with aclosing(self._http.post("/api/chat", self._body(prompt))) as lines:
            async for line in lines:
                event = self._object(line)
                if "error" in event:
                    # A failure in mid-stream comes as a last line of a reply with status 200.
                    raise self._http.interrupted(error_message(line.decode("utf-8", "replace")))
                message = event.get("message") or {}
                if thought := message.get("thinking"):
                    yield Thinking(str(thought))
                if text := message.get("content"):
                    yield Text(str(text))
                if event.get("done"):
                    await read_to_end(lines)
                    yield _done(event)
                    return
        raise self._http.interrupted("the stream ended without its last line.")

    async def check(self) -> None:
        """See Backend.check."""
        await self._http.get("/api/version")

    async def aclose(self) -> None:
        """See Backend.aclose."""
        await self._http.aclose()

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        config = self.config
        body: dict[str, Any] = {
            "model": config.model,
            "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
            "stream": True,
            "options": {
                "num_ctx": config.num_ctx,
                "num_predict": prompt.max_tokens,
                "temperature": config.temperature,
            },
        }
        if prompt.schema is not None:
            body["format"] = prompt.schema
        if config.keep_alive is not None:
            body["keep_alive"] = config.keep_alive
        if config.think is not None:
            body["think"] = config.think
        return body

    def _object(self, line: bytes) -> dict[str, Any]:
        try:
            event = json.loads(line)
        except (ValueError, RecursionError) as exc:
            raise self._http.not_the_protocol(line) from exc
        if not isinstance(event, dict) or not isinstance(event.get("message") or {}, dict):
            raise self._http.not_the_protocol(line)
        return event


def _done(event: dict[str, Any]) -> Done:
    return Done(
        prompt_tokens=int(number(event, "prompt_eval_count")),
        completion_tokens=int(number(event, "eval_count")),
        prompt_s=number(event, "prompt_eval_duration") * _NS,
        decode_s=number(event, "eval_duration") * _NS,
        cut_off=event.get("done_reason") == "length",
    )
