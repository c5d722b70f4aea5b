"""llama.cpp's own API, as far as it says how likely the tokens of a text are."""

from __future__ import annotations

import re

from pillion.fake_engine.dialects import Call, Dialect, Progress, read_messages, token_limit, without
from pillion.fake_engine.http_server import BadRequestError, encode_json
from pillion.fake_engine.records import JsonObject

PAGES = ("/apply-template", "/tokenize", "/completion")
_PIECE = re.compile(r"\s*\w+|\s*[^\w\s]+|\s+")


class Vocabulary:
    """The engine's tokens, each with the number that it got when it was first seen."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._ids: dict[str, int] = {}

    def tokens(self, text: str) -> list[tuple[int, str]]:
        """A text as tokens: words and runs of signs, each with the white space before it."""
        return [(self._id(piece), piece) for piece in _PIECE.findall(text)]

    def text(self, ids: list[object]) -> str:
        """The text of tokens."""
        if not all(type(each) is int and 0 <= each < len(self._pieces) for each in ids):
            raise BadRequestError("no such token")
        return "".join(self._pieces[each] for each in ids if isinstance(each, int))

    def _id(self, piece: str) -> int:
        if piece not in self._ids:
            self._ids[piece] = len(self._pieces)
            self._pieces.append(piece)
        return self._ids[piece]


def applied_template(body: JsonObject) -> JsonObject:
    """The answer of POST /apply-template."""
    said = "".join(f"<|{each['role']}|>\n{each['content'].strip()}<|end|>\n" for each in read_messages(body))
    return {"prompt": f"{said}<|assistant|>\n"}


def tokenized(body: JsonObject, vocabulary: Vocabulary) -> JsonObject:
    """The answer of POST /tokenize."""
    return {"tokens": [{"id": number, "piece": piece} for number, piece in vocabulary.tokens(str(body["content"]))]}


class LlamaCppDialect(Dialect):
    """POST /completion, without a stream."""

    stream_type = "text/event-stream"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def parse(self, path: str, body: JsonObject) -> Call:
        prompt = body.get("prompt", "")
        text = self._vocabulary.text(prompt) if isinstance(prompt, list) else str(prompt)
        limit = token_limit(body.get("n_predict"))
        return Call(path, "", [{"role": "user", "content": text}], None, without(body, "prompt"), False, limit)

    def frame(self, event: bytes) -> bytes:
        return b"data: " + event + b"\n\n"

    def opening(self, progress: Progress) -> bytes:
        return b""

    def piece(self, progress: Progress, text: str, *, thinking: bool) -> bytes:
        return self.frame(encode_json({"content": text, "stop": False}))

    def closing(self, progress: Progress) -> bytes:
        return self.frame(encode_json(self.whole(progress, complete=True)))

    def error_body(self, status: int, message: str) -> JsonObject:
        return {"error": {"message": message, "type": "server_error", "code": status}}

    def error_event(self, message: str) -> bytes:
        return self.frame(encode_json(self.error_body(500, message)))

    def whole(self, progress: Progress, *, complete: bool) -> JsonObject:
        top = [{"id": 0, "token": token, "logprob": logprob} for token, logprob in progress.choices]
        log = progress.log
        return {
            "content": "".join(progress.content),
            "stop": True,
            "tokens_predicted": log.tokens_sent,
            "tokens_evaluated": log.prompt_tokens,
            "timings": {
                "cache_n": log.cached_tokens,
                "prompt_n": log.prompt_tokens - log.cached_tokens,
                "prompt_ms": progress.prompt_time_s() * 1e3,
            },
            "completion_probabilities": [{**top[0], "top_logprobs": top}] if top else [],
        }
