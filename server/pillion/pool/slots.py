"""An endpoint's slots. Urgent requests get slots first, and take them back from requests that can wait."""

import asyncio
import heapq
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


class SlotWantedError(Exception):
    """A more urgent request wants the slot: the holder has to give it back."""


class OverdueError(Exception):
    """The holder has used the slot for the longest allowed time."""


@dataclass(eq=False, slots=True)
class Lease:
    """A slot in use. `yields`: the holder gives it back when a more urgent request comes."""

    priority: int
    yields: bool
    wanted: bool = False
    _scope: asyncio.Timeout | None = None

    @property
    def can_be_asked(self) -> bool:
        """Whether the slot can be taken back, and nobody has asked for it yet."""
        return self.yields and not self.wanted

    def want_back(self) -> None:
        """Asks for the slot: interrupts whatever the holder waits for."""
        self.wanted = True
        if self._scope is not None:
            self._scope.reschedule(asyncio.get_running_loop().time())

    async def unless_wanted(self, wait: Callable[[], Awaitable[T]], until_s: float | None = None) -> T:
        """The result of `wait`, if it comes before `until_s` on the event loop's clock.

        Raises:
            SlotWantedError: a more urgent request wants the slot, already before the wait or during it.
            OverdueError: the time is over.
        """
        if self.wanted:
            raise SlotWantedError
        if until_s is not None and asyncio.get_running_loop().time() > until_s:
            raise OverdueError
        scope = asyncio.timeout_at(until_s)
        try:
            async with scope:
                self._scope = scope
                return await wait()
        except TimeoutError:
            if self.wanted:
                raise SlotWantedError from None
            if scope.expired():
                raise OverdueError from None
            raise
        finally:
            self._scope = None


async def while_held(
    held: Lease, events: AsyncGenerator[T, None], until_s: float | None = None
) -> AsyncGenerator[T, None]:
    """The events, until another request wants the slot or the time is over. Closes the events at the end."""
    async with aclosing(events):
        while True:
            try:
                event = await held.unless_wanted(events.__anext__, until_s)
            except StopAsyncIteration:
                return
            yield event


class Slots:
    """Like a semaphore, but waiting requests are served by priority (lowest number first), then in order of arrival."""

    def __init__(self, count: int) -> None:
        self._count = self._free = count
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = 0
        self._held: list[Lease] = []

    @property
    def load(self) -> int:
        """How many requests are in work or waiting."""
        return self._count - self._free + sum(not future.done() for _, _, future in self._waiting)

    @asynccontextmanager
    async def hold(self, priority: int, *, yields: bool = False) -> AsyncIterator[Lease]:
        """Waits for a slot and holds it. A request more urgent than a yielding holder interrupts that holder."""
        await self._acquire(priority)
        held = Lease(priority, yields)
        self._held.append(held)
        self._want_back()  # a more urgent request may have come while the slot was being handed over
        try:
            yield held
        finally:
            self._held.remove(held)
            self._release()

    async def _acquire(self, priority: int) -> None:
        if self._free > 0:
            self._free -= 1
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrivals += 1
        heapq.heappush(self._waiting, (priority, self._arrivals, future))
        self._want_back()
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._release()  # the request got the slot just when it was cancelled
            raise

    def _want_back(self) -> None:
        """Asks the least urgent holder for its slot, if more urgent requests wait than slots have been asked for."""
        can_be_asked = [held for held in self._held if held.can_be_asked]
        if not can_be_asked:
            return
        holder = max(can_be_asked, key=lambda held: held.priority)
        waiting = sum(priority < holder.priority and not future.done() for priority, _, future in self._waiting)
        if waiting > sum(held.wanted for held in self._held):
            holder.want_back()

    def _release(self) -> None:
        while self._waiting:
            _, _, future = heapq.heappop(self._waiting)
            if not future.done():
                future.set_result(None)
                return
        self._free += 1
