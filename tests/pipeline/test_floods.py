"""Engines that send without end, in size or in time: they are left, for one that answers, and nobody else waits."""

import asyncio
import gzip
import resource
import time
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from itertools import repeat
from typing import NamedTuple

import pytest

from pillion.backends.backend import Done, Text
from pillion.errors import EngineError, EngineProtocolError, EngineTimeoutError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.pool.pool_events import EndpointFailed
from pillion.tiers import Lane
from tests.support.flood_server import CHUNKED, UNTIL_CLOSED, flooding
from tests.support.pools import ask, backend, collect, only_this_task, open_backend, open_pool
from tests.support.raw_server import delta, ndjson, said, serving, sse

# How long the loop may compute before others have their turn: its own time, whatever else the machine does.
LONGEST_TURN_S = 0.15
# An answer of 100 tokens may be some 1.4 MB; what is read of it beyond that must stay small.
MOST_MEMORY_KIB = 80_000


def encoded(name: bytes) -> bytes:
    return UNTIL_CLOSED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: " + name + b"\r\n\r\n")


@cache
def gzip_bomb() -> list[bytes]:
    """400 MB of line ends in 400 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return [packer.compress(b"\n" * (1 << 20)) for _ in range(400)] + [packer.flush()]


@cache
def deflate_bomb() -> list[bytes]:
    """200 MB of line ends in one piece."""
    return [zlib.compress(b"\n" * (200 << 20), 1)]


class Flood(NamedTuple):
    pieces: Callable[[], Iterable[bytes]]
    head: bytes = UNTIL_CLOSED
    dialect: str = "ollama"


FLOODS = {
    "line ends": Flood(lambda: repeat(b"\n" * 65536)),
    "carriage returns": Flood(lambda: repeat(b"\r\n" * 32768)),
    "single bytes in chunks": Flood(lambda: repeat(b"1\r\n\n\r\n" * 8000), CHUNKED),
    "one line without an end": Flood(lambda: repeat(b"x" * 65536)),
    "one line of words without an end": Flood(lambda: [b'{"message":{"content":"', *[b"x" * 65536] * 10_000]),
    "one huge line": Flood(lambda: [b"[" + b"0," * 200_000 + b"0]\n"]),
    "empty words": Flood(lambda: repeat(ndjson(said("")) * 500)),
    "comments": Flood(lambda: repeat(b": still here\n" * 2000), dialect="openai"),
    "empty events": Flood(lambda: repeat(sse(delta(content="")) * 500), dialect="openai"),
    "a gzip bomb": Flood(gzip_bomb, encoded(b"gzip")),
    "a deflate bomb": Flood(deflate_bomb, encoded(b"deflate")),
    "a bomb in an encoding we can't read": Flood(lambda: repeat(b"\x0b" * 65536), encoded(b"br")),
    "twice compressed": Flood(lambda: repeat(b"\x0b" * 65536), encoded(b"gzip, gzip")),
    "no gzip at all": Flood(lambda: repeat(b"plain" * 1000), encoded(b"gzip")),
    "headers": Flood(lambda: repeat(b"X-More: and more\r\n" * 3000), b"HTTP/1.1 200 OK\r\n"),
    "one header": Flood(lambda: repeat(b"x" * 65536), b"HTTP/1.1 200 OK\r\nX-Long: "),
    "an error's body": Flood(lambda: repeat(b"x" * 65536), UNTIL_CLOSED.replace(b"200 OK", b"500 Oops")),
    "an error's body in a bomb": Flood(gzip_bomb, encoded(b"gzip").replace(b"200 OK", b"500 Oops")),
    "a web page": Flood(lambda: repeat(b"<p>" * 20000), UNTIL_CLOSED.replace(b"text/plain", b"text/html")),
}


async def longest_turn_s(work: asyncio.Task[object]) -> float:
    """How long the event loop computed between two turns of a waiting task while `work` went on."""
    longest = 0.0
    while not work.done():
        before = time.thread_time()
        await asyncio.sleep(0.001)
        longest = max(longest, time.thread_time() - before)
    return longest


def memory_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
async def test_a_flood_ends_and_keeps_nobody_waiting(flood: Flood) -> None:
    with flooding(flood.pieces, flood.head) as url:
        async with open_backend(flood.dialect, url) as endpoint:
            flood.pieces()  # made now, not while the loop is watched
            before_kib, began_s = memory_kib(), time.monotonic()
            work: asyncio.Task[object] = asyncio.create_task(collect(endpoint.stream(ask().request)))
            turn_s = await longest_turn_s(work)
            assert isinstance(work.exception(), EngineError), work.exception()
            assert time.monotonic() - began_s < 20
    assert turn_s < LONGEST_TURN_S
    assert memory_kib() - before_kib < MOST_MEMORY_KIB
    await only_this_task()


@pytest.mark.parametrize("look", ["check", "look"])
@pytest.mark.parametrize("dialect", ["ollama", "openai"])
@pytest.mark.parametrize("name", ["line ends", "a gzip bomb", "headers", "an error's body", "one huge line"])
async def test_a_dead_engine_can_be_looked_at(name: str, dialect: str, look: str) -> None:
    flood = FLOODS[name]
    with flooding(flood.pieces, flood.head) as url:
        async with open_backend(dialect, url) as endpoint:
            flood.pieces()
            before_kib = memory_kib()
            asking = endpoint.check() if look == "check" else endpoint.look()
            work: asyncio.Task[object] = asyncio.create_task(asking)
            turn_s = await longest_turn_s(work)
            assert isinstance(work.exception(), EngineError | None)
    assert turn_s < LONGEST_TURN_S
    assert memory_kib() - before_kib < MOST_MEMORY_KIB


@pytest.mark.parametrize("word", ["x" * 200_000, "word " * 40_000], ids=["one word", "many"])
async def test_what_is_passed_on_is_bounded_too(word: str) -> None:
    async with (
        serving(repeat(ndjson(said(word)))) as url,
        open_pool({"hover": ["gpu0"]}, backend("ollama", url)) as pool,
    ):
        events = await collect(pool.stream(Lane.HOVER, lambda *_: ask(max_tokens=100)))
    assert sum(len(event.text) for event in events if isinstance(event, Text)) == 4096
    assert isinstance(events[-1], Done)
    assert events[-1].cut_off


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
async def test_what_a_proxy_compresses_is_read(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(ndjson(said("a"), {"done": True, "done_reason": "stop"}))
    head = encoded(b"gzip" if pack is gzip.compress else b"deflate")
    async with serving([packed[:5], packed[5:]], head) as url, open_backend("ollama", url) as endpoint:
        assert await collect(endpoint.stream(ask().request)) == [Text("a"), Done()]


# Nothing of what these send is progress: a word or a thought is.
DRIPS = {
    "empty words": ("ollama", ndjson(said(""))),
    "no message": ("ollama", ndjson({"done": False})),
    "empty thoughts": ("ollama", ndjson({"message": {"thinking": "", "content": ""}})),
    "blank lines": ("ollama", b"\n"),
    "single bytes": ("ollama", b" "),
    "bytes of a word": ("ollama", b"x"),
    "comments": ("openai", b": keep-alive\n\n"),
    "other fields": ("openai", b"event: ping\nid: 1\n\n"),
    "empty deltas": ("openai", sse(delta(content=""))),
    "no choices": ("openai", sse({"choices": []})),
    "counts": ("openai", sse({"choices": [], "usage": {"prompt_tokens": 1}})),
    "roles": ("openai", sse(delta(role="assistant"))),
}


@pytest.mark.parametrize("begun", [False, True], ids=["from the start", "after a word"])
@pytest.mark.parametrize("name", DRIPS)
async def test_what_says_nothing_is_no_progress(name: str, begun: bool, engine: FakeEngine) -> None:
    dialect, drip = DRIPS[name]
    word = (ndjson(said("a")) if dialect == "ollama" else sse(delta(content="a"))) if begun else b""
    engine.script(Rule("fine"))
    with flooding(lambda: [word, *[drip] * 1000], every_s=0.05) as url:
        limits = {"first_token_timeout_s": 0.4, "stall_timeout_s": 0.4}
        endpoints = backend(dialect, url, "gpu0", **limits), backend("openai", engine.url, "gpu1")
        async with open_pool({"simple": ["gpu0", "gpu1"]}, *endpoints) as pool:
            began_s = time.monotonic()
            events = await collect(pool.stream(Lane.SIMPLE, lambda *_: ask()))
            assert time.monotonic() - began_s < 30
    (failed,) = (event for event in events if isinstance(event, EndpointFailed))
    assert "for 0.4 s" in failed.reason
    assert Text("fine") in events
    await only_this_task()


async def test_words_and_thoughts_are_progress() -> None:
    pieces = [*[ndjson({"message": {"thinking": "hm"}})] * 20, *[ndjson(said("a"))] * 20]
    with flooding(lambda: [*pieces, ndjson({"done": True})], every_s=0.1) as url:
        async with open_backend("ollama", url, first_token_timeout_s=1.8, stall_timeout_s=1.8) as endpoint:
            assert len(await collect(endpoint.stream(ask().request))) == 41


async def test_heads_that_drip_are_bounded_too() -> None:
    with flooding(lambda: repeat(b"X-A: b\r\n"), b"HTTP/1.1 200 OK\r\n", every_s=0.05) as url:
        async with open_backend("ollama", url, first_token_timeout_s=0.4) as endpoint:
            with pytest.raises(EngineTimeoutError):
                await collect(endpoint.stream(ask().request))


async def test_an_unbounded_list_of_models_is_none() -> None:
    with flooding(lambda: [b'{"models": [', *[b'{"name": "x"},' * 5000] * 1000]) as url:
        async with open_backend("ollama", url) as endpoint:
            with pytest.raises(EngineProtocolError):
                await endpoint.look()
