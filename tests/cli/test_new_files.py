"""`pillion action create`: a new file is printed as a diff, or written where no file is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.support.editor import private_environment

DATES = "from datetime import date\n\n\ndef today():\n    return date.today()\n"
REPLY = f"```python\n# dates.py\n{DATES}```\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.py").write_text("RATE = 0.2\n", encoding="utf-8")
    return tmp_path


def create(folder: Path, config: Path, *arguments: str, action: str = "create") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pillion", "action", action, *arguments]
    environment = private_environment(folder, config)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [["a module about dates"], ["a", "module"], ["--instruction", "a module"]])
def test_printed(words: list[str], folder: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule(REPLY))
    result = create(folder, two_gpus, "shop.py", *words)
    assert result.returncode == 0, result.stderr
    assert "--- /dev/null\n+++ b/dates.py\n" in result.stdout
    assert "not written; --write does" in result.stderr
    assert not (folder / "dates.py").exists()


def test_written(folder: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule(REPLY))
    result = create(folder, two_gpus, "shop.py:1", "a module about dates", "--write", "--json")
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    assert (said["written"], said["changes"][0]["kind"]) == (True, "create")
    assert (folder / "dates.py").read_text(encoding="utf-8") == DATES


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["shop.py", "create", "shop.py"], "“shop.py” is there already"),
        (["shop.py", "create ../x.py"], "isn't in the workspace"),
        (["shop.py"], "has to know what you want"),
    ],
)
def test_what_cannot_be_created(
    arguments: list[str], reason: str, folder: Path, two_gpus: Path, large: FakeEngine
) -> None:
    result = create(folder, two_gpus, *arguments)
    assert result.returncode == 2, result.stderr
    assert reason in result.stderr
    assert large.log() == []


def test_a_document(folder: Path, two_gpus: Path, large: FakeEngine) -> None:
    words = "Prices are kept in memory for an hour. " * 5
    large.script(Rule(f"# A cache\n\n{words}\nThe entry is `src/main.py`.\n"))
    result = create(folder, two_gpus, "shop.py", "a cache of prices", action="design")
    assert result.returncode == 0, result.stderr
    assert "+++ b/design-cache-prices.md\n" in result.stdout
    assert "warning [check/claim] There is no “src/main.py” in the workspace." in result.stdout


def test_a_kept_draft_becomes_its_file(folder: Path, two_gpus: Path, large: FakeEngine) -> None:
    (folder / "dates.py").write_text("mine\n", encoding="utf-8")
    large.script(Rule(REPLY))
    create(folder, two_gpus, "shop.py", "a module about dates", "--write")
    (folder / "dates.py").unlink()
    command = [sys.executable, "-m", "pillion", "drafts", "apply", "1", "--write"]
    environment = private_environment(folder, two_gpus)
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert (folder / "dates.py").read_text(encoding="utf-8") == DATES


def test_a_file_that_came_meanwhile_stays(folder: Path, two_gpus: Path, large: FakeEngine) -> None:
    (folder / "dates.py").write_text("mine\n", encoding="utf-8")
    large.script(Rule(REPLY))
    result = create(folder, two_gpus, "shop.py", "a module about dates", "--write")
    assert result.returncode == 1
    assert "“dates.py” is there already" in result.stderr
    assert (folder / "dates.py").read_text(encoding="utf-8") == "mine\n"
