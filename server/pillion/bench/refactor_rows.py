"""Measures refactorings: what Pillion does with a model's rewrite of a function, and whether it was right to."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from pillion.backends.kept_answer import KeptAnswerBackend
from pillion.bench.refactor_cases import RefactorCase
from pillion.bench.refactor_judge import judged, why_unjudged
from pillion.config.schema import LanesConfig, Review
from pillion.errors import PillionError
from pillion.events import DraftProgress, DraftStarted, PipelineEvent
from pillion.jobs.edit_plans import objection_to
from pillion.pipeline.job_run import run_job
from pillion.pipeline.outcome import Outcome, Task
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.pool import Pool
from pillion.tiers import Lane

# A refused draft gets a second try on the next lane up.
DRAFTING = (Lane.MODERATE, Lane.COMPLEX)


@dataclass(frozen=True, slots=True)
class RefactorRow:
    """What became of one refactoring.

    `state`: applied; accused (offered, because a check found an error); offered (its behaviour wasn't compared);
    refused (no edit); or failed (no draft). `reason` is what the user reads of it. `same`: whether the edit keeps what
    the function does; None if there is no edit, or nothing was run. `difference`: a call that tells old and new apart.
    `compared` inputs were tried by Pillion. `replies`: all that the model wrote, a text for each try.
    """

    case: str
    language: str
    by: str
    state: str
    reason: str
    same: bool | None
    difference: str
    compared: int
    seconds: float
    replies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refactors:
    """All rows of one model, or of the rewrites by hand."""

    by: str
    rows: tuple[RefactorRow, ...]

    def count(self, state: str, *, same: bool | None) -> int:
        """How many rows are in this state, and were judged so (None: not at all)."""
        return sum(row.state == state and row.same is same for row in self.rows)

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {"by": self.by, "rows": [asdict(row) for row in self.rows]}


class _Heard:
    """Keeps what is written, a text for each draft."""

    def __init__(self) -> None:
        self.replies: list[str] = []

    def event(self, event: PipelineEvent) -> None:
        match event:
            case DraftStarted():
                self.replies.append("")
            case DraftProgress():
                self.replies[-1] += event.text
            case _:
                pass


async def refactored(case: RefactorCase, by: str, pool: Pool, policy: AuditPolicy, *, run: bool) -> RefactorRow:
    """Refactors the function as an editor's action does. `run`: the calls are run on what came of it, too."""
    heard, task = _Heard(), case.task()
    began_s = time.perf_counter()
    try:
        outcome = await run_job(task, pool, policy, heard.event)
    except PillionError as exc:
        return _row(case, by, heard, began_s, state="failed", reason=str(exc))
    row = _row(case, by, heard, began_s, state=_state(task, outcome), reason=_reason(task, outcome))
    row = replace(row, compared=outcome.ran.compared)
    if not run or not outcome.after_text or why_unjudged(case.language.id):
        return row
    found = await asyncio.to_thread(judged, case.language.id, case.document, outcome.after_text, case.calls)
    return replace(row, same=found.passed, difference=found.said)


async def answered_again(
    case: RefactorCase, by: str, replies: Sequence[str], policy: AuditPolicy, *, run: bool
) -> RefactorRow:
    """The same with what was written before: the first reply is the first draft, the second one the second try.

    With one reply only, `policy` must not try again.
    """
    lanes = list(zip(DRAFTING, replies, strict=False))
    backends = {lane.value: KeptAnswerBackend(lane.value, text) for lane, text in lanes}
    pool = Pool(backends, LanesConfig(**{lane.value: [lane.value] for lane, _ in lanes}))
    try:
        return await refactored(case, by, pool, policy, run=run)
    finally:
        await pool.aclose()


def _state(task: Task, outcome: Outcome) -> str:
    if outcome.rejected:
        return "refused"
    if any(finding.severity == "error" for _, finding in outcome.all_findings()):
        return "accused"
    return "offered" if _reason(task, outcome) else "applied"


def _reason(task: Task, outcome: Outcome) -> str:
    return outcome.rejected or objection_to(task.action, outcome, Review.WHEN_FLAGGED)


def _row(case: RefactorCase, by: str, heard: _Heard, began_s: float, *, state: str, reason: str) -> RefactorRow:
    seconds = time.perf_counter() - began_s
    replies = tuple(filter(None, heard.replies))
    return RefactorRow(case.name, case.language.id, by, state, reason, None, "", 0, seconds, replies)
