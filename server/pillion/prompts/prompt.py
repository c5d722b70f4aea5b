"""A prompt as data, and estimates of its size."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pillion.backends.chat_request import AS_CONFIGURED, ChatRequest, Message, Sampling

# With the tokenizers of today's models, code has 3 to 4 bytes a token; the lower number never overflows. Bytes and not
# characters: in a script that a model has seen little of, a character is a token or more.
BYTES_PER_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Prompt:
    """Messages, the answer's schema (None: free text), and its limit.

    `omitted` says in words which part of the document had no room. `continues`: the answer goes on from the text so
    far. `beginning`: how the answer begins, for an engine that goes on from there; see BegunAnswer.
    """

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None
    max_tokens: int
    omitted: str = ""
    continues: bool = False
    beginning: str = ""
    sampling: Sampling = AS_CONFIGURED

    @property
    def request(self) -> ChatRequest:
        """The request to an engine."""
        return ChatRequest(self.messages, self.max_tokens, self.schema, sampling=self.sampling)


def estimate_tokens(text: str) -> int:
    """An upper estimate of how many tokens `text` takes."""
    length = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    return length // BYTES_PER_TOKEN + 1


def estimate_messages_tokens(messages: Iterable[Message]) -> int:
    """An upper estimate of how many tokens the messages take."""
    return sum(estimate_tokens(message.content) for message in messages)


def fenced(code: str, language_id: str) -> str:
    """`code` in a fence that nothing inside it can close."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{language_id}\n{code.rstrip()}\n{ticks}"
