"""Both dialects: what is sent, and what comes back as events."""

from typing import Any, NamedTuple

import pytest

from pillion.backends.backend import Done, StreamEvent, Text, Thinking
from pillion.backends.chat_request import Message
from pillion.errors import ConfigError, EngineRefusedError, EngineUnreachableError
from pillion.fake_engine.dialects import tokens_of
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.prompts.prompt import Prompt
from tests.support.pools import ask, collect, open_backend

DIALECTS = ["ollama", "openai"]
SCHEMA = {"type": "object", "properties": {"summary": {"type": "string"}}, "required": ["summary"]}
OTHER_FIELDS = {"num_ctx": 2048, "temperature": 0.5, "keep_alive": "10m", "think": False}


async def events_of(dialect: str, engine: FakeEngine, prompt: Prompt | None = None, **more: Any) -> list[StreamEvent]:
    async with open_backend(dialect, engine.url, **more) as endpoint:
        return await collect(endpoint.stream((prompt or ask()).request))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def add(a, b):\n    return a + b\n", id="code"),
        pytest.param("näïve ☃ 名前 \t tab", id="beyond ASCII"),
        pytest.param("a\u2028b\u2029c\x85d \x0b\x0c e", id="line ends that are none on the wire"),
        pytest.param("🏍 𝒳 👩‍💻 end", id="astral"),
        pytest.param('"quoted" back\\slash \x00 {} data: [DONE]', id="what the wire is made of"),
        pytest.param("", id="nothing"),
    ],
)
async def test_text_comes_token_by_token(engine: FakeEngine, dialect: str, text: str) -> None:
    engine.script(Rule(text))
    *pieces, last = await events_of(dialect, engine)
    assert pieces == [Text(token) for token in tokens_of(text)]
    assert isinstance(last, Done)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_thinking_is_kept_apart(engine: FakeEngine, dialect: str) -> None:
    engine.script(Rule("the answer", thinking="let me see"))
    *pieces, last = await events_of(dialect, engine)
    assert pieces == [Thinking("let"), Thinking(" me"), Thinking(" see"), Text("the"), Text(" answer")]
    assert isinstance(last, Done)


@pytest.mark.parametrize(("dialect", "cached"), [("ollama", 0), ("openai", 4)])
async def test_done_has_the_engines_own_counts(engine: FakeEngine, dialect: str, cached: int) -> None:
    engine.change(tokens_per_s=200, prefill_tokens_per_s=200)
    engine.script(Rule("a b c d e f"))
    prompt = ask(f"{dialect} counts these words")  # the first word is not in the cache of another test
    first = (await events_of(dialect, engine, prompt))[-1]
    second = (await events_of(dialect, engine, prompt))[-1]
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert (first.prompt_tokens, first.cached_tokens, first.completion_tokens) == (4, 0, 6)
    # Ollama doesn't say what it had in its cache.
    assert (second.prompt_tokens, second.cached_tokens, second.completion_tokens) == (4, cached, 6)
    # Six tokens at 200 a second take 30 ms: the unit is right, and so is which figure is which.
    assert 0.029 < first.decode_s < 3
    assert 0.019 < first.prompt_s < 3
    assert second.prompt_s < first.prompt_s
    assert not first.cut_off


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("limit", "cut_off"), [(2, True), (3, False)])
async def test_the_limit_on_tokens(engine: FakeEngine, dialect: str, limit: int, cut_off: bool) -> None:
    engine.script(Rule("a b c"))
    *pieces, last = await events_of(dialect, engine, ask(max_tokens=limit))
    assert isinstance(last, Done)
    assert (len(pieces), last.completion_tokens, last.cut_off) == (limit, limit, cut_off)


class Sent(NamedTuple):
    dialect: str
    settings: dict[str, Any]
    options: dict[str, Any]


SENT = {
    "ollama pins the context": Sent(
        "ollama", {}, {"options": {"num_ctx": 8192, "num_predict": 7, "temperature": 0.0}, "stream": True}
    ),
    "ollama with everything": Sent(
        "ollama",
        OTHER_FIELDS,
        {
            "options": {"num_ctx": 2048, "num_predict": 7, "temperature": 0.5},
            "stream": True,
            "keep_alive": "10m",
            "think": False,
        },
    ),
    "ollama kept loaded for ever": Sent(
        "ollama",
        {"keep_alive": -1},
        {"options": {"num_ctx": 8192, "num_predict": 7, "temperature": 0.0}, "stream": True, "keep_alive": -1},
    ),
    "openai has no num_ctx and no keep_alive": Sent(
        "openai",
        OTHER_FIELDS,
        {"max_tokens": 7, "temperature": 0.5, "stream": True, "stream_options": {"include_usage": True}},
    ),
}


@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["free", "schema"])
@pytest.mark.parametrize("sent", SENT.values(), ids=SENT.keys())
async def test_what_is_sent(engine: FakeEngine, sent: Sent, schema: dict[str, Any] | None) -> None:
    messages = (Message("system", "be brief"), Message("user", "☃ \u2028 hi"), Message("assistant", "x"))
    await events_of(sent.dialect, engine, Prompt(messages, schema, 7), **sent.settings)
    (entry,) = engine.log()
    assert entry.options == sent.options
    assert entry.schema == schema
    assert entry.messages == [{"role": message.role, "content": message.content} for message in messages]
    assert entry.model == "fake-model"
    assert not entry.authorization


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_half_a_surrogate_pair_can_be_sent(engine: FakeEngine, dialect: str) -> None:
    await events_of(dialect, engine, ask("a \ud83d b"))
    assert engine.log()[0].messages[0]["content"] == "a ? b"


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_the_key_goes_where_it_is_configured(
    engine: FakeEngine, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.change(api_key="secret")
    monkeypatch.setenv("OTHER_KEY", "wrong")
    monkeypatch.setenv("SOME_KEY", "secret\n")  # as `echo` writes it into a file
    await events_of(dialect, engine, api_key_env="SOME_KEY")
    if dialect == "openai":
        for variable in (None, "OTHER_KEY"):
            with pytest.raises(EngineRefusedError, match="401"):
                await events_of(dialect, engine, api_key_env=variable)
        assert [(entry.authorization, entry.ended) for entry in engine.log()] == [
            (True, "done"),
            (False, "failed"),
            (True, "failed"),
        ]
    else:
        await events_of(dialect, engine)
        assert [entry.authorization for entry in engine.log()] == [True, False]


@pytest.mark.parametrize("value", [None, "", " "], ids=["unset", "empty", "blank"])
@pytest.mark.parametrize("dialect", DIALECTS)
async def test_without_its_key_nothing_is_sent(
    engine: FakeEngine, dialect: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("SOME_KEY", value)
    with pytest.raises(ConfigError, match="SOME_KEY") as caught:
        await events_of(dialect, engine, api_key_env="SOME_KEY")
    assert "gpu0" in str(caught.value)
    assert caught.value.hint
    assert engine.log() == []


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_proxy_carries_nothing_that_is_local(
    engine: FakeEngine, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody serves the discard port
    assert len(await events_of(dialect, engine)) == 2
    # The other way round: what leaves the machine takes the proxy, so the one above would have been noticed.
    with pytest.raises(EngineUnreachableError):
        await events_of(dialect, engine, location="cloud")
