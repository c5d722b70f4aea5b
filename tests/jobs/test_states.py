"""What may follow on what in a job's life."""

from pathlib import Path

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.jobs.job import Job
from pillion.jobs.report import JobReport
from pillion.jobs.request import JobRequest
from pillion.jobs.states import AT_WORK, FOLLOWING, JobState
from pillion.state.draft_log import DraftLog
from tests.jobs.plain_front import PlainFollower


def a_job(state: JobState, folder: Path) -> Job:
    action = action_by_id("refactor")
    record = DraftLog(folder).begin("1", action.id, "total", "file:///shop.py")
    request = JobRequest(action, "file:///shop.py", 0, 0, 1, "")
    return Job("1", request, "Pillion: Refactor total", record, None, JobReport(action), "total", state)


@pytest.mark.parametrize("state", list(JobState))
@pytest.mark.parametrize("following", list(JobState))
async def test_a_job_goes_only_where_it_may(tmp_path: Path, state: JobState, following: JobState) -> None:
    job = a_job(state, tmp_path)
    follower = PlainFollower(job, [state])
    job.shown_by(follower)
    if following in FOLLOWING[state]:
        job.move_to(following)
        assert (job.state, follower.states[-1]) == (following, following)
    else:
        with pytest.raises(RuntimeError, match=f"{following} after {state}"):
            job.move_to(following)
        assert (job.state, follower.states) == (state, [state])


@pytest.mark.parametrize("state", list(JobState))
async def test_what_is_at_work_can_be_broken_off_and_what_is_over_stays(tmp_path: Path, state: JobState) -> None:
    assert (state in AT_WORK) is (JobState.CANCELLED in FOLLOWING[state])
    job = a_job(state, tmp_path)
    assert bool(job.doing) is (state in AT_WORK | {JobState.READY, JobState.OFFERED})
