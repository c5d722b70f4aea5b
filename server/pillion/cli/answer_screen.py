"""An answer on the screen while it streams, for `pillion ask`."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from pillion.backends.base import Done
from pillion.cli.failures import FailureNotes
from pillion.cli.keeping import KeptWriting
from pillion.cli.output import write
from pillion.pool.objections import cut_off
from pillion.pool.pool_events import EndpointFailed
from pillion.pool.stream_reader import StreamListener
from pillion.text.fences import ThinkFilter
from pillion.text.hidden import VisibleStream

if TYPE_CHECKING:
    from rich.console import Console


class AnswerScreen(StreamListener):
    """Shows an answer without its thoughts, and keeps it. `introduce` makes the line that says who answers; None:
    nothing is shown as it comes."""

    def __init__(self, note: "Console", kept: KeptWriting, introduce: Callable[[str], str] | None) -> None:
        self._note = note
        self._kept = kept
        self._introduce = introduce
        self._failures = FailureNotes(note)
        self._think, self._visible = ThinkFilter(), VisibleStream()
        self.answer = ""
        self.tokens = 0
        self.broken_off = ""
        """Why it ended before its time, as what the endpoint did."""

    def started(self, endpoint: str, omitted: str) -> None:
        """See StreamListener."""
        self._begin(endpoint, "the next endpoint starts over")
        self.answer = ""

    def continued(self, endpoint: str, omitted: str) -> None:
        """See StreamListener."""
        self._begin(endpoint, "the next endpoint goes on")

    def heard(self, text: str) -> None:
        """See StreamListener."""
        self._kept.write(text)
        self._show(self._think.feed(text))

    def failed(self, failure: EndpointFailed) -> None:
        """See StreamListener."""
        self._failures.failed(f"{failure.endpoint} failed: {failure.reason}")
        if failure.void:
            self._kept.start_over(failure.reason)
            self._think, self._visible = ThinkFilter(), VisibleStream()

    def ended(self, done: Done) -> None:
        """See StreamListener."""
        self.tokens = done.completion_tokens
        self.broken_off = done.stopped or (cut_off(self.tokens) if done.cut_off else "")
        self._show(self._think.finish(), ends=True)

    def _begin(self, endpoint: str, how: str) -> None:
        self._failures.goes_on()
        if self._introduce is not None:
            if self.answer:
                self._note.print(f"— {how} —", style="dim")
            self._note.print(self._introduce(endpoint), style="dim", markup=False)

    def _show(self, text: str, *, ends: bool = False) -> None:
        self.answer += text
        if self._introduce is not None:
            write(self._visible.feed(text) + (self._visible.finish() if ends else ""))
            sys.stdout.flush()
