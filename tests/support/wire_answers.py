"""Reads what an engine answered, in either dialect, from a whole HTTP response."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass
class Answer:
    """An answer in either dialect, put together from its events."""

    content: str = ""
    thinking: str = ""
    finish: str | None = None
    done: bool = False
    error: str | None = None
    tokens: int = 0


def read_events(response: httpx.Response) -> list[dict[str, Any]]:
    lines = [line for line in response.text.splitlines() if line]
    if response.headers["content-type"] == "text/event-stream":
        assert all(line.startswith("data: ") for line in lines)
        lines = [line.removeprefix("data: ") for line in lines]
    return [{"DONE": True} if line == "[DONE]" else json.loads(line) for line in lines]


def read_answer(response: httpx.Response) -> Answer:
    answer = Answer()
    for event in read_events(response):
        if "error" in event:
            error = event["error"]
            answer.error = error["message"] if isinstance(error, dict) else error
            continue
        choice = (event.get("choices") or [{}])[0]
        said = event.get("message") or choice.get("delta") or choice.get("message") or {}
        content = said.get("content") or event.get("response") or choice.get("text") or ""
        thinking = said.get("thinking") or said.get("reasoning_content") or event.get("thinking") or ""
        answer.content += content
        answer.thinking += thinking
        answer.tokens += bool(content or thinking)
        answer.finish = event.get("done_reason") or choice.get("finish_reason") or answer.finish
        answer.done = answer.done or bool(event.get("done") or event.get("DONE"))
    return answer
