"""Waiting for what an editor shows. The time limits are for a slow machine; nothing waits longer than it has to."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

# How long a user interface may take on two shared cores.
WAIT_S = 30.0
_PAUSE_S = 0.05
T = TypeVar("T")


async def until(
    read: Callable[[], Awaitable[T]], good: Callable[[T], object], what: str, within_s: float = WAIT_S
) -> T:
    """What `read` gives as soon as it is `good`. `what` says what was waited for.

    Raises:
        AssertionError: it wasn't in time; the message has what was there at last.
    """
    deadline = time.monotonic() + within_s
    while not good(found := await read()):
        assert time.monotonic() < deadline, f"{what}: not within {within_s:g} s; at last there was {found!r}"
        await asyncio.sleep(_PAUSE_S)
    return found


async def holds(read: Callable[[], Awaitable[T]], good: Callable[[T], object], what: str, for_s: float) -> T:
    """What `read` gives at last, if it was `good` all the time.

    Raises:
        AssertionError: it wasn't at some moment.
    """
    deadline = time.monotonic() + for_s
    while True:
        found = await read()
        assert good(found), f"{what}: there was {found!r}"
        if time.monotonic() > deadline:
            return found
        await asyncio.sleep(_PAUSE_S)
