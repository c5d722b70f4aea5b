"""The interface that every engine has for the rest of Pillion."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from pillion.backends.chat_request import ChatRequest
from pillion.config.schema import EndpointConfig

# A server with many models may list thousands of names.
LISTED_MODELS_BYTES = 1 << 23


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the answer. Engines usually send one token a piece."""

    text: str


@dataclass(frozen=True, slots=True)
class Thinking:
    """A piece of a reasoning model's thoughts. It costs time and tokens, but isn't part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model calls one of the request's tools. `arguments` is JSON as the model wrote it. `id` may be empty."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of the answer, with the engine's own counts. A count that the engine doesn't send is 0."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    prompt_s: float = 0.0
    decode_s: float = 0.0
    tool_calls: int = 0
    cut_off: bool = False  # something other than the model ended it: mostly the limit on tokens
    stopped: str = ""  # why Pillion ended it, in words for what the endpoint did: “repeated itself and …”


StreamEvent = Text | Thinking | ToolCall | Done

# The servers' words for an answer that the model itself has ended. With any other word, something else has ended it.
_NATURAL_ENDS = frozenset(
    {
        "stop", "stop_sequence", "stop_token", "eos", "eos_token", "eosfound", "stopstringfound", "end_turn",
        "complete", "completed", "tool_calls", "tool_call", "tool_use", "function_call",
    }
)  # fmt: skip


class Backend(Protocol):
    """One endpoint. If the caller closes the generator of `stream`, the connection closes and the engine stops."""

    @property
    def name(self) -> str:
        """The endpoint's name in the configuration."""

    @property
    def config(self) -> EndpointConfig:
        """Its settings."""

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Answers `request`: any number of Text and Thinking, the tool calls, then one Done.

        Raises:
            RequestNotPossibleError: the dialect can't express the request.
            EngineError: a subclass that says what happened; see errors.py.
        """

    async def check(self) -> None:
        """Checks for a sign of life. Nothing is generated.

        Raises:
            EngineError: there is none.
            ModelError: its model isn't on this machine.
        """

    async def look(self) -> str:
        """Checks whether it could answer: it is there, accepts the key and has the model. Nothing is generated or
        started. Returns a remark, which may be empty.

        Raises:
            PillionError: it couldn't answer.
        """

    async def aclose(self) -> None:
        """Closes connections and ends processes."""


def ended_early(reason: str) -> bool:
    """Whether something other than the model ended the answer: a limit, a filter, a failure, or what nobody knows."""
    return reason.strip().lower() not in _NATURAL_ENDS


def ran_out(prompt_tokens: int, tokens: int, max_tokens: int, num_ctx: int) -> bool:
    """Whether an answer has used up all its tokens. For engines that don't say why an answer ended."""
    return tokens >= max_tokens or prompt_tokens + tokens >= num_ctx
