"""What the model is told in `pillion action lint` and `pillion action debug`: by a linter, a traceback, or the user."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.cli.test_commands import pillion

SOURCE = "def total(prices):\n    result = sum(prices)\n    return sum(prices)\n"
MENDED = "```python\ndef total(prices):\n    return sum(prices)\n```"
TRACEBACK = """Traceback (most recent call last):
  File "shop.py", line 3, in total
    return sum(prices)
TypeError: unsupported operand: \x1b[31m'int'
```
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.py"
    path.write_text(SOURCE)
    return path


@pytest.fixture
def tools(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH with the linter, far from the workspace."""
    folder = tmp_path_factory.mktemp("tools")
    shutil.copy(Path(sys.executable).parent / "ruff", folder / "ruff")
    return os.pathsep.join((str(folder), "/usr/bin", "/bin"))


def test_lint_asks_the_linter_and_asks_again(
    tmp_path: Path, shop: Path, two_gpus: Path, small: FakeEngine, tools: str
) -> None:
    small.script(Rule(MENDED))
    result = pillion("action", "lint", "shop.py:2", "--write", "--json", home=tmp_path, config=two_gpus, PATH=tools)
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    assert (said["tier"], said["written"], said["unchecked"]) == ("SIMPLE", True, None)
    assert shop.read_text() == SOURCE.replace("    result = sum(prices)\n", "")
    prompt = small.log()[-1].messages[-1]["content"]
    assert (
        "ruff reports in line 2, at “result”: “Local variable `result` is assigned to but never used” (F841)." in prompt
    )


def test_what_is_still_there_is_refused(
    tmp_path: Path, shop: Path, two_gpus: Path, small: FakeEngine, large: FakeEngine, tools: str
) -> None:
    for engine in (small, large):
        engine.script(Rule(MENDED.replace("    return", "    result = prices\n    return")))
    result = pillion("action", "lint", "shop.py:2", home=tmp_path, config=two_gpus, PATH=tools)
    assert result.returncode == 1
    assert "ruff still reports F841" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "path", "message"),
    [
        (("lint", "shop.py:3"), True, "ruff reports nothing at shop.py:3."),
        (("lint", "shop.py:2"), False, "“lint” has to know what you want."),
        (("debug", "shop.py:2"), True, "“debug” has to know what you want."),
    ],
)
def test_where_nothing_is_to_be_told(
    arguments: tuple[str, str], path: bool, message: str, tmp_path: Path, shop: Path, two_gpus: Path, tools: str
) -> None:
    result = pillion("action", *arguments, home=tmp_path, config=two_gpus, PATH=tools if path else "/nowhere")
    assert result.returncode in {1, 2}
    assert message in " ".join(result.stderr.split())


def test_lint_takes_the_users_words_where_no_linter_can_look(
    tmp_path: Path, shop: Path, two_gpus: Path, small: FakeEngine
) -> None:
    small.script(Rule(MENDED))
    words = ("--instruction", "“result” isn't used")
    result = pillion("action", "lint", "shop.py:2", *words, home=tmp_path, config=two_gpus, PATH="/nowhere")
    assert result.returncode == 0, result.stderr
    assert "no linter has looked whether what was reported is gone" in " ".join(result.stderr.split())
    assert "“result” isn't used" in small.log()[-1].messages[-1]["content"]


@pytest.mark.parametrize("words", [(), ("--instruction", "It was a string.")], ids=["alone", "with-words"])
def test_debug_takes_a_traceback(
    words: tuple[str, ...], tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine
) -> None:
    large.script(Rule(MENDED))
    result = pillion("action", "debug", "shop.py:3", *words, home=tmp_path, config=two_gpus, stdin=TRACEBACK)
    assert result.returncode == 0, result.stderr
    prompt = large.log()[-1].messages[-1]["content"]
    assert all(each in prompt for each in words[1:])
    assert '````\nTraceback (most recent call last):\n  File "shop.py", line 3, in total\n' in prompt
    assert "TypeError: unsupported operand: \\x1b[31m'int'\n```\n````" in prompt


def test_a_long_output_is_cut_at_its_beginning(tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule(MENDED))
    flood = "first words\n" + '  File "shop.py", line 3, in total\n' * 50 + "ValueError: the last words\n"
    result = pillion("action", "debug", "shop.py:3", home=tmp_path, config=two_gpus, stdin=flood * 40 + flood)
    assert result.returncode == 0, result.stderr
    prompt = large.log()[-1].messages[-1]["content"]
    assert "ValueError: the last words" in prompt
    assert len(prompt) < 10_000
