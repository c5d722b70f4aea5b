"""What a job is at, in words: also that it isn't the first try."""

import pytest

from pillion.events import (
    DraftContinued,
    DraftEnded,
    DraftInterrupted,
    DraftProgress,
    DraftStarted,
    DraftVoided,
    PipelineEvent,
)
from pillion.pipeline.activity import Activity
from pillion.tiers import Lane

STARTED = DraftStarted("gpu0", Lane.COMPLEX, "", 0.0)
TOKEN = DraftProgress("gpu0", "x", 1, 2.0, 0.1)
FIRST = DraftProgress("gpu0", "x", 1, 0.0, 0.1)
ENDED = DraftEnded("gpu0", 1, 2.0, 0.2)
VOIDED = DraftVoided("gpu0", "it is empty", 0.3)
BROKEN = DraftInterrupted("gpu0", "it broke off", 0.3)
GOES_ON = DraftContinued("gpu2", Lane.COMPLEX, "", 9, 0.4)
MORE = DraftProgress("gpu2", "y", 5, 2.0, 0.5)


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        pytest.param([], "", id="nothing"),
        pytest.param([STARTED], "gpu0 starts, or reads the prompt", id="starts"),
        pytest.param([STARTED, TOKEN], "drafting on gpu0 · 1 token · 2 tokens/s", id="drafts"),
        pytest.param([STARTED, FIRST], "drafting on gpu0 · 1 token", id="no-rate-yet"),
        pytest.param([STARTED, TOKEN, ENDED], "drafted on gpu0 (1 token)", id="drafted"),
        pytest.param([STARTED, TOKEN, ENDED, VOIDED], "trying again: it is empty", id="between"),
        pytest.param([STARTED, VOIDED, STARTED], "try 2: gpu0 starts, or reads the prompt", id="starts-again"),
        pytest.param([STARTED, VOIDED, STARTED, TOKEN], "try 2: drafting on gpu0 · 1 token · 2 tokens/s", id="again"),
        pytest.param([STARTED, VOIDED, STARTED, TOKEN, ENDED], "try 2: drafted on gpu0 (1 token)", id="drafted-again"),
        pytest.param([STARTED, TOKEN, BROKEN], "gpu0 broke off, and another endpoint goes on", id="breaks-off"),
        pytest.param(
            [STARTED, TOKEN, BROKEN, GOES_ON], "gpu2 goes on with the draft, or reads the prompt", id="goes-on"
        ),
        pytest.param(
            [STARTED, TOKEN, BROKEN, GOES_ON, MORE], "drafting on gpu2 · 5 tokens · 2 tokens/s", id="drafts-on"
        ),
        pytest.param(
            [STARTED, VOIDED, STARTED, VOIDED, STARTED], "try 3: gpu0 starts, or reads the prompt", id="third"
        ),
    ],
)
def test_the_words(seen: list[PipelineEvent], words: str) -> None:
    doing = Activity()
    for event in seen:
        doing.event(event)
    assert doing.words == words
