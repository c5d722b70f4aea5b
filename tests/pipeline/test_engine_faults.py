"""Each way in which an engine fails becomes the error that names it, in words for a person, and no connection stays."""

import socket
from typing import NamedTuple

import pytest

from pillion.backends.backend import StreamEvent, Text
from pillion.errors import (
    EngineError,
    EngineInterruptedError,
    EngineProtocolError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnreachableError,
    ModelMissingError,
)
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.support.pools import ask, collect, only_this_task, open_backend, until

DIALECTS = ["ollama", "openai"]
NOT_FOUND = '{"error": "model \'fake-model\' not found"}'
SHORT = 0.2
# An engine in order may be a little late on a busy machine.
ANSWERED_WITHIN_S = 1.0


class Case(NamedTuple):
    fault: Fault
    error: type[EngineError]
    words: str
    hint: str
    pieces: int = 0
    settings: tuple[tuple[str, float], ...] = ()


CASES = {
    "model missing": Case(
        Fault("status", status=404, body=NOT_FOUND), ModelMissingError, "gpu0 doesn't have the model 'fake-model'.", ""
    ),
    "wrong path": Case(
        Fault("status", status=404, body="no such page"),
        EngineRefusedError,
        "gpu0 answered 404: no such page",
        "url and protocol",
    ),
    "key refused": Case(
        Fault("status", status=401), EngineRefusedError, "gpu0 answered 401: scripted error", "api_key_env"
    ),
    "key forbidden": Case(
        Fault("status", status=403), EngineRefusedError, "gpu0 answered 403: scripted error", "api_key_env"
    ),
    "engine's mistake": Case(
        Fault("status", status=500), EngineRefusedError, "gpu0 answered 500: scripted error", "log"
    ),
    "loading": Case(
        Fault("status", status=503), EngineRefusedError, "gpu0 answered 503: scripted error", "queue is full"
    ),
    "hang": Case(
        Fault("hang"),
        EngineTimeoutError,
        "gpu0 sent nothing for 0.2 s.",
        "first_token_timeout_s",
        settings=(("first_token_timeout_s", SHORT),),
    ),
    "stall": Case(
        Fault("stall", after_tokens=2),
        EngineTimeoutError,
        "gpu0 sent nothing for 0.2 s.",
        "stall_timeout_s",
        2,
        (("stall_timeout_s", SHORT),),
    ),
    "dropped at once": Case(Fault("drop"), EngineInterruptedError, "gpu0: the stream broke off", "log"),
    "dropped": Case(
        Fault("drop", after_tokens=2), EngineInterruptedError, "gpu0: the stream broke off", "log", pieces=2
    ),
    "error line": Case(
        Fault("error_line", after_tokens=2), EngineInterruptedError, "gpu0: scripted error", "log", pieces=2
    ),
    "no end": Case(Fault("no_done"), EngineInterruptedError, "gpu0: the stream ended without its last", "log", 4),
    "garbage": Case(Fault("garbage"), EngineProtocolError, "gpu0 sent “<<<", "url and protocol"),
    "a web page": Case(Fault("html"), EngineProtocolError, "gpu0 sent a web page", "url and protocol"),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_faults(engine: FakeEngine, dialect: str, case: Case) -> None:
    engine.script(Rule("a b c d", fault=case.fault))
    events: list[StreamEvent] = []
    async with open_backend(dialect, engine.url, **dict(case.settings)) as endpoint:
        with pytest.raises(case.error) as caught:
            await collect(endpoint.stream(ask().request), events)
        # The endpoint is still open: the failure itself must have closed the connection, so that the engine stops.
        (entry,) = await until(engine, lambda log: log[0].ended != "open")
    error = caught.value
    assert type(error) is case.error
    assert str(error).startswith(case.words)
    assert str(error).isprintable()
    assert case.hint in error.hint
    assert events == [Text("a"), Text(" b"), Text(" c"), Text(" d")][: case.pieces]
    assert entry.ended == ("client_closed" if case.fault.kind in ("hang", "stall") else "failed")
    await only_this_task()


@pytest.mark.parametrize(
    ("dialect", "hint"), [("ollama", "ollama pull fake-model"), ("openai", "See the endpoint's model list.")]
)
async def test_a_missing_model_says_how_to_get_it(engine: FakeEngine, dialect: str, hint: str) -> None:
    engine.change(strict_models=True, model="another")
    try:
        async with open_backend(dialect, engine.url) as endpoint:
            with pytest.raises(ModelMissingError) as caught:
                await collect(endpoint.stream(ask().request))
    finally:
        engine.change(model="fake-model")
    assert hint in caught.value.hint


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_nobody_there(dialect: str) -> None:
    with socket.socket() as taken:  # bound, so that nobody else gets the port, and not listening
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with open_backend(dialect, url) as endpoint:
            with pytest.raises(EngineUnreachableError, match=f"Nobody answers at {url}") as caught:
                await collect(endpoint.stream(ask().request))
    assert "'gpu0'" in str(caught.value)
    assert "running" in caught.value.hint


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_killed_in_the_middle(dialect: str) -> None:
    with FakeEngine.start(tokens_per_s=100) as engine:
        engine.script(Rule("x ", fault=Fault("endless")))
        async with open_backend(dialect, engine.url) as endpoint:
            stream = endpoint.stream(ask().request)
            assert await anext(stream) == Text("x")
            engine.kill()
            with pytest.raises(EngineInterruptedError, match="gpu0: the stream broke off"):
                await collect(stream)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_an_endpoint_serves_on_after_every_fault(engine: FakeEngine, dialect: str) -> None:
    limits = {"first_token_timeout_s": ANSWERED_WITHIN_S, "stall_timeout_s": ANSWERED_WITHIN_S}
    async with open_backend(dialect, engine.url, **limits) as endpoint:
        for case in CASES.values():
            engine.script(Rule("a b", fault=case.fault, times=1), Rule("fine"))
            with pytest.raises(EngineError):
                await collect(endpoint.stream(ask().request))
            assert (await collect(endpoint.stream(ask().request)))[0] == Text("fine")
