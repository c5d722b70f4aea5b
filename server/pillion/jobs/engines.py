"""The engines' life in a session: loaded once for all callers, replaced on a reload, closed when nobody uses them.

This file knows neither the client nor the protocol: the owner of the engines gets all news by callbacks.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from pillion.errors import NotLoadedError, PillionError

if TYPE_CHECKING:  # loaded after `initialize` was answered
    from pillion.pipeline.runtime import Runtime

log = logging.getLogger(__name__)

_LOOKS_EVERY_S = 2.0
# An embedded engine that doesn't stop is killed after two seconds.
_CLOSE_WITHIN_S = 4.0


class _Generation:
    """The engines of one load, and the number of callers that wait for them or use them.

    `arrival` is the runtime, or None if another generation replaced this one before it was loaded.
    """

    def __init__(self) -> None:
        self.arrival: asyncio.Future[Runtime | None] = asyncio.get_running_loop().create_future()
        self.users = 0

    @property
    def runtime(self) -> "Runtime | None":
        """The engines, if they are loaded."""
        arrived = self.arrival.done() and not self.arrival.cancelled() and self.arrival.exception() is None
        return self.arrival.result() if arrived else None


class Engines:
    """Keeps the engines that `load` makes while they are used. `load` is called in a thread, and may take any time.

    `on_current` gets each runtime that new requests will use, and None when they no longer use it. `on_failed` gets the
    error of a failed load; a repeated error is told once until a load succeeds. The next request tries to load again.
    """

    def __init__(
        self,
        load: "Callable[[], Runtime]",
        *,
        on_current: "Callable[[Runtime | None], None]",
        on_failed: Callable[[PillionError], None],
        looks_every_s: float = _LOOKS_EVERY_S,
    ) -> None:
        self._load = load
        self._on_current = on_current
        self._on_failed = on_failed
        self._looks_every_s = looks_every_s
        self._newest: _Generation | None = None
        self._retired: set[_Generation] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._watching: asyncio.Task[None] | None = None
        self._closed = False
        self._said = self._noted = ""

    @property
    def current(self) -> "Runtime | None":
        """The engines that the next request gets, if they are loaded."""
        return self._newest.runtime if self._newest is not None else None

    @asynccontextmanager
    async def use(self) -> AsyncIterator["Runtime"]:
        """Gives the engines while the block runs; loads them first if necessary.

        The configuration is read again if a file of it was saved since. Without a request, that happens after a moment.

        Raises:
            NotLoadedError: loading them failed, or they were closed.
            PillionError: what `load` raised.
        """
        if self._watching is None and not self._closed:
            self._watching = asyncio.create_task(self._watch(), name="watch the configuration")
        if self._outdated():
            self.reload()
        generation, runtime = await self._joined()
        try:
            yield runtime
        finally:
            self._leave(generation)

    def reload(self) -> None:
        """New and waiting callers get engines that are loaded anew; callers that have engines keep them."""
        generation, self._newest = self._newest, None
        if generation is None:
            return
        self._retired.add(generation)
        if generation.arrival.done():
            self._on_current(None)
        else:
            generation.arrival.set_result(None)
        self._close_if_unused(generation)

    async def close(self) -> None:
        """Closes all engines, used or not. Doesn't wait for engines that are still being loaded: they are closed when
        they arrive, and the thread that loads them ends with the process at the latest."""
        self._closed = True
        if self._watching is not None:
            self._watching.cancel()
        self.reload()
        for generation in list(self._retired):
            self._close(generation)
        if self._closing:
            await asyncio.wait(self._closing, timeout=_CLOSE_WITHIN_S)

    async def _joined(self) -> "tuple[_Generation, Runtime]":
        """The newest generation and its runtime, once it is loaded. The caller counts as one of its users."""
        while not self._closed:
            if self._newest is None:
                self._newest = self._begun()
            generation = self._newest
            generation.users += 1
            try:
                # Cancelling one caller must not cancel the load that others wait for.
                runtime = await asyncio.shield(generation.arrival)
            except BaseException:
                self._leave(generation)
                raise
            if runtime is not None:
                return generation, runtime
            self._leave(generation)  # another generation has replaced it
        raise NotLoadedError("The session is over, and its engines are closed.")

    def _begun(self) -> _Generation:
        """Starts to load a generation, in a thread of its own that doesn't keep the process from ending."""
        generation, loop = _Generation(), asyncio.get_running_loop()

        def load() -> None:
            runtime: Runtime | None = None
            error: Exception | None = None
            try:
                runtime = self._load()
            except Exception as exc:  # any error is passed on to the callers that wait
                error = exc
            try:
                loop.call_soon_threadsafe(partial(self._arrived, generation, runtime, error))
            except RuntimeError:  # the loop has ended, and with it the session
                if runtime is not None:
                    _close_unused(runtime)

        threading.Thread(target=load, name="load the engines", daemon=True).start()
        return generation

    def _arrived(self, generation: _Generation, runtime: "Runtime | None", error: Exception | None) -> None:
        if generation.arrival.done():  # nobody waits for it any more
            if runtime is not None:
                # In a thread: after `close`, the loop may have stopped and would never run a task.
                threading.Thread(target=_close_unused, args=(runtime,), name="close engines", daemon=True).start()
        elif runtime is not None:
            self._said = ""
            generation.arrival.set_result(runtime)
            self._on_current(runtime)
        else:
            self._newest = None
            told = _told(error)
            generation.arrival.set_exception(told)
            generation.arrival.exception()  # marks it as seen: all callers may have been cancelled
            if self._said != told.full_message:
                self._said = told.full_message
                self._on_failed(told)

    def _leave(self, generation: _Generation) -> None:
        generation.users -= 1
        self._close_if_unused(generation)

    def _close_if_unused(self, generation: _Generation) -> None:
        if generation in self._retired and not generation.users:
            self._close(generation)

    def _close(self, generation: _Generation) -> None:
        self._retired.discard(generation)  # so that it is closed once
        if generation.runtime is not None:
            self._close_soon(generation.runtime)

    def _close_soon(self, runtime: "Runtime") -> None:
        # A task of its own: the caller doesn't wait, and cancelling the caller leaves no engine open.
        closing = asyncio.get_running_loop().create_task(runtime.aclose(), name="close engines")
        self._closing.add(closing)
        closing.add_done_callback(self._was_closed)

    def _was_closed(self, closing: asyncio.Task[None]) -> None:
        self._closing.discard(closing)
        if not closing.cancelled() and (error := closing.exception()) is not None:
            log.error("engines weren't closed", exc_info=error)

    async def _watch(self) -> None:
        """Reads a configuration file again soon after it was saved, so that the user then hears of its mistakes."""
        while True:
            await asyncio.sleep(self._looks_every_s)
            if not self._outdated():
                continue
            try:
                async with self.use():
                    pass
            except PillionError:
                pass  # `on_failed` was told

    def _outdated(self) -> bool:
        try:
            return self.current is not None and not self.current.stamp.holds()
        except Exception as exc:  # a file that can't be looked at must end neither the watch nor a request
            if self._noted != str(exc):
                self._noted = str(exc)
                log.exception("can't tell whether the configuration has changed")
            return False


def _close_unused(runtime: "Runtime") -> None:
    """Closes engines that no request has used, on an event loop of their own."""
    try:
        asyncio.run(runtime.aclose())
    except Exception:
        log.exception("engines weren't closed")


def _told(error: Exception | None) -> PillionError:
    """The error of a failed load, in words for the user."""
    if isinstance(error, PillionError):
        return error
    log.error("the engines weren't loaded", exc_info=error)
    hint = "The next request tries again; the server's log says more."
    failed = NotLoadedError(f"The engines couldn't be loaded: {error or type(error).__name__}.", hint=hint)
    failed.__cause__ = error
    return failed
