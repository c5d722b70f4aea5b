"""Ollama's wire format: newline-delimited JSON, and the figures in nanoseconds on the last line."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from pillion.fake_engine.dialects import Call, Dialect, Progress, part_of, read_messages, token_limit, without
from pillion.fake_engine.http_server import encode_json
from pillion.fake_engine.records import JsonObject, Settings

MODEL_BYTES = 4_000_000_000
KEEP_LOADED = timedelta(minutes=5)


def _timestamp(ahead: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + ahead).isoformat().replace("+00:00", "Z")


class OllamaDialect(Dialect):
    """POST /api/chat and /api/generate."""

    stream_type = "application/x-ndjson"

    def parse(self, path: str, body: JsonObject) -> Call:
        if path == "/api/chat":
            messages = read_messages(body)
            preload = not messages
        else:
            said = [("system", body.get("system")), ("user", body.get("prompt"))]
            messages = [{"role": role, "content": str(text)} for role, text in said if text]
            preload = not body.get("prompt")
        schema = body.get("format") if isinstance(body.get("format"), dict) else None
        taken = ["model", "messages", "prompt", "system", *(["format"] if schema is not None else [])]
        return Call(
            path=path,
            model=str(body.get("model", "")),
            messages=[] if preload else messages,
            schema=schema,
            options=without(body, *taken),
            stream=body.get("stream") is not False,
            max_tokens=token_limit(part_of(body, "options").get("num_predict")),
            preload=preload,
        )

    def frame(self, event: bytes) -> bytes:
        return event + b"\n"

    def opening(self, progress: Progress) -> bytes:
        return b""

    def piece(self, progress: Progress, text: str, *, thinking: bool) -> bytes:
        said = self._said(progress, "", text) if thinking else self._said(progress, text)
        return self._line({**self._stamp(progress), **said, "done": False})

    def closing(self, progress: Progress) -> bytes:
        return self._line({**self._stamp(progress), **self._said(progress, ""), **self._figures(progress)})

    def error_body(self, status: int, message: str) -> JsonObject:
        return {"error": message}

    def error_event(self, message: str) -> bytes:
        return self._line({"error": message})

    def whole(self, progress: Progress, *, complete: bool) -> JsonObject:
        said = self._said(progress, "".join(progress.content), "".join(progress.thinking))
        end = self._figures(progress) if complete else {"done": False}
        return {**self._stamp(progress), **said, **end}

    def _line(self, event: JsonObject) -> bytes:
        return self.frame(encode_json(event))

    def _stamp(self, progress: Progress) -> JsonObject:
        return {"model": progress.call.model, "created_at": _timestamp()}

    def _said(self, progress: Progress, text: str, thinking: str = "") -> JsonObject:
        thought = {"thinking": thinking} if thinking else {}
        if progress.call.path == "/api/generate":
            return {"response": text, **thought}
        return {"message": {"role": "assistant", "content": text, **thought}}

    def _figures(self, progress: Progress) -> JsonObject:
        end: JsonObject = {"done": True, "done_reason": progress.finish}
        if progress.call.preload:
            return end
        return {
            **end,
            "total_duration": _ns(time.monotonic() - progress.log.received_s),
            "load_duration": 1_000_000,
            "prompt_eval_count": progress.log.prompt_tokens,
            "prompt_eval_duration": _ns(progress.prompt_time_s()),
            "eval_count": progress.log.tokens_sent,
            "eval_duration": _ns(progress.predicted_time_s()),
        }


def _ns(seconds: float) -> int:
    return int(seconds * 1e9)


def _size_in(name: str) -> str:
    """“qwen2.5-coder:7b” → “7B”; a name without a size has seven billion parameters, too."""
    tag = name.rpartition(":")[2]
    return tag.upper() if tag[:1].isdigit() else "7B"


def _details(name: str) -> JsonObject:
    return {
        "name": name,
        "model": name,
        "size": MODEL_BYTES,
        "digest": "0" * 64,
        "details": {"format": "gguf", "family": "fake", "parameter_size": _size_in(name)},
    }


def tags(settings: Settings) -> JsonObject:
    """The answer of GET /api/tags."""
    return {"models": [{**_details(name), "modified_at": _timestamp()} for name in settings.served()]}


def loaded_models(settings: Settings, names: Iterable[str]) -> JsonObject:
    """The answer of GET /api/ps."""
    more = {"size_vram": MODEL_BYTES, "context_length": settings.n_ctx, "expires_at": _timestamp(KEEP_LOADED)}
    return {"models": [{**_details(name), **more} for name in names]}


def show(settings: Settings, name: str) -> JsonObject:
    """The answer of POST /api/show for a model that the engine has."""
    info = {"general.architecture": "fake", "fake.context_length": settings.n_ctx}
    return {"details": _details(name)["details"], "model_info": info, "capabilities": ["completion"]}


def not_found(name: str) -> JsonObject:
    """The body of the refusal of a model that the engine doesn't have."""
    return {"error": f"model '{name}' not found"}
