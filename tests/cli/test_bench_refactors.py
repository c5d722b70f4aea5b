"""`pillion bench refactors` without a model: the rewrites that ship with Pillion, and the replies of an earlier run."""

import json
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import pillion

_ONE = ("bench", "refactors", "--only", "duration")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits for what is run")
def test_replies_are_judged_and_can_be_judged_again(tmp_path: Path) -> None:
    first = json.loads(pillion(*_ONE, "--run-drafts", "--json", home=tmp_path).stdout)
    rows = {part["by"]: part["rows"] for part in first["refactors"]}
    (row,) = rows["by hand"]
    assert (first["ran"], row["case"], row["state"], row["same"]) == (True, "duration", "applied", True)
    (kept := tmp_path / "kept.json").write_text(json.dumps(first))
    again = json.loads(pillion(*_ONE, "--again", str(kept), "--json", home=tmp_path).stdout)
    assert again["ran"] is False
    assert {part["by"]: [row["replies"] for row in part["rows"]] for part in again["refactors"]} == {
        by: [row["replies"] for row in each] for by, each in rows.items()
    }
    assert all(row["same"] is None for part in again["refactors"] for row in part["rows"])


def test_the_table_says_that_nothing_was_run(tmp_path: Path) -> None:
    said = pillion(*_ONE, home=tmp_path)
    assert said.returncode == 0
    assert "by hand" in said.stdout
    assert "To run them: --run-drafts." in said.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--only", "nothing such"), "No function has nothing such", id="no function"),
        pytest.param(("--again", "missing.json"), "has no replies", id="no file"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    result = pillion("bench", "refactors", *arguments, home=tmp_path)
    assert result.returncode == 2
    assert said in result.stderr
