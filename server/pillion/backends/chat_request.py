"""A request to an engine, as plain data. Its maker knows the purpose; a dialect knows only its own wire format."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One turn."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen. For None, the endpoint's configuration or the engine decides."""

    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None


AS_CONFIGURED = Sampling()


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the model may ask for; `parameters` is the JSON schema of its arguments."""

    name: str
    description: str
    parameters: Mapping[str, Any]


class Prefill(StrEnum):
    """How an engine is told that the last message is the beginning of its answer, and that it has to go on from it."""

    LAST = "last"  # the message is the last one, and the assistant's
    FLAGGED = "flagged"  # the same, and the request says so in two fields of vLLM's


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """Messages, and the form that the answer must have.

    `schema`: the JSON schema of the answer; None: free text. `stop`: the answer ends before the first of these texts.
    `prefill`: the last message, which is the assistant's, is the beginning of the answer.
    `suffix`: the text behind a gap. The only message is then the text before the gap, and the answer fills the gap.
    A dialect refuses a request that it can't express with a RequestNotPossibleError.
    """

    messages: tuple[Message, ...]
    max_tokens: int
    schema: Mapping[str, Any] | None = None
    stop: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    suffix: str | None = None
    prefill: Prefill | None = None

    def __post_init__(self) -> None:
        if self.suffix is not None and len(self.messages) != 1:
            raise ValueError("a text with a gap is one message and the suffix")
        if self.prefill is not None and self.messages[-1].role != "assistant":
            raise ValueError("the beginning of an answer is the assistant's")

    def begun(self, way: Prefill, beginning: str = "", stop: str = "") -> "ChatRequest":
        """The same request with the beginning of its answer (none: its last message is one), and one more stop."""
        messages = (*self.messages, Message("assistant", beginning)) if beginning else self.messages
        return replace(self, messages=messages, prefill=way, stop=(*self.stop, *([stop] if stop else ())))
