"""What `pillion bench engine` measures, on the real engine. How fast it is isn't the test's business."""

import os
from pathlib import Path

import psutil
import pytest

from pillion.bench.engine_speed import WAITING, measure_seats, measure_waiting
from pillion.config.schema import DEFAULT_MODEL
from pillion.models.store import ModelStore


# Busy programs, and threads that wait in busy loops: beside other tests it takes minutes.
@pytest.mark.quiet
async def test_each_way_of_waiting(model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMP_SPINCOUNT", "7")
    before = psutil.Process().children()
    measured = await measure_waiting(ModelStore(model_folder), DEFAULT_MODEL, rounds=1, tokens=4)
    assert [each.setting for each in measured] == list(WAITING)
    for each in measured:
        assert min(each.idle.reads_per_s, each.idle.writes_per_s) > 0
        assert min(each.beside_busy.reads_per_s, each.beside_busy.writes_per_s) > 0
    assert os.environ["GOMP_SPINCOUNT"] == "7"
    assert psutil.Process().children() == before, "nothing is left running"


async def test_both_seats(model_folder: Path) -> None:
    measured = await measure_seats(ModelStore(model_folder), DEFAULT_MODEL, rounds=1, tokens=4)
    assert [each.arrangement.split(",")[0] for each in measured] == [
        "two processes",
        "two processes",
        "one process with two slots",
    ]
    assert all(each.together_s > 0 and each.draft.writes_per_s > 0 for each in measured)
