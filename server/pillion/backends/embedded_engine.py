"""The embedded engine's process: llama.cpp in a child, which the first request starts, and which stops when idle."""

import asyncio
import contextlib
import json
import logging
import os
import re
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pillion.backends.foreign import readable
from pillion.errors import EngineInterruptedError, EngineUnreachableError
from pillion.models.store import ModelStore

log = logging.getLogger(__name__)

_START_TIMEOUT_S = 120.0
_STOP_TIMEOUT_S = 2.0
_KEPT_LOG_BYTES = 8192
# The threads of llama.cpp's OpenMP wait for each other in busy loops. On cores that others use too, these loops take
# the time of the very thread that they wait for: few turns, and then sleep, make it twice as fast there, and cost
# nothing on idle cores.
SPIN_COUNT = {"GOMP_SPINCOUNT": "10000"}
# llama.cpp logs its errors as `0.00.006.016 E function: what happened`. The first error is the cause of the others.
_LOGGED_ERROR = re.compile(r"^\S+ E (?:.*error loading model: )?(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Served:
    """Where a running engine listens, and the key that it wants."""

    url: str
    api_key: str


@dataclass(frozen=True, slots=True)
class Seat:
    """What one endpoint wants of an engine: a context of so many tokens, for so many requests at once."""

    name: str
    num_ctx: int
    slots: int


class EmbeddedEngine:
    """One process with one model, for one endpoint or for several with the same model. `threads`: of all its work.

    The first request starts the process, but it belongs to the engine and not to that request. Loading a model may take
    longer than a hover waits: the loading goes on after the hover was cancelled.
    """

    def __init__(
        self, model: str, seats: tuple[Seat, ...], *, store: ModelStore, threads: int, idle_timeout_s: float
    ) -> None:
        self.model = model
        self.seats = seats
        self.threads = threads
        self._store = store
        self._idle_timeout_s = idle_timeout_s
        self._run: asyncio.Task[_Process] | None = None
        self._users = 0
        self._idle_timer: asyncio.TimerHandle | None = None
        self._stopping: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Served]:
        """Keeps the process running while the block runs; starts it first if necessary.

        Raises:
            ModelError: the model isn't on this machine.
            EngineError: the process doesn't start.
        """
        self._users += 1
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        try:
            yield (await self._running()).served
        finally:
            self._users -= 1
            if self._users == 0:
                loop = asyncio.get_running_loop()
                self._idle_timer = loop.call_later(self._idle_timeout_s, self._stop_if_idle)

    async def check(self) -> None:
        """Looks whether requests can be answered. This doesn't start the process, but a failed start is remembered.

        Raises:
            ModelError: the model isn't on this machine.
            EngineError: the process didn't start when it was wanted.
        """
        await asyncio.to_thread(self._store.resolve, self.model)
        if self._run is not None and self._run.done() and not self._run.cancelled():
            self._run.result()

    async def aclose(self) -> None:
        """Stops the process. The next request would start it again."""
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        self._stop()
        if self._stopping:
            await asyncio.wait(self._stopping)

    @property
    def name(self) -> str:
        """Its endpoints' names."""
        return "+".join(seat.name for seat in self.seats)

    @property
    def process_id(self) -> int | None:
        """The child's process id while it serves."""
        return self._run.result().process.pid if self._run is not None and _serves(self._run) else None

    async def _running(self) -> "_Process":
        if self._run is not None and self._run.done() and not _serves(self._run):
            self._stop()  # it didn't start, or ended by itself
        if self._run is None:
            # In a thread, since a changed model file is read whole. Meanwhile another request may start the engine.
            model_path = await asyncio.to_thread(self._store.resolve, self.model)
            if self._run is None:
                start = _Process.start(self.name, self.seats, model_path, self.threads)
                self._run = asyncio.get_running_loop().create_task(start, name=f"start the engine of {self.name}")
        run = self._run
        try:
            return await asyncio.shield(run)
        except asyncio.CancelledError:
            if run.cancelled():
                raise EngineInterruptedError(f"The embedded engine {self.name} was stopped.") from None
            raise

    def _stop_if_idle(self) -> None:
        if self._users == 0:
            log.info("the engine of %s was idle for %s s and is stopped", self.name, self._idle_timeout_s)
            self._stop()

    def _stop(self) -> None:
        run, self._run = self._run, None
        if run is not None:
            task = asyncio.get_running_loop().create_task(_stop_run(run), name=f"stop the engine of {self.name}")
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)


def _serves(run: "asyncio.Task[_Process]") -> bool:
    return run.done() and not run.cancelled() and run.exception() is None and run.result().process.returncode is None


async def _stop_run(run: "asyncio.Task[_Process]") -> None:
    run.cancel()
    await asyncio.wait([run])
    if not run.cancelled() and run.exception() is None:
        await run.result().stop()


class _Process:
    """One run of the child process."""

    def __init__(self, process: asyncio.subprocess.Process, served: Served, reader: asyncio.Task[None]) -> None:
        self.process = process
        self.served = served
        self._reader = reader

    @classmethod
    async def start(cls, name: str, seats: tuple[Seat, ...], model_path: Path, threads: int) -> "_Process":
        pipe = asyncio.subprocess.PIPE
        # -P: a json.py in the workspace must not be imported instead of Python's own.
        command = (sys.executable, "-P", "-m", "pillion.backends.embedded_child")
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=pipe, stdout=pipe, stderr=pipe, env=SPIN_COUNT | os.environ
            )
        except OSError as exc:
            raise EngineUnreachableError(f"The embedded engine {name} can't be started: {exc}.") from exc
        api_key, last_words = secrets.token_urlsafe(24), bytearray()
        reader = asyncio.get_running_loop().create_task(_drain(process, last_words))
        settings = {
            "parent_id": os.getpid(),
            "model_path": str(model_path),
            "num_ctx": sum(seat.num_ctx * seat.slots for seat in seats),
            "slots": sum(seat.slots for seat in seats),
            "api_key": api_key,
            "threads": threads,
        }
        try:
            answer = await _handshake(name, process, settings)
        except BaseException:
            process.kill()  # the child is loading or broken, so it doesn't read its stdin
            await _end(process, reader)
            raise
        if "error" in answer:
            await _end(process, reader)
            cause = _cause(last_words) or str(answer["error"]) or f"it ended with code {process.returncode}"
            raise EngineUnreachableError(
                f"The embedded engine {name} can't serve {model_path.name}: {cause}.",
                hint=f"Is {model_path} whole, and is there memory for it?",
            )
        return cls(process, Served(f"http://127.0.0.1:{answer['port']}/v1", api_key), reader)

    async def stop(self) -> None:
        await _end(self.process, self._reader)


async def _handshake(
    name: str, process: asyncio.subprocess.Process, settings: Mapping[str, Any]
) -> Mapping[str, object]:
    """Tells the child what to serve, and waits for its port or its error; see embedded_child."""
    assert process.stdin is not None  # noqa: S101  (it was opened as a pipe)
    assert process.stdout is not None  # noqa: S101
    with contextlib.suppress(ConnectionError):  # a child that has already ended has logged the reason on stderr
        process.stdin.write(json.dumps(settings).encode() + b"\n")
        await process.stdin.drain()
    try:
        async with asyncio.timeout(_START_TIMEOUT_S):
            line = await process.stdout.readline()
        answer = json.loads(line) if line else {"error": ""}
        if not isinstance(answer, dict):
            raise ValueError("no object")
        return answer
    except TimeoutError as exc:
        raise EngineUnreachableError(f"The embedded engine {name} didn't start in {_START_TIMEOUT_S:g} s.") from exc
    except (ValueError, RecursionError) as exc:  # a line without an end is a ValueError too
        raise EngineUnreachableError(f"The embedded engine {name} said something else than its port.") from exc


async def _drain(process: asyncio.subprocess.Process, last_words: bytearray) -> None:
    """Reads the child's log, so that its pipe never fills up. Keeps the end of the log for error messages."""
    assert process.stderr is not None  # noqa: S101  (it was opened as a pipe)
    while chunk := await process.stderr.read(1 << 16):
        last_words += chunk
        del last_words[:-_KEPT_LOG_BYTES]


def _cause(last_words: bytearray) -> str:
    """The first error in the child's log; empty if there is none."""
    found = _LOGGED_ERROR.search(last_words.decode("utf-8", "replace"))
    return readable(found[1], 200) if found is not None else ""


async def _end(process: asyncio.subprocess.Process, reader: asyncio.Task[None]) -> None:
    """Ends the child by closing its stdin. A child that doesn't end in time is killed."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_STOP_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
    await reader
