"""How long an answer may get: a longer answer is cut to these bounds."""

from dataclasses import dataclass

from pillion.backends.backend import Text, Thinking, ToolCall

# If an engine ignores its limit on tokens, Pillion hangs up at twice that limit, or at this many characters a token.
_CHARACTERS_PER_ALLOWED_TOKEN = 12
_FEWEST_ALLOWED_CHARACTERS = 4096
# Thoughts are longer than the answer that follows them; an engine may send many tokens of them as one piece.
_THOUGHTS_PER_WORD = 4


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most pieces (a token each, as a rule), and the most characters of words and of thoughts."""

    pieces: int
    characters: int
    thought_characters: int

    @classmethod
    def of(cls, max_tokens: int) -> "Bounds":
        """The bounds of an answer that was allowed `max_tokens`."""
        characters = max(_FEWEST_ALLOWED_CHARACTERS, max_tokens * _CHARACTERS_PER_ALLOWED_TOKEN)
        return cls(2 * max_tokens, characters, _THOUGHTS_PER_WORD * characters)

    @classmethod
    def behind_the_pool(cls, max_tokens: int) -> "Bounds":
        """Twice the bounds of the pool. The pool cuts an answer at its own bounds, and then asks another endpoint. A
        reader that hung up first would never get that better answer."""
        return cls.of(2 * max_tokens)


class Meter:
    """Counts the pieces of one answer."""

    def __init__(self, bounds: Bounds) -> None:
        self._left_pieces = bounds.pieces
        self._left = {Text: bounds.characters, Thinking: bounds.thought_characters}
        self.pieces = 0

    def take(self, event: Text | Thinking | ToolCall) -> Text | Thinking | ToolCall:
        """The piece, cut to the bounds if it is too long. A tool call counts as words, and stays whole: a part of a
        call is useless."""
        if isinstance(event, ToolCall):
            self._left[Text] -= len(event.name) + len(event.arguments)
            return event
        self.pieces += 1
        self._left_pieces -= 1
        kind = type(event)
        left, self._left[kind] = self._left[kind], self._left[kind] - len(event.text)
        return event if len(event.text) <= left else kind(event.text[: max(0, left)])

    @property
    def exceeded(self) -> bool:
        """Whether the answer is longer than allowed."""
        return self._left_pieces < 0 or min(self._left.values()) < 0
