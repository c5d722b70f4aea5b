"""What the two wire formats have in common: the parsed call, its progress, and what a dialect does."""

from __future__ import annotations

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pillion.fake_engine.http_server import BadRequestError
from pillion.fake_engine.records import JsonObject, RequestLog

Finish = Literal["stop", "length", "load", "unload"]

_TOKEN = re.compile(r"\s*\S+|\s+\Z")


def tokens_of(text: str, longest: int = 0) -> list[str]:
    """Split a text into tokens, each a word with the space before it; joined, they are the text again.

    Longer words are cut into pieces of `longest` characters, as models' tokenizers do; 0: they aren't cut.
    """
    return re.findall(rf"\s*\S{{1,{longest}}}|\s+\Z", text) if longest else _TOKEN.findall(text)


@dataclass(frozen=True)
class Call:
    """A model request, the same in all dialects."""

    path: str
    model: str
    messages: list[dict[str, str]]
    schema: JsonObject | None
    options: JsonObject
    stream: bool
    max_tokens: int | None = None
    include_usage: bool = False
    preload: bool = False
    """Asks only for the model to be loaded (or unloaded)."""

    @property
    def text(self) -> str:
        """The text of all messages, in one piece."""
        return "".join(message["content"] for message in self.messages)


@dataclass
class Progress:
    """How far the answer to a call has got."""

    call: Call
    log: RequestLog
    prefilled_s: float = 0.0
    content: list[str] = field(default_factory=list)
    thinking: list[str] = field(default_factory=list)
    finish: Finish = "stop"
    choices: list[tuple[str, float]] = field(default_factory=list)
    """The likeliest next tokens; only llama.cpp's own API says them."""

    def prompt_time_s(self) -> float:
        """How long reading the prompt took, from the moment when there was a slot."""
        return self.prefilled_s - self.log.started_s if self.log.started_s is not None else 0.0

    def predicted_time_s(self) -> float:
        """How long the generation has taken."""
        return time.monotonic() - self.prefilled_s if self.prefilled_s else 0.0


class Dialect(ABC):
    """One wire format."""

    stream_type: str

    @abstractmethod
    def parse(self, path: str, body: JsonObject) -> Call:
        """Read a request body."""

    @abstractmethod
    def frame(self, event: bytes) -> bytes:
        """Wrap one event for the stream."""

    @abstractmethod
    def opening(self, progress: Progress) -> bytes:
        """What the stream starts with, before the first token."""

    @abstractmethod
    def piece(self, progress: Progress, text: str, *, thinking: bool) -> bytes:
        """One token."""

    @abstractmethod
    def closing(self, progress: Progress) -> bytes:
        """All that follows the last token."""

    @abstractmethod
    def error_body(self, status: int, message: str) -> JsonObject:
        """The body of an answer with an error status."""

    @abstractmethod
    def error_event(self, message: str) -> bytes:
        """An error in the middle of a stream."""

    @abstractmethod
    def whole(self, progress: Progress, *, complete: bool) -> JsonObject:
        """The answer to a call that did not ask for a stream."""


def read_messages(body: Mapping[str, Any]) -> list[dict[str, str]]:
    """The messages of a chat request, each with its content as plain text."""
    messages = body.get("messages") or []
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise BadRequestError("messages is not a list of objects")
    return [{"role": str(x.get("role", "")), "content": _plain(x.get("content"))} for x in messages]


def _plain(content: object) -> str:
    if isinstance(content, list):  # OpenAI also takes a list of parts
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return "" if content is None else str(content)


def token_limit(*values: object) -> int | None:
    """The first limit that is given; the engines take a negative limit as none."""
    for value in values:
        if isinstance(value, int):
            return value if value >= 0 else None
    return None


def part_of(body: Mapping[str, Any], name: str) -> JsonObject:
    """An object inside the body; empty if it is missing."""
    part = body.get(name) or {}
    if not isinstance(part, dict):
        raise BadRequestError(f"{name} is not an object")
    return part


def without(body: Mapping[str, Any], *names: str) -> JsonObject:
    """A copy of the body that lacks some fields."""
    return {name: value for name, value in body.items() if name not in names}
