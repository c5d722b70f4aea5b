"""One way to print: what a model or a workspace says neither steers the terminal nor is markup, in one or in a pipe."""

import ast
import io
import json
import logging
import re
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

import pillion.cli
from pillion.cli.output import console, print_diff, print_json, working, write
from pillion.cli.serve import VisibleFormatter
from pillion.text.diffs import unified_diff
from pillion.text.hidden import STEERING

HOSTILE = "[bold]x[/] [link=https://e.example]y[/link] \x1b]8;;https://e\x07\x1b[2J\x9b31m\u202e\b\r\0 :smile: \ud800"
SHOWN = (
    "[bold]x[/] [link=https://e.example]y[/link] \\x1b]8;;https://e\\x07\\x1b[2J\\x9b31m\\u202e\\x08\\x0d\\x00 "
    ":smile: \\ud800"
)
STEERS = re.compile(f"[{STEERING}]")
# What rich itself sends: colours, and where a status goes.
RICH = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
def test_whatever_rich_draws(terminal: bool) -> None:
    screen = console()
    screen.file = out = io.StringIO()
    screen._force_terminal = terminal
    screen.print(HOSTILE, style="dim")
    screen.print(Text(HOSTILE))
    screen.print(Text.assemble((HOSTILE, "bold"), HOSTILE))
    table = Table(HOSTILE, title=HOSTILE, width=400)
    table.add_row(HOSTILE)
    screen.print(table)
    print_diff(screen, unified_diff("a\n", f"{HOSTILE}\n", HOSTILE))
    with working(screen, HOSTILE) as say:
        say(HOSTILE)
    said = RICH.sub("", out.getvalue())
    assert STEERS.search(said) is None
    assert said.count("[bold]x[/] [link=https://e.example]y[/link]") >= 8
    assert f"{SHOWN}\n" in said
    assert f"+{SHOWN}\n" in said
    assert "😄" not in said


def test_text_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    write(f"{HOSTILE}\n")
    assert capsys.readouterr().out == f"{SHOWN}\n"
    data = {HOSTILE: [HOSTILE, "é 👩\u200d🚀 \U000e0041"]}
    print_json(data)
    printed = capsys.readouterr().out
    assert STEERS.search(printed) is None
    assert "é 👩\u200d🚀" in printed
    assert json.loads(printed) == json.loads(json.dumps(data))


def test_no_command_prints_another_way() -> None:
    found = []
    for file in Path(pillion.cli.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            fixed = isinstance(node, ast.Call) and all(isinstance(each, ast.Constant) for each in node.args)
            other = called in {"print", "Console", "sys.stdout.write", "sys.stderr.write"} or called.endswith(
                (".from_markup", ".status", ".rule", ".log", ".out")
            )
            marked = isinstance(node, ast.keyword) and (node.arg, ast.unparse(node.value)) == ("markup", "True")
            if ((other and not fixed) or marked) and file.name != "output.py":
                found.append(f"{file.name}:{getattr(node, 'lineno', 0)} {called}")
    assert found == []


def test_the_servers_log() -> None:
    record = logging.LogRecord("pillion", logging.WARNING, "x.py", 1, "%s failed", (HOSTILE,), None)
    assert VisibleFormatter("%(levelname)s %(message)s").format(record) == f"WARNING {SHOWN} failed"
