"""`pillion action tests`: the diff of the test file, or the file itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.support.editor import private_environment

SOURCE = "def twice(x):\n    return 2 * x\n"
REPLY = "```python\ndef test_twice():\n    assert twice(2) == 4\n```"
NEW = "from doubling import twice\n\n\ndef test_twice():\n    assert twice(2) == 4\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "doubling.py").write_text(SOURCE)
    return tmp_path


def run(folder: Path, config: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pillion", "action", "tests", "doubling.py:1", *options],
        cwd=folder,
        env=private_environment(folder, config),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_diff_is_printed(folder: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule(REPLY))
    result = run(folder, two_gpus)
    assert result.returncode == 0, result.stderr
    assert "--- /dev/null\n+++ b/test_doubling.py\n" in result.stdout
    assert not (folder / "test_doubling.py").exists()


def test_the_file_is_written(folder: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule(REPLY))
    result = run(folder, two_gpus, "--write", "--json")
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    assert [(each["kind"], Path(each["uri"]).name) for each in said["changes"]] == [("create", "test_doubling.py")]
    assert (folder / "test_doubling.py").read_text() == NEW
    assert (folder / "doubling.py").read_text() == SOURCE
    large.script(Rule(REPLY.replace("test_twice", "test_more").replace("(2) == 4", "(3) == 6")))
    result = run(folder, two_gpus, "--write")
    assert result.returncode == 0, result.stderr
    assert (folder / "test_doubling.py").read_text() == f"{NEW}\n\ndef test_more():\n    assert twice(3) == 6\n"


def test_an_error_in_the_new_file_holds_it_back(folder: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule(REPLY.replace("== 4", "== four")))
    result = run(folder, two_gpus, "--write", "--json")
    assert result.returncode == 1
    said = json.loads(result.stdout)
    assert "The audit found errors (1)" in said["not_written"]
    (found,) = said["findings"]
    assert (found["quote"], found["line"], found["uri"]) == ("four", 5, said["changes"][0]["uri"])
    assert not (folder / "test_doubling.py").exists()
    assert "test_doubling.py:5:24: error [check/name]" in run(folder, two_gpus).stdout
