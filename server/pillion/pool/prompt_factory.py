"""What the pool needs of a prompt: it is made for one endpoint, when that endpoint's turn comes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pillion.backends.chat_request import ChatRequest

if TYPE_CHECKING:
    from pillion.config.schema import EndpointConfig


@dataclass(frozen=True, slots=True)
class PromptLimits:
    """What a prompt for one endpoint may take, in tokens."""

    num_ctx: int
    surroundings_tokens: int

    @classmethod
    def of(cls, config: "EndpointConfig") -> "PromptLimits":
        """What a prompt for this endpoint may take."""
        return cls(config.num_ctx, config.surroundings_budget_tokens)


class FittedPrompt(Protocol):
    """A prompt that one endpoint can read."""

    @property
    def request(self) -> ChatRequest:
        """What the endpoint is asked."""

    @property
    def omitted(self) -> str:
        """What the prompt had no room for, in words."""

    @property
    def continues(self) -> bool:
        """Whether the answer goes on from the text so far, and repeats nothing of it; else it starts over."""


# (what the endpoint can take, the text so far) → the prompt. The text so far is what an endpoint had said when it broke
# off; empty where nothing can be gone on from. It may raise ContextTooLongError.
PromptFactory = Callable[[PromptLimits, str], FittedPrompt]
