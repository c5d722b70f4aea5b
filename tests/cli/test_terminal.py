"""What others wrote can't steer the terminal that it is printed in, now or when a file of it is looked at."""

import json
import re
from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from pillion.text.hidden import STEERING
from tests.cli.test_commands import SOURCE, pillion

HOSTILE = "[red]x[/] \x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe\b\b :smile:"
SHOWN = "[red]x[/] \\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\u202egnp.exe\\x08\\x08 :smile:"
STEERS = re.compile(f"[{STEERING}]")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.py"
    path.write_text(SOURCE)
    return path


def test_ask_shows_what_would_steer_the_terminal(tmp_path: Path, two_gpus: Path, small: FakeEngine) -> None:
    small.script(Rule(f"One\r\n{HOSTILE}\rend"))
    result = pillion("ask", "explain it", home=tmp_path, config=two_gpus)
    assert result.stdout == f"One\n{SHOWN}\\x0dend\n"
    assert STEERS.search(result.stderr) is None
    small.script(Rule(HOSTILE))
    data = pillion("ask", "explain it", "--json", home=tmp_path, config=two_gpus).stdout
    assert STEERS.search(data) is None
    assert json.loads(data)["answer"] == HOSTILE


def test_an_actions_diff_and_its_words(
    tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine, small: FakeEngine
) -> None:
    large.script(Rule(f"```python\ndef total(prices):\n    # {HOSTILE}\n    return sum(prices)\n```"))
    result = pillion("action", "refactor", "shop.py:1", "--write", home=tmp_path, config=two_gpus)
    assert f"+    # {SHOWN}\n" in result.stdout
    assert (
        "error [check/hidden-character] The draft adds characters that nobody sees: U+001B (a control character)"
        in result.stdout
    )
    assert STEERS.search(result.stdout + result.stderr) is None
    assert (result.returncode, shop.read_text()) == (1, SOURCE), "with an error nothing is written unasked"
    small.script(Rule(HOSTILE))
    explained = pillion("action", "explain", "shop.py:1", home=tmp_path, config=two_gpus)
    assert explained.stdout == f"{SHOWN}\n"
    large.script(Rule(HOSTILE))
    refused = pillion("action", "refactor", "shop.py:1", home=tmp_path, config=two_gpus)
    assert SHOWN in refused.stdout
    assert STEERS.search(refused.stdout + refused.stderr) is None


def test_a_docstring_too(tmp_path: Path, shop: Path, two_gpus: Path, small: FakeEngine) -> None:
    small.script(Rule(json.dumps({"summary": "Add the \u202e prices\x1b[2J."})))
    result = pillion("action", "docstring", "shop.py:1", "--write", home=tmp_path, config=two_gpus)
    assert "U+202E" in result.stdout
    assert STEERS.search(result.stdout + result.stderr) is None
    assert (result.returncode, shop.read_text()) == (1, SOURCE)


def test_an_engines_error(tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine, small: FakeEngine) -> None:
    fault = Rule(fault=Fault("status", status=400, body=json.dumps({"error": HOSTILE})))
    large.script(fault)
    small.script(fault)
    for command in (("ask", "explain it"), ("action", "refactor", "shop.py:1")):
        result = pillion(*command, home=tmp_path, config=two_gpus)
        assert result.returncode == 1
        assert "[red]x[/]" in result.stderr
        assert STEERS.search(result.stdout + result.stderr) is None


@pytest.mark.parametrize("what", ["check", "show"])
def test_a_workspaces_keys(what: str, tmp_path: Path, two_gpus: Path) -> None:
    (tmp_path / ".pillion.toml").write_text(f"{json.dumps(HOSTILE)} = 1\n")
    result = pillion("config", what, home=tmp_path, config=two_gpus)
    assert SHOWN in result.stdout + result.stderr
    assert STEERS.search(result.stdout + result.stderr) is None
    data = pillion("config", what, "--json", home=tmp_path, config=two_gpus).stdout
    assert STEERS.search(data) is None
    json.loads(data)


@pytest.mark.parametrize(
    "arguments",
    [("action", "refactor", f"{HOSTILE}.py:1"), ("action", HOSTILE, "a.py:1"), ("model", "path", HOSTILE), (HOSTILE,),
     ("ask", "x", f"--{HOSTILE.replace(' ', '')}"), ("editor", HOSTILE), ("bench", HOSTILE)],
    ids=["file", "action", "model", "command", "option", "editor", "part"],
)  # fmt: skip
def test_an_argument(arguments: tuple[str, ...], tmp_path: Path, two_gpus: Path) -> None:
    result = pillion(*arguments, home=tmp_path, config=two_gpus)
    assert result.returncode in {1, 2}
    assert STEERS.search(result.stdout + result.stderr) is None
