"""A front without an editor: documents are texts in memory, and what it is told is kept in lists."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pillion.edits.file_change import FileCreation, FileDeletion, FileRename
from pillion.edits.file_places import already_there
from pillion.errors import CannotRenameError, DocumentError, PillionError
from pillion.events import PipelineEvent
from pillion.findings.finding import Finding
from pillion.findings.place import InDocument
from pillion.jobs.edit_plans import places_written
from pillion.jobs.file_steps import not_open
from pillion.jobs.finding_store import Placed
from pillion.jobs.front import ENDED_WORDS, Applied, AppliedEdit, EditStep, FileStep, Level
from pillion.jobs.job import Job
from pillion.jobs.open_document import DocumentText
from pillion.jobs.states import JobState
from pillion.jobs.tracked_ranges import TrackedRanges
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.text.replacement import apply_replacements


@dataclass(eq=False)
class PlainDocument:
    """A Python file in memory."""

    uri: str
    source: str
    version: int = 1

    def parsed(self) -> ParsedText | None:
        language = language_by_id("python")
        return ParsedText.of(language, self.source) if language is not None else None

    async def parsed_in_thread(self) -> ParsedText | None:
        return await asyncio.to_thread(self.parsed)


@dataclass
class PlainFollower:
    """Keeps a job's states and the names of its events."""

    job: Job
    states: list[JobState] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    over: bool = False

    async def begin(self) -> None:
        self.states.append(self.job.state)

    def event(self, event: PipelineEvent) -> None:
        self.events.append(type(event).__name__)
        if self.states[-1] is not self.job.state:
            self.states.append(self.job.state)

    def changed(self) -> None:
        if self.states[-1] is not self.job.state:
            self.states.append(self.job.state)

    def applied(self, applied: Applied | None) -> None:
        self.job.tell(applied=sum(len(each.written) for each in applied.edits) if applied is not None else None)

    def end(self) -> None:
        self.over = True


@dataclass
class PlainProgress:
    """Keeps what is said of a piece of work that takes a while."""

    said: list[str]

    async def begin(self, message: str) -> None:
        self.said.append(message)

    def report(self, message: str, percentage: int | None = None) -> None:
        self.said.append(message)

    def end(self, message: str) -> None:
        self.said.append(message)


@dataclass
class PlainFront:
    """See Front. `answers` are the user's, in their order; without one nobody answers."""

    documents: dict[str, PlainDocument] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    shows_drafts: bool = False
    confirms: bool = False
    workspace: Path | None = None
    ended_words: Mapping[JobState, str] = field(default_factory=lambda: ENDED_WORDS)
    tracked: TrackedRanges = field(default_factory=TrackedRanges)
    followers: dict[str, PlainFollower] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding[InDocument]] = field(default_factory=list)

    def follow(self, job: Job) -> PlainFollower:
        return self.followers.setdefault(job.id, PlainFollower(job))

    def open_document(self, uri: str) -> PlainDocument | None:
        return self.documents.get(uri)

    def readable(self, uri: str) -> tuple[PlainDocument, ParsedText]:
        document = self.documents.get(uri)
        parsed = document.parsed() if document is not None else None
        if document is None or parsed is None:
            raise DocumentError(f"{uri} isn't open.")
        return document, parsed

    def path_of(self, uri: str) -> str | None:
        return None

    def workspace_of(self, uri: str) -> Path | None:
        return self.workspace

    def show(self, message: str, level: Level = "info") -> None:
        self.said.append(message)

    def show_outcome(self, message: str, level: Level = "info") -> None:
        self.show(message, level)

    def show_answer(self, name: str, prose: str) -> None:
        self.said.append(f"{name}: {prose}")

    def words_for(self, error: PillionError) -> str:
        return error.full_message

    def progress(self, name: str, title: str) -> PlainProgress:
        return PlainProgress(self.notes)

    def note(self, message: str) -> None:
        self.notes.append(message)

    async def ask(self, question: str, answers: Sequence[str], level: Level = "warning") -> str | None:
        self.said.append(question)
        return self.answers.pop(0) if self.answers else None

    async def choose_name(self, question: str, names: Sequence[str]) -> str | None:
        return await self.ask(question, names)

    async def rename(self, uri: str, start: int, end: int, name: str) -> None:
        raise CannotRenameError("this front has no editor")

    async def apply(self, steps: Sequence[FileStep], label: str, objection: str = "") -> Applied:
        """Works on copies, which take the documents' place only if every step can be done."""
        now = dict(self.documents)
        changes: list[AppliedEdit | FileCreation | FileRename | FileDeletion] = []
        ranges: dict[str, list[tuple[int, int]]] = {}
        for step in steps:
            document = now.pop(step.uri, None)
            target = step.new_uri if isinstance(step, FileRename) else step.uri
            if isinstance(step, FileCreation):
                if document is not None:
                    return Applied(False, already_there(step.uri))
                now[target] = PlainDocument(target, step.text)
            elif document is None:
                return Applied(False, not_open(step.uri, steps))
            elif isinstance(step, EditStep):
                made = await asyncio.to_thread(step.make, DocumentText(document.source, document.parsed()))
                if isinstance(made, str):
                    return Applied(False, made)
                edit = AppliedEdit(step.uri, places_written(document.source, made), f"{label} {step.uri}")
                now[target] = PlainDocument(target, apply_replacements(document.source, made), document.version + 1)
                ranges[edit.key] = [(each.start, each.end) for each in edit.written]
                changes.append(edit)
                continue
            elif isinstance(step, FileRename):
                if target in now:
                    return Applied(False, already_there(target))
                now[target] = PlainDocument(target, document.source)
            elif document.source != step.text:
                return Applied(False, f"{step.uri} was changed since")
            changes.append(step)
        self.documents = now
        for each in changes:
            if isinstance(each, AppliedEdit):
                self.tracked.track(each.key, each.uri, ranges[each.key])
        return Applied(True, changes=tuple(changes))

    def publish(self, uri: str, findings: Sequence[Placed]) -> None:
        self.findings = [each.finding for each in findings]
