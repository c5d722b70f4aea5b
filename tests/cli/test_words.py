"""Small things that people see: the help's width, what is wrong with a place, a disk that is full."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pillion.cli import COMMANDS
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.cli.test_commands import REFACTORED, SOURCE, pillion
from tests.support.editor import private_environment


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_in_eighty_columns(command: str, tmp_path: Path) -> None:
    shown = pillion(*command.split(), "--help", home=tmp_path, COLUMNS="80").stdout
    assert [line for line in shown.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("x = 1\n", 2, "has 1 line, and there is no line 2", id="one line"),
        pytest.param(SOURCE, 6, "has 5 lines, and there is no line 6", id="the line end is no line"),
        pytest.param(SOURCE.rstrip("\n"), 6, "has 5 lines, and there is no line 6", id="without one"),
        pytest.param(f"{SOURCE}\n", 7, "has 6 lines, and there is no line 7", id="a blank line"),
        pytest.param(SOURCE.replace("\n", "\r\n"), 6, "has 5 lines, and there is no line 6", id="crlf"),
        pytest.param("", 2, "has 1 line, and there is no line 2", id="an empty file"),
    ],
)
def test_lines_are_counted_as_people_do(text: str, line: int, said: str, tmp_path: Path, two_gpus: Path) -> None:
    (tmp_path / "plain.py").write_text(text, newline="")
    result = pillion("action", "explain", f"plain.py:{line}", home=tmp_path, config=two_gpus)
    assert (result.returncode, said in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize("place", [".", "..", "folder", "folder.py", "/", "./folder/"])
def test_a_directory_is_said_to_be_one(place: str, tmp_path: Path, two_gpus: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.py").mkdir()
    result = pillion("action", "explain", f"{place}:1", home=tmp_path, config=two_gpus)
    assert result.returncode == 2
    assert " is a directory, and not a file." in result.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has it")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    "command",
    ["--help", "--version", "action --help", "action refactor shop.py:1", "action refactor shop.py:1 --json",
     "ask refactor it", "ask --json refactor it", "drafts", "drafts --json", "dismissed", "model list", "config show",
     "config schema", "config check", "config check --live", "editor neovim", "bench --help"],
)  # fmt: skip
def test_a_disk_that_is_full(command: str, unbuffered: str, tmp_path: Path, two_gpus: Path, large: FakeEngine) -> None:
    (tmp_path / "shop.py").write_text(SOURCE)
    large.script(Rule(REFACTORED))
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [sys.executable, "-P", "-m", "pillion", *command.split()],
            env=private_environment(tmp_path, two_gpus) | {"PYTHONUNBUFFERED": unbuffered}, cwd=tmp_path,
            stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert result.returncode == 1
    assert result.stderr.endswith("pillion: The output can't be written: No space left on device.\n")
    assert "Traceback" not in result.stderr
    assert "Exception" not in result.stderr
    if command.startswith("action refactor"):
        assert "The draft is kept in " in result.stderr


def test_an_output_that_is_closed(tmp_path: Path) -> None:
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-P", "-m", "pillion", "drafts", "--json"]
    environment = private_environment(tmp_path, None)
    result = subprocess.run(closed, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
