"""The fake engine keeps to the wire formats, to its timing, and to the faults that a script asks for."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import httpx
import pytest

from pillion.fake_engine.dialects import tokens_of
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, FaultKind, RequestLog, Rule, busy_overlap_s
from tests.support.wire_answers import Answer, read_answer, read_events

MESSAGES = [{"role": "system", "content": "be brief"}, {"role": "user", "content": " say hello"}]
CHAT = {"model": "fake-model", "messages": MESSAGES}
PATHS = ["/api/chat", "/api/generate", "/v1/chat/completions", "/v1/completions"]
STREAMING_PATHS = ["/api/chat", "/v1/chat/completions"]
SCHEMA = {"type": "object", "properties": {"edits": {"type": "array"}}}
# No call here uses TLS, and to load the certificates for it takes a client 30 ms.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture(scope="module")
def shared_engine() -> Iterator[FakeEngine]:
    with FakeEngine.start(models=["fake-model", "other"]) as engine:
        yield engine


@pytest.fixture
def engine(shared_engine: FakeEngine) -> Iterator[FakeEngine]:
    """The shared engine, as if it were new, but for its cache and the ids in its log."""
    shared_engine.script()
    shared_engine.clear_log()
    yield shared_engine
    shared_engine.change(tokens_per_s=0, prefill_tokens_per_s=0, api_key=None, strict_models=False)


@pytest.fixture
def client(engine: FakeEngine) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=engine.url, timeout=5, trust_env=False, verify=NO_TLS) as client:
        yield client


def body_for(path: str, *, stream: bool = True, **more: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"messages": MESSAGES}
    if not path.endswith(("chat", "chat/completions")):
        said = {"prompt": "be brief say hello"}
    return {"model": "fake-model", "stream": stream, **said, **more}


async def until(engine: FakeEngine, condition: Callable[[list[RequestLog]], bool]) -> list[RequestLog]:
    """The log, once it is as the condition wants it."""
    deadline = time.monotonic() + 3
    while not condition(log := engine.log()):
        assert time.monotonic() < deadline, log
        await asyncio.sleep(0.005)
    return log


def at_least(count: int) -> Callable[[list[RequestLog]], bool]:
    return lambda log: len(log) >= count


# What it streams


@pytest.mark.parametrize("text", ["", "one", "a b\n  c\n", "\n\n", " lead", "tab\tend ", "näïve ☃ code()"])
def test_tokens_are_the_whole_text(text: str) -> None:
    assert "".join(tokens_of(text)) == text


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("path", PATHS)
def test_answers_what_was_scripted(engine: FakeEngine, client: httpx.Client, path: str, stream: bool) -> None:
    engine.script(Rule(reply="Hello, ☃\n  world \n", thinking="" if path == "/v1/completions" else "hm so"))
    answer = read_answer(client.post(path, json=body_for(path, stream=stream)))
    thinking = "" if path == "/v1/completions" else "hm so"
    assert (answer.content, answer.thinking, answer.finish) == ("Hello, ☃\n  world \n", thinking, "stop")
    assert answer.tokens == (4 + len(thinking.split()) if stream else 1)
    assert answer.done is (stream or path.startswith("/api/"))
    (entry,) = engine.log()
    assert (entry.path, entry.ended, entry.tokens_sent) == (path, "done", 4 + len(thinking.split()))
    assert "".join(x["content"] for x in entry.messages) == "be brief say hello"


@pytest.mark.parametrize("fault", [None, Fault("endless")])
@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/api/chat", {"options": {"num_predict": 3}}),
        ("/api/generate", {"options": {"num_predict": 3}}),
        ("/v1/chat/completions", {"max_tokens": 3}),
        ("/v1/chat/completions", {"max_completion_tokens": 3}),
        ("/v1/completions", {"max_tokens": 3}),
    ],
)
def test_token_limits(
    engine: FakeEngine, client: httpx.Client, path: str, limit: dict[str, Any], fault: Fault | None
) -> None:
    engine.script(Rule(reply="a b c d e", fault=fault))
    answer = read_answer(client.post(path, json=body_for(path, **limit)))
    assert answer == Answer("a b c", finish="length", done=True, tokens=3)


def test_ollama_figures(engine: FakeEngine, client: httpx.Client) -> None:
    engine.change(tokens_per_s=200)
    engine.script(Rule(reply="a b c d"))
    last = read_events(client.post("/api/chat", json=CHAT))[-1]
    assert (last["prompt_eval_count"], last["eval_count"]) == (4, 4)
    assert 0.02e9 <= last["eval_duration"] <= last["total_duration"] < 0.5e9
    assert last["load_duration"] > 0


@pytest.mark.parametrize("usage", [True, False])
def test_openai_figures_are_on_the_last_chunk(engine: FakeEngine, client: httpx.Client, usage: bool) -> None:
    body = {**body_for("/v1/chat/completions"), "stream_options": {"include_usage": usage}}
    client.post("/v1/chat/completions", json=body)
    *_, last, done = read_events(client.post("/v1/chat/completions", json=body))
    assert done == {"DONE": True}
    timings = last["timings"]
    assert (timings["cache_n"], timings["prompt_n"], timings["predicted_n"]) == (4, 0, 1)
    assert timings["predicted_ms"] > 0
    assert timings["predicted_per_second"] > 0
    if usage:
        assert last["choices"] == []
        assert (last["usage"]["prompt_tokens"], last["usage"]["completion_tokens"]) == (4, 1)
        assert last["usage"]["prompt_tokens_details"] == {"cached_tokens": 4}


def test_rules_are_tried_in_order(engine: FakeEngine, client: httpx.Client) -> None:
    engine.script(
        Rule(reply="never", match="goodbye"),
        Rule(reply="once", match="say hello", times=1),
        Rule(reply="twice", times=2),
    )
    answers = [read_answer(client.post("/api/chat", json=CHAT)).content for _ in range(4)]
    assert answers == ["once", "twice", "twice", "ok"]


def test_a_rule_may_be_for_the_last_message_alone(engine: FakeEngine, client: httpx.Client) -> None:
    engine.script(Rule(reply="brief", match_last="brief"), Rule(reply="hello", match="brief", match_last="hello"))
    assert read_answer(client.post("/api/chat", json=CHAT)).content == "hello"


def test_a_rules_own_rates_go_before_the_settings(engine: FakeEngine, client: httpx.Client) -> None:
    engine.change(tokens_per_s=1, prefill_tokens_per_s=1)
    engine.script(Rule(reply="a b c d e", match="own", tokens_per_s=50, prefill_tokens_per_s=50))
    client.post("/api/generate", json={"model": "fake-model", "prompt": "its own rates, in ten words or so, please"})
    (entry,) = engine.log()
    assert entry.started_s is not None
    assert entry.first_token_s is not None
    assert entry.ended_s is not None
    assert 0.17 < entry.first_token_s - entry.started_s < 3
    assert 0.07 < entry.ended_s - entry.first_token_s < 3


@pytest.mark.parametrize(
    ("longest", "tokens"),
    [(0, ["a", "  longer_name", " ☃\n"]), (4, ["a", "  long", "er_n", "ame", " ☃\n"]), (1, [*"ab", " c"])],
)
def test_tokens_may_be_pieces_of_words(longest: int, tokens: list[str]) -> None:
    found = tokens_of("".join(tokens), longest)
    assert "".join(found) == "".join(tokens)
    assert [each.strip() for each in found if each.strip()] == [each.strip() for each in tokens]


def test_prompts_are_counted_in_pieces_if_asked_to(engine: FakeEngine, client: httpx.Client) -> None:
    engine.change(prompt_token_characters=4)
    client.post("/api/generate", json={"model": "fake-model", "prompt": "abcdefgh ij"})
    engine.change(prompt_token_characters=0)
    assert [entry.prompt_tokens for entry in engine.log()] == [3]


def test_log_tells_what_was_asked(engine: FakeEngine, client: httpx.Client) -> None:
    openai_format = {"type": "json_schema", "json_schema": {"name": "edits", "schema": SCHEMA}}
    asked = [
        ("/api/chat", {**CHAT, "format": SCHEMA, "options": {"num_ctx": 9}}, {"options": {"num_ctx": 9}}),
        ("/api/chat", {**CHAT, "format": "json"}, {"format": "json"}),
        ("/v1/chat/completions", {**CHAT, "response_format": openai_format, "seed": 1}, {"seed": 1}),
    ]
    for path, body, _ in asked:
        client.post(path, json=body, headers={"Authorization": "Bearer x"} if path[1] == "v" else {})
    log = engine.log()
    assert [entry.options for entry in log] == [options for *_, options in asked]
    assert [entry.schema for entry in log] == [SCHEMA, None, SCHEMA]
    assert [entry.authorization for entry in log] == [False, False, True]
    first = log[0]
    assert (first.messages, first.prompt_tokens, first.model) == (MESSAGES, 4, "fake-model")
    times = [first.received_s, first.started_s, first.first_token_s, first.ended_s, time.monotonic()]
    known = [time_s for time_s in times if time_s is not None]
    assert len(known) == 5
    assert known == sorted(known)


class Page(NamedTuple):
    method: str
    path: str
    body: dict[str, Any] | None
    status: int
    part: str
    """A piece of the expected body."""


PAGES = [
    Page("GET", "/api/tags", None, 200, '"name": "other"'),
    Page("GET", "/api/version", None, 200, '"version"'),
    Page("GET", "/api/ps", None, 200, '"context_length": 8192'),
    Page("POST", "/api/show", {"model": "other"}, 200, '"fake.context_length": 8192'),
    Page("POST", "/api/show", {"model": "x"}, 404, '{"error": "model \'x\' not found"}'),
    Page("POST", "/api/chat", {**CHAT, "model": "x"}, 404, '{"error":"model \'x\' not found"}'),
    Page("POST", "/api/chat", {"model": "other"}, 200, '"done_reason":"load"'),
    Page("POST", "/api/generate", {"model": "other", "keep_alive": 0}, 200, '"done_reason":"unload"'),
    Page("POST", "/v1/chat/completions", {**CHAT, "model": "x"}, 200, '"model":"x"'),
    Page("POST", "/v1/chat/completions", {"model": "x"}, 400, '"code":400'),
    Page("GET", "/v1/models", None, 200, '"id": "other"'),
    Page("GET", "/health", None, 200, '{"status": "ok"}'),
    Page("GET", "/props", None, 200, '"total_slots": 1'),
    Page("GET", "/nothing", None, 404, "no such page"),
    Page("POST", "/_settings", {"slots": 2}, 400, "slots"),
    Page("POST", "/_script", {"rules": [{"replie": ""}]}, 400, "replie"),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.path}-{page.status}")
def test_pages(client: httpx.Client, page: Page) -> None:
    response = client.request(page.method, page.path, json=page.body)
    assert response.status_code == page.status
    assert page.part in response.text


def test_api_key_and_strict_models(engine: FakeEngine, client: httpx.Client) -> None:
    engine.change(api_key="secret", strict_models=True)
    key = {"Authorization": "Bearer secret"}
    path = "/v1/chat/completions"
    tries: list[dict[str, str]] = [{}, {"Authorization": "Bearer wrong"}, key]
    assert [client.post(path, json=CHAT, headers=headers).status_code for headers in tries] == [401, 401, 200]
    assert client.post(path, json={**CHAT, "model": "x"}, headers=key).status_code == 404
    assert [client.get("/v1/models").status_code, client.get("/api/tags").status_code] == [401, 200]
    assert [entry.ended for entry in engine.log()] == ["failed", "failed", "done", "failed"]


# When it streams


@pytest.mark.quiet
@pytest.mark.parametrize(("rate", "tokens"), [(1000, 300), (100, 30)])
def test_pace(engine: FakeEngine, client: httpx.Client, rate: int, tokens: int) -> None:
    engine.change(tokens_per_s=rate)
    engine.script(Rule(reply="x " * (tokens - 1) + "x"))
    assert read_answer(client.post("/api/chat", json=CHAT)).tokens == tokens
    (entry,) = engine.log()
    assert entry.started_s is not None
    assert entry.ended_s is not None
    assert 0.99 < (entry.ended_s - entry.started_s) * rate / tokens < 1.3


@pytest.mark.quiet
def test_prefill_takes_time_for_what_is_not_cached(engine: FakeEngine, client: httpx.Client) -> None:
    engine.change(prefill_tokens_per_s=500)
    long = "some context " * 25
    for prompt, prefix_cache in [(long, True), (long + "more of it", True), (long, False)]:
        engine.change(prefix_cache=prefix_cache)
        client.post("/api/generate", json={"model": "fake-model", "prompt": prompt})
    engine.change(prefix_cache=True)
    log = engine.log()
    waits = [entry.first_token_s - (entry.started_s or 0) for entry in log if entry.first_token_s]
    assert [entry.cached_tokens for entry in log] == [0, 50, 0]
    assert waits == pytest.approx([0.1, 0.006, 0.1], abs=0.05)


@pytest.mark.quiet
@pytest.mark.asyncio
@pytest.mark.parametrize(("slots", "waits"), [(1, [0.0, 0.1, 0.2]), (2, [0.0, 0.0, 0.1])])
async def test_slots_are_a_queue(slots: int, waits: list[float]) -> None:
    with FakeEngine.start(slots=slots, tokens_per_s=100) as engine:
        engine.script(Rule(reply="x " * 9 + "x"))
        async with httpx.AsyncClient(base_url=engine.url, trust_env=False, verify=NO_TLS) as client:
            calls = []
            for count in range(3):
                calls.append(asyncio.create_task(client.post("/api/chat", json=CHAT)))
                await until(engine, at_least(count + 1))
            await asyncio.gather(*calls)
        log = engine.log()
    starts = [entry.started_s - log[0].received_s for entry in log if entry.started_s]
    assert starts == pytest.approx(waits, abs=0.07)
    assert starts == sorted(starts)
    assert (busy_overlap_s(log[0], log[1]) > 0.03) is (slots == 2)
    assert busy_overlap_s(log[0], log[2]) == 0


def test_busy_overlap() -> None:
    a = RequestLog(1, "", "", [], None, {}, 0, False, 0.0, started_s=1.0, ended_s=3.0)
    cases = [
        (1.0, 3.0, 2.0),
        (2.0, 9.0, 1.0),
        (0.0, 1.5, 0.5),
        (3.0, 4.0, 0.0),
        (5.0, None, 0.0),
        (None, 9.0, 0.0),
    ]
    for started_s, ended_s, overlap in cases:
        b = replace(a, started_s=started_s, ended_s=ended_s)
        assert busy_overlap_s(a, b) == busy_overlap_s(b, a) == overlap


# How it fails


@pytest.mark.parametrize(
    ("fault", "headers", "part"),
    [
        (Fault("status"), {"content-type": "application/json"}, "scripted error"),
        (Fault("status", status=429, retry_after_s=3), {"retry-after": "3"}, "scripted error"),
        (Fault("status", status=503, body="busy"), {"content-type": "text/plain; charset=utf-8"}, "busy"),
        (Fault("status", status=599, body='{"a":1}'), {"content-type": "application/json"}, '{"a":1}'),
        (Fault("html"), {"content-type": "text/html; charset=utf-8"}, "It works!"),
    ],
)
@pytest.mark.parametrize("path", STREAMING_PATHS)
def test_answers_that_are_no_stream(
    engine: FakeEngine, client: httpx.Client, path: str, fault: Fault, headers: dict[str, str], part: str
) -> None:
    engine.script(Rule(fault=fault))
    response = client.post(path, json=body_for(path))
    assert response.status_code == (200 if fault.kind == "html" else fault.status)
    assert {name: response.headers[name] for name in headers} == headers
    assert part in response.text
    if part == "scripted error":
        error = response.json()["error"]
        assert error == part if path.startswith("/api/") else error["message"] == part
    assert [entry.ended for entry in engine.log()] == ["failed"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("error_line", Answer("a b", tokens=2, error="scripted error")),
        ("no_done", Answer("a b c d", tokens=4)),
    ],
)
@pytest.mark.parametrize("path", STREAMING_PATHS)
def test_streams_that_end_wrongly(
    engine: FakeEngine, client: httpx.Client, path: str, kind: FaultKind, expected: Answer
) -> None:
    engine.script(Rule(reply="a b c d", fault=Fault(kind, after_tokens=2)))
    response = client.post(path, json=body_for(path))
    assert (response.status_code, read_answer(response)) == (200, expected)
    assert [entry.ended for entry in engine.log()] == ["failed"]


@pytest.mark.parametrize("path", STREAMING_PATHS)
def test_garbage(engine: FakeEngine, client: httpx.Client, path: str) -> None:
    engine.script(Rule(fault=Fault("garbage"), times=1), Rule(fault=Fault("garbage", body="not\udcff this")))
    first, second = (client.post(path, json=body_for(path)) for _ in range(2))
    with pytest.raises(UnicodeDecodeError):
        first.content.decode()
    assert second.content == b"not\xff this"
    assert first.status_code == second.status_code == 200


@pytest.mark.parametrize("after_tokens", [0, 2])
@pytest.mark.parametrize("path", STREAMING_PATHS)
def test_drop(engine: FakeEngine, client: httpx.Client, path: str, after_tokens: int) -> None:
    engine.script(Rule(reply="a b c d", fault=Fault("drop", after_tokens=after_tokens)))
    lines: list[str] = []
    with client.stream("POST", path, json=body_for(path)) as response:
        assert response.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            lines.extend(response.iter_lines())
    assert sum('"content":"' in line for line in lines) == after_tokens
    assert [(entry.ended, entry.tokens_sent) for entry in engine.log()] == [("failed", after_tokens)]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(("kind", "status"), [("drop", None), ("error_line", 500), ("no_done", 200), ("garbage", 200)])
def test_faults_without_a_stream(
    engine: FakeEngine, client: httpx.Client, kind: FaultKind, status: int | None, stream: bool
) -> None:
    engine.script(Rule(reply="a b c d", fault=Fault(kind, after_tokens=2)))
    try:
        response = client.post("/api/chat", json=body_for("/api/chat", stream=stream))
    except httpx.RemoteProtocolError:
        assert status is None
    else:
        assert response.status_code == (200 if stream else status)


@pytest.mark.parametrize(("kind", "tokens"), [("hang", 0), ("stall", 2)])
@pytest.mark.parametrize("path", STREAMING_PATHS)
def test_silence(engine: FakeEngine, client: httpx.Client, path: str, kind: FaultKind, tokens: int) -> None:
    engine.script(Rule(reply="a b c d", fault=Fault(kind, after_tokens=2)))
    lines: list[str] = []
    try:
        with client.stream("POST", path, json=body_for(path), timeout=0.5) as response:
            lines.extend(response.iter_lines())
    except httpx.ReadTimeout:
        assert sum('"content":"' in line for line in lines) == tokens
    else:
        pytest.fail("the answer ended")


# When the client leaves


class Phase(NamedTuple):
    name: str
    settings: dict[str, Any]
    rule: Rule
    reached: Callable[[RequestLog], bool]


PHASES = [
    Phase(
        "waiting",
        {"tokens_per_s": 20},
        Rule(reply="x", fault=Fault("endless")),
        lambda entry: entry.started_s is None,
    ),
    Phase("prefill", {"prefill_tokens_per_s": 1}, Rule(reply="x"), lambda entry: entry.started_s is not None),
    Phase("slow", {"tokens_per_s": 20}, Rule(fault=Fault("endless")), lambda entry: entry.tokens_sent > 1),
    Phase("fast", {}, Rule(fault=Fault("endless")), lambda entry: entry.tokens_sent > 100),
    Phase("hang", {}, Rule(fault=Fault("hang")), lambda entry: True),
    Phase("stall", {}, Rule(reply="a b", fault=Fault("stall", 2)), lambda entry: entry.tokens_sent == 2),
]


@pytest.mark.asyncio
@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)
async def test_leaving_is_noticed_at_once(engine: FakeEngine, phase: Phase, stream: bool) -> None:
    others = 1 if phase.name == "waiting" else 0
    body = body_for("/api/generate", stream=stream, prompt=f"{phase.name} {stream} {time.monotonic()}")
    engine.change(**phase.settings)
    engine.script(phase.rule)
    async with httpx.AsyncClient(base_url=engine.url, trust_env=False, verify=NO_TLS) as client:
        calls = []
        for count in range(1 + others):
            calls.append(asyncio.create_task(client.post("/api/generate", json=body)))
            await until(engine, at_least(count + 1))
        await until(engine, lambda log: phase.reached(log[-1]))
        left_s = time.monotonic()
        calls[-1].cancel()
        log = await until(engine, lambda log: log[-1].ended != "open")
        assert log[-1].ended == "client_closed"
        assert log[-1].ended_s is not None
        assert 0 <= log[-1].ended_s - left_s < 2
        assert [entry.ended for entry in log[:-1]] == ["open"] * others
        calls[0].cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        # Whatever it held is free again.
        engine.change(tokens_per_s=0, prefill_tokens_per_s=0)
        engine.script()
        assert read_answer(await client.post("/api/generate", json=body, timeout=30)).content == "ok"


# When it ends


@pytest.mark.parametrize(("end", "code"), [(FakeEngine.close, 0), (FakeEngine.kill, -9)])
def test_ending_cuts_the_connections(end: Callable[[FakeEngine], None], code: int) -> None:
    with (
        FakeEngine.start(tokens_per_s=200) as engine,
        httpx.Client(base_url=engine.url, trust_env=False, verify=NO_TLS) as client,
    ):
        engine.script(Rule(reply="x ", fault=Fault("endless")))
        with client.stream("POST", "/api/chat", json=CHAT) as response:
            lines = response.iter_lines()
            assert next(lines)
            assert engine.exit_code is None
            end(engine)
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                list(lines)
        with pytest.raises(httpx.ConnectError):
            client.get("/health")
        assert engine.exit_code == code


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(TypeError):
        FakeEngine.start(tokens_per_second=5)


@pytest.mark.parametrize(
    ("prefill", "path", "flags", "said"),
    [
        ("new turn", "/api/chat", {}, "1, 2, 3, 4"),
        ("goes on", "/api/chat", {}, "0, 11, 12, 13"),
        ("goes on", "/v1/chat/completions", {}, "0, 11, 12, 13"),
        ("flagged", "/v1/chat/completions", {}, "1, 2, 3, 4"),
        ("flagged", "/v1/chat/completions", {"continue_final_message": True}, "0, 11, 12, 13"),
        ("refuses", "/v1/chat/completions", {}, None),
        ("refuses", "/api/chat", {}, None),
    ],
)
def test_an_answer_that_the_request_begins(
    engine: FakeEngine, client: httpx.Client, prefill: str, path: str, flags: dict[str, Any], said: str | None
) -> None:
    engine.change(prefill=prefill)
    engine.script(Rule("scripted"))
    counting = [{"role": "user", "content": "count"}, {"role": "assistant", "content": "8, 9, 1"}]
    answer = client.post(path, json={"model": "fake-model", "messages": counting, "stream": False, **flags})
    if said is None:
        assert answer.status_code == 400
    else:
        assert said in answer.text
    assert ([entry.path for entry in engine.probes()], engine.log()) == ([path], [])
    # Any other beginning is the script's to go on from.
    begun = [*counting[:1], {"role": "assistant", "content": "def f():"}]
    answer = client.post(path, json={"model": "fake-model", "messages": begun, "stream": False})
    assert (answer.status_code == 400) if said is None else ("scripted" in answer.text)
    assert len(engine.log()) == 1
    engine.change(prefill="new turn")
