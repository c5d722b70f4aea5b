"""Makes the messages to the client harmless: a string in them can only be read, wherever it comes from.

Names of symbols and files, a model's words, an engine's error, a key in a workspace's file: all of them end up in
messages, titles and diagnostics. They are made plain here, just before they are sent, so that no caller can forget it.
"""

from typing import Any

from pillion.text.markdown import Markdown, harmless
from pillion.text.plain import Lines, plain_line, plain_text

# A document's text, and the names of files, jobs and requests, must be sent exactly as they are.
_EXACT = frozenset(
    {
        *("jsonrpc", "method", "id", "token", "command", "uri", "oldUri", "newUri", "oldText", "newText"),
        *("path", "file", "text"),
    }
)
# A command's arguments come back to the server, and no user reads them.
_ARGUMENTS = "arguments"
_MARKDOWN = "markdown"
_NAMES_FILE = "_file"


def made_plain(message: Any) -> Any:
    """A message to the client, as JSON data, with its strings made plain lines. Lines and Markdown that pillion.text
    has made harmless stay as they are."""
    result = message.get("result") if isinstance(message, dict) else None
    if isinstance(result, str):  # a whole document, such as the figures for Prometheus
        return {**message, "result": plain_text(result)}
    return _plain(message, "")


def _plain(value: Any, name: str) -> Any:
    if isinstance(value, str):
        if name == "prose":
            return value if isinstance(value, Markdown) else harmless(value)
        return value if isinstance(value, Lines) else plain_line(value)
    if isinstance(value, dict):
        if value.get("kind") == _MARKDOWN and isinstance(words := value.get("value"), str):
            return {**value, "value": words if isinstance(words, Markdown) else harmless(words)}
        return {each: part if _is_exact(each, part) else _plain(part, each) for each, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, name) for each in value]
    return value


def _is_exact(name: str, value: Any) -> bool:
    return name == _ARGUMENTS or (isinstance(value, str) and (name in _EXACT or name.endswith(_NAMES_FILE)))
