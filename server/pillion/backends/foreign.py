"""What engines say, made fit for Pillion: text that any encoding can carry, figures that are none but figures."""

import json
import re

# No count of tokens or nanoseconds comes near; JSON may also say Infinity or NaN.
_MOST = 1e18
_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text without lone surrogates: JSON can say them, and no file, pipe or editor can take them."""
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
    text = text[: 16 * limit]  # a longer one is read for nothing
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:limit]


def number(source: object, key: str) -> float:
    """A figure that an engine gives; 0 if it doesn't, or if it is none."""
    value = source.get(key) if isinstance(source, dict) else None
    return value if isinstance(value, int | float) and 0 <= value < _MOST else 0
