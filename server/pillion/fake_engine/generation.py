"""Handles one model request, from the queue to the end of its answer, with the faults of its rule."""

from __future__ import annotations

import asyncio
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from itertools import chain, count, cycle, islice

from pillion.fake_engine.dialects import Call, Dialect, Progress, tokens_of
from pillion.fake_engine.http_server import JSON_TYPE, Connection, encode_text
from pillion.fake_engine.records import Ended, Fault, RequestLog, Rule, Settings
from pillion.fake_engine.request_slots import Slot, SlotPool

SCRIPTED_ERROR = "scripted error"
# Always the same, so that a test that fails because of it fails again.
GARBAGE = (b"<<< \xff\xfe no event \xc3\x28", b'{"done": tru', b"\x00\x01[[[", b"}{")
HTML = b"<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n"

# The faults before a request gets a slot, and those that follow some tokens.
_AT_ONCE = frozenset({"status", "hang", "garbage", "html", "reset", "body"})
_AFTER_TOKENS = frozenset({"stall", "drop", "error_line", "drip", "cut_line", "bad_utf8", "long_line", "length"})
_DRIP_S = 0.02
_LONG_LINE_BYTES = 10_000_000


async def sleep_until(due_s: float) -> None:
    """Sleep until a moment of time.monotonic(); let other tasks run even if the moment has passed."""
    await asyncio.sleep(max(0.0, due_s - time.monotonic()))


class Sink(ABC):
    """Where the tokens of an answer go."""

    def __init__(self, connection: Connection, dialect: Dialect, progress: Progress) -> None:
        self.connection = connection
        self.dialect = dialect
        self.progress = progress

    @abstractmethod
    def open(self) -> None:
        """Start the answer, if it has not started and can start before it is complete."""

    @abstractmethod
    def piece(self, text: str, *, thinking: bool) -> None:
        """Take one token."""

    @abstractmethod
    def finish(self, *, complete: bool) -> None:
        """End the answer without an error; if it is not complete, leave out the dialect's sign of its end."""

    @abstractmethod
    def fail(self, message: str) -> None:
        """End the answer with an error."""


class StreamSink(Sink):
    """Sends each token as it comes. The headers go out with the first, as with the real engines."""

    def __init__(self, connection: Connection, dialect: Dialect, progress: Progress) -> None:
        super().__init__(connection, dialect, progress)
        self._opened = False

    def open(self) -> None:
        if not self._opened:
            self._opened = True
            self.connection.open_stream(self.dialect.stream_type)
            self.connection.chunk(self.dialect.opening(self.progress))

    def piece(self, text: str, *, thinking: bool) -> None:
        self.open()
        self.connection.chunk(self.dialect.piece(self.progress, text, thinking=thinking))

    def finish(self, *, complete: bool) -> None:
        self.open()
        self.connection.chunk(self.dialect.closing(self.progress) if complete else b"", last=True)

    def fail(self, message: str) -> None:
        self.open()
        self.connection.chunk(self.dialect.error_event(message), last=True)


class WholeSink(Sink):
    """Keeps the tokens for one answer at the end."""

    def open(self) -> None:
        """Nothing: the head of the answer says how long it is."""

    def piece(self, text: str, *, thinking: bool) -> None:
        (self.progress.thinking if thinking else self.progress.content).append(text)

    def finish(self, *, complete: bool) -> None:
        self.connection.send_json(200, self.dialect.whole(self.progress, complete=complete))

    def fail(self, message: str) -> None:
        self.connection.send_json(500, self.dialect.error_body(500, message))


class Generation:
    """Answers one call by one rule."""

    def __init__(
        self, connection: Connection, dialect: Dialect, call: Call, prompt: list[str], log: RequestLog
    ) -> None:
        self._connection = connection
        self._dialect = dialect
        self._call = call
        self._prompt = prompt
        self._log = log
        self._progress = Progress(call, log)
        self._sink = (StreamSink if call.stream else WholeSink)(connection, dialect, self._progress)

    def answer_preload(self, *, unload: bool) -> Ended:
        """Answer a call that only loads or unloads the model."""
        self._progress.finish = "unload" if unload else "load"
        self._sink.finish(complete=True)
        return "done"

    async def run(self, rule: Rule, settings: Settings, pool: SlotPool) -> Ended:
        """Answer, and say how it ended. Cancelled when the client leaves, at any point."""
        self._progress.choices = rule.choices
        if rule.fault is not None and rule.fault.kind in _AT_ONCE:
            return await self._answer_at_once(rule.fault)
        async with pool.slot(self._prompt) as slot:
            self._log.started_s = time.monotonic()
            await self._prefill(slot, self._prompt, rule, settings)
            await self._generate(rule, settings.tokens_per_s if rule.tokens_per_s is None else rule.tokens_per_s)
            return await self._end(rule.fault)

    async def _answer_at_once(self, fault: Fault) -> Ended:
        """The faults that occur before the request gets a slot."""
        match fault.kind:
            case "hang":
                await asyncio.Event().wait()
            case "status":
                self._answer_status(fault)
            case "reset":
                self._connection.reset()
            case "body":
                content_type = fault.headers.get("Content-Type", self._dialect.stream_type)
                more = {name: value for name, value in fault.headers.items() if name != "Content-Type"}
                self._connection.send(200, encode_text(fault.body), content_type, more)
            case "html":
                self._connection.send(200, encode_text(fault.body) or HTML, "text/html; charset=utf-8")
            case _ if self._call.stream:
                self._connection.open_stream(self._dialect.stream_type)
                garbage = encode_text(fault.body) or b"".join(map(self._dialect.frame, GARBAGE))
                self._connection.chunk(garbage, last=True)
            case _:
                self._connection.send(200, encode_text(fault.body) or GARBAGE[0])
        return "failed"

    def _answer_status(self, fault: Fault) -> None:
        wait = {} if fault.retry_after_s is None else {"Retry-After": f"{fault.retry_after_s:g}"}
        wait |= fault.headers
        if not fault.body:
            body = self._dialect.error_body(fault.status, SCRIPTED_ERROR)
            self._connection.send_json(fault.status, body, wait)
            return
        content_type = JSON_TYPE if _is_json(fault.body) else "text/plain; charset=utf-8"
        self._connection.send(fault.status, encode_text(fault.body), content_type, wait)

    async def _prefill(self, slot: Slot, prompt: list[str], rule: Rule, settings: Settings) -> None:
        own, start = rule.prefill_tokens_per_s, time.monotonic()
        rate = settings.prefill_tokens_per_s if own is None else own
        cached = slot.shared(prompt) if settings.prefix_cache else 0
        self._log.cached_tokens = cached
        try:
            await sleep_until(start + (len(prompt) - cached) / rate if rate else 0.0)
        except asyncio.CancelledError:
            # The part of the prompt that was read stays in the cache, as in llama.cpp: the next request uses it.
            slot.prompt = prompt[: cached + int((time.monotonic() - start) * rate)]
            raise
        slot.prompt = prompt
        self._progress.prefilled_s = time.monotonic()

    async def _generate(self, rule: Rule, rate: float) -> None:
        log, limit = self._log, self._call.max_tokens
        source = self._tokens(rule)
        if rule.fault is not None and rule.fault.kind in _AFTER_TOKENS:
            source = islice(source, rule.fault.after_tokens)
        # Each token has its moment in one schedule, so that the errors of the single sleeps do not add up.
        for sent, (text, thinking) in enumerate(source, 1):
            if limit is not None and sent > limit:
                self._progress.finish = "length"
                return
            await sleep_until(self._progress.prefilled_s + sent / rate if rate else 0.0)
            if log.first_token_s is None:
                log.first_token_s = time.monotonic()
            log.tokens_sent = sent
            self._sink.piece(text, thinking=thinking)
            await self._connection.drain()

    def _tokens(self, rule: Rule) -> Iterable[tuple[str, bool]]:
        """The tokens to send, each with whether it is thinking."""
        thinking = [(token, True) for token in tokens_of(rule.thinking)]
        content = [(token, False) for token in tokens_of(rule.reply)]
        if rule.fault is not None and rule.fault.kind == "endless":
            return chain(thinking, _numbered(content or thinking or [("ok ", False)]))
        if rule.fault is not None and rule.fault.kind == "loop":
            return chain(thinking, cycle(content or thinking))
        return thinking + content

    async def _end(self, fault: Fault | None) -> Ended:
        match fault.kind if fault is not None else None:
            case "stall":
                self._sink.open()
                await asyncio.Event().wait()
            case "drop":
                self._sink.open()
                self._connection.close()
            case "error_line":
                self._sink.fail(fault.body if fault is not None and fault.body else SCRIPTED_ERROR)
            case "no_done":
                self._sink.finish(complete=False)
            case "length":
                self._progress.finish = "length"
                self._sink.finish(complete=True)
                return "done"
            case "drip" | "cut_line" | "bad_utf8" | "long_line" as kind:
                self._sink.open()
                await self._end_in_a_line(kind)
            case _:
                self._sink.finish(complete=True)
                return "done"
        return "failed"

    async def _end_in_a_line(self, kind: str) -> None:
        """The faults within one event, which only a stream can have."""
        event = self._dialect.piece(self._progress, " word", thinking=False)
        chunk = self._connection.chunk
        match kind:
            case "drip":
                for byte in event * 100:
                    chunk(bytes([byte]))
                    await self._connection.drain()
                    await asyncio.sleep(_DRIP_S)
            case "cut_line":
                chunk(event[: event.index(b"word") + 2], last=True)
            case "bad_utf8":
                chunk(event.replace(b"word", b"w\xc3\x28d"), last=True)
            case _:
                piece = b"x" * 65536
                chunk(event[: event.index(b"word")])
                for _ in range(_LONG_LINE_BYTES // len(piece)):
                    chunk(piece)
                    await self._connection.drain()
                chunk(b"", last=True)


def _numbered(tokens: list[tuple[str, bool]]) -> Iterable[tuple[str, bool]]:
    """The tokens for ever, each round followed by its number, so that nobody takes it for a loop."""
    last, thinking = tokens[-1]
    for number in count(1):
        yield from tokens
        yield (f"# {number}\n" if last.endswith("\n") else f" {number} "), thinking


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
