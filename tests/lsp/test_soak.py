"""What a long day leaves behind in the server's memory, and whether its event loop gets stuck. `pillion bench soak` does
the same at length."""

import sys

import pytest

from pillion.bench import soak

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux says what memory a process has"
)


async def test_memory_and_turns_of_the_loop_stay_small() -> None:
    """20 MB of changes, and no turn of the loop that a user would notice."""
    figures = await soak.measure(5_000, 5, lambda what: None, pasted_lines=135)
    assert figures.began_mb is not None
    assert figures.sent_mb > 20
    assert figures.longest_turn.busy_ms > 0
    assert not figures.missed()


async def test_jobs_in_a_long_document_leave_nothing_behind() -> None:
    """The text of this document and its tree take some 40 MB: what is over must not keep them for each job."""
    figures = await soak.measure(100, 8, lambda what: None, lines=20_000)
    assert figures.began_mb is not None
    assert figures.growth_mb <= 200.0, figures  # 320 if all were kept; threads have their own heaps
