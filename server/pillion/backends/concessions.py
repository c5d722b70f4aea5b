"""What an endpoint refuses to be asked: servers of one dialect know different fields.

A request that was refused for such a field is sent again without it, or with what other servers have in its place. What
works is remembered for the endpoint.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from pillion.backends.http import EndpointHttp
from pillion.backends.http_answer import Answer
from pillion.errors import EngineRefusedError

log = logging.getLogger(__name__)

# The statuses of a request that the server can't do. (500, 501: some fail at a schema that they can't compile.)
_OF_THE_REQUEST = frozenset({400, 422, 500, 501})
# A prompt that is too long is refused with the names of fields, too.
_ABOUT_LENGTH = re.compile(r"context|too long|too many tokens|exceeds", re.I)
# A server that doesn't know a field, and doesn't say which.
_ABOUT_FIELDS = re.compile(
    r"(unknown|unrecogni[sz]ed|unsupported|unexpected|invalid|extra|additional)\W{1,3}"
    r"(\w+\W{1,3})?(field|parameter|param|argument|input|propert|key|option|request)s?|bad request|not permitted",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field that some servers refuse. `called`: other words for it in their refusals. `instead`: what stands for it,
    one after the other, before it is left out. `harmless`: the answer is as good without it."""

    name: str
    called: tuple[str, ...] = ()
    instead: tuple[Callable[[Any], Mapping[str, Any]], ...] = ()
    harmless: bool = False

    def at(self, step: int, value: object) -> Mapping[str, Any]:
        """What is sent at this step: 0 is the field itself, the last one nothing."""
        return ({self.name: value}, *(each(value) for each in self.instead), {})[step]

    @property
    def last_step(self) -> int:
        """The step at which it is left out."""
        return len(self.instead) + 1


OPENAI_FIELDS = (
    Field("stream_options", ("include_usage", "stream options"), harmless=True),
    Field(
        "response_format",
        ("json_schema", "json schema", "json mode", "response format", "structured output", "grammar", "guided"),
        (lambda _: {"response_format": {"type": "json_object"}},),
    ),
    Field("max_tokens", (), (lambda value: {"max_completion_tokens": value},)),
    Field("temperature"),
    Field("top_p", harmless=True),
    Field("seed", harmless=True),
    Field("reasoning_effort", ("reasoning", "thinking"), harmless=True),
)
OLLAMA_FIELDS = (
    Field("think", ("thinking",), (lambda value: {"think": True} if isinstance(value, str) else {},), harmless=True),
    Field("format", (), (lambda _: {"format": "json"},)),
    Field("keep_alive", harmless=True),
)
# Without its schema in the request, the model is told of it.
_HAVE_THE_SCHEMA = frozenset({"response_format", "format"})


class Concessions:
    """What one endpoint has refused so far, by field: at which step it accepts it."""

    def __init__(self, fields: Sequence[Field], http: EndpointHttp) -> None:
        self._fields = fields
        self._http = http
        self._steps: dict[str, int] = {}

    async def answer(self, stack: AsyncExitStack, path: str, body: Mapping[str, Any], max_tokens: int) -> Answer:
        """The answer to this request, in as many tries as the endpoint has fields to refuse; `stack` closes it.

        Raises:
            EngineError: as EndpointHttp.post; if it isn't about such a field, or nothing of it helps.
            ConfigError: the endpoint's key or address can't be used.
        """
        steps = dict(self._steps)
        while True:
            try:
                answer = await stack.enter_async_context(self._http.post(path, self._changed(body, steps), max_tokens))
            except EngineRefusedError as exc:
                further = self._further(body, steps, exc)
                if further is None:
                    raise
                steps = further
            else:
                self._remember(steps)
                return answer

    def _changed(self, body: Mapping[str, Any], steps: Mapping[str, int]) -> dict[str, Any]:
        changed = dict(body)
        for field in self._fields:
            step = steps.get(field.name, 0)
            if step == 0 or field.name not in body:
                continue
            value = changed.pop(field.name)
            changed |= field.at(step, value)
            if field.name in _HAVE_THE_SCHEMA and "messages" in changed:
                changed["messages"] = _told(changed["messages"], value)
        return changed

    def _further(
        self, body: Mapping[str, Any], steps: Mapping[str, int], refusal: EngineRefusedError
    ) -> dict[str, int] | None:
        """The steps after a refusal; None if it isn't about a field that can be left out."""
        if refusal.status not in _OF_THE_REQUEST or _ABOUT_LENGTH.search(refusal.said):
            return None
        sent = [each for each in self._fields if each.name in body and steps.get(each.name, 0) < each.last_step]
        for field in sent:
            step = steps.get(field.name, 0)
            names = {*field.at(step, body[field.name]), *field.called}
            if any(re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9_])", refusal.said, re.I) for name in names):
                return {**steps, field.name: step + 1}
        harmless = {each.name: each.last_step for each in sent if each.harmless}
        unnamed = refusal.status in (400, 422) and (not refusal.said.strip() or _ABOUT_FIELDS.search(refusal.said))
        return {**steps, **harmless} if harmless and unnamed else None

    def _remember(self, steps: dict[str, int]) -> None:
        if steps != self._steps:
            names = ", ".join(sorted(name for name in steps if steps[name] != self._steps.get(name)))
            log.info("%s refuses the field %s: from now on it is asked without", self._http.failures.name, names)
            self._steps = steps


def _told(messages: Sequence[Mapping[str, Any]], value: object) -> list[Mapping[str, Any]]:
    """The messages with the schema in the user's last one."""
    schema = value.get("json_schema", {}).get("schema", value) if isinstance(value, dict) else value
    at = max((number for number, each in enumerate(messages) if each.get("role") == "user"), default=-1)
    if at < 0:
        return list(messages)
    wish = "Answer with one JSON object that fits this JSON schema, and with nothing else:"
    text = f"{messages[at]['content']}\n\n{wish}\n{json.dumps(schema, ensure_ascii=False, separators=(',', ':'))}"
    return [*messages[:at], {**messages[at], "content": text}, *messages[at + 1 :]]
