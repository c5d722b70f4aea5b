"""The end of a job whose result is words."""

import asyncio

from pillion.jobs.front import Front
from pillion.jobs.job import Job
from pillion.jobs.states import JobState
from pillion.text.markdown import harmless


async def answer(front: Front, job: Job, prose: str) -> None:
    """Ends the job with this answer, and shows it."""
    job.tell(prose=await asyncio.to_thread(harmless, prose))
    job.move_to(JobState.READY)
    job.record.drop()
    if not front.shows_drafts:
        front.show_answer(job.symbol, prose)
