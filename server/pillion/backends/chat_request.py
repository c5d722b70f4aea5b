"""What an engine is asked, as plain data. Whoever makes it knows what it is for; a dialect only knows its own wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One turn."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen; what is None is left to the endpoint's configuration and to the engine."""

    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the model may ask for; `parameters` is the JSON schema of its arguments."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """Messages, and what the answer to them may be.

    `schema`: the JSON schema that the answer must have; None: free text. `stop`: the answer ends before the first of
    these. `suffix`: the text behind a gap; then there is one message, the text before it, and the answer is what
    belongs between them. What a dialect can't do, it refuses with a RequestNotPossibleError.
    """

    messages: tuple[Message, ...]
    max_tokens: int
    schema: Mapping[str, Any] | None = None
    stop: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    suffix: str | None = None

    def __post_init__(self) -> None:
        if self.suffix is not None and len(self.messages) != 1:
            raise ValueError("a text with a gap is one message and the suffix")
