"""Remembers an endpoint's failures, so that the pool tries other endpoints before it for a while."""

from collections.abc import Callable

_FAILURES_TO_OPEN = 3
_FIRST_REST_S = 5.0
_LONGEST_REST_S = 60.0
# A server may ask for a day.
_LONGEST_ASKED_S = 300.0


class Breaker:
    """Open (resting) after three failures in a row, or at once after one that is `fatal`; a success closes it.

    The pool still uses a resting endpoint, but tries it last. So a user who has just started the engine needn't wait.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._rest_s = _FIRST_REST_S
        self._resting_until = self._asked_until = 0.0

    @property
    def asked_left_s(self) -> float:
        """How much of the rest that the endpoint asked for is left."""
        return max(0.0, self._asked_until - self._clock())

    @property
    def resting(self) -> bool:
        """Whether the pool should try other endpoints first."""
        return self._clock() < self._resting_until

    def succeeded(self) -> None:
        """The endpoint answered."""
        self._failures = 0
        self._rest_s = _FIRST_REST_S
        self._resting_until = self._asked_until = 0.0

    def failed(self, *, fatal: bool, asked_s: float = 0.0) -> None:
        """The endpoint failed; `fatal` if the next request would surely fail the same way. `asked_s` is the rest that
        the endpoint asks for; it gets that rest, up to a limit."""
        self._failures += 1
        if fatal or self._failures >= _FAILURES_TO_OPEN:
            self._resting_until = self._clock() + self._rest_s
            self._rest_s = min(2 * self._rest_s, _LONGEST_REST_S)
        if asked_s > 0:
            self._asked_until = self._clock() + min(asked_s, _LONGEST_ASKED_S)
            self._resting_until = max(self._resting_until, self._asked_until)
