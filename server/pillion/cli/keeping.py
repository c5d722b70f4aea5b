"""What a model writes for a command isn't lost: not to Ctrl-C, not to an engine that fails, not to a refusal.

It is on disk half a second later, as a server's is, and is kept with the other drafts if the command ends without it.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING
from uuid import uuid4

from pillion.cli.output import console

if TYPE_CHECKING:
    from pillion.events import PipelineEvent
    from pillion.state.draft_log import DraftRecord

_ENDING_SIGNALS = ("SIGTERM", "SIGHUP")


class Terminated(KeyboardInterrupt):
    """The process was told to end, and not by its terminal's Ctrl-C."""


class KeptWriting:
    """One command's drafts. `uri` is the document's, if there is one."""

    def __init__(self, action: str, symbol: str = "", uri: str = "") -> None:
        self._about = (action, symbol)
        self._uri = uri
        self._id = uuid4().hex[:12]
        self._record: DraftRecord | None = None
        self._refused: list[str] = []
        self.refusals: list[tuple[str, str]] = []
        """The endpoints whose drafts were refused, and why, oldest first."""

    @asynccontextmanager
    async def recording(self) -> AsyncIterator[None]:
        """While it is written. What came is kept, and said to be, if the block is left by an exception."""
        from pillion.state.draft_log import DraftLog

        log = DraftLog()
        self._record = log.begin(self._id, *self._about, self._uri)
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

    def event(self, event: "PipelineEvent") -> None:
        """Something happened in a job."""
        from pillion import events

        match event:
            case events.DraftProgress():
                self.write(event.text)
            case events.DraftRefused() if self._record is not None:
                self._refused.append(self._record.text)
                self.refusals.append((event.endpoint, event.reason))
            case events.DraftVoided():
                self.start_over(event.reason)
            case _:
                pass  # nothing that was written

    @property
    def attempts(self) -> list[dict[str, str]]:
        """The drafts that were refused, for JSON."""
        return [{"endpoint": endpoint, "reason": reason} for endpoint, reason in self.refusals]

    def refused_words(self, why: str) -> str:
        """That the edit was refused, and why each attempt was."""
        if len(self.refusals) < 2:
            return f"The edit was refused: {why}."
        each = "; ".join(f"{endpoint}'s draft, {reason}" for endpoint, reason in self.refusals)
        return f"The edit was refused {len(self.refusals)} times: {each}."

    def keep(self, text: str, why: str) -> Path | None:
        """Keeps a draft with the others, and says where."""
        from pillion.state.kept_drafts import DraftFolder

        if not text.strip():
            return None
        path = DraftFolder().keep(self._id, *self._about, text, uri=self._uri, reason=why)
        said = (
            f"The draft is kept in {path}"
            if path is not None
            else "The draft can't be kept: its folder isn't writable."
        )
        console(stderr=True).print(said, style="yellow", markup=False)
        return path

    def keep_refused(self, text: str, why: str) -> Path | None:
        """Keeps the drafts of all attempts, the last of which is `text`."""
        from pillion.state.kept_drafts import DraftFolder

        earlier = zip(self._refused[:-1], self.refusals, strict=False)
        for number, (draft, (_, reason)) in enumerate(earlier, 1):
            name, reason = f"{self._id}.{number}", f"refused: {reason}"
            DraftFolder().keep(name, *self._about, draft, uri=self._uri, reason=reason)
        return self.keep(text, f"refused: {why}")


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
