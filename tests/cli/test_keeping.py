"""What a model wrote for a command is never lost: interrupted, failed, refused, or not written."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.cli.test_commands import REFACTORED, SOURCE, pillion
from tests.support.editor import private_environment

# A shell without job control starts its background commands so that they don't hear Ctrl-C.
IN_THE_BACKGROUND = ("/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh")
BROKEN = "```python\ndef total(prices):\n    return sum(prices\n```"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.py"
    path.write_text(SOURCE)
    return path


def kept(home: Path) -> list[dict[str, Any]]:
    """The drafts that `pillion drafts` has, each with its text."""
    rows = json.loads(pillion("drafts", "--json", home=home).stdout)
    return [json.loads(pillion("drafts", "show", row["path"], "--json", home=home).stdout) for row in rows]


@pytest.mark.parametrize(
    ("before", "number", "code"),
    [((), signal.SIGINT, 130), ((), signal.SIGTERM, 143), (IN_THE_BACKGROUND, signal.SIGTERM, 143)],
    ids=["Ctrl-C", "told to end", "told to end in a script's background"],
)
@pytest.mark.parametrize(
    "command", [("action", "refactor", "shop.py:1"), ("action", "refactor", "shop.py:1", "--json"), ("ask", "refactor this"), ("ask", "--json", "refactor this")], ids=" ".join
)  # fmt: skip
def test_an_interrupted_command(
    command: tuple[str, ...],
    before: tuple[str, ...],
    number: int,
    code: int,
    tmp_path: Path,
    shop: Path,
    two_gpus: Path,
    large: FakeEngine,
) -> None:
    large.script(
        Rule("```python\ndef total(prices):\n    return sum(prices)\n```", fault=Fault("stall", after_tokens=4))
    )
    with subprocess.Popen(
        [*before, sys.executable, "-P", "-m", "pillion", *command],
        env=private_environment(tmp_path, two_gpus), cwd=tmp_path, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        try:
            give_up_at = time.monotonic() + 20
            while not list((tmp_path / ".state").rglob("*.jsonl")):
                assert time.monotonic() < give_up_at
                time.sleep(0.05)
            running.send_signal(number)
            _, said = running.communicate(timeout=10)
        finally:
            running.kill()
    assert running.returncode == code
    (draft,) = kept(tmp_path)
    assert f"The draft is kept in {draft['path']}\n" in said
    assert "Traceback" not in said
    assert draft["text"].startswith("```python\ndef")
    in_file = command[0] == "action"
    assert (draft["reason"], draft["uri"], draft["unfinished"]) == (
        "interrupted",
        shop.as_uri() if in_file else "",
        False,
    )
    assert shop.read_text() == SOURCE


def test_an_engine_that_breaks_off(tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule(REFACTORED, fault=Fault("drop", after_tokens=4)))
    result = pillion("action", "refactor", "shop.py:1", home=tmp_path, config=two_gpus)
    assert result.returncode == 1
    drafts = kept(tmp_path)
    assert [draft["path"] in result.stderr for draft in drafts] == [True]
    assert "gpu0" in drafts[0]["reason"]


def test_each_attempt_that_was_refused(tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule(BROKEN, times=1), Rule("I can't."))
    result = pillion("action", "refactor", "shop.py:1", "--json", home=tmp_path, config=two_gpus)
    data = json.loads(result.stdout)
    assert [each["endpoint"] for each in data["attempts"]] == ["gpu0", "gpu0"]
    drafts = {draft["text"].strip(): draft["reason"] for draft in kept(tmp_path)}
    assert list(drafts) == [data["draft"], BROKEN] or list(drafts) == [BROKEN, data["draft"]]
    assert "'(' was never closed" in drafts[BROKEN]
    assert data["draft_file"] in result.stderr


def test_both_reasons_are_named(
    tmp_path: Path, shop: Path, two_gpus: Path, small: FakeEngine, large: FakeEngine
) -> None:
    small.script(Rule("no JSON at all"))
    large.script(Rule(json.dumps({"summary": ""})))
    result = pillion("action", "docstring", "shop.py:1", home=tmp_path, config=two_gpus)
    said = next(line for line in result.stderr.splitlines() if line.startswith("The edit was refused 2 times: "))
    first, second = said.split("; ", 1)
    assert "gpu1's draft, " in first
    assert "gpu0's draft, " in second


def test_an_edit_that_was_not_written(tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule(REFACTORED.replace("sum(prices)", 'eval("sum(prices)")')))
    result = pillion("action", "refactor", "shop.py:2", "--write", home=tmp_path, config=two_gpus)
    (draft,) = kept(tmp_path)
    assert draft["reason"].startswith("not written: The audit found errors")
    assert draft["path"] in result.stderr


def test_one_that_was_printed_or_written_is_not_kept(
    tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine
) -> None:
    large.script(Rule(REFACTORED))
    pillion("action", "refactor", "shop.py:2", home=tmp_path, config=two_gpus)
    pillion("ask", "refactor it", home=tmp_path, config=two_gpus)
    pillion("action", "refactor", "shop.py:2", "--write", home=tmp_path, config=two_gpus)
    assert kept(tmp_path) == []
    assert list((tmp_path / ".state").rglob("*.jsonl")) == []


@pytest.mark.parametrize("command", [("action", "refactor", "shop.py:1"), ("ask", "refactor it")], ids=" ".join)
def test_what_is_wrong_with_an_engine_is_said_once(
    command: tuple[str, ...], tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine
) -> None:
    large.kill()
    result = pillion(*command, home=tmp_path, config=two_gpus)
    assert result.returncode == 1
    assert result.stderr.count("Nobody answers at") == 1
