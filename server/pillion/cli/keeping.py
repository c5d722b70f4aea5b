"""What a model writes for a command isn't lost: not to Ctrl-C, not to an engine that fails, not to a refusal.

It is on disk half a second later, as a server's is, and is kept with the other drafts if the command ends without it.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import TYPE_CHECKING
from uuid import uuid4

from pillion.cli.output import console

if TYPE_CHECKING:
    from pillion.state.draft_log import DraftRecord

_ENDING_SIGNALS = ("SIGTERM", "SIGHUP")


class Terminated(KeyboardInterrupt):
    """The process was told to end, and not by its terminal's Ctrl-C."""


def kept_words(path: object) -> str:
    """Where a draft is kept, or that it can't be."""
    return f"The draft is kept in {path}" if path else "The draft can't be kept: its folder isn't writable."


class KeptWriting:
    """What is written for one command without a document."""

    def __init__(self, action: str) -> None:
        self._action = action
        self._id = uuid4().hex[:12]
        self._record: DraftRecord | None = None

    @asynccontextmanager
    async def recording(self) -> AsyncIterator[None]:
        """While it is written. What came is kept, and said to be, if the block is left by an exception."""
        from pillion.state.draft_log import DraftLog

        log = DraftLog()
        self._record = log.begin(self._id, self._action, "", "")
        try:
            yield
        except BaseException as exc:  # a mistake of ours must cost no draft either
            interrupted = isinstance(exc, asyncio.CancelledError | KeyboardInterrupt)
            self.keep(self._record.text, "interrupted" if interrupted else str(exc))
            raise
        finally:
            self._record.drop()
            await log.close()

    def write(self, text: str) -> None:
        """The model has written this."""
        if self._record is not None:
            self._record.write(text)

    def start_over(self, reason: str) -> None:
        """What was written so far is void."""
        if self._record is not None:
            self._record.start_over(reason)

    def keep(self, text: str, why: str) -> None:
        """Keeps a draft with the others, and says where."""
        from pillion.state.kept_drafts import DraftFolder

        if not text.strip():
            return
        path = DraftFolder().keep(self._id, self._action, "", text, reason=why)
        console(stderr=True).print(kept_words(path), style="yellow", markup=False)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Within the block, being told to end (TERM, or a terminal that is closed) is what Ctrl-C is.

    Raises:
        Terminated: the process was told to end.
    """
    told: list[int] = []

    def end(number: int, _: FrameType | None) -> None:
        told.append(number)
        signal.raise_signal(signal.SIGINT)

    before = {}
    for name in _ENDING_SIGNALS:  # Windows lacks some
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # else it is to be ignored, as by nohup
            before[number] = signal.signal(number, end)
    try:
        yield
    except KeyboardInterrupt:
        if told:
            raise Terminated from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
