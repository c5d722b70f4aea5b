"""How likely an engine finds the tokens of a text that is there already: a capability that a backend has or hasn't.

Nothing is generated. What engines say of tokens that they generate themselves is something else.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from pillion.backends.backend import Done
from pillion.backends.chat_request import Message

# So many of the likeliest tokens are asked for. OpenAI's own dialect allows five.
CHOICES = 20
CHOICES_OF_OPENAI = 5


@dataclass(frozen=True, slots=True)
class LikelihoodRequest:
    """A conversation, and places in its last message: ascending code point offsets of characters that aren't white
    space. The text behind the last place is never read."""

    messages: tuple[Message, ...]
    places: tuple[int, ...]

    def __post_init__(self) -> None:
        if list(self.places) != sorted(set(self.places)):
            raise ValueError("places ascend")

    @property
    def text(self) -> str:
        """The message that is read."""
        return self.messages[-1].content


@dataclass(frozen=True, slots=True)
class Choice:
    """A token, with the natural logarithm of its probability."""

    text: str
    logprob: float


@dataclass(frozen=True, slots=True)
class Likelihood:
    """What the engine would have written at a place. `written` is the token that stands there; it may begin with white
    space, or before the place. `choices` are the likeliest tokens in its stead, the likeliest first, and may include
    `written`: if they don't, it is less likely than all of them."""

    place: int
    written: str
    choices: tuple[Choice, ...]


@runtime_checkable
class ReadsLikelihoods(Protocol):
    """A backend that may be able to do this. Only asking shows whether its server can."""

    def likelihoods(self, request: LikelihoodRequest) -> AsyncGenerator[Likelihood | Done, None]:
        """A Likelihood for each place, in order, then Done. Closing the generator ends the request.

        Raises:
            RequestNotPossibleError: the server has no such thing.
            EngineError: a subclass that says what happened; see errors.py.
        """
