"""The job: one action on one snapshot, up to an edit that may be applied, or the reason why not."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from pillion.catalogue import Output
from pillion.errors import DraftRejectedError, PillionError
from pillion.findings import Finding
from pillion.pipeline.attempt import Attempts
from pillion.pipeline.checks import check_edit
from pillion.pipeline.draft import Draft
from pillion.pipeline.events import DraftVoided, Emit, FindingRaised, JobMeasured, PipelineEvent
from pillion.pipeline.figures import FigureKeeper
from pillion.pipeline.outcome import Outcome, Task, make_outcome
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.pool import Pool
from pillion.prompts.build import Retry

log = logging.getLogger(__name__)


async def run_job(
    task: Task,
    pool: Pool,
    policy: AuditPolicy,
    emit: Emit,
    clock: Callable[[], float] = time.monotonic,
) -> Outcome:
    """Drafts, audits, and makes the edit. A draft that fails a check is tried once more, one lane up.

    Cancelling the task that runs this closes every stream, and the engines stop.

    Raises:
        PillionError: no endpoint could draft.
    """
    began = clock()
    keeper = FigureKeeper()

    def tell(event: PipelineEvent) -> None:
        keeper.event(event)
        emit(event)

    attempts = Attempts(task, pool, policy, tell, lambda: clock() - began)
    outcome = await _drafted(attempts)
    figures = keeper.figures()
    log.info("%s %s: %s", task.action.id, task.symbol.name, figures)
    emit(JobMeasured(figures, attempts.now_s()))
    return outcome


async def _drafted(attempts: Attempts) -> Outcome:
    draft, findings = await attempts.make()
    try:
        return await _checked(attempts, draft, findings)
    except DraftRejectedError as exc:
        reason = str(exc)
    attempts.emit(DraftVoided(draft.endpoint, reason, attempts.now_s()))
    try:
        draft, findings = await attempts.make(Retry(draft.text, reason))
    except PillionError as exc:
        return Outcome(draft, rejected=f"{reason}; a second try failed: {exc}")
    try:
        return await _checked(attempts, draft, findings)
    except DraftRejectedError as exc:
        return Outcome(draft, rejected=str(exc))


async def _checked(attempts: Attempts, draft: Draft, findings: tuple[Finding, ...]) -> Outcome:
    """The edit, and what the auditors that need all of it say."""
    task = attempts.task
    outcome = await asyncio.to_thread(make_outcome, task, draft, findings)
    if task.action.output is not Output.CODE:
        return outcome
    start = min(start for start, _ in outcome.regions)
    end = max(end for _, end in outcome.regions)
    passage = replace(task.passage(outcome.after_text), start=start, end=end)
    found = await check_edit(
        attempts.policy.auditors,
        passage,
        outcome.regions,
        units_seen=attempts.units_seen,
        within_s=attempts.policy.config.budget_s,
    )
    for finding in found:
        attempts.emit(FindingRaised(finding, attempts.now_s()))
    return outcome.with_findings(found)
