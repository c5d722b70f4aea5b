"""The embedded engine: llama.cpp in a child process, started when first needed and stopped when nobody uses it."""

import asyncio
import contextlib
import json
import logging
import secrets
import sys
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from pillion.backends.base import StreamEvent
from pillion.backends.openai import OpenAIBackend
from pillion.config import EndpointConfig
from pillion.errors import EngineUnreachableError
from pillion.models.store import ModelStore
from pillion.prompts.prompt import Prompt

log = logging.getLogger(__name__)

_START_TIMEOUT_S = 120.0
_STOP_TIMEOUT_S = 2.0
_KEPT_LOG_LINES = 20


class EmbeddedBackend:
    """An engine of Pillion's own. `threads` is its share of the cores."""

    def __init__(
        self, name: str, config: EndpointConfig, *, store: ModelStore, threads: int, idle_timeout_s: float
    ) -> None:
        self.name = name
        self.config = config
        self._store = store
        self._threads = config.threads or threads
        self._idle_timeout_s = idle_timeout_s
        self._starting = asyncio.Lock()
        self._engine: _Engine | None = None
        self._users = 0
        self._idle_timer: asyncio.TimerHandle | None = None
        self._stopping: set[asyncio.Task[None]] = set()

    async def stream(self, prompt: Prompt) -> AsyncGenerator[StreamEvent, None]:
        """See Backend.stream. Starts the engine if it isn't running.

        Raises:
            ModelError: its model isn't on this machine.
            EngineError: it doesn't start, or fails.
        """
        self._users += 1
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        try:
            engine = await self._running_engine()
            async with aclosing(engine.client.stream(prompt)) as events:
                async for event in events:
                    yield event
        finally:
            self._users -= 1
            if self._users == 0:
                loop = asyncio.get_running_loop()
                self._idle_timer = loop.call_later(self._idle_timeout_s, self._stop_if_idle)

    async def aclose(self) -> None:
        """Stops the engine."""
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.stop()
        if self._stopping:
            await asyncio.wait(self._stopping)

    @property
    def process_id(self) -> int | None:
        """The child's process id while it runs."""
        return self._engine.process.pid if self._engine is not None else None

    async def _running_engine(self) -> "_Engine":
        async with self._starting:
            if self._engine is not None and self._engine.process.returncode is not None:
                log.warning("the engine of %s ended by itself (%s)", self.name, self._engine.process.returncode)
                await self._engine.stop()
                self._engine = None
            if self._engine is None:
                model_path = self._store.resolve(self.config.model)
                self._engine = await _Engine.start(self.name, self.config, model_path, self._threads)
            return self._engine

    def _stop_if_idle(self) -> None:
        engine = self._engine
        if self._users or engine is None:
            return
        self._engine = None
        log.info("the engine of %s was idle for %s s and is stopped", self.name, self._idle_timeout_s)
        task = asyncio.get_running_loop().create_task(engine.stop())
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)


class _Engine:
    """One run of the child process."""

    def __init__(self, process: asyncio.subprocess.Process, client: OpenAIBackend, reader: asyncio.Task[None]) -> None:
        self.process = process
        self.client = client
        self._reader = reader

    @classmethod
    async def start(cls, name: str, config: EndpointConfig, model_path: Path, threads: int) -> "_Engine":
        process = await asyncio.create_subprocess_exec(
            # -P: a json.py in the workspace must not be imported instead of Python's own.
            *(sys.executable, "-P", "-m", "pillion.backends.embedded_child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        last_words: deque[str] = deque(maxlen=_KEPT_LOG_LINES)
        reader = asyncio.get_running_loop().create_task(_drain(process, last_words))
        api_key = secrets.token_urlsafe(24)
        try:
            port = await _handshake(name, process, config, model_path, threads, api_key, last_words)
        except BaseException:
            await _end(process, reader)
            raise
        url = f"http://127.0.0.1:{port}/v1"
        return cls(process, OpenAIBackend(name, config, url=url, api_key=api_key), reader)

    async def stop(self) -> None:
        await self.client.aclose()
        await _end(self.process, self._reader)


async def _handshake(
    name: str,
    process: asyncio.subprocess.Process,
    config: EndpointConfig,
    model_path: Path,
    threads: int,
    api_key: str,
    last_words: deque[str],
) -> int:
    """Tells the child what to serve and waits until it does; returns its port."""
    assert process.stdin is not None  # noqa: S101  (it was opened as a pipe)
    assert process.stdout is not None  # noqa: S101
    settings = {
        "model_path": str(model_path),
        "num_ctx": config.num_ctx * config.slots,
        "slots": config.slots,
        "api_key": api_key,
        "threads": threads,
    }
    with contextlib.suppress(ConnectionError):  # a child that is already gone says why on stderr
        process.stdin.write(json.dumps(settings).encode() + b"\n")
        await process.stdin.drain()
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            line = await process.stdout.readline()
    except TimeoutError as exc:
        raise EngineUnreachableError(f"The embedded engine {name} didn't start in {_START_TIMEOUT_S:g} s.") from exc
    answer = json.loads(line) if line else {"error": " ".join(last_words) or "it ended without a word"}
    if "error" in answer:
        raise EngineUnreachableError(f"The embedded engine {name} didn't start: {answer['error']}")
    return int(answer["port"])


async def _drain(process: asyncio.subprocess.Process, last_words: deque[str]) -> None:
    """Reads the child's log so that its pipe never fills up; the last lines are kept for error messages."""
    assert process.stderr is not None  # noqa: S101  (it was opened as a pipe)
    while chunk := await process.stderr.read(1 << 16):
        last_words.extend(chunk.decode("utf-8", "replace").splitlines())


async def _end(process: asyncio.subprocess.Process, reader: asyncio.Task[None]) -> None:
    """Closing its stdin ends the child; one that doesn't listen is killed."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_STOP_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
    await reader
