"""What the pool needs of a prompt. A prompt is made for one endpoint, when that endpoint's turn comes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pillion.backends.chat_request import ChatRequest

if TYPE_CHECKING:
    from pillion.config.schema import EndpointConfig


@dataclass(frozen=True, slots=True)
class PromptLimits:
    """The limits of a prompt for one endpoint, in tokens."""

    num_ctx: int
    surroundings_tokens: int

    @classmethod
    def of(cls, config: "EndpointConfig") -> "PromptLimits":
        """The limits of a prompt for this endpoint."""
        return cls(config.num_ctx, config.surroundings_budget_tokens)


class FittedPrompt(Protocol):
    """A prompt that one endpoint can read."""

    @property
    def request(self) -> ChatRequest:
        """The request to the endpoint."""

    @property
    def omitted(self) -> str:
        """What the prompt had no room for, in words."""

    @property
    def continues(self) -> bool:
        """Whether the answer goes on from the text so far without repeating it; else the answer starts over."""

    @property
    def beginning(self) -> str:
        """The beginning of the answer, for an endpoint that goes on from it: a fence, and whole lines; may be empty."""


# (the endpoint's limits, the text so far) → the prompt. The text so far is an endpoint's answer up to where it broke
# off; it is empty if there is no text to go on from. The factory may raise ContextTooLongError.
PromptFactory = Callable[[PromptLimits, str], FittedPrompt]
