"""What goes over the wire for a request, byte for byte; what a dialect has no words for, it refuses before it asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pillion.backends.base import Done, Text
from pillion.backends.chat_request import ChatRequest, Message, Sampling
from pillion.backends.embedded import EmbeddedBackend
from pillion.config.schema import EndpointConfig
from pillion.errors import EngineError, RequestNotPossibleError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.models.store import ModelStore
from pillion.prompts.prompt import Prompt
from pillion.tiers import Lane
from tests.support.pools import backend, collect, open_backend, open_pool

HELLO = (Message("system", "be brief"), Message("user", "☃ \u2028 \ud83d"))
SAID = '[{"role":"system","content":"be brief"},{"role":"user","content":"☃ \u2028 ?"}]'
GAP = ChatRequest((Message("user", "def a("),), 7, suffix="):\n")
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "string"}}}
SCHEMA_TEXT = '{"type":"object","properties":{"a":{"type":"string"}}}'
SAMPLED = Sampling(temperature=0.7, top_p=0.9, seed=3)
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
    embedded = EmbeddedBackend(
        "gpu1",
        EndpointConfig.model_validate({"protocol": "embedded"}),
        store=ModelStore(tmp_path),
        threads=1,
        idle_timeout_s=1,
    )
    async with recording() as (url, requests), open_backend("openai", url) as openai:
        for endpoint, request, words in (
            (openai, by_schema, "gpu0 can't fill a gap"),
            (embedded, GAP, "gpu1 can't fill a gap"),
        ):
            with pytest.raises(RequestNotPossibleError, match=words):
                await collect(endpoint.stream(request))
        await embedded.aclose()
    assert requests == []
    with pytest.raises(ValueError, match="one message"):
        ChatRequest(HELLO, 7, suffix="x")


class _Gap(NamedTuple):
    request: ChatRequest
    omitted: str = ""
    continues: bool = False


async def test_the_next_endpoint_is_asked_which_has_words_for_it(engine: FakeEngine) -> None:
    engine.script(Rule("x"))
    request = _Gap(ChatRequest(GAP.messages, 7, SCHEMA, suffix="x"))
    first, second = backend("openai", engine.url, "a"), backend("ollama", engine.url, "b")
    async with open_pool({"simple": ["a", "b"]}, first, second) as pool:
        for _ in range(4):  # it is no failure of the endpoint's, so it stays the first to be tried
            names = [type(event).__name__ for event in await collect(pool.stream(Lane.SIMPLE, lambda *_: request))]
            assert names == ["Started", "EndpointFailed", "Started", "Text", "Done"]
