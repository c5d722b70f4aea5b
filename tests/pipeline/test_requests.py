"""What goes over the wire for a request, byte for byte; what a dialect has no words for, it refuses before it asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pillion.backends.backend import Done, StreamEvent, Text, ToolCall
from pillion.backends.chat_request import ChatRequest, Message, Prefill, Sampling, Tool
from pillion.config.schema import EndpointConfig
from pillion.errors import EngineError, EngineProtocolError, RequestNotPossibleError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.pool.bounds import Bounds
from pillion.pool.objections import says_nothing
from pillion.pool.stream_reader import StreamReader
from pillion.prompts.prompt import Prompt
from pillion.tiers import Lane
from tests.support.embedded import embedded_backend
from tests.support.pools import backend, collect, open_backend, open_pool
from tests.support.raw_server import delta, ndjson, serving, sse

HELLO = (Message("system", "be brief"), Message("user", "☃ \u2028 \ud83d"))
SAID = '[{"role":"system","content":"be brief"},{"role":"user","content":"☃ \u2028 ?"}]'
BEGUN = ChatRequest((*HELLO, Message("assistant", "a\n")), 7)
SAID_BEGUN = f'{SAID[:-1]},{{"role":"assistant","content":"a\\n"}}]'
GAP = ChatRequest((Message("user", "def a("),), 7, suffix="):\n")
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "string"}}}
SCHEMA_TEXT = '{"type":"object","properties":{"a":{"type":"string"}}}'
SAMPLED = Sampling(temperature=0.7, top_p=0.9, seed=3)
TOOLS = (Tool("look", "Looks it up.", {"type": "object"}),)
TOOLS_TEXT = '"tools":[{"type":"function","function":{"name":"look","description":"Looks it up.","parameters":{"type":"object"}}}]'
USAGE = '"stream":true,"stream_options":{"include_usage":true}'


class Case(NamedTuple):
    dialect: str
    request: ChatRequest
    path: str
    body: str
    settings: dict[str, Any] = {}  # noqa: RUF012 - a tuple's default, which nobody changes


# The first of each dialect are what a prompt of ours is; nothing but what is asked for goes along.
CASES = {
    "ollama": Case(
        "ollama",
        Prompt(HELLO, None, 7).request,
        "/api/chat",
        f'{{"model":"fake-model","messages":{SAID},"stream":true,"options":{{"num_ctx":8192,"num_predict":7,"temperature":0.0}}}}',
    ),
    "ollama, fields, and its own settings": Case(
        "ollama",
        Prompt(HELLO, SCHEMA, 7).request,
        "/api/chat",
        f'{{"model":"fake-model","messages":{SAID},"stream":true,"options":{{"num_ctx":2048,"num_predict":7,"temperature":0.5}},'
        f'"format":{SCHEMA_TEXT},"keep_alive":"10m","think":false}}',
        {"num_ctx": 2048, "temperature": 0.5, "keep_alive": "10m", "think": False},
    ),
    "ollama, sampled and stopped": Case(
        "ollama",
        ChatRequest(HELLO, 7, stop=("\n", "END"), sampling=SAMPLED),
        "/api/chat",
        f'{{"model":"fake-model","messages":{SAID},"stream":true,"options":{{"num_ctx":8192,"num_predict":7,"temperature":0.7,'
        '"top_p":0.9,"seed":3,"stop":["\\n","END"]}}',
    ),
    "ollama, with tools": Case(
        "ollama",
        ChatRequest(HELLO, 7, tools=TOOLS),
        "/api/chat",
        f'{{"model":"fake-model","messages":{SAID},"stream":true,"options":{{"num_ctx":8192,"num_predict":7,"temperature":0.0}},{TOOLS_TEXT}}}',
    ),
    "openai, with tools": Case(
        "openai",
        ChatRequest(HELLO, 7, tools=TOOLS),
        "/v1/chat/completions",
        f'{{"model":"fake-model","messages":{SAID},{USAGE},"max_tokens":7,"temperature":0.0,{TOOLS_TEXT}}}',
    ),
    "ollama, a begun answer": Case(
        "ollama",
        BEGUN.begun(Prefill.LAST, stop="\n```"),
        "/api/chat",
        f'{{"model":"fake-model","messages":{SAID_BEGUN},"stream":true,"options":{{"num_ctx":8192,"num_predict":7,"temperature":0.0,'
        '"stop":["\\n```"]}}',
    ),
    "openai, a begun answer": Case(
        "openai",
        BEGUN.begun(Prefill.LAST, stop="\n```"),
        "/v1/chat/completions",
        f'{{"model":"fake-model","messages":{SAID_BEGUN},{USAGE},"max_tokens":7,"temperature":0.0,"stop":["\\n```"]}}',
    ),
    "vLLM, a begun answer": Case(
        "openai",
        BEGUN.begun(Prefill.FLAGGED),
        "/v1/chat/completions",
        f'{{"model":"fake-model","messages":{SAID_BEGUN},{USAGE},"max_tokens":7,"temperature":0.0,'
        '"continue_final_message":true,"add_generation_prompt":false}',
    ),
    "ollama, a gap": Case(
        "ollama",
        GAP,
        "/api/generate",
        '{"model":"fake-model","prompt":"def a(","suffix":"):\\n","stream":true,'
        '"options":{"num_ctx":8192,"num_predict":7,"temperature":0.0}}',
    ),
    "openai": Case(
        "openai",
        Prompt(HELLO, None, 7).request,
        "/v1/chat/completions",
        f'{{"model":"fake-model","messages":{SAID},{USAGE},"max_tokens":7,"temperature":0.0}}',
    ),
    "openai, fields, and its own settings": Case(
        "openai",
        Prompt(HELLO, SCHEMA, 7).request,
        "/v1/chat/completions",
        f'{{"model":"fake-model","messages":{SAID},{USAGE},"max_tokens":7,"temperature":0.5,'
        f'"response_format":{{"type":"json_schema","json_schema":{{"name":"answer","schema":{SCHEMA_TEXT}}}}}}}',
        {"num_ctx": 2048, "temperature": 0.5},
    ),
    "openai, sampled and stopped": Case(
        "openai",
        ChatRequest(HELLO, 7, stop=("\n", "END"), sampling=SAMPLED),
        "/v1/chat/completions",
        f'{{"model":"fake-model","messages":{SAID},{USAGE},"max_tokens":7,"temperature":0.7,"top_p":0.9,"seed":3,"stop":["\\n","END"]}}',
    ),
    "openai, a gap": Case(
        "openai",
        GAP,
        "/v1/completions",
        f'{{"model":"fake-model","prompt":"def a(","suffix":"):\\n",{USAGE},"max_tokens":7,"temperature":0.0}}',
    ),
}


class _Asked(NamedTuple):
    """A prompt that is a request."""

    request: ChatRequest
    omitted: str = ""
    continues: bool = False
    beginning: str = ""


@asynccontextmanager
async def recording() -> AsyncIterator[tuple[str, list[tuple[str, str]]]]:
    """A server that keeps the path and the body of what it is sent, and answers nothing."""
    requests: list[tuple[str, str]] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        requests.append((head.split()[1].decode(), (await reader.readexactly(length)).decode()))
        writer.write(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(keep, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", requests


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_the_bytes(case: Case) -> None:
    async with recording() as (url, requests), open_backend(case.dialect, url, **case.settings) as endpoint:
        with pytest.raises(EngineError, match="500"):
            await collect(endpoint.stream(case.request))
    assert requests == [(case.path, case.body)]


def calls(*pieces: object) -> bytes:
    """A stream of OpenAI's with these pieces of calls."""
    return sse(*(delta(tool_calls=[each]) for each in pieces), delta("tool_calls"), "[DONE]")


def called(*pieces: object) -> bytes:
    """The same of Ollama's."""
    return ndjson({"message": {"role": "assistant", "content": "", "tool_calls": [*pieces]}}, {"done": True})


LOOK, CALL = {"name": "look", "arguments": {"at": "ü"}}, ToolCall("", "look", '{"at": "ü"}')
CALLED = {
    "ollama": ("ollama", called({"function": LOOK}), [CALL, Done(tool_calls=1)]),
    "ollama, two": (
        "ollama",
        called({"function": LOOK}, {"id": "7", "function": {"name": "see"}}),
        [CALL, ToolCall("7", "see", ""), Done(tool_calls=2)],
    ),
    "openai, in pieces": (
        "openai",
        calls(
            {"index": 0, "id": "a", "function": {"name": "look", "arguments": ""}},
            {"index": 1, "id": "b", "function": {"name": "see", "arguments": "{"}},
            {"index": 0, "function": {"arguments": '{"at": '}},
            {"index": 0, "function": {"arguments": '"ü"}'}},
            {"index": 1, "function": {"arguments": "}"}},
        ),
        [ToolCall("a", "look", '{"at": "ü"}'), ToolCall("b", "see", "{}"), Done(tool_calls=2)],
    ),
    "openai, without numbers": (
        "openai",
        calls({"function": {"name": "look"}}, {"function": {"arguments": "{}"}}, {"function": {"name": "see"}}),
        [ToolCall("", "look", "{}"), ToolCall("", "see", ""), Done(tool_calls=2)],
    ),
    "openai, words too": (
        "openai",
        sse(delta(content="hm"), delta("stop", tool_calls=[{"function": LOOK}]), "[DONE]"),
        [Text("hm"), CALL, Done(tool_calls=1)],
    ),
    "no calls": ("openai", sse(delta("stop", content="hm", tool_calls=None), "[DONE]"), [Text("hm"), Done()]),
    "no list": ("openai", sse(delta(tool_calls="look"), "[DONE]"), None),
    "no function": ("ollama", called({"function": 7}), None),
    "no name": ("ollama", called({"function": {"name": 7}}), None),
    "no arguments": ("openai", calls({"function": {"name": "look", "arguments": [1]}}), None),
}


@pytest.mark.parametrize(("dialect", "stream", "expected"), CALLED.values(), ids=CALLED.keys())
async def test_calls_of_tools(dialect: str, stream: bytes, expected: list[StreamEvent] | None) -> None:
    async with serving([stream]) as url, open_backend(dialect, url) as endpoint:
        if expected is None:
            with pytest.raises(EngineProtocolError):
                await collect(endpoint.stream(ChatRequest(HELLO, 7, tools=TOOLS)))
        else:
            assert await collect(endpoint.stream(ChatRequest(HELLO, 7, tools=TOOLS))) == expected
        asked_for_none = await collect(endpoint.stream(ChatRequest(HELLO, 7)))
        assert not any(isinstance(event, ToolCall) for event in asked_for_none)


async def test_a_call_is_an_answer() -> None:
    """Though it has no words: nobody else is asked."""
    async with serving([called({"function": LOOK})]) as url:
        first, second = backend("ollama", url, "a"), backend("ollama", "http://127.0.0.1:9", "b")
        async with open_pool({"simple": ["a", "b"]}, first, second) as pool:
            reader = StreamReader(Bounds.of(7))
            request = _Asked(ChatRequest(HELLO, 7, tools=TOOLS))
            await reader.read(pool.stream(Lane.SIMPLE, lambda *_: request, says_nothing))
    assert (reader.endpoint, reader.text, reader.tool_calls) == ("a", "", [CALL])


@pytest.mark.parametrize("dialect", ["ollama", "openai"])
async def test_a_gap_is_filled(engine: FakeEngine, dialect: str) -> None:
    engine.script(Rule("self, b"))
    async with open_backend(dialect, engine.url) as endpoint:
        *said, done = await collect(endpoint.stream(GAP))
    assert said == [Text("self,"), Text(" b")]
    assert isinstance(done, Done)
    assert done.completion_tokens == 2
    assert engine.log()[0].options["suffix"] == "):\n"


async def test_what_can_not_be_asked_is_refused(tmp_path: Path) -> None:
    by_schema = ChatRequest(GAP.messages, 7, SCHEMA, suffix="x")
    with_tools = ChatRequest(GAP.messages, 7, tools=TOOLS, suffix="x")
    embedded = embedded_backend("gpu1", EndpointConfig.model_validate({"protocol": "embedded"}), tmp_path)
    async with (
        recording() as (url, requests),
        open_backend("openai", url) as openai,
        open_backend("ollama", url) as ollama,
    ):
        for endpoint, request, words in (
            (openai, by_schema, "gpu0 can't fill a gap"),
            (openai, with_tools, "gpu0 can't fill a gap"),
            (ollama, with_tools, "gpu0 can't fill a gap"),
            (ollama, BEGUN.begun(Prefill.FLAGGED), "gpu0 can't be told to go on from an answer"),
            (embedded, GAP, "gpu1 can't fill a gap"),
        ):
            with pytest.raises(RequestNotPossibleError, match=words):
                await collect(endpoint.stream(request))
        await embedded.aclose()
    assert requests == []
    with pytest.raises(ValueError, match="one message"):
        ChatRequest(HELLO, 7, suffix="x")
    with pytest.raises(ValueError, match="the assistant's"):
        ChatRequest(HELLO, 7).begun(Prefill.LAST)


async def test_the_next_endpoint_is_asked_which_has_words_for_it(engine: FakeEngine) -> None:
    engine.script(Rule("x"))
    request = _Asked(ChatRequest(GAP.messages, 7, SCHEMA, suffix="x"))
    first, second = backend("openai", engine.url, "a"), backend("ollama", engine.url, "b")
    async with open_pool({"simple": ["a", "b"]}, first, second) as pool:
        for _ in range(4):  # it is no failure of the endpoint's, so it stays the first to be tried
            names = [type(event).__name__ for event in await collect(pool.stream(Lane.SIMPLE, lambda *_: request))]
            assert names == ["Started", "EndpointFailed", "Started", "Text", "Done"]
