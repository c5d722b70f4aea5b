"""One job of the session: what was asked for, what it works on, and how far it is."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.catalogue import Action
from pillion.errors import DocumentError, NothingToDoError
from pillion.lsp.draft_log import DraftRecord
from pillion.lsp.preview import DraftView
from pillion.lsp.reporter import JobReporter, JobState

if TYPE_CHECKING:
    from pillion.pipeline.events import PipelineEvent
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What `pillion.run` was asked for. `finding_id`: of the finding it is about, or empty."""

    action: Action
    uri: str
    range: types.Range
    version: int | None
    instruction: str
    finding_id: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The document as it was at the click, the symbol that was meant, and what the model is told besides."""

    parsed: "ParsedText"
    symbol: "Symbol"
    instruction: str


@dataclass(eq=False, slots=True)
class Job:
    """One job and how far it is."""

    id: str
    request: JobRequest
    reporter: JobReporter
    view: DraftView
    target: "Target | DocumentError | NothingToDoError"
    record: DraftRecord
    task: "Task | None" = None
    outcome: "Outcome | None" = None
    running: asyncio.Task[None] | None = field(default=None, repr=False)
    asking: asyncio.Task[None] | None = field(default=None, repr=False)
    cancel_reason: str = ""
    accepting: bool = False

    def event(self, event: "PipelineEvent") -> None:
        """Something happened in the pipeline. The view is first: who is told may look at it at once."""
        self.record.event(event)
        self.view.event(event)
        self.reporter.event(event)

    @property
    def state(self) -> JobState:
        """How far it is, as the client was told."""
        return self.reporter.state
