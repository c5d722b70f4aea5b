"""Runs a job: one action on one snapshot, up to an edit that may be applied, or the reason why there is none."""

import asyncio
import logging
import sys
import time
from collections.abc import Callable

from pillion.config.schema import Location
from pillion.errors import NothingToDoError, PillionError
from pillion.events import DraftRefused, DraftVoided, Emit, JobMeasured, PipelineEvent
from pillion.pipeline.attempts import Attempt, further_attempts
from pillion.pipeline.draft_choice import best_of, events_of_choice, holds, whats_shown
from pillion.pipeline.draft_maker import DraftMaker
from pillion.pipeline.measurement import FigureKeeper
from pillion.pipeline.outcome import Outcome, Task
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.pool import Pool
from pillion.prompts.build import Retry
from pillion.tiers import Lane

# A user waits for it. After so many seconds no other attempt begins; the first one always does.
_FURTHER_WITHIN_S = 60.0
log = logging.getLogger(__name__)


async def run_job(
    task: Task,
    pool: Pool,
    policy: AuditPolicy,
    emit: Emit,
    clock: Callable[[], float] = time.monotonic,
) -> Outcome:
    """Drafts, audits, and makes the edit. If a draft fails a check, there is one more try, on the next lane up; if one
    fails when it is run, there are some more, until one holds, and the one that fails least is taken. If the lane above
    could send code to a cloud endpoint that the first lane doesn't have, all are on the first lane.

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
    first = await _tried(attempts, lane, Attempt(attempts.task.refused))
    up = lane.next_up if attempts.pool.stays_as_near(lane, lane.next_up) else lane
    drafts_left = min(attempts.policy.attempts - 1, _most_further(attempts.pool, up))
    if first.rejected:
        first = await _after_refusal(attempts, up, first)
        drafts_left -= 1
    if not whats_shown(first) or drafts_left < 1:
        return first
    tried = await _failed(attempts, up, first, drafts_left)
    outcome = best_of(tried)
    for event in events_of_choice(tried, outcome, attempts.now_s()):
        attempts.emit(event)
    return outcome


def _most_further(pool: Pool, lane: Lane) -> int:
    """In the cloud a draft costs money, so there is one other there, and more only on the user's own machines."""
    endpoint = pool.preferred(lane)
    in_cloud = endpoint is not None and pool.config_of(endpoint.name).location is Location.CLOUD
    return 1 if in_cloud else sys.maxsize


async def _after_refusal(attempts: DraftMaker, lane: Lane, refused: Outcome) -> Outcome:
    """The outcome of another draft, whose prompt says why the first was refused."""
    attempts.emit(DraftVoided(refused.draft.endpoint, refused.rejected, attempts.now_s()))
    try:
        return await _tried(attempts, lane, Attempt(Retry(refused.draft.text, refused.rejected)))
    except PillionError as exc:
        return Outcome(refused.draft, rejected=f"{refused.rejected}; a second try failed: {exc}")


async def _failed(attempts: DraftMaker, lane: Lane, first: Outcome, most: int) -> list[Outcome]:
    """The outcomes of all drafts after one that fails when it is run, that one included: until one holds, and for a
    while."""
    tried, began_s, wrong = [first], attempts.now_s(), whats_shown(first)
    for attempt in further_attempts(most, wrong):
        if len(tried) > 1 and attempts.now_s() - began_s > _FURTHER_WITHIN_S:
            break
        last = tried[-1]
        attempts.emit(DraftVoided(last.draft.endpoint, last.rejected or whats_shown(last) or wrong, attempts.now_s()))
        try:
            tried.append(await _tried(attempts, lane, attempt))
        except PillionError as exc:
            tried.append(Outcome(first.draft, rejected=f"{exc}"))
            break
        if holds(tried[-1], first):
            break
    return tried


async def _tried(attempts: DraftMaker, lane: Lane, attempt: Attempt) -> Outcome:
    outcome = await attempts.make(lane, attempt)
    if outcome.rejected:
        endpoint = outcome.draft.endpoint
        model = attempts.pool.config_of(endpoint).model
        attempts.emit(DraftRefused(endpoint, model, outcome.rejected, attempts.now_s()))
    return outcome
