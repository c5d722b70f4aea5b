"""Reads the events of one answer in OpenAI's dialect: words, thoughts, calls, figures and how it ended."""

from dataclasses import replace
from typing import Any

from pillion.backends.backend import Done, StreamEvent, Text, Thinking, ended_early, ran_out
from pillion.backends.endpoint_failures import Failures
from pillion.backends.foreign import WholeCharacters, number
from pillion.backends.foreign_errors import SaidError, error_in, error_message
from pillion.backends.openai_choices import NotAChoiceError, delta_of, first_choices, words_of
from pillion.backends.server_events import NO_EVENT, NOT_JSON, ServerEvent
from pillion.backends.tool_calls import ToolCalls
from pillion.backends.whole_body import CUT, is_ollamas, is_web_page
from pillion.config.schema import Protocol
from pillion.errors import EngineError

_MS = 1e-3
# Events that only keep the connection alive, whatever is in them.
_NO_WORDS = frozenset({"ping", "heartbeat", "keepalive", "keep-alive"})


class OpenAIReading:
    """The answer so far. `pieces`: how many events brought a word, a thought or a part of a call."""

    def __init__(self, failures: Failures, *, with_tools: bool) -> None:
        self._failures = failures
        self._with_tools = with_tools
        self.pieces = 0
        self.has_begun = False
        self._ended = self._had_figures = False
        self._reasons: set[str] = set()
        self._usage: object = None
        self._timings: object = None
        self._calls = ToolCalls()
        self._thoughts, self._words = WholeCharacters(), WholeCharacters()

    def take(self, event: ServerEvent, value: object) -> list[StreamEvent]:
        """The words and thoughts in an event whose value is this one.

        Raises:
            EngineError: the event reports an error, or can't be read.
        """
        if event.name in _NO_WORDS or value is None:
            return []
        if event.is_error and value in (NOT_JSON, NO_EVENT):
            said = SaidError(error_message(event.data.decode("utf-8", "replace")))
            raise self._failures.said(said, begun=self.pieces > 0)
        if (error := error_in({"error": value} if event.is_error and not error_in(value) else value)) is not None:
            raise self._failures.said(error, begun=self.pieces > 0)
        if not isinstance(value, dict):
            raise self._unread(event, value)
        whole_body, self.has_begun = not self.has_begun and event.value is NO_EVENT, True
        if whole_body and is_ollamas(value):
            raise self._failures.other_protocol("lines of JSON as Ollama does", Protocol.OLLAMA)
        try:
            choices = first_choices(value)
            if whole_body and not any("message" in each or "text" in each for each in choices):
                raise self._no_events(event, choices)
            self._take_figures(value, choices)
            self._ended = self._ended or whole_body
            return [said for choice in choices for said in self._said(choice)]
        except NotAChoiceError as exc:
            raise self._failures.not_a_line(event.data) from exc

    def end(self) -> None:
        """The server says that the answer has ended."""
        self._ended = True

    def last(self, max_tokens: int, num_ctx: int) -> list[StreamEvent]:
        """The last events of the answer.

        Raises:
            EngineInterruptedError: the server has said in no way that this was all.
        """
        if not (self._ended or (self._had_figures and self.pieces)):
            raise self._failures.interrupted("the stream ended without its last event.")
        rest: list[StreamEvent] = [
            kind(text) for kind, text in ((Thinking, self._thoughts.finish()), (Text, self._words.finish())) if text
        ]
        calls = self._calls.whole()
        done = _done(self._usage, self._timings)
        cut_off = any(map(ended_early, self._reasons)) or (
            not self._reasons
            and ran_out(done.prompt_tokens, done.completion_tokens or self.pieces, max_tokens, num_ctx)
        )
        return [*rest, *calls, replace(done, cut_off=cut_off, tool_calls=len(calls))]

    def _said(self, choice: dict[str, Any]) -> list[StreamEvent]:
        if isinstance(reason := choice.get("finish_reason"), str) and reason:
            self._reasons.add(reason)
            self._ended = True
        delta = delta_of(choice, begun=self.pieces > 0)
        thought, text = words_of(delta)
        called = delta.get("tool_calls") if self._with_tools else None
        if not self._calls.add(called):
            raise NotAChoiceError
        if thought or text or called:
            self.pieces += 1
            self._had_figures = False
        thought, text = self._thoughts.feed(thought), self._words.feed(text)
        return [*([Thinking(thought)] if thought else []), *([Text(text)] if text else [])]

    def _take_figures(self, value: dict[str, Any], choices: list[dict[str, Any]]) -> None:
        self._usage = value.get("usage") or self._usage
        self._timings = value.get("timings") or self._timings
        if value.get("usage") and not choices:
            self._had_figures = True  # the last event of all that OpenAI's protocol has, if nothing follows

    def _no_events(self, event: ServerEvent, choices: list[dict[str, Any]]) -> EngineError:
        if not choices:
            return self._failures.not_a_line(event.data)
        return self._failures.not_the_protocol("lines of JSON without “data:” before them")

    def _unread(self, event: ServerEvent, value: object) -> EngineError:
        if is_web_page(event.data):
            return self._failures.not_the_protocol("a web page")
        if value is CUT or (value is NOT_JSON and event.data[:1] == b"{" and event.data[-1:] != b"}"):
            return self._failures.cut_in_a_line()
        return self._failures.not_a_line(event.data)


def _done(usage: object, timings: object) -> Done:
    details = usage.get("prompt_tokens_details") if isinstance(usage, dict) else None
    cached = number(timings, "cache_n") or number(details, "cached_tokens")
    return Done(
        prompt_tokens=int(number(usage, "prompt_tokens") or number(timings, "prompt_n") + cached),
        cached_tokens=int(cached),
        completion_tokens=int(number(usage, "completion_tokens") or number(timings, "predicted_n")),
        prompt_s=number(timings, "prompt_ms") * _MS,
        decode_s=number(timings, "predicted_ms") * _MS,
    )
