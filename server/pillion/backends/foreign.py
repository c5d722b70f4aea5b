"""Makes engines' data safe for Pillion: text that every encoding can carry, and numbers that really are numbers."""

import re

# No count of tokens or nanoseconds is nearly as large. JSON may also contain Infinity or NaN.
_MOST = 1e18
_SURROGATE = re.compile("[\ud800-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def encodable(text: str) -> str:
    """The text without lone surrogates. JSON can contain them, but no file, pipe or editor accepts them."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


class WholeCharacters:
    """The texts of one stream as they come. Some servers cut between the halves of a surrogate pair: the first half is
    held back until the next text brings the other one."""

    def __init__(self) -> None:
        self._half = ""

    def feed(self, text: str) -> str:
        """The text with the half that was held back, and without a new one at its end."""
        if not self._half and text.isascii():
            return text
        text, self._half = self._half + text, ""
        if "\ud800" <= text[-1:] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return encodable(_PAIR.sub(_joined, text))

    def finish(self) -> str:
        """What is left of a character whose other half never came."""
        half, self._half = self._half, ""
        return encodable(half)


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def readable(text: str, limit: int) -> str:
    """Foreign text for a message: on one line, at most `limit` characters, without a terminal's control codes."""
    text = text[: 16 * limit]  # reading more would be useless: the result is cut off
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:limit]


def number(source: object, key: str) -> float:
    """A number that an engine gives; 0 if there is none, or if the value isn't a number."""
    value = source.get(key) if isinstance(source, dict) else None
    return value if isinstance(value, int | float) and 0 <= value < _MOST else 0
