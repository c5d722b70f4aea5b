"""Runs a job: one action on one snapshot, up to an edit that may be applied, or the reason why there is none."""

import asyncio
import logging
import time
from collections.abc import Callable

from pillion.errors import NothingToDoError, PillionError
from pillion.events import DraftRefused, DraftVoided, Emit, JobMeasured, PipelineEvent
from pillion.pipeline.draft_choice import better_of, events_of_choice, whats_shown
from pillion.pipeline.draft_maker import DraftMaker
from pillion.pipeline.measurement import FigureKeeper
from pillion.pipeline.outcome import Outcome, Task
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.pool import Pool
from pillion.prompts.build import Retry
from pillion.tiers import Lane

log = logging.getLogger(__name__)


async def run_job(
    task: Task,
    pool: Pool,
    policy: AuditPolicy,
    emit: Emit,
    clock: Callable[[], float] = time.monotonic,
) -> Outcome:
    """Drafts, audits, and makes the edit. If a draft fails a check, or fails when it is run, there is one more try, on
    the next lane up. If that lane could send code to a cloud endpoint that the first lane doesn't have, the second try
    is on the first lane. Of two drafts that can be used, the one that fails less is taken.

    If the task that runs this is cancelled, every stream closes, and the engines stop.

    Raises:
        PillionError: no endpoint could draft, or no draft could be used.
    """
    began = clock()
    await _require_unhindered(task)
    keeper = FigureKeeper()

    def tell(event: PipelineEvent) -> None:
        keeper.event(event)
        emit(event)

    attempts = DraftMaker(task, pool, policy, tell, lambda: clock() - began)
    try:
        outcome = await _drafted(attempts)
    finally:
        await attempts.aclose()
    figures = keeper.figures()
    log.info("%s %s: %s", task.action.id, task.target.name, figures)
    emit(JobMeasured(figures, attempts.now_s()))
    return outcome


async def _require_unhindered(task: Task) -> None:
    """Checks that an answer could be used.

    Raises:
        NothingToDoError: it couldn't, whatever it is.
    """
    hindrance = task.action.hindrance
    reason = await asyncio.to_thread(hindrance, task.answered("")) if hindrance is not None else ""
    if reason:
        raise NothingToDoError(f"{reason[:1].upper()}{reason[1:]}.")


async def _drafted(attempts: DraftMaker) -> Outcome:
    lane = attempts.task.action.tier.lane
    first = await _tried(attempts, lane, attempts.task.refused)
    wrong = first.rejected or whats_shown(first)
    if not wrong or (not first.rejected and not attempts.policy.tries_again):
        return first
    attempts.emit(DraftVoided(first.draft.endpoint, wrong, attempts.now_s()))
    try:
        up = lane.next_up if attempts.pool.stays_as_near(lane, lane.next_up) else lane
        second = await _tried(attempts, up, Retry(first.draft.text, wrong))
    except PillionError as exc:
        if first.rejected:
            return Outcome(first.draft, rejected=f"{first.rejected}; a second try failed: {exc}")
        second = Outcome(first.draft, rejected=f"{exc}")
    if first.rejected:
        return second
    outcome = better_of(first, second)
    for event in events_of_choice(first, outcome, attempts.now_s()):
        attempts.emit(event)
    return outcome


async def _tried(attempts: DraftMaker, lane: Lane, retry: Retry | None) -> Outcome:
    outcome = await attempts.make(lane, retry)
    if outcome.rejected:
        endpoint = outcome.draft.endpoint
        model = attempts.pool.config_of(endpoint).model
        attempts.emit(DraftRefused(endpoint, model, outcome.rejected, attempts.now_s()))
    return outcome
