"""The command line, as a person or a script uses it: real processes, exit codes, JSON, files."""

import ast
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.conftest import two_gpus_toml, write_config
from tests.support.editor import private_environment

SOURCE = "def total(prices):\n    result = 0\n    for price in prices:\n        result += price\n    return result\n"
REFACTORED = "```python\ndef total(prices):\n    return sum(prices)\n```"


def pillion(
    *arguments: str, home: Path, config: Path | None = None, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command with a home of its own."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "pillion", *arguments],
        env=private_environment(home, config) | environment,
        input=stdin,
        capture_output=True,
        text=True,
        cwd=home,
        timeout=300,
        check=False,
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.py"
    path.write_text(SOURCE)
    return path


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ("action", "delete", "shop.py:1"),
            2,
            "There is no action 'delete'.\n         Known actions: docstring, comments, explain",
        ),
        (("action", "refactor", "shop.py:"), 2, "'shop.py:' isn't FILE, FILE:LINE, FILE:LINE:COL or FILE:LINE-LINE."),
        (("action", "refactor", "shop.py:3-2"), 2, "'shop.py:3-2' ends above its first line."),
        (("action", "refactor", "shop.py:1-99"), 2, "there is no line 99"),
        (("action", "tests", "flat.py"), 2, "There is no function or class that a test can call around all of flat.py"),
        (("action", "refactor", "shop.py:0"), 2, "Lines and columns count from 1"),
        (("action", "refactor", "shop.py:99"), 2, "there is no line 99"),
        (("action", "refactor", "gone.py:1"), 2, "gone.py can't be read: No such file or directory"),
        (("action", "refactor", "notes.txt:1"), 2, "Pillion doesn't read notes.txt. It knows Python"),
        (("action", "refactor", "binary.py:1"), 2, "binary.py isn't UTF-8 (byte 0 is 0xff)"),
        (("action", "refactor", "flat.py:1"), 2, "There is no function or class at flat.py:1"),
        (("action", "docstring", "long.py:1"), 2, "long.py has 50,001 lines, and Pillion works on up to"),
        (("action", "implement", "shop.py:1"), 2, "“implement” doesn't apply to “total”"),
        (
            ("action", "debug", "shop.py:1"),
            2,
            "“debug” has to know what you want.\n         Say it with --instruction TEXT",
        ),
        (("serve", "--tcp", "nowhere"), 2, "--tcp takes HOST:PORT"),
        (("model", "pull", "gpt"), 2, "No model is called 'gpt'.\n         Known models: smollm2-135m"),
        (("ask", " "), 2, "There is no question"),
        (("fly",), 2, "invalid choice: 'fly'"),
    ],
)
def test_mistakes_get_a_message_and_the_right_exit_code(
    arguments: tuple[str, ...], code: int, message: str, tmp_path: Path, shop: Path, two_gpus: Path
) -> None:
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "flat.py").write_text("x = 1\n")
    (tmp_path / "long.py").write_text("def a():\n    return 1\n" + "#\n" * 49_998)
    (tmp_path / "notes.txt").write_text("hello\n")
    result = pillion(*arguments, home=tmp_path, config=two_gpus)
    assert result.returncode == code, result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_action_prints_a_diff_and_leaves_the_file(
    tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine
) -> None:
    large.script(Rule(REFACTORED))
    result = pillion("action", "refactor", "shop.py:2", home=tmp_path, config=two_gpus)
    assert result.returncode == 0, result.stderr
    assert "+    return sum(prices)\n" in result.stdout
    assert "-    return result\n" in result.stdout
    assert "\x1b" not in result.stdout + result.stderr, "no colours without a terminal"
    assert "MODERATE on gpu0" in result.stderr
    assert "Look at it yourself: behaviour not compared: running is turned off (sandbox.enabled).\n" in result.stderr
    assert shop.read_text() == SOURCE


def test_debug_and_ask_take_what_is_wrong_from_the_command_line(
    tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine
) -> None:
    large.script(Rule(REFACTORED, match="whole corrected code"), Rule("It is right.", match="three short sentences"))
    instruction = ("--instruction", "It is slow.")
    debugged = pillion("action", "debug", "shop.py:2", *instruction, home=tmp_path, config=two_gpus)
    assert "+    return sum(prices)\n" in debugged.stdout
    asked = pillion("action", "ask", "shop.py:2", *instruction, home=tmp_path, config=two_gpus)
    assert asked.stdout == "It is right.\n"
    assert all("It is slow." in entry.messages[-1]["content"] for entry in large.log())


def test_action_writes_when_asked_to(tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine) -> None:
    shop.chmod(0o640)
    large.script(Rule(REFACTORED))
    result = pillion("action", "refactor", "shop.py:2", "--write", "--json", home=tmp_path, config=two_gpus)
    data: dict[str, Any] = json.loads(result.stdout)
    assert (data["written"], data["tier"], data["endpoint"], data["rejected"]) == (True, "MODERATE", "gpu0", None)
    off = "running is turned off (sandbox.enabled)"
    assert data["unchecked"] == f"behaviour not compared: {off}"
    assert (data["ran"], data["chosen"]) == ({"compared": 0, "examples": 0, "tried": 0, "not_run": off}, None)
    assert shop.read_text() == "def total(prices):\n    return sum(prices)\n"
    assert shop.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in tmp_path.iterdir() if "shop" in each.name) == ["shop.py"]


@pytest.mark.parametrize("despite", [False, True])
def test_an_edit_with_an_error_is_not_written_unasked(
    tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine, despite: bool
) -> None:
    large.script(Rule(REFACTORED.replace("sum(prices)", 'eval("sum(prices)")')))
    options = ["--write", "--despite-errors"] if despite else ["--write"]
    result = pillion("action", "refactor", "shop.py:2", *options, home=tmp_path, config=two_gpus)
    assert "shop.py:2:12: error [check/execute]" in result.stdout, result.stdout
    assert result.returncode == (0 if despite else 1)
    assert ("eval" in shop.read_text()) is despite
    assert ("--despite-errors" in result.stderr) is not despite


def test_a_refused_edit_is_shown_and_fails(tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine) -> None:
    large.script(Rule("```python\ndef total(prices):\n    return (\n```"))
    result = pillion("action", "refactor", "shop.py:2", "--write", home=tmp_path, config=two_gpus)
    assert result.returncode == 1
    assert "The edit was refused" in result.stderr
    assert "return (" in result.stdout
    assert shop.read_text() == SOURCE


def test_findings_are_printed_like_a_compiler_prints(
    tmp_path: Path, two_gpus: Path, large: FakeEngine, small: FakeEngine
) -> None:
    (tmp_path / "stub.py").write_text("def one() -> int:\n    raise NotImplementedError\n")
    large.script(Rule("```python\ndef one() -> int:\n    return 2\n```"))
    small.script(
        Rule(
            '{"findings": [{"quote": "return 2", "severity": "warning", "category": "bug", "message": "One is not two."}]}'
        )
    )
    result = pillion("action", "implement", "stub.py:1", home=tmp_path, config=two_gpus)
    assert result.returncode == 0, result.stderr
    assert "stub.py:2:5: warning [audit/bug] One is not two.\n" in result.stdout


@pytest.mark.parametrize(
    ("words", "tier", "on_small"),
    [
        (("explain", "decorators"), "SIMPLE", True),
        (("what", "is", "a", "monad?"), "SIMPLE", True),
        (("refactor", "this"), "MODERATE", False),
        (("implement", "a", "queue"), "COMPLEX", False),
        (("--tier", "simple", "implement", "a", "queue"), "SIMPLE", True),
    ],
)
def test_ask_goes_where_its_words_say(
    words: tuple[str, ...],
    tier: str,
    on_small: bool,
    tmp_path: Path,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
) -> None:
    for engine in (large, small):
        engine.script(Rule("<think>hm</think>Like this."))
    result = pillion("ask", *words, home=tmp_path, config=two_gpus, stdin="create(test)\n")
    assert (result.returncode, result.stdout) == (0, "Like this.\n")
    assert result.stderr.startswith(f"{tier} → {'gpu1' if on_small else 'gpu0'}")
    busy, idle = (small, large) if on_small else (large, small)
    assert "create(test)" in busy.log()[0].messages[-1]["content"]
    assert idle.log() == []


def test_ask_as_json_and_when_the_engine_fails(tmp_path: Path, two_gpus: Path, small: FakeEngine) -> None:
    small.script(Rule("Like this.", times=1), Rule("no", fault=Fault("status", status=500)))
    result = pillion("ask", "explain it", "--json", home=tmp_path, config=two_gpus)
    assert json.loads(result.stdout)["answer"] == "Like this."
    failed = pillion("ask", "explain it", home=tmp_path, config=two_gpus)
    assert failed.returncode == 1
    assert "gpu1 answered 500" in failed.stderr


def test_config_check_show_schema(tmp_path: Path) -> None:
    broken = write_config(
        tmp_path, two_gpus_toml("http://127.0.0.1:1", "http://127.0.0.1:2") + "[hover]\nbuget_s = 1\n"
    )
    check = pillion("config", "check", home=tmp_path, config=broken)
    assert check.returncode == 2
    assert "hover.buget_s: unknown key; did you mean “budget_s”?" in check.stdout.replace("\n", " ")
    ask = pillion("ask", "explain it", home=tmp_path, config=broken)
    assert ask.returncode == 2
    assert "buget_s" in ask.stderr
    show = pillion("config", "show", "--json", home=tmp_path, config=broken)
    assert json.loads(show.stdout)["endpoints"]["gpu0"]["model"] == "large"
    schema = json.loads(pillion("config", "schema", home=tmp_path).stdout)
    assert {"endpoints", "lanes", "hover"} <= set(schema["properties"])


@pytest.mark.parametrize("written", ["", 'models = "quick"\n'])
def test_config_show_prints_toml_that_can_be_read_back(tmp_path: Path, written: str) -> None:
    shown = pillion("config", "show", home=tmp_path, config=write_config(tmp_path, written)).stdout
    assert written in shown
    config = write_config(tmp_path, shown)
    again = pillion("config", "show", home=tmp_path, config=config)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.splitlines()[1:] == shown.splitlines()[1:]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Any:
    """What the demo says with the model that it takes by itself. Two engines compute for it, so it runs once."""
    home = tmp_path_factory.mktemp("demo")
    result = pillion("demo", "--json", home=home, PILLION_MODEL_DIR=str(model_folder))
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.quiet
def test_the_demo_runs_on_two_real_engines(shown: Any) -> None:
    assert [step["tier"] for step in shown["steps"]] == ["SIMPLE", "MODERATE", "COMPLEX"]
    assert all(step["state"] == "applied" and step["diff"] and step["parses"] for step in shown["steps"])
    assert "Pillion · passenger" in shown["hover"]
    engines = {span["engine"] for span in shown["timeline"]}
    assert engines == {"driver", "passenger"}
    draft = next(span for span in shown["timeline"] if span["engine"] == "driver")
    audits = [span for span in shown["timeline"] if span["engine"] == "passenger"]
    assert min(audit["start_s"] for audit in audits) < draft["end_s"], "the audit begins before the draft ends"


@pytest.mark.quiet
def test_the_demo_shows_code_that_one_would_keep(shown: Any) -> None:
    steps = {step["action"]: step["diff"] for step in shown["steps"]}
    assert "+        percent:" in steps["docstring"]
    assert "+    return max(numbers)\n" in steps["refactor"]
    assert all(f"+    def {name}(self" in steps["implement"] for name in ("push", "pop", "peek", "is_empty"))


def test_the_demo_without_a_terminal_prints_plainly(tmp_path: Path, model_folder: Path) -> None:
    result = pillion("demo", "--tiny", home=tmp_path, PILLION_MODEL_DIR=str(model_folder), TERM="dumb")
    assert result.returncode == 0, result.stderr
    assert (result.stderr, "\x1b" in result.stdout) == ("", False), "nothing between the lines, such as a log's"
    assert not re.search(r"\b1 (?:tokens|findings)\b|notification|/tmp/", result.stdout), result.stdout
    assert not list((tmp_path / ".state").rglob("*.md")), "what the demo drafts isn't the user's"
    for expected in (
        "✓ SIMPLE docstring",
        "✓ COMPLEX implement",
        "+++ b/shop.py",
        "side by side",
        "Both were busy for",
    ):
        assert expected in result.stdout
    for step, engines in (("docstring", "by passenger"), ("refactor", "by driver"), ("hover", "by passenger")):
        assert re.search(rf"{step} .*  {engines}$", result.stdout, re.MULTILINE), result.stdout
    # The smallest model may write what can't be compared; then a person has to say yes.
    said = (
        r"(?:It was run before: behaviour compared on \d+ inputs\b.*|This edit waits for a yes: .* The demo says yes)\."
    )
    assert re.search(rf"refactor .*\n  {said}\n", result.stdout), result.stdout


def test_the_fixture_is_what_the_demo_needs() -> None:
    from pillion.cli.demo import STEPS
    from pillion.cli.fixtures import fixture

    text = fixture("demo", "shop.py").read_text()
    ast.parse(text)
    assert all(step.marker in text for step in STEPS)
    assert os.path.isabs(fixture("demo", "shop.py"))


def test_an_interrupt_ends_the_server_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "pillion", "serve", "--stdio"]
    environment = private_environment(tmp_path, None)
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        body = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}'
        server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        server.stdin.flush()
        assert server.stdout.readline().startswith(b"Content-Length")
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 130


def test_writing_through_a_link_changes_the_file_behind_it(
    tmp_path: Path, shop: Path, two_gpus: Path, large: FakeEngine
) -> None:
    large.script(Rule(REFACTORED))
    (tmp_path / "link.py").symlink_to(shop)
    result = pillion("action", "refactor", "link.py:1", "--write", home=tmp_path, config=two_gpus)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "link.py").is_symlink()
    assert shop.read_text() == "def total(prices):\n    return sum(prices)\n"
