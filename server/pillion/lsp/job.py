"""One job of the session: what was asked for, what it works on, and how far it is."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.catalogue import Action
from pillion.errors import DocumentError, NothingToDoError
from pillion.lsp.apply import Applied
from pillion.lsp.preview import DraftView
from pillion.lsp.reporter import JobReporter, JobState
from pillion.state.draft_log import DraftRecord
from pillion.state.kept_drafts import DraftFolder

if TYPE_CHECKING:
    from pillion.events import PipelineEvent
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.prompts.build import Retry
    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What `pillion.run` was asked for. `finding_id`: of the finding it is about, or empty.

    Of one that is tried again: `symbol` is the name of what has to stand at its place, `refused` the earlier draft.
    """

    action: Action
    uri: str
    range: types.Range
    version: int | None
    instruction: str
    finding_id: str = ""
    symbol: str = ""
    refused: "Retry | None" = None


@dataclass(frozen=True, slots=True)
class Target:
    """The document as it was at the click, the symbol that was meant, and what the model is told besides."""

    parsed: "ParsedText"
    symbol: "Symbol"
    instruction: str

    def task(self, request: JobRequest, workspace: Path | None) -> "Task":
        """The work itself, for the pipeline."""
        from pillion.pipeline.outcome import Task

        return Task(request.uri, request.action, self.symbol, self.parsed, self.instruction, workspace, request.refused)


@dataclass(eq=False, slots=True)
class Job:
    """One job and how far it is. What it worked on is kept only while it works, or is on offer."""

    id: str
    request: JobRequest
    reporter: JobReporter
    view: DraftView
    record: DraftRecord
    target: "Target | DocumentError | NothingToDoError | None"
    symbol: str = ""
    task: "Task | None" = None
    outcome: "Outcome | None" = None
    running: asyncio.Task[None] | None = field(default=None, repr=False)
    asking: asyncio.Task[None] | None = field(default=None, repr=False)
    cancel_reason: str = ""
    accepting: bool = False
    interrupted: bool = False
    """The session ended while it ran."""
    refusal: "Retry | None" = None
    """What the model said and why it can't be used, of a job that was refused."""
    refused_drafts: list[str] = field(default_factory=list, repr=False)
    superseded: bool = False
    """Of a refused one: it was tried again, or the same was done since."""
    applied: Applied | None = None

    def event(self, event: "PipelineEvent") -> None:
        """Something happened in the pipeline. The view is first: who is told may look at it at once."""
        from pillion.events import DraftProgress, DraftRefused, DraftVoided

        match event:
            case DraftRefused():
                self.refused_drafts.append(self.record.text)
            case DraftProgress():
                self.record.write(event.text)
            case DraftVoided():
                self.record.start_over(event.reason)
            case _:
                pass  # nothing that was written
        self.view.event(event)
        self.reporter.event(event)

    def interrupt(self) -> list[asyncio.Task[None]]:
        """The session ends: cancels what runs, and returns it."""
        self.interrupted = True
        running = [task for task in (self.running, self.asking) if task is not None]
        for task in running:
            task.cancel()
        return running

    def keep_draft(self, drafts: DraftFolder) -> str:
        """Keeps what the model said; returns a sentence that says where, or nothing."""
        text = self.outcome.draft.text if self.outcome is not None else self.record.text
        if not text.strip():
            return ""
        path = drafts.keep(self.id, self.request.action.id, self.symbol, text, finished=not self.interrupted)
        self.reporter.tell(draft_file=str(path) if path is not None else None)
        if path is not None:
            self.record.drop()
        return f" The draft is kept in {path}" if path is not None else ""

    def keep_refused(self, drafts: DraftFolder) -> str:
        """The same for a job that was refused: each attempt has its own file."""
        kept, path = self.keep_draft(drafts), self.reporter.refusal["draft_file"]
        earlier = [
            drafts.keep(f"{self.id}.{number}", self.request.action.id, self.symbol, text)
            for number, text in enumerate(self.refused_drafts[:-1], 1)
        ]
        files = [*(str(each) if each is not None else None for each in earlier), path]
        attempts = [
            {**said, "text_file": file} if file is not None else said
            for said, file in zip(self.reporter.attempts, files, strict=False)
        ]
        self.reporter.tell(attempts=attempts)
        return kept

    def let_go(self) -> None:
        """The job is over: the document as it was, its tree and the draft aren't needed any more."""
        if self.state is not JobState.OFFERED:
            self.task = self.outcome = self.target = None
            self.view = DraftView()
            self.refused_drafts.clear()

    def does_the_same_as(self, other: "Job") -> bool:
        """Whether both are the same action on the same symbol."""
        mine, theirs = self.request, other.request
        return (mine.uri, mine.action.id, self.symbol) == (theirs.uri, theirs.action.id, other.symbol)

    @property
    def state(self) -> JobState:
        """How far it is, as the client was told."""
        return self.reporter.state
