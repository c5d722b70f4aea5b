"""An answer on the screen while it streams, for `pillion ask`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.cli.notes import FailureNotes, kept_words
from pillion.cli.output import write
from pillion.jobs.question import AnswerFollower
from pillion.pool.pool_events import EndpointFailed, Waiting
from pillion.text.hidden import VisibleStream

if TYPE_CHECKING:
    from rich.console import Console


class AnswerScreen(AnswerFollower):
    """Shows an answer. `introduce` makes the line that names the endpoint. None: nothing is shown while it streams."""

    def __init__(self, note: "Console", introduce: Callable[[str], str] | None) -> None:
        self._note = note
        self._introduce = introduce
        self._failures = FailureNotes(note)
        self._visible = VisibleStream()
        self._shows_words = False

    def started(self, endpoint: str, omitted: str) -> None:
        """See StreamListener."""
        self._begin(endpoint, "the next endpoint starts over")

    def continued(self, endpoint: str, omitted: str) -> None:
        """See StreamListener."""
        self._begin(endpoint, "the next endpoint goes on")

    def failed(self, failure: EndpointFailed) -> None:
        """See StreamListener."""
        self._failures.failed(f"{failure.endpoint} failed: {failure.reason}")
        if failure.void:
            self._visible = VisibleStream()

    def waits(self, waiting: Waiting) -> None:
        """See StreamListener."""
        self._note.print(waiting.words, style="dim", markup=False)

    def said(self, text: str, *, ends: bool = False) -> None:
        """See AnswerFollower."""
        if self._introduce is None:
            return
        self._shows_words = self._shows_words or bool(text)
        write(self._visible.feed(text) + (self._visible.finish() if ends else ""))
        sys.stdout.flush()

    def kept(self, path: Path | None) -> None:
        """See AnswerFollower."""
        self._note.print(kept_words(path), style="yellow", markup=False)

    def _begin(self, endpoint: str, how: str) -> None:
        self._failures.goes_on()
        if self._introduce is not None:
            if self._shows_words:
                self._note.print(f"— {how} —", style="dim")
            self._note.print(self._introduce(endpoint), style="dim", markup=False)
