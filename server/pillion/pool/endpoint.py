"""One endpoint in the pool: its slots, and its state as its answers show it."""

from dataclasses import dataclass

from pillion.backends.backend import Backend, Done
from pillion.errors import (
    ConfigError,
    EngineInterruptedError,
    EngineRefusedError,
    EngineUnreachableError,
    ModelError,
    ModelMissingError,
    PillionError,
)
from pillion.pool.breaker import Breaker
from pillion.pool.endpoint_status import EndpointState
from pillion.pool.look import Look, Seen
from pillion.pool.slots import Slots

_FATAL = (EngineUnreachableError, ModelMissingError, ModelError, ConfigError)
_SEEN_BY_A_CHECK = (EngineUnreachableError, ModelError, ConfigError)
_FEWEST_TIMED_TOKENS, _SHORTEST_TIMED_S = 5, 0.02


@dataclass(slots=True)
class Endpoint:
    """A backend with its slots and its breaker. `down`: why it is down. `tokens_per_s`: its last answer's rate."""

    backend: Backend
    slots: Slots
    breaker: Breaker
    down: PillionError | None = None
    doubtful: bool = False
    """It broke off, and nobody has checked yet whether it is still there."""
    tokens_per_s: float = 0.0

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return self.backend.name

    @property
    def state(self) -> EndpointState:
        """Whether it is down, working or idle."""
        if self.down is not None:
            return EndpointState.DOWN
        return EndpointState.WORKING if self.slots.load else EndpointState.IDLE

    @property
    def needs_a_look(self) -> bool:
        """Whether it is down, or may be down."""
        return self.down is not None or self.doubtful

    def answered(self, done: Done) -> None:
        """It has given a whole answer."""
        self.breaker.succeeded()
        self.doubtful = False
        # A few tokens that came in one piece don't show the endpoint's speed.
        if done.completion_tokens >= _FEWEST_TIMED_TOKENS and done.decode_s >= _SHORTEST_TIMED_S:
            self.tokens_per_s = done.completion_tokens / done.decode_s

    def failed(self, error: PillionError) -> None:
        """It failed."""
        asked_s = error.retry_after_s if isinstance(error, EngineRefusedError) else 0.0
        self.breaker.failed(fatal=isinstance(error, _FATAL), asked_s=asked_s)
        if self.breaker.resting:
            self.down = error
        elif isinstance(error, EngineInterruptedError):
            self.doubtful = True

    def seen(self, look: Look) -> None:
        """Takes the result of a look. An idle endpoint that can't be reached is down from now on. A down endpoint is up
        again if the look was good, and if a look can show that its failure is over."""
        if look.seen is Seen.UNREACHABLE and self.down is None and not self.slots.load:
            self.down = EngineUnreachableError(look.message, hint=look.hint)
        elif look.good and isinstance(self.down, _SEEN_BY_A_CHECK):
            self._is_back()

    async def look_again(self) -> None:
        """Finds out whether a down endpoint is back, or whether an endpoint that broke off is still there.

        If the endpoint couldn't be reached, it is asked for a sign of life; if it gives one, it is tried first again.
        Only the next request can tell whether other failures are over: after these, the endpoint counts as up when its
        breaker's rest is over.
        """
        if self.down is None and self.doubtful:
            await self._look_after_a_break()
        elif isinstance(self.down, _SEEN_BY_A_CHECK):
            try:
                await self.backend.check()
            except PillionError as exc:
                if self.down is not None:  # else it has answered a request meanwhile
                    self.down = exc
            else:
                self._is_back()
        elif not self.breaker.resting:
            self.down = None

    async def _look_after_a_break(self) -> None:
        try:
            await self.backend.check()
        except PillionError as exc:
            if self.doubtful:  # else it has answered a request meanwhile
                self.failed(exc)
        self.doubtful = False

    def _is_back(self) -> None:
        """The endpoint is up again, and the pool tries it first again."""
        self.breaker.succeeded()
        self.down, self.doubtful = None, False
