"""Waiting out: an endpoint that has no room now is asked again later, within the request's budget."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pillion.errors import EngineRefusedError, PillionError
from pillion.pool.endpoint import Endpoint
from pillion.tiers import Lane

# A server's words if waiting won't help.
_NO_CREDIT = ("insufficient_quota", "billing", "credit", "balance")
# Nobody waits long with the mouse on a word. Other lanes wait as long as one answer may take.
_PATIENCE_S: Mapping[Lane, float] = MappingProxyType({Lane.HOVER: 3.0})


@dataclass(frozen=True, slots=True)
class Backoff:
    """How an endpoint is asked again: after `first_s`, twice as long each time, up to `longest_s`."""

    first_s: float
    longest_s: float
    tries: int

    def wait_s(self, tries: int) -> float:
        """How long to wait after so many failures."""
        return min(self.longest_s, self.first_s * 2.0 ** (tries - 1))


_ASKED, _BUSY, _LOADING = Backoff(0.0, 0.0, 8), Backoff(0.5, 4.0, 4), Backoff(1.0, 5.0, 40)


@dataclass(frozen=True, slots=True)
class Waits:
    """Time and chance. Clients that were refused together don't come back together: each wait gets a random part."""

    now_s: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Wait:
    """An endpoint that will be asked again at `due_s`. `why` begins the words for a person: “gpu0 asks to wait”."""

    endpoint: Endpoint
    due_s: float
    why: str


@dataclass(slots=True)
class Patience:
    """The endpoints that one request waits for, none of them beyond `until_s`."""

    waits: Waits
    until_s: float
    _waiting: list[Wait] = field(default_factory=list)
    _tries: dict[str, int] = field(default_factory=dict)
    _loads_until_s: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, lane: Lane, answer_s: float, waits: Waits) -> "Patience":
        """The patience of a request on this lane, whose answer may take so long."""
        return cls(waits, waits.now_s() + min(answer_s, _PATIENCE_S.get(lane, answer_s)))

    def failed(self, endpoint: Endpoint, error: PillionError) -> None:
        """The endpoint failed. If it only has no room now, it will be asked again."""
        if not isinstance(error, EngineRefusedError) or not error.has_no_room:
            return
        name, said, asked_s = endpoint.name, error.said.lower(), error.retry_after_s
        if not asked_s and any(word in said for word in _NO_CREDIT):
            return
        self._tries[name] = tries = self._tries.get(name, 0) + 1
        loading = not asked_s and "loading" in said
        backoff = _ASKED if asked_s else _LOADING if loading else _BUSY
        if tries > backoff.tries:
            return
        if asked_s:
            self._add(endpoint, asked_s, f"{name} asks to wait")
        elif loading:
            now_s, limit_s = self.waits.now_s(), endpoint.backend.config.first_token_timeout_s
            if now_s < self._loads_until_s.setdefault(name, now_s + limit_s):
                self._add(endpoint, backoff.wait_s(tries), f"{name} loads its model, and is asked again in", early=True)
        else:
            self._add(endpoint, backoff.wait_s(tries), f"{name} is busy, and is asked again in", early=True)

    def rests(self, endpoint: Endpoint) -> bool:
        """Whether the endpoint is still in a rest that it asked for, so that it is asked later, and not now."""
        left_s = endpoint.breaker.asked_left_s
        return left_s > 0 and self._add(endpoint, left_s, f"{endpoint.name} asks to wait")

    def soonest(self) -> Wait | None:
        """The endpoint that can be asked before the others, which is taken out; None if there is none."""
        if not self._waiting:
            return None
        wait = min(self._waiting, key=lambda each: each.due_s)
        self._waiting.remove(wait)
        return wait

    def left_s(self, wait: Wait) -> float:
        """How long this wait still takes."""
        return max(0.0, wait.due_s - self.waits.now_s())

    async def out(self, wait: Wait) -> None:
        """Waits."""
        await self.waits.sleep(self.left_s(wait))

    def _add(self, endpoint: Endpoint, wait_s: float, why: str, *, early: bool = False) -> bool:
        """Whether the wait is possible. Never shorter than `wait_s`, unless it may be `early`."""
        chance, now_s = self.waits.chance(), self.waits.now_s()
        due_s = now_s + (wait_s * (0.5 + 0.5 * chance) if early else wait_s * (1 + 0.1 * chance) + 0.25 * chance)
        if now_s + wait_s > self.until_s:
            return False
        self._waiting.append(Wait(endpoint, min(due_s, self.until_s), why))
        return True
