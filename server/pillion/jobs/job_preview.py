"""The preview of a job: the document with the job's draft so far."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from pillion.edits.file_change import FileEdit
from pillion.edits.file_places import text_there
from pillion.jobs.dismissals import Dismissals
from pillion.jobs.edit_plans import accepted_replacements
from pillion.jobs.front import Front
from pillion.jobs.job import Job
from pillion.jobs.offered_hunks import has_hunks
from pillion.jobs.preview import Preview, finished, other_changes
from pillion.jobs.states import JobState

if TYPE_CHECKING:
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.syntax.document import ParsedText

_READ_WITHIN_S = 2.0


async def preview_of(job: Job, front: Front, dismissals: Dismissals) -> tuple[int, Preview] | None:
    """The document with the job's draft: (the version of the document that it is based on, the preview). None if there
    is nothing to show, or if the document has the edit already."""
    task, outcome = job.task, job.outcome
    if task is None or job.state is JobState.APPLIED:
        return None
    version = job.request.version or 0
    # In a thread: a long document takes a while, and the user's typing must not wait for it.
    if outcome is None or not outcome.changes:
        preview = await asyncio.to_thread(job.view.so_far, task)
    else:
        document = front.open_document(job.request.uri)
        current = document.parsed() if document is not None else None
        version = (document.version or 0) if document is not None else version
        preview = await asyncio.to_thread(finished, task, outcome, current or task.document)
        if preview is not None and current is None:
            preview = replace(preview, complete=False)  # nobody knows the file's present text
        elif preview is not None and current is not None and has_hunks(outcome):
            preview = await asyncio.to_thread(_with_hunks, preview, task, outcome, current)
        if preview is not None:
            texts = _texts(outcome, front)
            preview = await asyncio.to_thread(_with_others, preview, outcome, texts)
    if preview is None:
        return None
    return version, replace(
        preview,
        findings=tuple(each for each in preview.findings if each not in dismissals),
        others=tuple(
            replace(file, findings=tuple(each for each in file.findings if each not in dismissals))
            for file in preview.others
        ),
    )


def _texts(outcome: "Outcome", front: Front) -> dict[str, str]:
    """The texts of the open documents that the outcome changes."""
    found = {uri: front.open_document(uri) for each in outcome.changes for uri in each.uris}
    return {uri: each.source for uri, each in found.items() if each is not None}


def _with_hunks(preview: Preview, task: "Task", outcome: "Outcome", current: "ParsedText") -> Preview:
    from pillion.edits.hunks import hunks_of

    hunks = hunks_of(current, accepted_replacements(task, outcome, current))
    return replace(preview, before=current.text, hunks=tuple(hunks))


def _with_others(preview: Preview, outcome: "Outcome", texts: dict[str, str]) -> Preview:
    """Adds the other files; those that aren't open are read. The preview is incomplete if one of them can't be changed
    any more."""
    for each in outcome.changes:
        if isinstance(each, FileEdit) and each.uri not in texts:
            text = text_there(each.uri, _READ_WITHIN_S)
            texts |= {each.uri: text} if text is not None else {}
    others = other_changes(outcome, texts)
    return replace(preview, complete=False) if others is None else replace(preview, others=others)
