"""One job: its request, its target, its state, and the drafts that are kept."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.edits.file_change import described
from pillion.errors import DocumentError, NothingToDoError
from pillion.jobs.front import Applied, Follower
from pillion.jobs.preview import DraftView
from pillion.jobs.report import JobReport
from pillion.jobs.request import JobRequest
from pillion.jobs.states import FOLLOWING, JobState
from pillion.jobs.targets import Assignment
from pillion.state.draft_log import DraftRecord
from pillion.state.kept_drafts import DraftFolder

if TYPE_CHECKING:
    from pillion.edits.file_change import FileChange
    from pillion.events import PipelineEvent
    from pillion.findings.finding import Finding
    from pillion.findings.place import InEdit
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.prompts.build import Retry


@dataclass(eq=False, slots=True)
class Job:
    """One job and its state. Its task and its outcome are kept only while it works or is on offer."""

    id: str
    request: JobRequest
    title: str
    record: DraftRecord
    assignment: "Assignment | DocumentError | NothingToDoError | None"
    report: JobReport
    symbol: str = ""
    state: JobState = JobState.QUEUED
    view: DraftView = field(default_factory=DraftView)
    task: "Task | None" = None
    outcome: "Outcome | None" = None
    running: asyncio.Task[None] | None = field(default=None, repr=False)
    asking: asyncio.Task[None] | None = field(default=None, repr=False)
    cancel_reason: str = ""
    accepting: bool = False
    interrupted: bool = False
    """The session ended while the job ran."""
    refusal: "Retry | None" = None
    """For a refused job: what the model said, and why that can't be used."""
    refused_drafts: list[str] = field(default_factory=list, repr=False)
    superseded: bool = False
    """For a refused job: it was tried again, or another job has done the same since."""
    applied: Applied | None = None
    _follower: Follower | None = None

    @property
    def name(self) -> str:
        """What the job does, for use in a sentence: “Add a docstring to total”."""
        return self.title.removeprefix("Pillion: ")

    @property
    def doing(self) -> str:
        """What the job does now, in a user's words; empty once it is over."""
        return self.report.doing(self.state)

    def is_on_offer(self) -> bool:
        """Whether the edit waits for the user, who hasn't accepted it yet."""
        return self.state is JobState.OFFERED and not self.accepting

    def shown_by(self, follower: Follower) -> None:
        """From now on, this follower is told about the job."""
        self._follower = follower

    async def begin(self) -> None:
        """The job is queued."""
        if self._follower is not None:
            await self._follower.begin()

    def event(self, event: "PipelineEvent") -> None:
        """Something happened in the pipeline. The follower is told last, since it may look at the job at once."""
        from pillion import events

        match event:
            case events.DraftStarted():
                self._be(JobState.DRAFTING)
            case events.DraftProgress():
                self.record.write(event.text)
            case events.DraftRefused():
                self.refused_drafts.append(self.record.text)
            case events.DraftVoided():
                self.record.start_over(event.reason)
            case events.DraftEnded() if self.request.action.audited:
                self._be(JobState.AUDITING)
            case _:
                pass  # the draft's text stays as it is
        self.view.event(event)
        self.report.event(event)
        if self._follower is not None:
            self._follower.event(event)

    def say(self, words: str) -> None:
        """Has the job say these words until the next event."""
        self.report.say(words)
        self._changed()

    def tell(self, **words: object) -> None:
        """Puts `review`, `reason`, `prose` and the like into the report; None takes one out."""
        self.report.tell(**words)

    def tell_now(self, **words: object) -> None:
        """Does the same as `tell`, and tells the follower at once."""
        self.report.tell(**words)
        self._changed()

    def mended(self, outcome: "Outcome", before: "Iterable[Finding[InEdit]]") -> None:
        """Replaces the draft on offer, and its findings, by the mended ones."""
        self.outcome = outcome
        self.report.recount(before, outcome.findings)

    def move_to(self, state: JobState) -> None:
        """Puts the job into another state, and tells the follower.

        Raises:
            RuntimeError: this state can't follow the present one: a mistake in the program.
        """
        self._be(state)
        self._changed()

    def took_place(self, applied: Applied | None) -> None:
        """The document has the edit; with None, it no longer has it."""
        self.applied = applied
        if self._follower is not None:
            self._follower.applied(applied)

    def end(self) -> None:
        """The work is done; the edit may still wait for the user."""
        if self._follower is not None:
            self._follower.end()

    async def ended(self) -> None:
        """Waits until the work is done, whatever its result."""
        if self.running is not None:
            await asyncio.wait([self.running])

    def interrupt(self) -> list[asyncio.Task[None]]:
        """The session ends: cancels the running tasks, and returns them."""
        self.interrupted = True
        running = [task for task in (self.running, self.asking) if task is not None]
        for task in running:
            task.cancel()
        return running

    def keep_draft(self, drafts: DraftFolder, why: str) -> str:
        """Keeps the draft, and why it became no edit. Returns a sentence that names the file, or an empty text."""
        if self.request.kept is not None:  # its own file is still there
            self.record.drop()
            self.tell(draft_file=str(self.request.kept.path))
            return f" The draft is kept in {self.request.kept.path}"
        text = self.outcome.draft.text if self.outcome is not None else self.record.text
        if not text.strip():
            return ""
        path = self._keep(drafts, self.id, text, why)
        self.tell(draft_file=str(path) if path is not None else None)
        if path is not None:
            self.record.drop()
        return f" The draft is kept in {path}" if path is not None else ""

    def keep_refused(self, drafts: DraftFolder, why: str) -> str:
        """Does the same for a refused job: each attempt gets its own file."""
        kept, path = self.keep_draft(drafts, why), self.report.refusal["draft_file"]
        if self.request.kept is not None:
            return kept
        reasons = [f"refused: {attempt['reason']}" for attempt in self.report.attempts]
        earlier = [
            self._keep(drafts, f"{self.id}.{number}", text, reason)
            for number, (text, reason) in enumerate(zip(self.refused_drafts[:-1], reasons, strict=False), 1)
        ]
        files = [*(str(each) if each is not None else None for each in earlier), path]
        attempts = [
            {**said, "text_file": file} if file is not None else said
            for said, file in zip(self.report.attempts, files, strict=False)
        ]
        self.tell(attempts=attempts)
        return kept

    def keep_set_aside(self, drafts: DraftFolder) -> None:
        """Keeps the one of two drafts that wasn't taken, in a file of its own, if it says something else."""
        taken = self.outcome
        if taken is not None and taken.set_aside is not None and taken.set_aside.text != taken.draft.text:
            self._keep(drafts, f"{self.id}.other", taken.set_aside.text, f"set aside: {taken.chosen}")

    def _keep(self, drafts: DraftFolder, name: str, text: str, why: str) -> Path | None:
        action, uri = self.request.action.id, self.request.uri
        others = [" ".join(each.values()) for each in described(self._other_changes())]
        done = not self.interrupted
        return drafts.keep(name, action, self.symbol, text, uri=uri, reason=why, changes=others, finished=done)

    def _other_changes(self) -> "list[FileChange]":
        changes = self.outcome.changes if self.outcome is not None else ()
        own = self.outcome.edit if self.outcome is not None else None
        return [each for each in changes if each is not own]

    def let_go(self) -> None:
        """The job is over. Unless its edit is on offer, drops the old document, its tree and the draft."""
        if self.state is not JobState.OFFERED:
            self.task = self.outcome = self.assignment = None
            self.view = DraftView()
            self.refused_drafts.clear()

    def does_the_same_as(self, other: "Job") -> bool:
        """Whether both are the same action on the same symbol."""
        mine, theirs = self.request, other.request
        return (mine.uri, mine.action.id, self.symbol) == (theirs.uri, theirs.action.id, other.symbol)

    def _be(self, state: JobState) -> None:
        if state not in FOLLOWING[self.state]:
            raise RuntimeError(f"job {self.id}: {state} after {self.state}")
        self.state = state

    def _changed(self) -> None:
        if self._follower is not None:
            self._follower.changed()
