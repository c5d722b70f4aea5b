"""Gathers the texts of a short moment, so that the receiver does its work once for all of them."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

# This takes two or three frames of a screen. A model with hundreds of tokens a second sends about ten tokens meanwhile,
# and a slow model one at most.
GATHER_S = 0.04


class TextBatches:
    """Passes the first text on at once, and the texts of the next short moment together. Use it in a `with`: its end
    always passes on the rest."""

    def __init__(self, pass_on: Callable[[str], None]) -> None:
        self._pass_on = pass_on
        self._loop = asyncio.get_running_loop()
        self._texts: list[str] = []
        self._passed_s = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self._error: Exception | None = None

    def add(self, text: str) -> None:
        """Takes the next text, which may be empty."""
        if self._error is not None:
            raise self._error
        self._texts.append(text)
        due_s = self._passed_s + GATHER_S - self._loop.time()
        if due_s <= 0:
            self.flush()
        elif self._timer is None:
            self._timer = self._loop.call_later(due_s, self._by_timer)

    def flush(self) -> None:
        """Passes on the gathered texts now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._texts:
            text, self._texts = "".join(self._texts), []
            self._passed_s = self._loop.time()
            self._pass_on(text)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.flush()

    def _by_timer(self) -> None:
        self._timer = None
        try:
            self.flush()
        except Exception as exc:  # a timer has no caller to raise it to; the next call of `add` raises it
            self._error = exc
