"""Settles a finding without a model: adds an import to the document, or to a draft that waits for the user."""

import asyncio
from typing import TYPE_CHECKING

from pillion.jobs.dismissals import finding_id
from pillion.jobs.edit_plans import verdict_on
from pillion.jobs.finding_store import FindingStore
from pillion.jobs.front import EditStep, Front
from pillion.jobs.open_document import TextNow
from pillion.jobs.service import JobService

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pillion.text.replacement import Replacement


def import_title(statement: str) -> str:
    """The title of the fix that adds an import."""
    return f"Add the import: {statement}"


class ImportFixes:
    """Adds imports. Each method returns why it added nothing; empty: it added the import. `statement` names the import;
    it may be empty if the finding has only one."""

    def __init__(self, front: Front, jobs: JobService, findings: FindingStore) -> None:
        self._front = front
        self._jobs = jobs
        self._findings = findings

    async def in_draft(self, job_id: str, wanted: str, statement: str) -> str:
        """Mends the draft that a job has on offer.

        Raises:
            NothingToDoError: there is no such job.
        """
        from pillion.pipeline.outcome import with_import

        job = self._jobs.find(job_id)
        task, outcome = job.task, job.outcome
        if not job.is_on_offer() or task is None or outcome is None:
            return "the draft isn't waiting any more"
        finding = next((each for each in outcome.findings if finding_id(each) == wanted), None)
        chosen = _chosen(finding.imports if finding is not None else (), statement)
        if finding is None or not chosen:
            return "nothing is known that settles it"
        mended = await asyncio.to_thread(with_import, task, outcome, finding, chosen)
        if job.outcome is not outcome or not job.is_on_offer():
            return "the draft was changed meanwhile"
        job.mended(mended, outcome.findings)
        left = verdict_on(task.action, mended)
        job.tell_now(reason=f"{left}." if left else "what was wrong is mended: you decide on it.")
        return ""

    async def in_document(self, uri: str, wanted: str, statement: str) -> str:
        """Adds the import to the document as it is now, which settles the finding."""
        placed = next((each for each in self._findings.of(uri) if each.id == wanted), None)
        chosen = _chosen(placed.finding.imports if placed is not None else (), statement)
        if placed is None or not chosen:
            return "the finding is gone"

        def added(now: TextNow) -> "Sequence[Replacement] | str":
            from pillion.edits.imports.python_imports import with_imports
            from pillion.syntax.python_import import Import

            if now.parsed is None:
                return "its language isn't one that Pillion reads"
            return with_imports(now.parsed, [Import.of(chosen)])

        applied = await self._front.apply([EditStep(uri, added)], f"Pillion: {import_title(chosen)}")
        if not applied.done:
            self._front.show(f"the import was not added: {applied.reason}.")
            return applied.reason
        same = [each.id for each in self._findings.of(uri) if each.finding.message == placed.finding.message]
        self._findings.remove(same, uri)
        return ""


def _chosen(known: "Sequence[str]", statement: str) -> str:
    """The known import that `statement` names; the only known one if it names none. Empty if there isn't one."""
    if statement:
        return statement if statement in known else ""
    return known[0] if len(known) == 1 else ""
