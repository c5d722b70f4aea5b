"""What the pool needs of a prompt. A prompt is made for one endpoint, when that endpoint's turn comes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pillion.backends.chat_request import ChatRequest

if TYPE_CHECKING:
    from pillion.config.schema import EndpointConfig

# Slower than this, 120 tokens take more than four seconds.
_FAST_TOKENS_PER_S = 30.0
# A model of 0.5B parameters on one or two cores, measured: 12 to 21.
_EXPECTED_OF_A_CPU = 15.0


@dataclass(frozen=True, slots=True)
class PromptLimits:
    """The limits of a prompt for one endpoint, in tokens, and how fast it writes; 0 tokens/s: nobody knows yet."""

    num_ctx: int
    surroundings_tokens: int
    tokens_per_s: float = 0.0

    @property
    def slow(self) -> bool:
        """Whether a person would wait for more than a sentence or two."""
        return 0 < self.tokens_per_s < _FAST_TOKENS_PER_S

    @classmethod
    def of(cls, config: "EndpointConfig", tokens_per_s: float) -> "PromptLimits":
        """The limits of a prompt for this endpoint, whose last answer came with so many tokens a second (0: none)."""
        expected = _EXPECTED_OF_A_CPU if config.protocol == "embedded" else 0.0
        return cls(config.num_ctx, config.surroundings_budget_tokens, tokens_per_s or expected)


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
        """The beginning of the answer, for an endpoint that goes on from it; may be empty. See BegunAnswer."""


# (the endpoint's limits, the text so far) → the prompt. The text so far is an endpoint's answer up to where it broke
# off; it is empty if there is no text to go on from. The factory may raise ContextTooLongError.
PromptFactory = Callable[[PromptLimits, str], FittedPrompt]
