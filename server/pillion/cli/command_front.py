"""A command on one file as the front of its job. The file on disk is the document; messages go to stderr."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.cli.disk_changes import WrittenFile, file_on_disk, make_changes
from pillion.cli.notes import FailureNotes, kept_words
from pillion.cli.output import console
from pillion.edits.file_change import FileCreation, FileDeletion, FileRename
from pillion.errors import CannotAskError, CannotRenameError, DocumentError, FileError, PillionError
from pillion.files.atomic_write import Replaced
from pillion.files.bounded_read import MIB, read_text
from pillion.jobs.front import Applied, AppliedEdit, EditStep, FileStep, Level
from pillion.jobs.job import Job
from pillion.jobs.states import JobState
from pillion.jobs.tracked_ranges import TrackedRanges
from pillion.plurals import counted, token_rate
from pillion.state.kept_drafts import DraftFolder

if TYPE_CHECKING:
    from pillion.events import PipelineEvent
    from pillion.jobs.finding_store import Placed
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.syntax.document import ParsedText
    from pillion.syntax.languages import Language

# Nobody works on a larger source file than this, and no prompt has room for it.
_LARGEST_SOURCE_BYTES = 10 * MIB
_ENDED_WORDS = {JobState.CANCELLED: "interrupted", JobState.OFFERED: "not written"}


def read_source(file: Path) -> str:
    """A source file's text.

    Raises:
        DocumentError: it can't be read, or isn't a text.
    """
    try:
        return read_text(file, _LARGEST_SOURCE_BYTES)
    except FileError as exc:
        raise DocumentError(str(exc)) from exc


@dataclass(eq=False)
class FileDocument:
    """A file as it was read; see OpenDocument."""

    file: Path
    uri: str
    language: "Language"
    source: str
    version: int = 1
    _parsed: "ParsedText | None" = None

    def parsed(self) -> "ParsedText":
        """The file's syntax tree."""
        from pillion.syntax.document import ParsedText

        if self._parsed is None or self._parsed.text != self.source:
            self._parsed = ParsedText.of(self.language, self.source)
        return self._parsed

    async def parsed_in_thread(self) -> "ParsedText":
        """See OpenDocument."""
        return await asyncio.to_thread(self.parsed)


@dataclass(frozen=True, slots=True)
class Work:
    """The result of a job. `draft_words` say where a draft is kept that became no edit."""

    job: Job
    task: "Task"
    outcome: "Outcome"
    draft_words: str

    @property
    def attempts(self) -> list[dict[str, str]]:
        """The drafts that were refused, oldest first."""
        return self.job.report.attempts


def keep_draft(drafts: DraftFolder, work: Work, why: str) -> str:
    """Keeps the draft of a job that is over, and returns words that say where."""
    job, text = work.job, work.outcome.draft.text
    if not text.strip():
        return ""
    return kept_words(drafts.keep(job.id, job.request.action.id, job.symbol, text, uri=job.request.uri, reason=why))


class CommandFollower:
    """Shows one job while it runs, and remembers its result; see Follower."""

    def __init__(self, job: Job, say: Callable[[str], None]) -> None:
        self._job = job
        self.say = say
        self.task: Task | None = None
        self.outcome: Outcome | None = None
        self.draft_words = ""
        """Where the draft is kept, if it is or should be."""
        self._screen = console(stderr=True)
        self._failures = FailureNotes(self._screen)

    async def begin(self) -> None:
        """See Follower."""

    def event(self, event: "PipelineEvent") -> None:
        """See Follower."""
        from pillion import events

        match event:
            case events.DraftStarted() | events.DraftContinued():
                self._failures.goes_on()
            case events.EndpointWaited():
                self.say(event.words)
            case events.DraftProgress():
                rate = token_rate(event.tokens_per_s)
                self.say(f"{event.endpoint} drafts · {counted(event.tokens, 'token')} · {rate}")
            case events.DraftEnded():
                self.say(f"{event.endpoint} has drafted {counted(event.tokens, 'token')}")
            case events.AuditStarted():
                self.say(f"{event.endpoint} {event.step.words}")
            case events.DraftVoided() | events.DraftInterrupted():
                self._failures.failed(f"{event.endpoint}: {event.reason}")
            case events.CodeRan() if event.words:
                self.say(event.words)
            case events.AuditFailed():
                self._screen.print(event.reason, style="yellow", markup=False)
            case _:
                pass

    def changed(self) -> None:
        """See Follower."""

    def applied(self, applied: Applied | None) -> None:
        """See Follower."""

    def end(self) -> None:
        """See Follower."""
        job = self._job
        self.task, self.outcome = job.task, job.outcome
        file = job.report.refusal["draft_file"]
        self.draft_words = kept_words(file) if file or job.record.text.strip() else ""


@dataclass(eq=False)
class CommandFront:
    """See Front. The command itself shows the outcome once the job is over. `despite_errors`: an edit is written even
    if a check found an error in it."""

    document: FileDocument
    workspace: Path
    despite_errors: bool = False
    written: Replaced | None = None
    has_written: bool = False
    """Whether the edit was written, whichever files it changes."""
    problem: str = ""
    """Why the edit wasn't written."""
    error: PillionError | None = None
    """The error that ended the job."""
    shows_drafts: bool = True
    confirms: bool = False
    ended_words: Mapping[JobState, str] = field(default_factory=lambda: _ENDED_WORDS)
    tracked: TrackedRanges = field(default_factory=TrackedRanges)
    say: Callable[[str], None] = field(default=lambda words: None)
    """Shows what the job does."""
    followers: dict[Job, CommandFollower] = field(default_factory=dict)

    def follow(self, job: Job) -> CommandFollower:
        """See Front."""
        return self.followers.setdefault(job, CommandFollower(job, self.say))

    def follower_of(self, job: Job) -> CommandFollower:
        """The follower that shows this job."""
        return self.followers[job]

    def open_document(self, uri: str) -> FileDocument | None:
        """See Front."""
        return self.document if uri == self.document.uri else None

    def readable(self, uri: str) -> "tuple[FileDocument, ParsedText]":
        """See Front."""
        return self.document, self.document.parsed()

    def path_of(self, uri: str) -> str | None:
        """See Front."""
        return str(self.document.file.resolve())

    def workspace_of(self, uri: str) -> Path | None:
        """See Front."""
        return self.workspace

    def show(self, message: str, level: Level = "info") -> None:
        """The command shows messages with the outcome."""

    def show_outcome(self, message: str, level: Level = "info") -> None:
        """The command shows the outcome by itself."""

    def show_answer(self, name: str, prose: str) -> None:
        """The command shows the answer with the outcome."""

    def words_for(self, error: PillionError) -> str:
        """See Front."""
        self.error = error
        return str(error)

    def progress(self, name: str, title: str) -> "CommandProgress":
        """See Front."""
        return CommandProgress()

    def note(self, message: str) -> None:
        """A command has no log."""

    async def ask(self, question: str, answers: Sequence[str], level: Level = "warning") -> str | None:
        """Nobody is asked: a command may run in a script."""
        raise CannotAskError("A command asks nothing.")

    async def choose_name(self, question: str, names: Sequence[str]) -> str | None:
        """Nobody is asked."""
        return await self.ask(question, names)

    async def rename(self, uri: str, start: int, end: int, name: str) -> None:
        """A command has no editor."""
        raise CannotRenameError("")

    async def apply(self, steps: Sequence[FileStep], label: str, objection: str = "") -> Applied:
        """Writes the changes into the files as they are now. The file behind a link is written."""
        outcomes = [job.outcome for job in self.followers if job.outcome is not None]
        errors = sum(found.severity == "error" for outcome in outcomes for _, found in outcome.all_findings())
        try:
            if errors and not self.despite_errors:
                options = "Look at them; --despite-errors writes it."
                raise DocumentError(f"The audit found errors ({errors}), so nothing was written. {options}")
            written = make_changes(steps, self._file, read_source)
        except DocumentError as exc:
            self.problem = str(exc)
            return Applied(False, self.problem)
        return self._done(steps, written)

    def publish(self, uri: str, findings: "Sequence[Placed]") -> None:
        """The command shows the findings with the outcome."""

    def _file(self, uri: str) -> Path:
        return self.document.file if uri == self.document.uri else file_on_disk(uri)

    def _done(self, steps: Sequence[FileStep], written: Mapping[str, WrittenFile]) -> Applied:
        self.has_written = True
        if (own := written.get(self.document.uri)) is not None:
            self.written = own.replaced
            self.document.source, self.document.version = own.text, self.document.version + 1
        changes: list[AppliedEdit | FileCreation | FileRename | FileDeletion] = []
        for step in steps:
            if not isinstance(step, EditStep):
                changes.append(step)
            elif step.uri in written:
                changes.append(AppliedEdit(step.uri, written[step.uri].places, ""))
        return Applied(True, changes=tuple(changes))


class CommandProgress:
    """Shows nothing: a command shows its long work in lines of its own. See Progress."""

    async def begin(self, message: str) -> None:
        """See Progress."""

    def report(self, message: str, percentage: int | None = None) -> None:
        """See Progress."""

    def end(self, message: str) -> None:
        """See Progress."""
