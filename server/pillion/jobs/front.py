"""What jobs need from the front that started them: an editor's session, the command line, a gateway."""

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
"""The `ended_words` of an editor's front."""


Make = Callable[[TextNow], "Sequence[Replacement] | str"]
"""Makes an edit's replacements, or says what is in its way. Runs in a thread: comparing long texts takes a while."""


@dataclass(frozen=True, slots=True)
class Written:
    """One place that an edit wrote: [start, end) of the text after the edit, the new text there, and the old text."""

    start: int
    end: int
    new_text: str
    old_text: str


@dataclass(frozen=True, slots=True)
class EditStep:
    """Changes a document. `make` makes the replacements for the document as it is at that moment.

    `may_be_closed`: if the document isn't open, its file is changed, if the front can do that.
    """

    uri: str
    make: Make
    may_be_closed: bool = False


FileStep = EditStep | FileCreation | FileRename | FileDeletion


@dataclass(frozen=True, slots=True)
class AppliedEdit:
    """What an edit wrote into a document. If the document was seen with just this edit, `key` tracks the places."""

    uri: str
    written: tuple[Written, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Applied:
    """Whether the documents have all of the changes, and if not, why."""

    done: bool
    reason: str = ""
    declined: bool = False
    """The user was asked, and said no."""
    certain: bool = True
    """False: the client says that it applied the edit, and has sent no change yet."""
    newer_within_s: float = 0.0
    """After a refusal: how long to wait for a newer document that explains it. 0: there is no other try."""
    changes: tuple[AppliedEdit | FileCreation | FileRename | FileDeletion, ...] = ()
    """What was done, in this order."""

    @property
    def edits(self) -> tuple[AppliedEdit, ...]:
        """The changes that are edits of documents."""
        return tuple(each for each in self.changes if isinstance(each, AppliedEdit))


class Follower(Protocol):
    """Shows one job to the user. `job.report` and `job.state` are up to date at every call."""

    async def begin(self) -> None:
        """The job is queued."""

    def event(self, event: "PipelineEvent") -> None:
        """Something happened in the pipeline."""

    def changed(self) -> None:
        """The job's state or its report has changed."""

    def applied(self, applied: Applied | None) -> None:
        """The document has the edit; with None, it no longer has it."""

    def end(self) -> None:
        """The work is done; the edit may still wait for the user."""


class Progress(Protocol):
    """Shows the progress of a piece of work that takes a while."""

    async def begin(self, message: str) -> None:
        """The work has begun."""

    def report(self, message: str, percentage: int | None = None) -> None:
        """The work goes on; `message` says how far it is."""

    def end(self, message: str) -> None:
        """The work is over, whatever its result."""


class Front(Protocol):
    """What a front does for its jobs."""

    @property
    def shows_drafts(self) -> bool:
        """Whether the front shows answers, and drafts for review, by itself. Then jobs ask and show nothing."""

    @property
    def confirms(self) -> bool:
        """Whether `apply` asks the user to confirm an edit to which there is an objection."""

    @property
    def ended_words(self) -> Mapping[JobState, str]:
        """The words that are noted with a job's draft, by the state in which the job ended."""

    @property
    def tracked(self) -> TrackedRanges:
        """The places that move with the text while the user types."""

    def follow(self, job: "Job") -> Follower:
        """Gives the follower that shows this job."""

    def open_document(self, uri: str) -> OpenDocument | None:
        """The document, if it is open."""

    def readable(self, uri: str) -> "tuple[OpenDocument, ParsedText]":
        """An open document that Pillion can work on, and its tree.

        Raises:
            DocumentError: there is none; the message says why.
        """

    def path_of(self, uri: str) -> str | None:
        """The path of the document's file; None if the document isn't a file, or if its path is impossible."""

    def workspace_of(self, uri: str) -> Path | None:
        """The innermost of the user's folders that the document is in."""

    def show(self, message: str, level: Level = "info") -> None:
        """Shows the user one line."""

    def show_outcome(self, message: str, level: Level = "info") -> None:
        """Says how a job ended. A front that shows this by itself, from `job.report`, says nothing."""

    def show_answer(self, name: str, prose: str) -> None:
        """Shows the user a model's answer on `name`."""

    def words_for(self, error: "PillionError") -> str:
        """The words for the user about an error that ended a job. If the user can mend it, they say how."""

    def progress(self, name: str, title: str) -> Progress:
        """Gives the progress that shows a piece of work. If the user stops the work, the front tells its name."""

    def note(self, message: str) -> None:
        """Writes to a log that the user may read."""

    async def ask(self, question: str, answers: Sequence[str], level: Level = "warning") -> str | None:
        """The user's answer; None if there is none.

        Raises:
            CannotAskError: nobody can be asked.
        """

    async def choose_name(self, question: str, names: Sequence[str]) -> str | None:
        """The name that the user chooses; None if the user chooses none.

        Raises:
            CannotAskError: nobody can be asked.
        """

    async def rename(self, uri: str, start: int, end: int, name: str) -> None:
        """Has the editor's own rename give what is at [start, end) of an open document this name, in all files.

        Raises:
            CannotRenameError: it can't; the message says why.
        """

    async def apply(self, steps: Sequence[FileStep], label: str, objection: str = "") -> Applied:
        """Does all of these steps or none, for the documents as they are now; with an `objection`, only if the user
        confirms them. A file is created, or gets a new name, only where no file is. A file is deleted only if it has
        exactly the step's text."""

    def publish(self, uri: str, findings: "Sequence[Placed]") -> None:
        """Shows these findings, and no others, in a document."""
