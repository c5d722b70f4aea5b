"""A job with proposals of names: the user chooses one. The job's edit gives it, or the editor's own rename does."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pillion.errors import CannotAskError, CannotRenameError, NoChoiceError
from pillion.jobs.answers import answer
from pillion.jobs.front import Front
from pillion.jobs.job import Job
from pillion.jobs.states import JobState

if TYPE_CHECKING:
    from pillion.edits.strategies import Proposal
    from pillion.pipeline.outcome import Outcome


async def named(front: Front, job: Job) -> bool:
    """Settles which of the proposed names it is. Returns whether that was all that is to do: otherwise the job's edit
    gives the name.

    Raises:
        NoChoiceError: the user chose none.
    """
    outcome = job.outcome
    if outcome is None or not outcome.proposals:
        return False
    names = [each.name for each in outcome.proposals]
    if job.request.only_shown:
        if outcome.handed:
            await answer(front, job, outcome.prose)
        return bool(outcome.handed)
    chosen = await _chosen(front, job, outcome, names)
    if not outcome.handed:
        job.outcome = outcome.with_proposal(chosen)
        return False
    places = front.tracked.of(job.id)
    try:
        if not places:
            raise CannotRenameError("the document was closed, or its text was changed")
        await front.rename(job.request.uri, *places[0], chosen.name)
    except CannotRenameError as exc:
        reason = f" ({exc})" if str(exc) else ""
        job.outcome = replace(outcome, prose=f"{outcome.prose}{reason}")
        await answer(front, job, job.outcome.prose)
        return True
    job.record.drop()
    job.move_to(JobState.READY)
    job.move_to(JobState.APPLIED)
    return True


async def _chosen(front: Front, job: Job, outcome: "Outcome", names: Sequence[str]) -> "Proposal":
    if len(names) == 1 and job.request.instruction:  # the user's own words say it
        return outcome.proposals[0]
    job.say("waits for you")
    job.end()  # the work is done, and the user may take any time to answer
    note = f" ({outcome.handed}, so your editor's own rename gives it)" if outcome.handed else ""
    try:
        answered = await front.choose_name(f"Pillion: a new name for “{job.symbol}”{note}", names)
    except CannotAskError:
        if len(names) > 1 and not outcome.handed:
            front.show(f"“{job.symbol}” becomes “{names[0]}”; other names: {', '.join(names[1:])}.")
        return outcome.proposals[0]
    if answered not in names:
        raise NoChoiceError("no name was chosen")
    return next(each for each in outcome.proposals if each.name == answered)
