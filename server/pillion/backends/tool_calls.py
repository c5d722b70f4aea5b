"""Tools in a request, and tool calls in an answer. The dialects write them nearly alike."""

import json
from collections.abc import Sequence
from typing import Any

from pillion.backends.backend import ToolCall
from pillion.backends.chat_request import Tool
from pillion.backends.foreign import encodable


def plain_tools(tools: Sequence[Tool]) -> list[dict[str, Any]]:
    """The tools in the form that a request needs."""
    return [
        {
            "type": "function",
            "function": {"name": each.name, "description": each.description, "parameters": each.parameters},
        }
        for each in tools
    ]


class ToolCalls:
    """Collects an answer's calls. OpenAI sends a call in pieces with the call's number; Ollama sends it whole."""

    def __init__(self) -> None:
        self._calls: dict[int, dict[str, str]] = {}

    def add(self, said: object) -> bool:
        """Takes one event's `tool_calls`; False if they aren't in the right form."""
        if not isinstance(said, list):
            return said is None
        return all(self._add(each) for each in said)

    def whole(self) -> list[ToolCall]:
        """The calls, in their order."""
        return [ToolCall(call["id"], call["name"], call["arguments"]) for _, call in sorted(self._calls.items())]

    def _add(self, piece: object) -> bool:
        function = piece.get("function") if isinstance(piece, dict) else None
        if not isinstance(piece, dict) or not isinstance(function, dict):
            return False
        own_id, name, arguments = piece.get("id") or "", function.get("name") or "", function.get("arguments") or ""
        if isinstance(arguments, dict):
            arguments = json.dumps(arguments, ensure_ascii=False)
        if not all(isinstance(each, str) for each in (own_id, name, arguments)):
            return False
        last = max(self._calls, default=-1)
        number = piece.get("index")
        if not isinstance(number, int):
            number = last + 1 if name else last
        call = self._calls.setdefault(number, {"id": "", "name": "", "arguments": ""})
        call["id"] = call["id"] or encodable(own_id)
        call["name"] += encodable(name)
        call["arguments"] += encodable(arguments)
        return True
