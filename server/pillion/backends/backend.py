"""What every engine looks like to the rest of Pillion."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from pillion.backends.chat_request import ChatRequest
from pillion.config.schema import EndpointConfig

# A server of many models may list thousands.
LISTED_MODELS_BYTES = 1 << 23


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the answer; an engine sends one token a piece, as a rule."""

    text: str


@dataclass(frozen=True, slots=True)
class Thinking:
    """A piece of a reasoning model's thoughts: it costs time and tokens and is not part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks for a tool of the request's; `arguments` is JSON as the model wrote it. `id` may be empty."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of the answer, with the engine's own counts; what an engine doesn't say is 0."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    prompt_s: float = 0.0
    decode_s: float = 0.0
    tool_calls: int = 0
    cut_off: bool = False  # the limit on tokens ended it
    stopped: str = ""  # why Pillion ended it, as what the endpoint did: “repeated itself and …”


StreamEvent = Text | Thinking | ToolCall | Done


class Backend(Protocol):
    """One endpoint. Closing the generator that `stream` returns closes the connection, which stops the engine."""

    @property
    def name(self) -> str:
        """The endpoint's name in the configuration."""

    @property
    def config(self) -> EndpointConfig:
        """Its settings."""

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Answers `request`: any number of Text and Thinking, the calls of tools, then one Done.

        Raises:
            RequestNotPossibleError: the dialect has no words for what is asked.
            EngineError: of the kind that fits; see errors.py.
        """

    async def check(self) -> None:
        """Whether it gives a sign of life. Nothing is generated.

        Raises:
            EngineError: it gives none.
            ModelError: its model isn't on this machine.
        """

    async def look(self) -> str:
        """Whether it could answer: it is there, lets us in and has the model. Nothing is generated or started.
        Returns a remark (may be empty).

        Raises:
            PillionError: it couldn't, and why.
        """

    async def aclose(self) -> None:
        """Lets go of connections and processes."""


def ran_out(prompt_tokens: int, tokens: int, max_tokens: int, num_ctx: int) -> bool:
    """Whether an answer that doesn't say why it ended has used up the tokens it had."""
    return tokens >= max_tokens or prompt_tokens + tokens >= num_ctx
