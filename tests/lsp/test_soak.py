"""What a long day leaves behind in the server's memory. `pillion bench soak` does the same at length."""

import sys

import pytest

from pillion.bench import soak


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux says what memory a process has")
@pytest.mark.parametrize(
    ("changes", "jobs", "lines", "most_mb"),
    [
        pytest.param(5_000, 5, 0, soak.MAX_GROWTH_MB, id="typing"),
        # The text of this document and its tree take some 60 MB: what is over must not keep them for each job.
        pytest.param(100, 10, 30_000, 150.0, id="jobs-in-a-long-document"),
    ],
)
async def test_memory_stays_as_it_is(changes: int, jobs: int, lines: int, most_mb: float) -> None:
    figures = await soak.measure(changes, jobs, lambda what: None, lines=lines)
    assert figures.began_mb is not None
    assert figures.growth_mb <= most_mb, figures
