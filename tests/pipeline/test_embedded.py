"""The embedded engine: the real llama.cpp with the real small model, in a process of its own."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from pillion.backends.backend import Backend, Done, StreamEvent, Text
from pillion.backends.chat_request import Prefill
from pillion.backends.create import create_backends
from pillion.backends.embedded import EmbeddedBackend
from pillion.backends.embedded_engine import EmbeddedEngine
from pillion.config.schema import DEFAULT_MODEL, Config, EndpointConfig
from pillion.errors import EngineInterruptedError, EngineUnreachableError, ModelError
from pillion.models.cores import shared_out, usable_cores
from pillion.models.known import known_model
from pillion.models.store import ModelStore
from pillion.pool.prefill import PROBE, Prefills
from tests.support.embedded import embedded_backend
from tests.support.pools import ask, collect, only_this_task

# To load the model takes under a second where nothing else runs.
START_WITHIN_S = 60.0
GONE_WITHIN_S = 5.0
FOR_EVER_S = 3600.0


@asynccontextmanager
async def embedded(folder: Path, idle_timeout_s: float = FOR_EVER_S, **settings: Any) -> AsyncIterator[EmbeddedBackend]:
    config = EndpointConfig.model_validate({"protocol": "embedded", "num_ctx": 512, **settings})
    backend = embedded_backend("inside", config, folder, idle_timeout_s=idle_timeout_s)
    try:
        yield backend
    finally:
        await backend.aclose()


def children() -> list[psutil.Process]:
    """The engines that this process runs; the tests' other helpers are no engines."""
    return [child for child in psutil.Process().children() if "embedded_child" in _command_line(child)]


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""  # it has just ended


async def wait_for(condition: Callable[[], object], within_s: float = GONE_WITHIN_S) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def answer(engine: EmbeddedBackend, max_tokens: int = 4) -> list[StreamEvent]:
    return await collect(engine.stream(ask("Say hello.", max_tokens=max_tokens).request))


def spoke(events: list[StreamEvent]) -> bool:
    *texts, done = events
    return isinstance(done, Done) and bool(texts) and all(isinstance(text, Text) for text in texts)


async def test_it_answers_on_this_machine_and_to_its_key_only(model_folder: Path) -> None:
    async with embedded(model_folder) as engine:
        assert (children(), engine.engine.process_id) == ([], None), "nothing runs before it is needed"
        assert spoke(await answer(engine))
        (child,) = children()
        assert engine.engine.process_id == child.pid
        listening = [each.laddr for each in child.net_connections() if each.status == psutil.CONN_LISTEN]
        assert [address.ip for address in listening] == ["127.0.0.1"]
        command = " ".join(child.cmdline())
        assert ".gguf" not in command, "neither its model nor its key shows in the process list"
        url = f"http://127.0.0.1:{listening[0].port}/v1/chat/completions"
        body = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 1}
        async with httpx.AsyncClient(trust_env=False) as stranger:
            for headers in ({}, {"Authorization": "Bearer wrong"}):
                assert (await stranger.post(url, json=body, headers=headers)).status_code == 401
        # What has been read stays read: the same prompt costs nothing the second time.
        done = (await answer(engine))[-1]
        assert isinstance(done, Done)
        assert done.cached_tokens > done.prompt_tokens / 2
    assert children() == []
    await only_this_task()


async def test_it_goes_on_from_the_beginning_of_an_answer(model_folder: Path) -> None:
    """Which is why nobody asks it whether it does."""
    async with embedded(model_folder) as engine:
        *words, done = await collect(engine.stream(PROBE.begun(Prefill.LAST)))
        assert isinstance(done, Done)
        said = "".join(each.text for each in words if isinstance(each, Text))
        assert said.startswith("0"), "the other half of the number that the beginning ends with"
        assert await Prefills().way(engine) is Prefill.LAST


async def test_it_stops_when_idle_and_starts_again(model_folder: Path) -> None:
    async with embedded(model_folder, idle_timeout_s=1.0) as engine:
        assert spoke(await answer(engine))
        first = engine.engine.process_id
        await asyncio.sleep(0.7)
        assert spoke(await answer(engine))
        await asyncio.sleep(0.5)
        assert engine.engine.process_id == first, "a request makes the time begin anew"
        await wait_for(lambda: not children())
        assert engine.engine.process_id is None
        assert spoke(await answer(engine))
        assert engine.engine.process_id not in (first, None)


async def test_a_killed_engine_is_replaced(model_folder: Path) -> None:
    async with embedded(model_folder) as engine:
        stream = engine.stream(ask("Count from one to a hundred.", max_tokens=400).request)
        assert isinstance(await anext(stream), Text)
        (first,) = children()
        first.kill()
        with pytest.raises(EngineInterruptedError, match="inside: the stream broke off"):
            await collect(stream)
        await wait_for(lambda: engine.engine.process_id is None)
        assert spoke(await answer(engine))
        (second,) = children()
        second.kill()  # while nobody asks for anything
        await wait_for(lambda: engine.engine.process_id is None)
        assert spoke(await answer(engine))
        assert engine.engine.process_id not in (first.pid, second.pid)
    assert children() == []


async def test_who_gives_up_while_it_loads_leaves_it_to_the_next(model_folder: Path) -> None:
    async with embedded(model_folder) as engine:
        impatient = asyncio.create_task(answer(engine))
        while not children():
            await asyncio.sleep(0.01)
        impatient.cancel()
        await asyncio.wait([impatient])
        (child,) = children()
        assert spoke(await answer(engine))
        assert engine.engine.process_id == child.pid
    await only_this_task()


async def test_closing_while_it_loads(model_folder: Path) -> None:
    async with embedded(model_folder) as engine:
        asked = asyncio.create_task(answer(engine))
        await wait_for(children, START_WITHIN_S)
        began_s = time.monotonic()
        await engine.aclose()
        assert time.monotonic() - began_s < 1.0, "a child that loads doesn't listen, and needn't"
        with pytest.raises(EngineInterruptedError, match="was stopped"):
            await asked
    assert children() == []
    await only_this_task()


async def test_without_its_model(tmp_path: Path) -> None:
    async with embedded(tmp_path) as engine:
        with pytest.raises(ModelError, match="isn't on this machine yet") as caught:
            await answer(engine)
    assert "pillion model pull" in caught.value.hint
    assert children() == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param(lambda good: good[:4], "failed to read header", id="only the magic"),
        pytest.param(lambda good: good[:4] + bytes(100), "bad GGUF version", id="zeros"),
        pytest.param(lambda good: good[:8] + b"\xff" * 2000 + good[2008:], "number of tensors", id="a broken head"),
        pytest.param(lambda good: good, "corrupted or incomplete", id="cut off"),
    ],
)
async def test_a_corrupt_model(
    model_folder: Path, tmp_path: Path, damage: Callable[[bytes], bytes], words: str
) -> None:
    with (model_folder / known_model(DEFAULT_MODEL).file_name).open("rb") as file:
        good = file.read(3_000_000)
    path = tmp_path / "bad.gguf"
    path.write_bytes(damage(good))
    async with embedded(tmp_path, model=str(path)) as engine:
        for _ in range(2):  # the second request tries anew, and hears the same
            with pytest.raises(EngineUnreachableError, match=r"engine inside can't serve bad\.gguf: ") as caught:
                await answer(engine)
            assert words in str(caught.value)
            assert str(path) in caught.value.hint
        assert engine.engine.process_id is None
        await wait_for(lambda: not children())
    await only_this_task()


def engines_of(backends: Mapping[str, Backend]) -> list[EmbeddedEngine]:
    """The engine of each endpoint, in the configuration's order."""
    return [backend.engine for backend in backends.values() if isinstance(backend, EmbeddedBackend)]


@pytest.mark.parametrize(
    ("settings", "processes"),
    [
        pytest.param({}, [["driver", "passenger"]], id="tiny for both"),
        pytest.param({"models": "quick"}, [["driver", "passenger"]], id="one model for both"),
        pytest.param({"models": "good"}, [["driver"], ["passenger"]], id="two models"),
        pytest.param({"endpoints": {"a": {}}}, [["a"]], id="one endpoint"),
        pytest.param({"endpoints": {"a": {}, "b": {}, "c": {}}}, [["a", "b", "c"]], id="three"),
        pytest.param({"endpoints": {"a": {}, "b": {"num_ctx": 4096}}}, [["a"], ["b"]], id="another context"),
        pytest.param(
            {"endpoints": {"a": {}, "b": {"threads": 1}, "c": {}}}, [["a", "c"], ["b"]], id="threads of its own"
        ),
        pytest.param({"endpoints": {"a": {"slots": 3}, "b": {"temperature": 1}}}, [["a", "b"]], id="other settings"),
    ],
)
def test_endpoints_with_one_model_share_an_engine_and_engines_share_the_cores(
    tmp_path: Path, settings: dict[str, Any], processes: list[list[str]]
) -> None:
    endpoints = {name: {"protocol": "embedded", **each} for name, each in settings.get("endpoints", {}).items()}
    config = Config.model_validate({**settings, "endpoints": endpoints})
    engines = list(
        {id(engine): engine for engine in engines_of(create_backends(config, ModelStore(tmp_path)))}.values()
    )
    assert [[seat.name for seat in engine.seats] for engine in engines] == processes
    shares = shared_out(usable_cores(), len(processes))
    own = [config.endpoints[names[0]].threads for names in processes]
    assert [engine.threads for engine in engines] == [given or share for given, share in zip(own, shares, strict=True)]
    for engine in engines:
        wanted = [config.endpoints[seat.name] for seat in engine.seats]
        assert [(seat.num_ctx, seat.slots) for seat in engine.seats] == [(each.num_ctx, each.slots) for each in wanted]


async def test_two_endpoints_work_at_once_in_one_process(model_folder: Path) -> None:
    config = Config.model_validate(
        {"endpoints": {name: {"protocol": "embedded", "num_ctx": 512} for name in ("draft", "audit")}}
    )
    backends = create_backends(config, ModelStore(model_folder))
    engine, _ = engines_of(backends)
    try:
        long = backends["draft"].stream(ask("Count from one to a hundred.", max_tokens=300).request)
        assert isinstance(await anext(long), Text)
        assert spoke(await collect(backends["audit"].stream(ask("Say hello.", max_tokens=4).request)))
        assert isinstance(await anext(long), Text), "the first wasn't stopped for the second"
        assert len(children()) == 1
        await long.aclose()
        (child,) = children()
        child.kill()
        await wait_for(lambda: engine.process_id is None)
        for backend in backends.values():  # each of them starts it again, whoever comes first
            assert spoke(await collect(backend.stream(ask("Say hello.", max_tokens=4).request)))
        assert len(children()) == 1
    finally:
        for backend in backends.values():
            await backend.aclose()
    assert children() == []
    await only_this_task()


@pytest.mark.parametrize(("own", "turns"), [(None, "10000"), ("7", "7")], ids=["Pillion's", "the user's"])
async def test_its_threads_dont_wait_in_busy_loops(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch, own: str | None, turns: str
) -> None:
    if own is not None:
        monkeypatch.setenv("GOMP_SPINCOUNT", own)
    async with embedded(model_folder) as engine:
        assert spoke(await answer(engine))
        (child,) = children()
        assert child.environ()["GOMP_SPINCOUNT"] == turns


def test_an_engine_may_be_given_threads(tmp_path: Path) -> None:
    config = Config.model_validate({"endpoints": {"only": {"protocol": "embedded", "threads": 7}}})
    (engine,) = engines_of(create_backends(config, ModelStore(tmp_path)))
    assert engine.threads == 7


# What becomes of the engine when its parent dies

PARENT = """
import asyncio, sys
from pathlib import Path
from pillion.backends.embedded import EmbeddedBackend
from pillion.backends.embedded_engine import EmbeddedEngine, Seat
from pillion.config.schema import EndpointConfig
from pillion.models.store import ModelStore
from pillion.backends.chat_request import ChatRequest, Message

async def main():
    config = EndpointConfig.model_validate({"protocol": "embedded", "num_ctx": 512})
    store = ModelStore(Path(sys.argv[1]))
    engine = EmbeddedEngine(config.model, (Seat("inside", 512, 1),), store=store, threads=1, idle_timeout_s=3600)
    engine = EmbeddedBackend("inside", config, engine)
    async for event in engine.stream(ChatRequest((Message("user", "hi"),), 2)):
        pass
    print("answered", flush=True)
    await asyncio.sleep(3600)

asyncio.run(main())
"""
TRAP = "from pathlib import Path\nPath(__file__).with_name('sprung').touch()\n"


@pytest.fixture
def hostile_folder(tmp_path: Path) -> Path:
    """A workspace with modules that would be imported instead of the real ones."""
    (tmp_path / "json.py").write_text(TRAP)
    (tmp_path / "xllamacpp.py").write_text(TRAP)
    (tmp_path / "pillion").mkdir()
    (tmp_path / "pillion" / "__init__.py").write_text(TRAP)
    return tmp_path


@pytest.mark.parametrize("moment", ["loading", "serving"])
def test_the_engine_dies_with_its_parent(model_folder: Path, hostile_folder: Path, moment: str) -> None:
    command = [sys.executable, "-P", "-c", PARENT, str(model_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=hostile_folder) as parent:
        assert parent.stdout is not None
        if moment == "serving":
            assert parent.stdout.readline() == b"answered\n"
        deadline = time.monotonic() + START_WITHIN_S
        while not (found := psutil.Process(parent.pid).children()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        parent.send_signal(signal.SIGKILL)
    (child,) = found
    gone, alive = psutil.wait_procs([child], timeout=GONE_WITHIN_S)
    assert (gone, alive) == ([child], [])
    assert not [*hostile_folder.rglob("sprung")], "a workspace's own modules must not run"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is noticed once the model is loaded")
@pytest.mark.parametrize("pipe", ["pipe", "socket"])
def test_it_ends_with_its_stdin_while_it_loads(pipe: str) -> None:
    # Loading a large model from a slow disk: a call that takes long and doesn't let Python run.
    loading = "import ctypes; from pillion.backends import embedded_child as child;"
    loading += "child._serve = lambda settings: ctypes.PyDLL(None).sleep(60); child.main()"
    ours, its = socket.socketpair()
    command = [sys.executable, "-c", loading]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE if pipe == "pipe" else its.fileno(), stdout=subprocess.PIPE
    ) as child:
        its.close()
        to_child = ours.makefile("wb") if child.stdin is None else child.stdin
        to_child.write(json.dumps({"parent_id": os.getpid()}).encode() + b"\n")
        to_child.flush()
        time.sleep(1)
        assert child.poll() is None
        to_child.close()
        ours.close()
        try:
            child.wait(2)
        finally:
            child.kill()
