"""The steps that a front does to files, all of them or none, and the steps that take them back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pillion.edits.file_change import FileCreation, FileDeletion, FileEdit, FileRename
from pillion.edits.file_places import text_there
from pillion.jobs.edit_plans import accepted, rebased, taken_back
from pillion.jobs.front import Applied, AppliedEdit, EditStep, FileStep, Front, Make
from pillion.jobs.open_document import DocumentText, TextNow
from pillion.text.file_uris import document_name

if TYPE_CHECKING:
    from pillion.jobs.tracked_ranges import TrackedRanges
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.text.replacement import Replacement

_READ_WITHIN_S = 2.0


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a task's outcome. With `forced`, the user wants the edit although it conflicts. That holds for what
    the user was shown, the job's own document."""

    task: "Task"
    outcome: "Outcome"
    forced: bool = False

    def all(self) -> list[FileStep]:
        """All steps, in the order of the changes."""
        return [self._edit(each) if isinstance(each, FileEdit) else each for each in self.outcome.changes]

    async def done_by(self, front: Front, objection: str = "") -> Applied:
        """Has the front do all steps; see Front.apply. Checks the disk again first."""
        wrong = await asyncio.to_thread(self.outcome.whats_wrong, self.task.workspace)
        return Applied(False, wrong) if wrong else await front.apply(self.all(), self.task.label, objection)

    def _edit(self, edit: FileEdit) -> EditStep:
        if edit.uri != self.task.uri:
            return EditStep(edit.uri, _elsewhere(edit), may_be_closed=True)
        return EditStep(edit.uri, accepted(self.task, self.outcome) if self.forced else rebased(edit))


def _elsewhere(edit: FileEdit) -> Make:
    """The edit of another document. A reason against it names that document."""
    make = rebased(edit)

    def made(now: TextNow) -> "Sequence[Replacement] | str":
        found = make(now)
        return f"{found} in {document_name(edit.uri)}" if isinstance(found, str) else found

    return made


def steps_back(applied: Applied, tracked: "TrackedRanges") -> list[FileStep]:
    """The steps that take all changes back, the last change first. A document that got its edit in several steps gets
    back its text in one."""
    steps: list[FileStep] = []
    edited = dict.fromkeys(each.uri for each in reversed(applied.edits))
    for each in reversed(applied.changes):
        match each:
            case AppliedEdit() if each.uri in edited:
                del edited[each.uri]
                steps.append(EditStep(each.uri, _back([one for one in applied.edits if one.uri == each.uri], tracked)))
            case AppliedEdit():
                pass  # it is taken back with the other one
            case FileCreation():
                steps.append(FileDeletion(each.uri, each.text))
            case FileRename():
                steps.append(FileRename(each.new_uri, each.uri))
            case FileDeletion():
                raise ValueError("a deletion is only ever what takes a creation back")
    return steps


def _back(edits: Sequence[AppliedEdit], tracked: "TrackedRanges") -> Make:
    def made(now: TextNow) -> "Sequence[Replacement] | str":
        found: list[Replacement] = []
        for each in edits:
            back = taken_back(each.written, tracked.of(each.key), now.text)
            if isinstance(back, str):
                return back
            found += back
        return sorted(found)

    return made


async def in_the_way(front: Front, steps: Sequence[FileStep]) -> str:
    """Why the steps don't fit the open documents as they are now; empty if they fit."""
    for each in steps:
        if isinstance(each, EditStep):
            document = front.open_document(each.uri)
            text = DocumentText(document.source, document.parsed()) if document is not None else await closed_text(each)
            if text is None:
                return not_open(each.uri, steps)
            made = await asyncio.to_thread(each.make, text)
            if isinstance(made, str):
                return made
    return ""


async def closed_text(step: EditStep) -> DocumentText | None:
    """The text of the file of a document that isn't open and may be edited all the same; None if there is none. A byte
    order mark would be a character of the file and not of the document."""
    text = await asyncio.to_thread(text_there, step.uri, _READ_WITHIN_S) if step.may_be_closed else None
    return DocumentText(text, None) if text is not None and not text.startswith("\ufeff") else None


def not_open(uri: str, steps: Sequence[FileStep]) -> str:
    """Why a document that isn't open can't be edited."""
    return "the document was closed" if len(steps) == 1 else f"{document_name(uri)} isn't open"
