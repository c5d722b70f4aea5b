"""Servers as they really are: each kind of reply that one of them sends ends as an answer, or as an error with its words."""

import gzip
import json
import zlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest
from pydantic import AnyHttpUrl, TypeAdapter

from pillion.backends.backend import Done, StreamEvent, Text, Thinking
from pillion.backends.openai import OpenAIBackend
from pillion.config.schema import Protocol
from pillion.errors import (
    EngineError,
    EngineInterruptedError,
    EngineProtocolError,
    EngineRefusedError,
    ModelMissingError,
)
from tests.support.pools import ask, collect, open_backend
from tests.support.raw_server import OK, delta, ndjson, said, serving, sse

END = "[DONE]"
A = [Text("a"), Done()]
DONE = {"done": True, "done_reason": "stop"}
PLAIN = sse(delta(content="a"), delta("stop"), END)


async def read(dialect: str, pieces: Iterable[bytes], head: bytes = OK, **settings: Any) -> list[StreamEvent]:
    async with serving(pieces, head) as url, open_backend(dialect, url, **settings) as endpoint:
        return await collect(endpoint.stream(ask().request))


def choice(**fields: object) -> dict[str, object]:
    """An event with these fields in its choice."""
    return {"choices": [fields]}


def indented(value: object) -> bytes:
    return json.dumps(value, indent=2).encode()


WHOLE = {
    "object": "chat.completion",
    **choice(index=0, message={"role": "assistant", "content": "a"}, finish_reason="stop"),
}

# Replies that are answers: (the stream, the events).
OPENAI = {
    "content in parts": (sse(delta(content=[{"type": "text", "text": "a"}]), delta("stop"), END), A),
    "content as one part": (sse(delta(content={"type": "text", "text": "a"}), delta("stop"), END), A),
    "content in strings": (sse(delta(content=["a", ""]), delta("stop"), END), A),
    "Mistral's thoughts": (
        sse(delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]), delta("stop", content="a"), END),
        [Thinking("hm"), *A],
    ),
    "DeepSeek's thoughts": (sse(delta(reasoning_content="hm", content=None), delta("stop", content="a"), END), [Thinking("hm"), *A]),
    "Ollama's thoughts": (sse(delta(thinking="hm", content=""), delta("stop", content="a"), END), [Thinking("hm"), *A]),
    "a thought twice": (sse(delta(reasoning="hm", reasoning_content="hm"), delta("stop", content="a"), END), [Thinking("hm"), *A]),
    "OpenRouter's thoughts": (
        sse(delta(content="", reasoning_details=[{"type": "reasoning.text", "text": "hm"}, 7]), delta("stop", content="a"), END),
        [Thinking("hm"), *A],
    ),
    "a refusal of the model's": (sse(delta(refusal="a"), delta("stop"), END), A),
    "empty data": (b"data:\n\ndata: \n\n" + PLAIN + b"data:\n\n", A),
    "blank lines": (b"  \n\t\n" + PLAIN.replace(b"\n\n", b"\n \n"), A),
    "null as data": (sse("null") + PLAIN, A),
    "a mark of the byte order": (b"\xef\xbb\xbf" + PLAIN, A),
    "a mark, then CRLF": (b"\xef\xbb\xbf" + PLAIN.replace(b"\n", b"\r\n"), A),
    "CR alone": (PLAIN.replace(b"\n", b"\r"), A),
    "no empty lines": (PLAIN.replace(b"\n\n", b"\n"), A),
    "an event on several lines": (
        b'event: message\ndata: {"choices":\ndata:   [{"delta": {"content": "a"},\ndata: "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n', A,
    ),
    "names and ids": (b"event: chunk\nid: 1\nretry: 5\nx-own: 7\n" + PLAIN, A),
    "comments as signs of life": (b": OPENROUTER PROCESSING\n\n:\n\n" + PLAIN, A),
    "events as signs of life": (b'event: ping\ndata: {"type": "ping"}\n\nevent: ping\ndata: ping\n\n' + PLAIN, A),
    "[DONE] twice": (PLAIN + b"data: [DONE]\n\n", A),
    "[DONE] in quotes": (PLAIN.replace(b"[DONE]", b'"[DONE]"'), A),
    "[DONE] missing": (sse(delta(content="a"), delta("stop")), A),
    "only the figures at the end": (sse(delta(content="a"), {"choices": [], "usage": {"prompt_tokens": 3}}), [Text("a"), Done(prompt_tokens=3)]),
    "figures in each event": (
        sse({**delta(content="a"), "usage": {"prompt_tokens": 3}}, {**delta("stop"), "usage": None}, END), [Text("a"), Done(prompt_tokens=3)],
    ),
    "Azure's first event": (sse({"choices": [], "prompt_filter_results": [], "usage": None}, delta(content="a"), delta("stop"), END), A),
    "figures at the start": (sse({"choices": [], "usage": {"prompt_tokens": 3}}, delta(content="a"), delta("stop"), END), [Text("a"), Done(prompt_tokens=3)]),
    "the whole answer again at the end": (sse(delta(content="a"), choice(message={"content": "a"}, finish_reason="stop"), END), A),
    "no choices at all": (sse({"id": "1"}, delta(content="a"), delta("stop"), END), A),
    "no delta": (sse(choice(index=0, delta=None, finish_reason=None), delta(content="a"), choice(index=0, finish_reason="stop"), END), A),
    "only a role": (sse(delta(role="assistant"), delta(content="a"), delta("stop"), END), A),
    "an empty reason": (sse(choice(delta={"content": "a"}, finish_reason=""), delta("stop"), END), A),
    "another answer beside it": (
        sse({"choices": [{"index": 0, "delta": {"content": "a"}}, {"index": 1, "delta": {"content": "b"}}]}, delta("stop"), END), A,
    ),
    "halves of a character in two events": (
        b'data: {"choices":[{"delta":{"content":"\\ud83d"}}]}\n\ndata: {"choices":[{"delta":{"content":"\\ude00!"},"finish_reason":"stop"}]}\n\n',
        [Text("😀!"), Done()],
    ),
    "half a character, and no more": (
        b'data: {"choices":[{"delta":{"content":"a\\ud83d"},"finish_reason":"stop"}]}\n\n', [Text("a"), Text("\ufffd"), Done()],
    ),
    "half a character, then another": (
        b'data: {"choices":[{"delta":{"content":"\\ud83d"}}]}\n\ndata: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n',
        [Text("\ufffda"), Done()],
    ),
    "a whole answer, no stream": (json.dumps(WHOLE).encode(), A),
    "a whole answer, indented": (indented(WHOLE), A),
    "a whole answer as an event": (sse(WHOLE, END), A),
    "no error": (sse({**delta(content="a"), "error": None}, {**delta("stop"), "error": {}}, END), A),
}  # fmt: skip
OLLAMA = {
    "a mark of the byte order": (b"\xef\xbb\xbf" + ndjson(said("a"), DONE), A),
    "blank lines": (ndjson(said("a"), DONE).replace(b"\n", b"\n \t \r\n\n"), A),
    "halves of a character": (
        b'{"message":{"content":"\\ud83d"}}\n{"message":{"content":"\\ude00","thinking":"\\ud83d"}}\n{"message":{"thinking":"\\ude00"},"done":true,"done_reason":"stop"}\n',
        [Text("😀"), Thinking("😀"), Done()],
    ),
    "half a character at the end": (
        b'{"message":{"content":"\\ud83d"}}\n{"done":true,"done_reason":"stop"}\n', [Text("\ufffd"), Done()],
    ),
    "a whole answer, indented": (indented({**said("a"), **DONE}), A),
    "no error": (ndjson({**said("a"), "error": None}, DONE), A),
}  # fmt: skip


@pytest.mark.parametrize(("stream", "events"), OPENAI.values(), ids=OPENAI)
async def test_answers_of_openai_servers(stream: bytes, events: list[StreamEvent]) -> None:
    assert await read("openai", [stream]) == events
    assert await read("openai", [stream[at : at + 3] for at in range(0, len(stream), 3)]) == events


@pytest.mark.parametrize(("stream", "events"), OLLAMA.values(), ids=OLLAMA)
async def test_answers_of_ollama_servers(stream: bytes, events: list[StreamEvent]) -> None:
    assert await read("ollama", [stream]) == events


class Wrong(NamedTuple):
    dialect: str
    stream: bytes
    error: type[EngineError]
    words: str
    hint: str = "log"
    head: bytes = OK


def status(code: str, more: str = "") -> bytes:
    return OK.replace(b"200 OK", code.encode()).replace(
        b"\r\n\r\n", f"\r\n{more}\r\n\r\n".encode() if more else b"\r\n\r\n"
    )


NO_MODEL = "gpu0 doesn't have the model 'fake-model'."
WRONG = {
    "a field error:": Wrong("openai", b"error: out of memory\n\n", EngineInterruptedError, "gpu0: out of memory"),
    "llama.cpp's field error:": Wrong("openai", b'error: {"code":500,"message":"no slot","type":"server_error"}\n\n', EngineInterruptedError, "gpu0: no slot"),
    "an event error": Wrong("openai", b'event: error\ndata: {"message": "no slot"}\n\n', EngineInterruptedError, "gpu0: no slot"),
    "LM Studio's event error": Wrong("openai", b'event: error\ndata: {"error":{"message":"The model has crashed"}}\n\n', EngineInterruptedError, "gpu0: The model has crashed"),
    "an event error in plain words": Wrong("openai", b"event: error\ndata: no slot\n\n", EngineInterruptedError, "gpu0: no slot"),
    "the object error": Wrong("openai", sse({"object": "error", "message": "no slot", "type": "BadRequestError", "code": 400}), EngineInterruptedError, "gpu0: no slot"),
    "TGI's error": Wrong("openai", b'data:{"error":"Input validation error","error_type":"validation"}\n\n', EngineInterruptedError, "gpu0: Input validation error"),
    "an error without an event": Wrong("openai", b'{"error":{"message":"no slot"}}', EngineInterruptedError, "gpu0: no slot"),
    "an indented error": Wrong("openai", indented({"error": {"message": "no slot", "code": None}}), EngineInterruptedError, "gpu0: no slot"),
    "an indented error of Ollama's": Wrong("ollama", indented({"error": "no slot"}), EngineInterruptedError, "gpu0: no slot"),
    "Gemini's error": Wrong("openai", indented([{"error": {"code": 400, "message": "API key not valid", "status": "INVALID_ARGUMENT"}}]), EngineInterruptedError, "gpu0: API key not valid"),
    "FastAPI's": Wrong("openai", b'{"detail":"Not authenticated"}', EngineInterruptedError, "gpu0: Not authenticated"),
    "FastChat's": Wrong("openai", sse({"text": "**NETWORK ERROR**", "error_code": 50001}), EngineInterruptedError, "NETWORK ERROR"),
    "Cloudflare's": Wrong("openai", b'{"success":false,"errors":[{"code":7009,"message":"no such model page"}],"result":{}}', EngineInterruptedError, "gpu0: no such model page"),
    "an error in a choice": Wrong("openai", sse(choice(delta={"content": ""}, finish_reason="error", error={"code": 502, "message": "upstream"})), EngineInterruptedError, "gpu0: upstream"),
    "what is behind OpenRouter": Wrong("openai", sse({"error": {"message": "Provider returned error", "code": 500, "metadata": {"raw": "gone"}}}), EngineInterruptedError, "Provider returned error: gone"),
    "too many requests, under 200": Wrong("openai", sse({"error": {"message": "slow down", "code": 429}}), EngineRefusedError, "gpu0 answered 429: slow down", "later"),
    "too many requests, in words": Wrong("openai", sse({"error": {"message": "slow down", "type": "rate_limit_exceeded"}}), EngineRefusedError, "gpu0 answered 429", "later"),
    "an unknown model, under 200": Wrong("openai", sse({"error": {"message": "The model `x` does not exist", "code": "model_not_found"}}), ModelMissingError, NO_MODEL, "list"),
    "lines of Ollama's": Wrong("openai", ndjson(said("a"), DONE), EngineProtocolError, "openai protocol", "“ollama”"),
    "events of OpenAI's": Wrong("ollama", PLAIN, EngineProtocolError, "ollama protocol", "“openai”"),
    "events of OpenAI's, comment first": Wrong("ollama", b": hello\n\n" + PLAIN, EngineProtocolError, "ollama protocol", "“openai”"),
    "chunks without data:": Wrong("openai", ndjson(delta(content="a"), delta("stop")), EngineProtocolError, "without “data:”", "url and protocol"),
    "figures at the start, no end": Wrong("openai", sse({"choices": [], "usage": {"prompt_tokens": 3}}, delta(content="a")), EngineInterruptedError, "without its last event"),
    "only figures": Wrong("openai", sse({"choices": [], "usage": {"prompt_tokens": 3}}), EngineInterruptedError, "without its last event"),
    "half a line": Wrong("openai", b'data: {"choices":[{"delta":{"content":"a', EngineInterruptedError, "in the middle of a line"),
    "half a line of Ollama's": Wrong("ollama", ndjson(said("a")) + b'{"message":{"con', EngineInterruptedError, "in the middle of a line"),
    "half an indented answer": Wrong("openai", indented(WHOLE)[:-9], EngineInterruptedError, "in the middle of a line"),
    "a web page called plain text": Wrong("openai", b"<!DOCTYPE html>\n<html></html>", EngineProtocolError, "sent a web page", "url and protocol"),
    "no UTF-8": Wrong("openai", b'data: {"choices":[{"delta":{"content":"\xc3\x28"}}]}\n\n', EngineProtocolError, "text that isn't UTF-8"),
    "no UTF-8 of Ollama's": Wrong("ollama", b'{"message":{"content":"\xff"}}\n', EngineProtocolError, "text that isn't UTF-8"),
    "content that is none": Wrong("openai", sse(delta(content=7)), EngineProtocolError, "openai protocol", "url and protocol"),
    "parts that are none": Wrong("openai", sse(delta(content=[7])), EngineProtocolError, "openai protocol", "url and protocol"),
    "brotli": Wrong("openai", PLAIN, EngineProtocolError, "compressed as “br”", "url and protocol", status("200 OK", "Content-Encoding: br")),
    "vLLM, unknown model": Wrong("openai", b'{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","code":404}', ModelMissingError, NO_MODEL, "list", status("404 Not Found")),
    "LiteLLM, unknown model": Wrong("openai", b'{"error":{"message":"Invalid model name passed in model=x","code":"400"}}', ModelMissingError, NO_MODEL, "list", status("400 Bad Request")),
    "DeepSeek, unknown model": Wrong("openai", b'{"error":{"message":"Model Not Exist","type":"invalid_request_error"}}', ModelMissingError, NO_MODEL, "list", status("400 Bad Request")),
    "OpenRouter, unknown model": Wrong("openai", b'{"error":{"message":"x is not a valid model ID","code":400}}', ModelMissingError, NO_MODEL, "list", status("400 Bad Request")),
    "Azure, no deployment": Wrong("openai", b'{"error":{"code":"DeploymentNotFound","message":"The API deployment does not exist."}}', ModelMissingError, NO_MODEL, "list", status("404 Not Found")),
    "too long a prompt": Wrong("openai", b'{"object":"error","message":"This model\'s maximum context length is 4096 tokens.","code":400}', EngineRefusedError, "answered 400: This model's maximum context length", head=status("400 Bad Request")),
    "pydantic's words": Wrong("openai", b'{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required"}]}', EngineRefusedError, "answered 422: messages: Field required", head=status("422 Unprocessable Entity")),
    "no credit": Wrong("openai", b'{"error":{"message":"Insufficient Balance"}}', EngineRefusedError, "answered 402: Insufficient Balance", "no credit", status("402 Payment Required")),
    "a wait in words": Wrong("openai", b'{"error":{"message":"Rate limit reached. Please try again in 7.5s."}}', EngineRefusedError, "for 8 seconds", "later", status("429 Too Many Requests")),
    "a wait in milliseconds": Wrong("openai", b"busy", EngineRefusedError, "for 2 seconds", "later", status("429 Too Many Requests", "retry-after-ms: 2000")),
    "Gemini's wait": Wrong("openai", b'[{"error":{"code":429,"message":"quota","details":[{"retryDelay":"36s"}]}}]', EngineRefusedError, "for 36 seconds", "later", status("429 Too Many Requests")),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_errors_of_servers(wrong: Wrong) -> None:
    with pytest.raises(wrong.error) as caught:
        await read(wrong.dialect, [wrong.stream], wrong.head)
    assert type(caught.value) is wrong.error
    assert wrong.words in str(caught.value)
    assert wrong.hint in caught.value.hint
    assert str(caught.value).isprintable()
    assert "gpu0" in str(caught.value)


@pytest.mark.parametrize("where", ["status", "stream", "line"])
async def test_a_key_that_a_server_repeats_is_hidden(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", "sk-secret-1")
    body = b'{"error": {"message": "Incorrect API key provided: sk-secret-1"}}'
    stream = {"status": body, "stream": b"data: " + body + b"\n\n", "line": b"sk-secret-1\n"}[where]
    with pytest.raises(EngineError) as caught:
        await read("openai", [stream], status("401 No") if where == "status" else OK, api_key_env="SOME_KEY")
    assert "secret" not in caught.value.full_message
    assert "…" in str(caught.value)


async def test_an_error_at_any_address_may_be_about_the_address() -> None:
    body = b'{"error":"Unexpected endpoint or method. (POST /chat/completions)"}'
    async with serving([body]) as url, open_backend("ollama", url) as endpoint:
        config = endpoint.config.model_copy(
            update={"protocol": Protocol.OPENAI, "url": TypeAdapter(AnyHttpUrl).validate_python(url)}
        )
        made = OpenAIBackend("gpu0", config)
        with pytest.raises(EngineError, match="Unexpected endpoint") as caught:
            await collect(made.stream(ask().request))
        await made.aclose()
    assert f"try {url}/v1" in caught.value.hint


ENCODINGS = {
    "gzip": ("gzip", gzip.compress(PLAIN)),
    "gzip, each piece by itself": ("gzip", b"".join(gzip.compress(PLAIN[at : at + 9]) for at in range(0, len(PLAIN), 9))),
    "gzip, and then nonsense": ("gzip", gzip.compress(PLAIN) + b"\0\0\0"),
    "deflate": ("deflate", zlib.compress(PLAIN)),
    "raw deflate": ("deflate", zlib.compress(PLAIN)[2:-4]),
    "none": ("none", PLAIN),
    "identity": ("identity", PLAIN),
}  # fmt: skip


@pytest.mark.parametrize("size", [1, 5, 10_000])
@pytest.mark.parametrize(("encoding", "body"), ENCODINGS.values(), ids=ENCODINGS)
async def test_bodies_that_a_proxy_has_compressed(encoding: str, body: bytes, size: int) -> None:
    head = status("200 OK", f"Content-Encoding: {encoding}")
    assert await read("openai", [body[at : at + size] for at in range(0, len(body), size)], head) == A


@pytest.mark.parametrize("code", ["201 Created", "206 Partial Content"])
async def test_any_success_is_one(code: str) -> None:
    assert await read("openai", [PLAIN], status(code)) == A
