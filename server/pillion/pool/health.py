"""Checks whether down endpoints have come back, so that the pool knows it before the next request."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

_FIRST_LOOK_S, _LONGEST_WAIT_S = 2.0, 15.0


class HealthWatch:
    """Checks the `down` endpoints every few seconds while there are any. This costs no tokens."""

    def __init__(
        self,
        down: Callable[[], Sequence[str]],
        look_again: Callable[[str], Awaitable[None]],
        first_look_s: float = _FIRST_LOOK_S,
    ) -> None:
        self._down = down
        self._look_again = look_again
        self._first_look_s = first_look_s
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    def notice(self) -> None:
        """An endpoint's state may have changed."""
        if not self._closed and (self._looking is None or self._looking.done()) and self._down():
            self._looking = asyncio.create_task(self._look(), name="look for endpoints that are down")

    async def aclose(self) -> None:
        """Stops checking."""
        self._closed = True
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])

    async def _look(self) -> None:
        wait_s = self._first_look_s
        while names := self._down():
            await asyncio.sleep(wait_s)
            wait_s = min(1.5 * wait_s, _LONGEST_WAIT_S)
            await asyncio.gather(*(self._look_again(name) for name in names))
