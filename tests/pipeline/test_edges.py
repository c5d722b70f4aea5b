"""What else can go wrong between Pillion and an engine: each becomes an error of ours that says what to do."""

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pillion.backends.backend import Backend, Done, StreamEvent, Text, Thinking, ToolCall
from pillion.backends.ollama import OllamaBackend
from pillion.backends.openai import OpenAIBackend
from pillion.config.schema import Config, EndpointConfig
from pillion.errors import ConfigError, EngineError, EngineRefusedError, EngineUnreachableError, PillionError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.pool.pool_events import EndpointFailed
from pillion.tiers import Lane
from tests.editors.engines import Cable
from tests.support.pools import ask, backend, collect, open_backend, open_pool
from tests.support.raw_server import OK, delta, ndjson, said, serving, sse

DIALECTS = ["ollama", "openai"]


async def ask_for(what: str, endpoint: Backend) -> None:
    match what:
        case "stream":
            await collect(endpoint.stream(ask().request))
        case "check":
            await endpoint.check()
        case _:
            await endpoint.look()


# Keys


KEYS = {
    "a line's end inside": ("sk-se\ncret", "a line's end", 6),
    "a carriage return inside": ("sk-se\rcret", "a line's end", 6),
    "a blank inside": ("sk-se cret", "white space", 6),
    "a letter of no ASCII": ("sk-sécret", "not of ASCII", 5),
    "beyond latin-1": ("sk-se…cret", "not of ASCII", 6),
    "an emoji": ("🔑-secret", "not of ASCII", 1),
    "an odd byte of the environment": ("sk-se\udcffcret", "not of ASCII", 6),
    "a control code": ("sk-se\x1bcret", "a control character", 6),
    "a no-break space": ("sk-se\u00a0cret", "white space", 6),
}


@pytest.mark.parametrize("asked", ["stream", "check", "look"])
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("key", "kind", "place"), KEYS.values(), ids=KEYS)
async def test_a_key_that_cannot_travel(
    dialect: str, asked: str, key: str, kind: str, place: int, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_KEY", key)
    async with open_backend(dialect, engine.url, api_key_env="SOME_KEY") as endpoint:
        with pytest.raises(ConfigError) as caught:
            await ask_for(asked, endpoint)
    assert f"SOME_KEY (endpoint 'gpu0') can't be sent: its character {place} of {len(key)} is {kind}." in str(
        caught.value
    )
    assert "cret" not in caught.value.full_message
    assert caught.value.__cause__ is None
    assert engine.log() == []


async def test_such_a_key_sends_the_lane_to_its_next_endpoint(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_KEY", "sk-sécret")
    engine.script(Rule("fine"))
    endpoints = backend("openai", engine.url, "gpu0", api_key_env="SOME_KEY"), backend("openai", engine.url, "gpu1")
    async with open_pool({"simple": ["gpu0", "gpu1"]}, *endpoints) as pool:
        events = await collect(pool.stream(Lane.SIMPLE, lambda *_: ask()))
        assert "SOME_KEY" in pool.status()[0].reason
    assert [type(event) for event in events if isinstance(event, EndpointFailed)] == [EndpointFailed]
    assert Text("fine") in events


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("model", ["a\nb", "m\u00f6dell", "x" * 100_000, "\x00"], ids=ascii)
async def test_a_models_name_may_be_anything(model: str, dialect: str, engine: FakeEngine) -> None:
    async with open_backend(dialect, engine.url, model=model) as endpoint:
        try:
            await collect(endpoint.stream(ask().request))
            await endpoint.look()
        except PillionError as exc:
            assert "doesn't have the model" in str(exc)  # noqa: PT017  (either is well)


# Addresses


URLS = {
    "no such name": (
        "http://no-such-machine.invalid:1/v1",
        "There is no machine with the name no-such-machine.invalid",
    ),
    "a label too long": (f"http://{'a' * 80}.invalid/v1", "endpoint 'gpu0'"),
    "https where http is": ("https", "No secure connection to https://127.0.0.1:"),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("url", "said"), URLS.values(), ids=URLS)
async def test_an_address_that_leads_nowhere_is_named(dialect: str, url: str, said: str, engine: FakeEngine) -> None:
    url = engine.url.replace("http:", "https:") if url == "https" else url
    config = EndpointConfig.model_validate({"protocol": dialect, "url": "http://x/v1", "model": "m"})
    config = config.model_copy(update={"url": url})
    async with open_pool({"simple": ["gpu0"]}, _made(dialect, config)) as pool:
        with pytest.raises(PillionError) as caught:
            await collect(pool.stream(Lane.SIMPLE, lambda *_: ask()))
    assert isinstance(caught.value, EngineError)
    assert said in str(caught.value) or "gpu0" in str(caught.value)
    if said.startswith(("There", "No secure")):
        assert isinstance(caught.value, EngineUnreachableError)
        assert said in str(caught.value)
        assert caught.value.hint


def _made(dialect: str, config: EndpointConfig) -> Backend:
    return (OpenAIBackend if dialect == "openai" else OllamaBackend)("gpu0", config)


REDIRECTS = {
    "elsewhere": ("http://other.example/v1?key=secret", "a redirect to http://other.example/v1?key=… "),
    "with a name": ("https://me:secret@other.example/", "a redirect to https://other.example/ "),
    "a path": ("/new/place", "/new/place "),
    "control codes": ("http://other.example/\x1b[31m", "a redirect to http://other.example/"),
    "no port": ("http://[::1", "a redirect to an address that can't be read "),
    "no host": ("javascript:alert(1)", "a redirect to an address that can't be read "),
}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("asked", ["stream", "check", "look"])
@pytest.mark.parametrize("to", REDIRECTS)
async def test_a_redirect_is_named_and_not_followed(to: str, asked: str, status: int, engine: FakeEngine) -> None:
    location, words = REDIRECTS[to]
    target = location if to != "elsewhere" else location.replace("other.example", engine.url.partition("//")[2])
    head = f"HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nConnection: close\r\n\r\n".encode("latin-1")
    async with serving([b""], head) as url, open_backend("openai", url) as endpoint:
        with pytest.raises(EngineError) as caught:
            await ask_for(asked, endpoint)
    said_words = words.replace("other.example", engine.url.partition("//")[2]) if to == "elsewhere" else words
    if to != "control codes":  # what is no address at all may be called a broken answer
        assert f"{url}/v1 answers with" in str(caught.value)
        assert said_words in str(caught.value)
        assert "Put that address into the configuration" in caught.value.hint
    assert "secret" not in caught.value.full_message
    assert str(caught.value).isprintable()
    assert engine.log() == []


async def test_a_secret_in_an_address_reaches_the_engine_alone(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK.replace(b"200 OK", b"500 Oops"))
        writer.close()

    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # as the server sets it
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        url = f"http://me:pass@127.0.0.1:{port}/base/?key=hidden&flag#part"
        config = EndpointConfig.model_validate({"protocol": "openai", "url": url, "model": "m"})
        endpoint = _made("openai", config)
        try:
            with pytest.raises(EngineRefusedError) as caught:
                await collect(endpoint.stream(ask().request))
            with pytest.raises(EngineRefusedError):
                await endpoint.check()
        finally:
            await endpoint.aclose()
    assert seen[0].startswith(b"POST /base/chat/completions?key=hidden&flag HTTP/1.1\r\n")
    assert seen[1].startswith(b"GET /base/models?key=hidden&flag HTTP/1.1\r\n")
    assert b"Authorization: Basic " in seen[0]
    for text in (caught.value.full_message, caplog.text):
        assert "hidden" not in text
        assert "pass" not in text


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_no_compression_is_asked_for(dialect: str) -> None:
    seen: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, open_backend(dialect, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as endpoint:
        with pytest.raises(EngineError):
            await collect(endpoint.stream(ask().request))
        await endpoint.check()
    assert all(b"accept-encoding: identity\r\n" in request.lower() for request in seen)
    assert len(seen) == 2


# Retry-After


class Asks(NamedTuple):
    after: str
    words: str
    rests: bool = True


ASKS = {
    "seconds": Asks("30", "It asks not to be asked again for 30 seconds."),
    "one second": Asks("1", "for 1 second."),
    "a day": Asks("86400", "for 86,400 seconds."),
    "for ever": Asks("1e300", "for 86,400 seconds."),
    "a date": Asks("", " seconds."),
    "a past date": Asks("Wed, 21 Oct 2015 07:28:00 GMT", "", rests=False),
    "none": Asks("0", "", rests=False),
    "nonsense": Asks("soon", "", rests=False),
    "endless": Asks("inf", "", rests=False),
    "below zero": Asks("-5", "", rests=False),
}


@pytest.mark.parametrize("asks", ASKS.values(), ids=ASKS)
async def test_who_asks_to_be_left_alone_is(asks: Asks, engine: FakeEngine) -> None:
    engine.script(Rule("fine"))
    after = asks.after or format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    now_s = 1000.0
    head = OK.replace(b"200 OK", b"429 Slow down").replace(b"\r\n\r\n", f"\r\nRetry-After: {after}\r\n\r\n".encode())
    async with serving([b"busy"], head) as url:
        endpoints = backend("openai", url, "gpu0"), backend("openai", engine.url, "gpu1")
        async with open_pool({"simple": ["gpu0", "gpu1"]}, *endpoints, clock=lambda: now_s) as pool:
            first = await collect(pool.stream(Lane.SIMPLE, lambda *_: ask()))
            (failed,) = (event for event in first if isinstance(event, EndpointFailed))
            assert failed.reason.startswith("gpu0 answered 429: busy")
            assert asks.words in failed.reason
            preferred = pool.preferred(Lane.SIMPLE)
            assert preferred is not None
            assert preferred.name == ("gpu1" if asks.rests else "gpu0")
            now_s += 301  # no longer, whatever it asked for
            preferred = pool.preferred(Lane.SIMPLE)
            assert preferred is not None
            assert preferred.name == "gpu0"


# Words


HALF = "\ud800"


@pytest.mark.parametrize(
    ("dialect", "stream", "events"),
    [
        ("ollama", b'{"message":{"content":"a\\ud800b","thinking":"\\udfff"}}\n{"done":true}\n', [Thinking("\ufffd"), Text("a\ufffdb"), Done()]),
        ("openai", b'data: {"choices":[{"delta":{"content":"\\udc00"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n', [Text("\ufffd"), Done()]),
        ("openai", b'data: {"choices":[{"delta":{"content":"\\ud83d\\ude00"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n', [Text("😀"), Done()]),
    ],
    ids=["ollama", "openai", "a whole pair"],
)  # fmt: skip
async def test_half_a_surrogate_pair_goes_no_further(dialect: str, stream: bytes, events: list[StreamEvent]) -> None:
    async with serving([stream]) as url, open_backend(dialect, url) as endpoint:
        assert await collect(endpoint.stream(ask().request)) == events


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("where", ["error", "status"])
async def test_nor_in_an_error(dialect: str, where: str) -> None:
    body = b'{"error":"a \\ud800 b"}'
    stream = body + b"\n" if dialect == "ollama" else b"data: " + body + b"\n\n"
    head = OK if where == "error" else OK.replace(b"200 OK", b"500 \xff\xfe")
    async with serving([stream if where == "error" else body], head) as url, open_backend(dialect, url) as endpoint:
        with pytest.raises(EngineError) as caught:
            await collect(endpoint.stream(ask().request))
    assert str(caught.value).encode()
    assert str(caught.value).isprintable()


CUT = {
    "length": ("openai", sse(delta(content="a"), delta("length"), "[DONE]"), True),
    "length, then something else": ("openai", sse(delta("length", content="a"), delta("stop"), "[DONE]"), True),
    "length before the words": ("openai", sse(delta("length"), delta(content="a"), "[DONE]"), True),
    "stopped by a filter": ("openai", sse(delta(content="a"), delta("content_filter"), "[DONE]"), True),
    "given up": ("openai", sse(delta(content="a"), delta("abort"), "[DONE]"), True),
    "stop": ("openai", sse(*[delta(content="a")] * 5, delta("stop"), "[DONE]"), False),
    "not said, and all tokens used": ("openai", sse(*[delta(content="a")] * 5, "[DONE]"), True),
    "not said, and some left": ("openai", sse(*[delta(content="a")] * 4, "[DONE]"), False),
    "not said, and counted": (
        "openai", sse(delta(content="a b c d e"), {"choices": [], "usage": {"completion_tokens": 5}}, "[DONE]"), True,
    ),
    "not said, and the context is full": (
        "openai",
        sse(delta(content="a"), {"choices": [], "usage": {"completion_tokens": 1, "prompt_tokens": 8191}}, "[DONE]"),
        True,
    ),
    "Ollama's length": ("ollama", ndjson(said("a"), {"done": True, "done_reason": "length"}), True),
    "Ollama's stop": ("ollama", ndjson(*[said("a")] * 5, {"done": True, "done_reason": "stop"}), False),
    "Ollama, not said, all used": ("ollama", ndjson(*[said("a")] * 5, {"done": True}), True),
    "Ollama, not said, counted": ("ollama", ndjson(said("a b"), {"done": True, "eval_count": 5}), True),
    "Ollama, not said, some left": ("ollama", ndjson(said("a b"), {"done": True, "eval_count": 4}), False),
}  # fmt: skip

# The word with which a server ends an answer, and whether the model itself ended it.
ENDS = {
    **dict.fromkeys(
        ["stop", "STOP", "eos", "eos_token", "stop_sequence", "end_turn", "tool_calls", "function_call"], True
    ),
    **dict.fromkeys(
        ["length", "max_tokens", "abort", "error", "content_filter", "load", "unload", "cancelled", "?"], False
    ),
}


@pytest.mark.parametrize("reason", ENDS)
@pytest.mark.parametrize("dialect", DIALECTS)
async def test_whatever_isnt_a_natural_end_is_none(dialect: str, reason: str) -> None:
    if dialect == "ollama":
        stream = ndjson(said("a"), {"done": True, "done_reason": reason})
    else:
        stream = sse(delta(content="a"), delta(reason), "[DONE]")
    async with serving([stream]) as url, open_backend(dialect, url) as endpoint:
        *_, done = await collect(endpoint.stream(ask(max_tokens=5).request))
    assert isinstance(done, Done)
    assert done.cut_off is not ENDS[reason]


@pytest.mark.parametrize(("dialect", "stream", "cut_off"), CUT.values(), ids=CUT)
async def test_an_answer_that_was_cut_off_is_known(dialect: str, stream: bytes, cut_off: bool) -> None:
    async with serving([stream]) as url, open_backend(dialect, url) as endpoint:
        *_, done = await collect(endpoint.stream(ask(max_tokens=5).request))
    assert isinstance(done, Done)
    assert done.cut_off is cut_off


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | st.sampled_from(["stop", HALF]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "message",
                    "content",
                    "thinking",
                    "done",
                    "choices",
                    "delta",
                    "finish_reason",
                    "usage",
                    "timings",
                    "error",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(_JSON, max_size=4), dialect=st.sampled_from(DIALECTS), raw=st.binary(max_size=20))
async def test_whatever_it_says_is_an_answer_or_an_error_of_ours(
    events: list[object], dialect: str, raw: bytes
) -> None:
    lines = [json.dumps(event) for event in events]
    stream = "".join(f"data: {line}\n\n" if dialect == "openai" else f"{line}\n" for line in lines).encode() + raw
    async with serving([stream]) as url, open_backend(dialect, url) as endpoint:
        try:
            for event in await collect(endpoint.stream(ask().request)):
                assert isinstance(event, Done | ToolCall) or event.text.encode()
        except EngineError as exc:
            assert str(exc).isprintable()  # noqa: PT017


# A look before anything is asked


LOOKS = {
    "there": ({}, {}, "", ""),
    "another model": ({}, {"model": "gone"}, "doesn't have the model 'gone'", "another"),
    "no key": ({"api_key": "k"}, {}, "answered 401", "api_key_env"),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", LOOKS)
async def test_a_look(name: str, dialect: str, engine: FakeEngine) -> None:
    changes, config, words, hint = LOOKS[name]
    engine.change(models=["fake-model", "another"], **changes)
    try:
        async with open_backend(dialect, engine.url, **config) as endpoint:
            if not words or (name == "no key" and dialect == "ollama"):
                assert await endpoint.look() == ""
            else:
                with pytest.raises(EngineError, match=words) as caught:
                    await endpoint.look()
                assert dialect == "ollama" or hint in caught.value.hint
    finally:
        engine.change(models=[], api_key=None)
    assert engine.log() == [], "no tokens are spent"


async def test_a_server_of_one_model_answers_under_any_name(engine: FakeEngine) -> None:
    async with open_backend("openai", engine.url, model="what I call it") as endpoint:
        assert await endpoint.look() == "it calls its model 'fake-model'"


async def test_all_are_looked_at_side_by_side(engine: FakeEngine) -> None:
    endpoints = (
        backend("ollama", engine.url, "good"),
        backend("openai", "http://127.0.0.1:9", "nobody"),
        backend("openai", engine.url, "keyless", api_key_env="NOT_SET_ANYWHERE"),
        backend("ollama", engine.url, "other", model="other"),
    )
    async with (
        serving([b""] * 1_000_000, b"HTTP/1.1 200 OK\r\n") as url,
        open_pool({}, *endpoints, backend("ollama", url, "slow")) as pool,
    ):
        looks = await pool.look_at_all(within_s=2)
    assert {look.endpoint: look.seen.value for look in looks} == {
        "good": "ok",
        "nobody": "unreachable",
        "keyless": "key missing",
        "other": "model missing",
        "slow": "unreachable",
    }
    assert all(look.message for look in looks if look.seen != "ok")


async def test_one_that_is_there_again_is_seen_at_once(engine: FakeEngine) -> None:
    with Cable(engine.url) as cable:
        async with open_pool({}, backend("ollama", cable.url, "gpu")) as pool:
            cable.pull()
            for _ in range(2):
                (look,) = await pool.look_at_all()
                assert (look.seen.value, pool.status()[0].state.value) == ("unreachable", "down")
            cable.plug_in()
            (look,) = await pool.look_at_all()
            assert (look.good, pool.status()[0].state.value, pool.status()[0].reason) == (True, "idle", "")


def test_the_default_engines_are_no_mistake() -> None:
    assert list(Config().endpoints) == ["driver", "passenger"]
