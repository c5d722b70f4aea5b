"""`pillion.fix`: what settles a finding without a model, in the document or in a draft that waits for the user."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pygls.exceptions import JsonRpcInvalidParams

from pillion.errors import UsageError
from pillion.jobs.dismissals import finding_id, is_finding_id
from pillion.jobs.edit_plans import verdict_on
from pillion.jobs.front import EditStep
from pillion.jobs.open_document import TextNow
from pillion.jobs.service import JobService
from pillion.lsp.apply import deliver
from pillion.lsp.diagnostics import DiagnosticStore, import_title
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pillion.text.replacement import Replacement

FIX = "pillion.fix"


def register(server: PillionServer, session: Session, jobs: JobService, diagnostics: DiagnosticStore) -> None:
    """Registers the handler."""

    @server.command(FIX)
    async def fix(*arguments: Any) -> dict[str, Any]:
        given = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], Mapping) else {}
        wanted, statement = given.get("finding"), given.get("import") or ""
        job_id, uri = given.get("job"), given.get("uri")
        if not isinstance(wanted, str) or not is_finding_id(wanted) or not isinstance(statement, str):
            raise JsonRpcInvalidParams(f"{FIX}: “finding” isn't the id of a finding, or “import” isn't text")
        if isinstance(job_id, str) and job_id:
            return await _in_draft(jobs, job_id, wanted, statement)
        if isinstance(uri, str) and uri:
            return await _in_document(session, diagnostics, uri, wanted, statement)
        raise JsonRpcInvalidParams(f"{FIX} takes one object: finding, and job or uri; import?")


async def _in_draft(jobs: JobService, job_id: str, wanted: str, statement: str) -> dict[str, Any]:
    """Mends the draft of a job that is on offer; the client looks at its preview again."""
    from pillion.pipeline.outcome import with_import

    try:
        job = jobs.find(job_id)
    except UsageError as exc:
        raise JsonRpcInvalidParams(exc.full_message) from exc
    task, outcome = job.task, job.outcome
    if not job.is_on_offer() or task is None or outcome is None:
        return _unfixed("the draft isn't waiting any more")
    finding = next((each for each in outcome.findings if finding_id(each) == wanted), None)
    chosen = _chosen(finding.imports if finding is not None else (), statement)
    if finding is None or not chosen:
        return _unfixed("nothing is known that settles it")
    mended = await asyncio.to_thread(with_import, task, outcome, finding, chosen)
    if job.outcome is not outcome or not job.is_on_offer():
        return _unfixed("the draft was changed meanwhile")
    job.mended(mended, outcome.findings)
    left = verdict_on(task.action, mended)
    job.tell_now(reason=f"{left}." if left else "what was wrong is mended: you decide on it.")
    return {"fixed": True}


async def _in_document(
    session: Session, diagnostics: DiagnosticStore, uri: str, wanted: str, statement: str
) -> dict[str, Any]:
    """Has the client add the import to the document as it is; the finding is settled once it has it."""
    placed = next((each for each in diagnostics.of(uri) if each.id == wanted), None)
    chosen = _chosen(placed.finding.imports if placed is not None else (), statement)
    if not chosen:
        return _unfixed("the finding is gone")

    def added(now: TextNow) -> "Sequence[Replacement] | str":
        from pillion.edits.python_imports import with_imports
        from pillion.syntax.python_import import Import

        if now.parsed is None:
            return "its language isn't one that Pillion reads"
        return with_imports(now.parsed, [Import.of(chosen)])

    applied = await deliver(session, [EditStep(uri, added)], f"Pillion: {import_title(chosen)}")
    if not applied.done:
        session.show(f"the import was not added: {applied.reason}.")
        return _unfixed(applied.reason)
    about = {
        each.id for each in diagnostics.of(uri) if placed is not None and each.finding.message == placed.finding.message
    }
    diagnostics.remove(about, uri)
    return {"fixed": True}


def _chosen(known: "Sequence[str]", statement: str) -> str:
    """Of the imports that settle a finding the one that is asked for; the only one if none is."""
    if statement:
        return statement if statement in known else ""
    return known[0] if len(known) == 1 else ""


def _unfixed(reason: str) -> dict[str, Any]:
    return {"fixed": False, "reason": reason}
