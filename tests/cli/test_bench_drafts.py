"""`pillion bench drafts` as a process: each way of asking is measured, and named."""

import json
from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.cli.test_commands import pillion

POPS = "```python\ndef pop(self):\n    return self.items.pop()\n```"


@pytest.mark.parametrize(
    ("chosen", "ways"),
    [
        pytest.param((), ["pillion", "pillion-once", "plain"], id="all"),
        pytest.param(("--way", "plain", "--way", "pillion-once"), ["plain", "pillion-once"], id="some"),
    ],
)
def test_each_way_is_measured(
    chosen: tuple[str, ...], ways: list[str], tmp_path: Path, two_gpus: Path, large: FakeEngine
) -> None:
    large.script(Rule(POPS))
    done = pillion(
        "bench", "drafts", "--set", "own", "--only", "stack_pop", "--json", *chosen, home=tmp_path, config=two_gpus
    )
    assert done.returncode == 0, done.stderr
    drafts = json.loads(done.stdout)["drafts"]
    assert [each["way"] for each in drafts] == ways
    assert all(len(each["rows"]) == 1 for each in drafts)
    assert {each["way"]: list(each["states"]) for each in drafts}["plain"] == ["answered"]


def test_an_unknown_way_is_wrong_usage(tmp_path: Path, two_gpus: Path) -> None:
    done = pillion("bench", "drafts", "--way", "twice", home=tmp_path, config=two_gpus)
    assert done.returncode == 2
    assert "pillion-once" in done.stderr
