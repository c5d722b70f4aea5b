"""Watches one answer: how long it gets, and whether it goes round in circles."""

from collections.abc import Callable

from pillion.backends.base import Done, Text, Thinking
from pillion.counted import counted
from pillion.pool.repetition import Repetition

# An engine that ignores the limit is hung up on at twice the tokens it was allowed, or this many characters for each.
_CHARACTERS_PER_ALLOWED_TOKEN = 12
_FEWEST_ALLOWED_CHARACTERS = 4096

# Why another endpoint should be asked, given an answer and how it ended, as what the endpoint did (“said nothing”);
# empty: the answer will do.
Objection = Callable[[str, Done], str]


def no_objection(_text: str, _done: Done) -> str:
    """Any answer will do."""
    return ""


class AnswerWatch:
    """Counts what an endpoint says; `text` is the answer so far."""

    def __init__(self, max_tokens: int) -> None:
        self._max_pieces = 2 * max_tokens
        self._left_characters = max(_FEWEST_ALLOWED_CHARACTERS, max_tokens * _CHARACTERS_PER_ALLOWED_TOKEN)
        self._loops = {Text: Repetition(), Thinking: Repetition()}
        self._parts: list[str] = []
        self._pieces = 0
        self._goes_round = False

    @property
    def text(self) -> str:
        """The answer so far, without thoughts."""
        return "".join(self._parts)

    def heard(self, event: Text | Thinking) -> Text | Thinking:
        """The event; of an answer that is too long, only what may still be said."""
        self._pieces += 1
        if isinstance(event, Text):
            if len(event.text) > self._left_characters:
                event = Text(event.text[: max(0, self._left_characters)])
                self._left_characters = -1
            else:
                self._left_characters -= len(event.text)
            self._parts.append(event.text)
        self._goes_round = self._loops[type(event)].goes_round(event.text)
        return event

    @property
    def ending(self) -> Done | None:
        """The end that Pillion makes here, if it has to."""
        if self._goes_round:
            return self.stopped(f"repeated itself and was stopped after {counted(self._pieces, 'token')}")
        if self._pieces > self._max_pieces or self._left_characters < 0:
            return Done(completion_tokens=self._pieces, cut_off=True)
        return None

    def stopped(self, why: str) -> Done:
        """The end of an answer that Pillion doesn't wait for any longer."""
        return Done(completion_tokens=self._pieces, cut_off=True, stopped=why)
