"""Which of an engine's tokens stands at a place of a text."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate


class TokenPlaces:
    """The tokens of a prompt, as bytes, and where in them a text stands, of which a template may strip the ends."""

    def __init__(self, tokens: Sequence[bytes], text: str) -> None:
        self._tokens = tokens
        self._ends = list(accumulate(map(len, tokens)))
        stripped = text.strip()
        self._text = text
        self._cut = len(text) - len(text.lstrip())
        self._start = b"".join(tokens).rfind(_encoded(stripped)) if stripped else -1

    @property
    def found(self) -> bool:
        """Whether the tokens contain the text, to the byte."""
        return self._start >= 0

    def token_at(self, place: int) -> int:
        """The number of the token that has the character at `place`."""
        before = len(_encoded(self._text[self._cut : place]))
        return bisect_right(self._ends, self._start + before)

    def written(self, number: int) -> str:
        """A token as text. A token may have only a part of a character."""
        return self._tokens[number].decode("utf-8", "replace")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
