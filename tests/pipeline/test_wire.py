"""Streams as bytes: how they are cut must not matter, and odd but valid ones are read."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from itertools import repeat
from typing import NamedTuple

import pytest

from pillion.backends.backend import Done, StreamEvent, Text, Thinking
from pillion.errors import EngineError, EngineInterruptedError, EngineProtocolError, EngineRefusedError
from tests.support.pools import ask, collect, only_this_task, open_backend
from tests.support.raw_server import OK, closing_kept_connections, delta, ndjson, said, serving, sse


async def read(dialect: str, pieces: Iterable[bytes], head: bytes = OK) -> list[StreamEvent]:
    async with serving(pieces, head) as url, open_backend(dialect, url) as endpoint:
        return await collect(endpoint.stream(ask().request))


async def test_a_kept_connection_that_the_engine_closes_costs_nothing() -> None:
    async with (
        closing_kept_connections(ndjson(said("a"), DONE), answers=True) as (url, requests),
        open_backend("ollama", url) as endpoint,
    ):
        for _ in range(2):
            assert await collect(endpoint.stream(ask().request)) == [Text("a"), Done()]
    assert requests == [2, 1]


async def test_a_new_connection_that_the_engine_closes_is_an_error() -> None:
    async with (
        closing_kept_connections(ndjson(said("a"), DONE), answers=False) as (url, requests),
        open_backend("ollama", url) as endpoint,
    ):
        assert await collect(endpoint.stream(ask().request)) == [Text("a"), Done()]
        with pytest.raises(EngineInterruptedError, match="before an answer came"):
            await collect(endpoint.stream(ask().request))
    assert requests == [2, 1]


ODD_TEXT = "𝒳 🏍\u2028ü\x85"
DONE = {"done": True, "done_reason": "stop"}
STREAMS = {
    "ollama": ndjson(said(ODD_TEXT), DONE),
    "ollama with CRLF": ndjson(said(ODD_TEXT), DONE, end="\r\n"),
    "openai": sse(delta(content=ODD_TEXT), delta("stop"), "[DONE]"),
    "openai with CRLF": sse(delta(content=ODD_TEXT), delta("stop"), "[DONE]", end="\r\n\r\n"),
}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("name", STREAMS)
async def test_how_the_bytes_are_cut_does_not_matter(name: str, size: int) -> None:
    stream = STREAMS[name]
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert await read(name.split()[0], pieces) == [Text(ODD_TEXT), Done()]


class Odd(NamedTuple):
    dialect: str
    stream: bytes
    events: list[StreamEvent]


ODD = {
    "the last line has no end": Odd("ollama", ndjson(said("a"), DONE)[:-1], [Text("a"), Done()]),
    "blank lines": Odd("ollama", b"\n\r\n" + ndjson(said("a"), DONE, end="\n\n"), [Text("a"), Done()]),
    "text on the last line": Odd("ollama", ndjson({**said("a"), **DONE}), [Text("a"), Done()]),
    "no message": Odd("ollama", ndjson({"done": False}, {"message": None}, DONE), [Done()]),
    "counts that are none": Odd(
        "ollama",
        b'{"done":true,"eval_count":NaN,"prompt_eval_count":1e400,"eval_duration":"x","prompt_eval_duration":-1}\n',
        [Done()],
    ),
    "comments and other fields": Odd(
        "openai",
        b": ping\n\nevent: message\nid: 7\nretry: 9\n" + sse(delta(content="a"), delta("stop"), "[DONE]"),
        [Text("a"), Done()],
    ),
    "no space behind data:": Odd(
        "openai", sse(delta(content="a"), delta("stop"), "[DONE]").replace(b"data: ", b"data:"), [Text("a"), Done()]
    ),
    "no [DONE]": Odd("openai", sse(delta(content="a"), delta("length")), [Text("a"), Done(cut_off=True)]),
    "vLLM's name for thinking": Odd(
        "openai", sse(delta(reasoning="hm"), delta("stop", content="a"), "[DONE]"), [Thinking("hm"), Text("a"), Done()]
    ),
    "usage without timings": Odd(
        "openai",
        sse(
            delta("stop", content="a"),
            {
                "choices": [],
                "usage": {
                    "prompt_tokens": 9,
                    "completion_tokens": 1,
                    "prompt_tokens_details": {"cached_tokens": 5},
                },
            },
            "[DONE]",
        ),
        [Text("a"), Done(prompt_tokens=9, cached_tokens=5, completion_tokens=1)],
    ),
    "timings without usage": Odd(
        "openai",
        sse({**delta("stop", content="a"), "timings": {"prompt_n": 4, "cache_n": 5, "predicted_n": 1}}, "[DONE]"),
        [Text("a"), Done(prompt_tokens=9, cached_tokens=5, completion_tokens=1)],
    ),
    "counts of the wrong kind": Odd(
        "openai",
        sse({**delta("stop", content="a"), "usage": ["x"], "timings": "fast"}, "[DONE]"),
        [Text("a"), Done()],
    ),
    "no choices and no delta": Odd(
        "openai", sse({"choices": None}, {"choices": [{"delta": None}]}, delta("stop"), "[DONE]"), [Done()]
    ),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
async def test_odd_streams(odd: Odd) -> None:
    assert await read(odd.dialect, [odd.stream]) == odd.events


class Wrong(NamedTuple):
    dialect: str
    stream: bytes
    error: type[EngineError]
    words: str


DEEP = b"[" * 100_000
WRONG = {
    "not JSON": Wrong("ollama", b"hello\n", EngineProtocolError, "“hello”"),
    "no object": Wrong("ollama", b"[1]\n", EngineProtocolError, r"“\[1\]”"),
    "a message that is none": Wrong("ollama", b'{"message": "hi"}\n', EngineProtocolError, "ollama protocol"),
    "nested too deeply": Wrong("ollama", DEEP + b"\n", EngineProtocolError, r"“\[\[\["),
    "control codes": Wrong("ollama", b"\x1b[31mred\x07\n", EngineProtocolError, r"“\[31mred”"),
    "an error with control codes": Wrong(
        "ollama", ndjson({"error": "out \x1b[2J of\nmemory"}), EngineInterruptedError, r"gpu0: out \[2J of memory$"
    ),
    "no end": Wrong("ollama", ndjson(said("a")), EngineInterruptedError, "without its last line"),
    "nothing at all": Wrong("ollama", b"", EngineInterruptedError, "without its last line"),
    "no event": Wrong("openai", b'{"object": "list"}\n', EngineProtocolError, "openai protocol"),
    "not JSON in an event": Wrong("openai", sse("hello"), EngineProtocolError, "“hello”"),
    "choices that are none": Wrong("openai", sse({"choices": {}}), EngineProtocolError, "openai protocol"),
    "a choice that is none": Wrong("openai", sse({"choices": ["x"]}), EngineProtocolError, "openai protocol"),
    "deep event": Wrong("openai", b"data: " + DEEP + b"\n", EngineProtocolError, r"“\[\[\["),
    "an error": Wrong("openai", sse({"error": {"message": "no slot"}}), EngineInterruptedError, "gpu0: no slot"),
    "no last event": Wrong("openai", sse(delta(content="a")), EngineInterruptedError, "without its last event"),
    "Ollama at an openai endpoint": Wrong("openai", ndjson(said("a"), DONE), EngineProtocolError, "openai protocol"),
    "openai at an Ollama endpoint": Wrong("ollama", STREAMS["openai"], EngineProtocolError, "ollama protocol"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
async def test_wrong_streams(wrong: Wrong) -> None:
    with pytest.raises(wrong.error, match=wrong.words) as caught:
        await read(wrong.dialect, [wrong.stream])
    assert len(str(caught.value)) < 400
    assert str(caught.value).isprintable(), "what an engine says must not reach a terminal as control codes"
    assert caught.value.hint


@pytest.mark.parametrize("dialect", ["ollama", "openai"])
async def test_a_line_without_an_end_is_not_kept_for_ever(dialect: str) -> None:
    with pytest.raises(EngineProtocolError, match="a line without an end"):
        await read(dialect, repeat(b"x" * 65536))
    await only_this_task()


@pytest.mark.parametrize(
    ("head", "body", "words"),
    [
        pytest.param(b"404 Not Found", b"<html>nginx</html>", "answered 404: Not Found$", id="a web page"),
        pytest.param(b"500 Oops", b"", "answered 500: Oops$", id="no body"),
        pytest.param(b"400 Bad Request", b'{"detail": "why"}', "answered 400: why$", id="another shape"),
        pytest.param(b"500 Oops", b'{"error": {"code": 5}}', "answered 500: ", id="an error without a message"),
        pytest.param(b"500 Oops", DEEP, r"answered 500: \[\[\[", id="nested too deeply"),
        pytest.param(b"307 Moved", b"", "answered 307: Moved$", id="a redirect, which a POST must not follow"),
    ],
)
async def test_refusals(head: bytes, body: bytes, words: str) -> None:
    kind = b"text/html" if body.startswith(b"<html") else b"application/json"
    start = b"HTTP/1.1 " + head + b"\r\nContent-Type: " + kind + b"\r\nConnection: close\r\n\r\n"
    with pytest.raises(EngineRefusedError, match=words) as caught:
        await read("ollama", [body], start)
    assert len(str(caught.value)) < 400


async def test_an_engine_that_ignores_the_limit_can_be_left() -> None:
    async with (
        serving(repeat(ndjson(said("more ")))) as url,
        open_backend("ollama", url) as endpoint,
        aclosing(endpoint.stream(ask(max_tokens=5).request)) as events,
    ):
        texts = [await anext(events) for _ in range(1000)]
    assert texts == [Text("more ")] * 1000
    await only_this_task()


@asynccontextmanager
async def keeping(body: bytes, *, ends: bool) -> AsyncIterator[tuple[str, list[asyncio.Task[None]]]]:
    """A server that keeps its connections and, unless it `ends` them, its answers open; and a task for each client."""
    clients: list[asyncio.Task[None]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n")
                writer.write(b"%x\r\n%b\r\n%b" % (len(body), body, b"0\r\n\r\n" if ends else b""))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()  # the client has left

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        clients.append(asyncio.create_task(answer(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", clients
        await asyncio.gather(*clients)


WHOLE = {"ollama": ndjson(said("a"), DONE), "openai": sse(delta(content="a"), delta("stop"), "[DONE]")}


@pytest.mark.parametrize(("ends", "connections"), [(True, 1), (False, 3)])
@pytest.mark.parametrize("dialect", WHOLE)
async def test_a_connection_whose_answer_has_ended_is_used_again(dialect: str, ends: bool, connections: int) -> None:
    async with keeping(WHOLE[dialect], ends=ends) as (url, clients):
        async with open_backend(dialect, url) as endpoint:
            began = time.monotonic()
            for _ in range(3):
                assert await collect(endpoint.stream(ask().request)) == [Text("a"), Done()]
            assert time.monotonic() - began < 30, "an answer that doesn't end isn't waited for"
        assert len(clients) == connections
