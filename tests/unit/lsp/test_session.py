"""A session's engines while settings change, loads fail, and the client leaves; with the real runtime."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pillion.cli.compose import load_runtime
from pillion.errors import PillionError
from pillion.lsp.server import build_server
from pillion.lsp.session import Session
from pillion.pipeline.runtime import Runtime

URI = "file:///shop.py"
Load = Callable[[Path | None, Mapping[str, Any]], Runtime]


def started(load: Load) -> tuple[Session, list[str]]:
    """A session with an open document, and what its user is shown."""
    server = build_server(load)
    protocol = server.protocol
    shown: list[str] = []
    session = Session(protocol, load)
    session.show = lambda message, level=types.MessageType.Info: shown.append(message)  # type: ignore[method-assign]
    start: dict[str, Any] = {"processId": None, "rootUri": None, "capabilities": {}}
    item = {"uri": URI, "languageId": "python", "version": 1, "text": "def f():\n    return 1\n"}
    for message in (
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": start},
        {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": item}},
    ):
        protocol.handle_message(protocol.structure_message(message))
    return session, shown


async def test_a_job_that_waits_gets_engines_that_work_though_settings_change() -> None:
    gates = [threading.Event(), threading.Event()]
    begun: list[Mapping[str, Any]] = []
    closed: list[Runtime] = []

    def load(workspace: Path | None, settings: Mapping[str, Any]) -> Runtime:
        begun.append(settings)
        assert gates[len(begun) - 1].wait(10)
        return load_runtime(workspace, {})

    session, _ = started(load)

    async def job() -> None:
        async with session.engines() as runtime:
            backends = [each.backend for each in runtime.pool._endpoints.values()]
            for each in backends:
                each.aclose = lambda closing=runtime: _note(closed, closing)  # type: ignore[method-assign,misc]
            await asyncio.sleep(0.1)
            assert closed == []

    waiting = asyncio.create_task(job())
    while not begun:
        await asyncio.sleep(0.01)
    changing = asyncio.create_task(session.change_settings({"pillion": {"review": "always"}}))
    await asyncio.sleep(0.05)
    for gate in gates:
        gate.set()
    await changing
    await waiting
    await session.close()


async def _note(closed: list[Runtime], runtime: Runtime) -> None:
    closed.append(runtime)


async def test_after_a_failed_load_menus_go_on_and_the_next_request_loads() -> None:
    failing = [OSError("the disk is gone"), OSError("the disk is gone")]

    def load(workspace: Path | None, settings: Mapping[str, Any]) -> Runtime:
        if failing:
            raise failing.pop()
        return load_runtime(workspace, {})

    session, shown = started(load)
    for _ in range(2):
        with pytest.raises(PillionError, match="the disk is gone"):
            async with session.engines():
                pass
        assert session.readable(URI)[0].uri == URI
    assert [each for each in shown if "the disk is gone" in each] == shown[:1]
    assert len(shown) == 1
    async with session.engines() as runtime:
        assert runtime.config.endpoints
    await session.close()


async def test_reloads_during_a_load_close_its_engines_once() -> None:
    gate, begun = threading.Event(), threading.Event()
    closed: list[Runtime] = []
    loaded: list[Runtime] = []

    def load(workspace: Path | None, settings: Mapping[str, Any]) -> Runtime:
        begun.set()
        assert gate.wait(10)
        runtime = load_runtime(workspace, {})
        first = next(iter(runtime.pool._endpoints.values())).backend
        first.aclose = lambda: _note(closed, runtime)  # type: ignore[method-assign]
        loaded.append(runtime)
        return runtime

    session, _ = started(load)

    async def job() -> None:
        async with session.engines():
            pass

    waiting = asyncio.create_task(job())
    while not begun.is_set():
        await asyncio.sleep(0.01)
    reloads = [asyncio.create_task(session.reload()) for _ in range(2)]
    await asyncio.sleep(0.05)
    gate.set()
    await asyncio.gather(*reloads, waiting)
    await session.close()
    while len(closed) < len(loaded):
        await asyncio.sleep(0.01)
    assert len(set(closed)) == len(closed) == len(loaded)


async def test_closing_does_not_wait_for_a_load_that_hangs() -> None:
    gate, begun = threading.Event(), threading.Event()

    def load(workspace: Path | None, settings: Mapping[str, Any]) -> Runtime:
        begun.set()
        assert gate.wait(60)
        return load_runtime(workspace, {})

    session, _ = started(load)

    async def job() -> None:
        async with session.engines():
            pass

    waiting = asyncio.create_task(job())
    while not begun.is_set():
        await asyncio.sleep(0.01)
    try:
        async with asyncio.timeout(20):
            await session.close()
        with pytest.raises(PillionError):
            await waiting
    finally:
        gate.set()
