"""The engine's slots: a queue for waiting requests, and each slot's memory of its last prompt."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(eq=False)
class Slot:
    """One place to run a request; `prompt` is the content of its cache."""

    prompt: list[str] = field(default_factory=list)

    def shared(self, prompt: Sequence[str]) -> int:
        """How many tokens at the beginning of `prompt` are in the cache."""
        count = 0
        for ours, theirs in zip(self.prompt, prompt, strict=False):
            if ours != theirs:
                break
            count += 1
        return count


class SlotPool:
    """A fixed number of slots, handed out first come, first served."""

    def __init__(self, count: int) -> None:
        self._free = [Slot() for _ in range(count)]
        self._waiting: deque[asyncio.Future[Slot]] = deque()

    @asynccontextmanager
    async def slot(self, prompt: Sequence[str]) -> AsyncIterator[Slot]:
        """Wait for a slot and hold it; of several free slots, take the one with the most of `prompt` in its cache."""
        slot = await self._take(prompt)
        try:
            yield slot
        finally:
            self._give_back(slot)

    async def _take(self, prompt: Sequence[str]) -> Slot:
        if self._free:
            # max() keeps the first of equals, which is the slot that was given back longest ago.
            slot = max(self._free, key=lambda free: free.shared(prompt))
            self._free.remove(slot)
            return slot
        turn: asyncio.Future[Slot] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn in self._waiting:
                self._waiting.remove(turn)
            elif not turn.cancelled():
                self._give_back(turn.result())  # the request got its slot at the moment when it was cancelled
            raise

    def _give_back(self, slot: Slot) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(slot)
                return
        self._free.append(slot)
