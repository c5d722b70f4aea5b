"""Makes engines' data safe for Pillion: text that every encoding can carry, and numbers that really are numbers."""

import json
import re

# No count of tokens or nanoseconds is nearly as large. JSON may also contain Infinity or NaN.
_MOST = 1e18
_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text without lone surrogates. JSON can contain them, but no file, pipe or editor accepts them."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def error_message(body: str) -> str:
    """`{"error": "…"}` (Ollama), `{"error": {"message": "…"}}` (OpenAI) or plain text → the message, shortened."""
    try:
        error = json.loads(body)["error"]
        text = error["message"] if isinstance(error, dict) else error
        said = text if isinstance(text, str) else json.dumps(text)
    except (ValueError, KeyError, TypeError, RecursionError):
        said = body
    return readable(said, 300)


def readable(text: str, limit: int) -> str:
    """Foreign text for a message: on one line, at most `limit` characters, without a terminal's control codes."""
    text = text[: 16 * limit]  # reading more would be useless: the result is cut off
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:limit]


def number(source: object, key: str) -> float:
    """A number that an engine gives; 0 if there is none, or if the value isn't a number."""
    value = source.get(key) if isinstance(source, dict) else None
    return value if isinstance(value, int | float) and 0 <= value < _MOST else 0
