"""What jobs need of the front that started them: an editor's session, the command line, a gateway."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol

from pillion.edits.file_change import FileCreation, FileDeletion, FileRename
from pillion.jobs.open_document import OpenDocument, TextNow
from pillion.jobs.states import JobState
from pillion.jobs.tracked_ranges import TrackedRanges

if TYPE_CHECKING:
    from pillion.errors import PillionError
    from pillion.events import PipelineEvent
    from pillion.jobs.finding_store import Placed
    from pillion.jobs.job import Job
    from pillion.syntax.document import ParsedText
    from pillion.text.replacement import Replacement

Level = Literal["info", "warning", "error"]

ENDED_WORDS: Mapping[JobState, str] = MappingProxyType(
    {JobState.CANCELLED: "cancelled", JobState.OFFERED: "not applied"}
)
"""In an editor."""


Make = Callable[[TextNow], "Sequence[Replacement] | str"]
"""What an edit changes in a document, or what is in its way. Runs in a thread: to compare long texts takes a while."""


@dataclass(frozen=True, slots=True)
class Written:
    """One place that an edit wrote: [start, end) of the text after it, what stands there, and what stood there."""

    start: int
    end: int
    new_text: str
    old_text: str


@dataclass(frozen=True, slots=True)
class EditStep:
    """A document is to be changed by what `make` makes for it as it is then."""

    uri: str
    make: Make


FileStep = EditStep | FileCreation | FileRename | FileDeletion


@dataclass(frozen=True, slots=True)
class AppliedEdit:
    """What an edit wrote into a document; the places are tracked under `key`, if it was seen with just this edit."""

    uri: str
    written: tuple[Written, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Applied:
    """Whether the documents have the changes, all of them, and if not, why."""

    done: bool
    reason: str = ""
    declined: bool = False
    """The user was asked, and said no."""
    certain: bool = True
    """False: the client says so, and has told of no change yet."""
    newer_within_s: float = 0.0
    """After a refusal: how long to wait for a newer document that explains it. 0: it is not to be tried again."""
    changes: tuple[AppliedEdit | FileCreation | FileRename | FileDeletion, ...] = ()
    """What was done, in this order."""

    @property
    def edits(self) -> tuple[AppliedEdit, ...]:
        """Those of documents."""
        return tuple(each for each in self.changes if isinstance(each, AppliedEdit))


class Follower(Protocol):
    """Shows one job to the user. `job.report` and `job.state` are up to date whenever it is called."""

    async def begin(self) -> None:
        """The job is queued."""

    def event(self, event: "PipelineEvent") -> None:
        """Something happened in the pipeline."""

    def changed(self) -> None:
        """The job's state is another, or what is said of it."""

    def applied(self, applied: Applied | None) -> None:
        """The document has the edit; None: no longer."""

    def end(self) -> None:
        """The work is done, whatever becomes of the edit."""


class Progress(Protocol):
    """Shows how far a piece of work is that takes a while."""

    async def begin(self, message: str) -> None:
        """It has begun."""

    def report(self, message: str, percentage: int | None = None) -> None:
        """How far it is."""

    def end(self, message: str) -> None:
        """It is over, whatever came of it."""


class Front(Protocol):
    """What a front does for its jobs."""

    @property
    def shows_drafts(self) -> bool:
        """Whether it shows drafts for review, and answers, by itself: then nothing is asked or shown for it."""

    @property
    def confirms(self) -> bool:
        """Whether `apply` has the user confirm an edit that something speaks against."""

    @property
    def ended_words(self) -> Mapping[JobState, str]:
        """What is noted of the draft of a job that ended so."""

    @property
    def tracked(self) -> TrackedRanges:
        """The places that follow what is typed."""

    def follow(self, job: "Job") -> Follower:
        """Who shows this job."""

    def open_document(self, uri: str) -> OpenDocument | None:
        """The document, if it is open."""

    def readable(self, uri: str) -> "tuple[OpenDocument, ParsedText]":
        """An open document that Pillion can work on, and its tree.

        Raises:
            DocumentError: there is none; the message says why.
        """

    def path_of(self, uri: str) -> str | None:
        """The path of the file that the document is; None if it is none, or no path that there can be."""

    def workspace_of(self, uri: str) -> Path | None:
        """The innermost folder of the user's that the document is in."""

    def show(self, message: str, level: Level = "info") -> None:
        """Shows the user one line."""

    def show_outcome(self, message: str, level: Level = "info") -> None:
        """Says how a job ended; a front that shows that by itself, as `job.report` has it, says nothing."""

    def show_answer(self, name: str, prose: str) -> None:
        """Shows the user a model's answer on `name`."""

    def words_for(self, error: "PillionError") -> str:
        """What the user is told of an error that ended a job; of one that they can mend, how they do it here."""

    def progress(self, name: str, title: str) -> Progress:
        """Who shows a piece of work; a user who stops it is heard of by its name."""

    def note(self, message: str) -> None:
        """Writes to a log that the user may read."""

    async def ask(self, question: str, answers: Sequence[str], level: Level = "warning") -> str | None:
        """The user's answer; None if there is none.

        Raises:
            CannotAskError: nobody can be asked.
        """

    async def apply(self, steps: Sequence[FileStep], label: str, objection: str = "") -> Applied:
        """Does all of these steps or none, for the documents as they are now; with an `objection` only if the user
        confirms it. A file is created, or gets a name, only where there is none, and goes only if it has just that
        text."""

    def publish(self, uri: str, findings: "Sequence[Placed]") -> None:
        """Shows these findings, and no others, in a document."""
