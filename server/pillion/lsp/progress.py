"""Work-done progress: shown if the client can show it, silent otherwise, and always ended."""

import asyncio
import time
from collections.abc import Callable

from lsprotocol import types

from pillion.lsp.protocol import PillionProtocol
from pillion.rpc.plain_protocol import ClientRefusedError

_PREFIX = "pillion-"
_SHORTEST_INTERVAL_S = 0.1
# A client that doesn't answer the request to create a progress must not hold the job up.
_CREATE_TIMEOUT_S = 1.0


def name_of_work(token: str | int) -> str:
    """The name of the work that a progress token is for. There may be no work of this name."""
    return str(token).removeprefix(_PREFIX)


class Progress:
    """The progress of one piece of work, cancellable in the editor."""

    def __init__(
        self, protocol: PillionProtocol, name: str, title: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._protocol = protocol
        self._token = f"{_PREFIX}{name}"
        self._title = title
        self._clock = clock
        self._begun = False
        self._last_report = float("-inf")

    async def begin(self, message: str) -> None:
        """Shows the progress."""
        if not self._protocol.client_shows_progress():
            return
        create = self._protocol.ask(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(self._token)
        )
        try:
            async with asyncio.timeout(_CREATE_TIMEOUT_S):
                await create
        except (TimeoutError, ClientRefusedError):
            return
        self._begun = True
        self._send(types.WorkDoneProgressBegin(title=self._title, cancellable=True, message=message))

    def report(self, message: str, percentage: int | None = None) -> None:
        """Replaces the message, at most ten times a second."""
        now = self._clock()
        if self._begun and now - self._last_report >= _SHORTEST_INTERVAL_S:
            self._last_report = now
            self._send(types.WorkDoneProgressReport(message=message, percentage=percentage, cancellable=True))

    def end(self, message: str) -> None:
        """Removes the progress."""
        if self._begun:
            self._begun = False
            self._send(types.WorkDoneProgressEnd(message=message))

    def _send(
        self, value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd
    ) -> None:
        self._protocol.notify(types.PROGRESS, types.ProgressParams(self._token, value))
