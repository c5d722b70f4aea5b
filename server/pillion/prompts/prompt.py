"""A prompt as data, and how much fits."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pillion.backends.chat_request import ChatRequest, Message

# Code in the tokenizers of today's models runs from 3 to 4 bytes a token; the lower bound never overflows. Bytes, since
# a character of a script that a model saw little of is a token or more.
BYTES_PER_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Prompt:
    """Messages, the schema an answer must have (None: free text), and a limit.

    `omitted` says in words what of the document was left out for lack of room. `continues`: the answer goes on from the
    text so far.
    """

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None
    max_tokens: int
    omitted: str = ""
    continues: bool = False

    @property
    def request(self) -> ChatRequest:
        """What an engine is asked."""
        return ChatRequest(self.messages, self.max_tokens, self.schema)


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
