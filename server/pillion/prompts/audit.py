"""The audit's prompt: append-only, so that the engine's prefix cache holds from one question to the next."""

from collections.abc import Mapping
from typing import Any

from pillion.prompts.prompt import Message, Prompt, fenced

SEVERITIES = ("information", "warning")
CATEGORIES = ("bug", "edge case", "security", "naming", "performance")
MAX_FINDINGS = 5
MIN_QUOTE_CHARACTERS = 3
_MAX_TOKENS = 200

_SYSTEM = (
    "You review code while it is being written, part by part. Report only real mistakes, and quote the line each is "
    "in. Most parts have none: then answer with no findings."
)
# Two clean parts to one with a mistake: shown only mistakes, a model feels that it must find one.
_EXAMPLES = (
    ("def add(a, b):\n    return a + b", '{"findings": []}'),
    (
        "def first(items):\n    return items[1]",
        '{"findings": [{"quote": "return items[1]", "severity": "warning", "category": "bug", '
        '"message": "The first item has index 0."}]}',
    ),
    ("    def name(self):\n        return self._name", '{"findings": []}'),
)
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "findings": {
            "type": "array",
            "maxItems": 2,
            "items": {
                "type": "object",
                "properties": {
                    "quote": {"type": "string", "minLength": MIN_QUOTE_CHARACTERS, "maxLength": 80},
                    "severity": {"type": "string", "enum": list(SEVERITIES)},
                    "category": {"type": "string", "enum": list(CATEGORIES)},
                    "message": {"type": "string", "minLength": 8, "maxLength": 100},
                },
                "required": ["quote", "severity", "category", "message"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["findings"],
    "additionalProperties": False,
}


class AuditConversation:
    """The messages so far. Questions are only ever added at the end."""

    def __init__(self, task: str, language_id: str) -> None:
        self._language_id = language_id
        self._messages = [Message("system", f"{_SYSTEM}\nThe task: {task}")]
        for code, answer in _EXAMPLES:
            self._messages += (Message("user", fenced(code, "python")), Message("assistant", answer))

    def ask(self, code: str) -> Prompt:
        """The prompt that has the next part of the draft audited."""
        self._messages.append(Message("user", fenced(code, self._language_id)))
        return Prompt(tuple(self._messages), _SCHEMA, _MAX_TOKENS)

    def answered(self, reply: str) -> None:
        """Keeps the answer, since the engine has it in its cache."""
        self._messages.append(Message("assistant", reply))
