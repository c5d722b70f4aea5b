"""OpenAI's wire format as llama.cpp's server speaks it: server-sent events, and `timings` at the end."""

from __future__ import annotations

import time

from pillion.fake_engine.dialects import Call, Dialect, Progress, part_of, read_messages, token_limit, without
from pillion.fake_engine.http_server import BadRequestError, encode_json
from pillion.fake_engine.records import JsonObject, Settings

_ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    429: "rate_limit_error",
    503: "unavailable_error",
}


class OpenAiDialect(Dialect):
    """POST /v1/chat/completions and /v1/completions."""

    stream_type = "text/event-stream"

    def parse(self, path: str, body: JsonObject) -> Call:
        if path == "/v1/completions":
            prompt = body.get("prompt", "")
            text = "".join(map(str, prompt)) if isinstance(prompt, list) else str(prompt)
            messages = [{"role": "user", "content": text}]
        else:
            messages = read_messages(body)
            if not messages:
                raise BadRequestError("'messages' is required")
        schema = _schema(body.get("response_format"))
        taken = ["model", "messages", "prompt", *(["response_format"] if schema is not None else [])]
        return Call(
            path=path,
            model=str(body.get("model", "")),
            messages=messages,
            schema=schema,
            options=without(body, *taken),
            stream=body.get("stream") is True,
            max_tokens=token_limit(*map(body.get, ("max_completion_tokens", "max_tokens", "n_predict"))),
            include_usage=part_of(body, "stream_options").get("include_usage") is True,
        )

    def frame(self, event: bytes) -> bytes:
        return b"data: " + event + b"\n\n"

    def opening(self, progress: Progress) -> bytes:
        if self._is_completion(progress):
            return b""
        return self._event(self._chunk(progress, {"delta": {"role": "assistant", "content": None}}))

    def piece(self, progress: Progress, text: str, *, thinking: bool) -> bytes:
        if self._is_completion(progress):
            return self._event(self._chunk(progress, {"text": text}))
        name = "reasoning_content" if thinking else "content"
        return self._event(self._chunk(progress, {"delta": {name: text}}))

    def closing(self, progress: Progress) -> bytes:
        said: JsonObject = {"text": ""} if self._is_completion(progress) else {"delta": {}}
        chunks = [self._chunk(progress, said, finish=progress.finish)]
        if progress.call.include_usage:
            chunks.append({**self._chunk(progress, {}), "choices": [], "usage": _usage(progress)})
        chunks[-1]["timings"] = _timings(progress)  # llama.cpp puts them on the last chunk, whichever that is
        return b"".join(map(self._event, chunks)) + self.frame(b"[DONE]")

    def error_body(self, status: int, message: str) -> JsonObject:
        kind = _ERROR_TYPES.get(status, "server_error")
        return {"error": {"message": message, "type": kind, "code": status}}

    def error_event(self, message: str) -> bytes:
        return self._event(self.error_body(500, message))

    def whole(self, progress: Progress, *, complete: bool) -> JsonObject:
        content, thinking = "".join(progress.content), "".join(progress.thinking)
        message = {"role": "assistant", "content": content}
        if thinking:
            message["reasoning_content"] = thinking
        said: JsonObject = {"text": content} if self._is_completion(progress) else {"message": message}
        answer = self._chunk(progress, said, finish=progress.finish if complete else None)
        answer["object"] = answer["object"].removesuffix(".chunk")
        return {**answer, "usage": _usage(progress), "timings": _timings(progress)}

    def _is_completion(self, progress: Progress) -> bool:
        return progress.call.path == "/v1/completions"

    def _event(self, chunk: JsonObject) -> bytes:
        return self.frame(encode_json(chunk))

    def _chunk(self, progress: Progress, said: JsonObject, finish: str | None = None) -> JsonObject:
        return {
            "choices": [{"finish_reason": finish, "index": 0, **said}],
            "created": int(time.time()),
            "id": f"chatcmpl-{progress.log.id}",
            "model": progress.call.model,
            "object": "text_completion" if self._is_completion(progress) else "chat.completion.chunk",
        }


def _schema(response_format: object) -> JsonObject | None:
    """The schema, from OpenAI's place for it or from llama.cpp's other place."""
    if not isinstance(response_format, dict):
        return None
    holder = response_format.get("json_schema", response_format)
    schema = holder.get("schema") if isinstance(holder, dict) else None
    return schema if isinstance(schema, dict) else None


def _usage(progress: Progress) -> JsonObject:
    log = progress.log
    return {
        "completion_tokens": log.tokens_sent,
        "prompt_tokens": log.prompt_tokens,
        "total_tokens": log.tokens_sent + log.prompt_tokens,
        "prompt_tokens_details": {"cached_tokens": log.cached_tokens},
    }


def _timings(progress: Progress) -> JsonObject:
    predicted_s = progress.predicted_time_s()
    return {
        "cache_n": progress.log.cached_tokens,
        "prompt_n": progress.log.prompt_tokens - progress.log.cached_tokens,
        "prompt_ms": progress.prompt_time_s() * 1e3,
        "predicted_n": progress.log.tokens_sent,
        "predicted_ms": predicted_s * 1e3,
        "predicted_per_second": progress.log.tokens_sent / max(predicted_s, 1e-6),
    }


def models(settings: Settings) -> JsonObject:
    """The answer of GET /v1/models."""
    meta = {"n_ctx_train": settings.n_ctx}
    common = {"object": "model", "created": int(time.time()), "owned_by": "llamacpp", "meta": meta}
    return {"object": "list", "data": [{"id": name, **common} for name in settings.served()]}


def props(settings: Settings) -> JsonObject:
    """The answer of GET /props."""
    return {
        "default_generation_settings": {"n_ctx": settings.n_ctx},
        "total_slots": settings.slots,
        "model_path": f"/models/{settings.model}.gguf",
    }
