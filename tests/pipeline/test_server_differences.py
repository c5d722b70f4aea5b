"""Servers of one dialect differ in the fields they know, the addresses they are at and the certificates they have."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pillion.backends.addresses import right_address
from pillion.backends.backend import Text
from pillion.backends.chat_request import ChatRequest, Message, Sampling
from pillion.config.schema import EndpointConfig
from pillion.errors import ConfigError, EngineError, EngineRefusedError, EngineUnreachableError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.support.pools import collect, open_backend

SCHEMA: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "string"}}}
FULL = ChatRequest((Message("system", "s"), Message("user", "hello")), 7, SCHEMA, sampling=Sampling(0.5, 0.9, 3))
CERTIFICATES = Path(__file__).parents[1] / "support" / "certificates"


class Refused(NamedTuple):
    """The fields that a server refuses, its words, and how many requests it takes to find out."""

    fields: list[str]
    words: str
    asks: int
    has: dict[str, object] = {}  # noqa: RUF012 - a tuple's default, which nobody changes


NAMED = "Unsupported parameter: '{field}' is not supported with this model."
REFUSED = {
    "the figures": Refused(["stream_options"], NAMED, 2),
    "the figures, by pydantic": Refused(["stream_options"], "body.{field}: Extra inputs are not permitted", 2),
    "the limit's name": Refused(["max_tokens"], "'{field}' is not supported. Use 'max_completion_tokens' instead.", 2, {"max_completion_tokens": 7}),
    "both names of the limit": Refused(["max_tokens", "max_completion_tokens"], "unknown field `{field}`", 3),
    "the temperature": Refused(["temperature"], "Unsupported value: '{field}' does not support 0.5", 2),
    "the sampling": Refused(["top_p", "seed"], "unrecognized request argument supplied: {field}", 3),
    "all that it can": Refused(["stream_options", "max_tokens", "top_p", "seed", "temperature"], NAMED, 6, {"max_completion_tokens": 7}),
    "what it doesn't name": Refused(["stream_options"], "Unknown field in the request", 2),
    "a schema": Refused(["response_format"], "This {field} type is unavailable now", 3),
    "a schema, in other words": Refused(["response_format"], "structured output is not possible", 3),
}  # fmt: skip


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED)
async def test_a_refused_field_is_left_out_and_the_endpoint_remembered(engine: FakeEngine, refused: Refused) -> None:
    engine.change(refused_fields=refused.fields, refusal=refused.words)
    engine.script(Rule("fine"))
    async with open_backend("openai", engine.url) as endpoint:
        for asks in (refused.asks, 1):
            engine.clear_log()
            assert Text("fine") in await collect(endpoint.stream(FULL))
            log = engine.log()
            assert len(log) == asks
            last = log[-1]
            assert not set(refused.fields) & last.options.keys()
            assert refused.has.items() <= last.options.items()
            told = "fits this JSON schema" in last.messages[-1]["content"]
            assert (last.schema == SCHEMA) is not told
            assert told is ("response_format" in refused.fields), "the model knows the schema all the same"


NOT_ABOUT_FIELDS = {
    "the length": (400, "This model's maximum context length is 9, and max_tokens is 7", EngineRefusedError),
    "the messages": (400, "Conversation roles must alternate user/assistant", EngineRefusedError),
    "the key": (401, "stream_options", EngineRefusedError),
    "the queue": (503, "max_tokens", EngineRefusedError),
}


@pytest.mark.parametrize(("status", "words", "error"), NOT_ABOUT_FIELDS.values(), ids=NOT_ABOUT_FIELDS)
async def test_other_refusals_are_not_asked_again(
    engine: FakeEngine, status: int, words: str, error: type[EngineError]
) -> None:
    engine.script(Rule(fault=Fault("status", status=status, body=words)))
    async with open_backend("openai", engine.url) as endpoint:
        with pytest.raises(error, match=f"answered {status}"):
            await collect(endpoint.stream(FULL))
    assert len(engine.log()) == 1


async def test_what_did_not_help_is_not_remembered(engine: FakeEngine) -> None:
    engine.script(Rule(fault=Fault("status", status=400, body="bad request"), times=2), Rule("fine"))
    async with open_backend("openai", engine.url) as endpoint:
        with pytest.raises(EngineRefusedError, match="answered 400: bad request"):
            await collect(endpoint.stream(FULL))
        assert Text("fine") in await collect(endpoint.stream(FULL))
    assert len(engine.log()) == 3
    assert "stream_options" in engine.log()[-1].options


THINK = {
    "as it is": ("low", [], "", 1, "low"),
    "an older Ollama": ("low", ["think"], 'json: cannot unmarshal string into Go struct field ChatRequest.{field} of type bool', 3, None),
    "a model that can't": (True, ["think"], '"fake-model" does not support thinking', 2, None),
    "a model that mustn't": (False, ["think"], '"fake-model" does not support thinking', 2, None),
}  # fmt: skip


@pytest.mark.parametrize(("think", "refused", "words", "asks", "sent"), THINK.values(), ids=THINK)
async def test_thinking_at_ollama(
    engine: FakeEngine, think: object, refused: list[str], words: str, asks: int, sent: object
) -> None:
    engine.change(refused_fields=refused, refusal=words)
    async with open_backend("ollama", engine.url, think=think) as endpoint:
        await collect(endpoint.stream(FULL))
        await collect(endpoint.stream(FULL))
    log = engine.log()
    assert len(log) == asks + 1
    assert [log[0].options.get("think"), log[-1].options.get("think")] == [think, sent]


async def test_how_much_an_openai_server_thinks(engine: FakeEngine) -> None:
    for think, sent in (("high", "high"), (True, None)):
        engine.clear_log()
        async with open_backend("openai", engine.url, think=think) as endpoint:
            await collect(endpoint.stream(FULL))
        assert engine.log()[0].options.get("reasoning_effort") == sent
    with pytest.raises(ValueError, match="think"):
        EndpointConfig.model_validate({"protocol": "ollama", "url": "http://x", "model": "m", "think": "lots"})


ADDRESSES = {
    "openai": {
        "http://h:1/v1": "",
        "http://h:1/v1/": "",
        "http://h:1/base/v1": "",
        "https://h/v1beta/openai": "",
        "http://[::1]:1/v1": "",
        "http://h:1": "http://h:1/v1",
        "http://h:1/": "http://h:1/v1",
        "http://[::1]:1": "http://[::1]:1/v1",
        "http://me:pass@h:1": "http://h:1/v1",
        "http://h:1/base/": "http://h:1/base/v1",
        "http://h:1/v1/v1": "http://h:1/v1",
        "http://h:1/v1/v1/": "http://h:1/v1",
        "http://h:1/v1/chat/completions": "http://h:1/v1",
        "http://h:1/chat/completions": "http://h:1/v1",
        "http://h:1/v1/models": "http://h:1/v1",
        "http://h:1/api": "http://h:1/v1",
        "http://h:1/api/chat": "http://h:1/v1",
        "http://h:1?key=k": "http://h:1/v1?key=…",
    },
    "ollama": {
        "http://h:1": "",
        "http://h:1/": "",
        "http://h:1/base": "",
        "http://h:1/v1": "http://h:1",
        "http://h:1/v1/": "http://h:1",
        "http://h:1/api": "http://h:1",
        "http://h:1/api/generate": "http://h:1",
        "http://h:1/v1/chat/completions": "http://h:1",
        "http://h:1/base/v1": "http://h:1/base",
    },
}


@pytest.mark.parametrize(
    ("protocol", "url"), [(protocol, url) for protocol in ADDRESSES for url in ADDRESSES[protocol]]
)
def test_the_address_that_is_meant(protocol: str, url: str) -> None:
    config = EndpointConfig.model_validate({"protocol": protocol, "url": url, "model": "m"})
    assert right_address(config) == ADDRESSES[protocol][url]


WRONG_PATHS = [
    ("openai", "", "lacks /v1 at the end: try {url}/v1"),
    ("openai", "/v1/v1", "has /v1 twice: try {url}/v1"),
    ("openai", "/v1/chat/completions", "should end before it: try {url}/v1"),
    ("ollama", "/v1", "ends in /v1, and Ollama's own protocol begins without it: try {url}"),
    ("ollama", "/nowhere", "Check the endpoint's url and protocol."),
    ("openai", "/nowhere/v1", "Check the endpoint's url and protocol."),
]


@pytest.mark.parametrize(("dialect", "path", "hint"), WRONG_PATHS)
async def test_a_wrong_address_is_said_with_the_right_one(
    engine: FakeEngine, dialect: str, path: str, hint: str
) -> None:
    async with open_backend(dialect, engine.url) as endpoint:
        config = endpoint.config.model_copy(update={"url": f"{engine.url}{path}"})
    made = type(endpoint)("gpu0", config)  # type: ignore[call-arg]
    try:
        with pytest.raises(EngineRefusedError, match="gpu0 answered 404") as caught:
            await collect(made.stream(FULL))
        if dialect == "openai" and "try" in hint:
            assert hint.format(url=engine.url) in await made.look()
    finally:
        await made.aclose()
    assert hint.format(url=engine.url) in caught.value.hint


async def test_a_prefix_and_a_slash_at_the_end_are_kept(engine: FakeEngine) -> None:
    for end in ("/v1", "/v1/", "/v1//"):
        async with open_backend("openai", engine.url) as endpoint:
            made = type(endpoint)("gpu0", endpoint.config.model_copy(update={"url": engine.url + end}))  # type: ignore[call-arg]
        assert await collect(made.stream(FULL))
        await made.aclose()


# Certificates


@pytest.fixture(scope="module", params=["server.pem", "signed.pem"])
def secure(request: pytest.FixtureRequest) -> Iterator[tuple[FakeEngine, Path]]:
    """An engine that speaks https, and the file by which its certificate can be trusted."""
    trusted = {"server.pem": "server_certificate.pem", "signed.pem": "authority.pem"}[request.param]
    with FakeEngine.start(certificate=str(CERTIFICATES / request.param)) as engine:
        yield engine, CERTIFICATES / trusted


@pytest.mark.parametrize("dialect", ["ollama", "openai"])
async def test_a_private_certificate(
    secure: tuple[FakeEngine, Path], dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, trusted = secure
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    async with open_backend(dialect, engine.url) as endpoint:
        for asked in (endpoint.check(), endpoint.look(), collect(endpoint.stream(FULL))):
            with pytest.raises(EngineUnreachableError, match="certificate") as caught:
                await asked
            assert f"No secure connection to {engine.url}" in str(caught.value)
            assert "'gpu0'" in str(caught.value)
            assert "ca_file" in caught.value.hint
            assert "SSL_CERT_FILE" in caught.value.hint
    async with open_backend(dialect, engine.url, ca_file=str(trusted)) as endpoint:
        assert await collect(endpoint.stream(FULL))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with open_backend(dialect, engine.url) as endpoint:
        assert await collect(endpoint.stream(FULL))


@pytest.mark.parametrize("source", ["ca_file", "SSL_CERT_FILE"])
@pytest.mark.parametrize("made", ["missing", "no certificates"])
async def test_a_file_of_certificates_that_is_none(
    engine: FakeEngine, tmp_path: Path, source: str, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.pem"
    if made != "missing":
        file.write_text("hello")
    settings = {"ca_file": str(file)} if source == "ca_file" else {}
    monkeypatch.setenv("SSL_CERT_FILE", "" if settings else str(file))
    url = engine.url.replace("http:", "https:")
    async with open_backend("openai", url, **settings) as endpoint:
        with pytest.raises(ConfigError) as caught:
            await collect(endpoint.stream(FULL))
    assert source in str(caught.value)
    assert str(file) in str(caught.value)
    assert caught.value.hint


async def test_a_name_that_the_certificate_is_not_for(secure: tuple[FakeEngine, Path]) -> None:
    engine, trusted = secure
    if trusted.name != "authority.pem":
        return  # the other one is for this name, too
    url = engine.url.replace("127.0.0.1", "localhost")
    async with open_backend("openai", url, ca_file=str(trusted)) as endpoint:
        with pytest.raises(EngineUnreachableError, match="certificate"):
            await collect(endpoint.stream(FULL))


async def test_https_where_http_is_written(secure: tuple[FakeEngine, Path]) -> None:
    engine, _ = secure
    async with open_backend("openai", engine.url.replace("https:", "http:")) as endpoint:
        with pytest.raises(EngineError) as caught:
            await collect(endpoint.stream(FULL))
    assert "gpu0" in str(caught.value)
    assert caught.value.hint
