"""The sandboxes of a machine: what is missing turns off the checks, and nothing else, and is said once."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from pillion.errors import CannotRunError
from pillion.sandbox import monty_worker
from pillion.sandbox.monty_sandbox import MontySandbox
from pillion.sandbox.sandbox import Call, Limits
from pillion.sandbox.sandboxes import Sandboxes


def test_a_missing_wheel_is_a_reason_and_is_said_once() -> None:
    code = """
import logging, sys
sys.modules["pydantic_monty"] = None
logging.basicConfig(stream=sys.stdout, format="log: %(message)s")
import pillion.cli.compose, pillion.lsp.server
from pillion.errors import CannotRunError
from pillion.sandbox.sandboxes import Sandboxes
sandboxes = Sandboxes()
for _ in range(3):
    try:
        sandboxes.of("python")
    except CannotRunError as exc:
        print("error:", exc)
sandboxes.close()
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = result.stdout.splitlines()
    reason = "the sandbox for python isn't installed: "
    assert [each.partition(reason)[0] for each in lines] == ["log: drafts in python are not run: ", *["error: "] * 3]
    assert "pydantic_monty" in lines[0]


@pytest.mark.parametrize(
    ("attribute", "value", "why"),
    [("_WHEEL", "no-such-wheel-here", "isn't installed"), ("_NAME", "no-such-program", "came without its program")],
)
def test_a_missing_worker_is_a_reason_and_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, attribute: str, value: str, why: str
) -> None:
    monkeypatch.setattr(monty_worker, attribute, value)
    sandboxes = Sandboxes()
    for _ in range(3):
        with pytest.raises(CannotRunError, match=why):
            sandboxes.of("python")
    assert [each.levelno for each in caplog.records] == [logging.WARNING]


@pytest.mark.parametrize("name", ["gone", "text"])
def test_a_worker_that_cannot_be_started_is_a_reason(tmp_path: Path, name: str) -> None:
    (tmp_path / "text").write_text("no program", encoding="utf-8")
    (tmp_path / "text").chmod(0o700)
    sandbox = MontySandbox(tmp_path / name)
    with pytest.raises(CannotRunError, match="worker"):
        sandbox.run("", [Call("1")], Limits())


def test_a_worker_of_the_same_name_elsewhere_is_never_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "monty"
    other.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n", encoding="utf-8")
    other.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("MONTY_BIN", str(other))
    monkeypatch.chdir(tmp_path)
    sandboxes = Sandboxes()
    assert len(sandboxes.of("python").run("", [Call("1")], Limits())) == 1
    sandboxes.close()
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize(
    ("sandboxes", "language", "why"),
    [
        (Sandboxes(enabled=False), "python", "turned off"),
        (Sandboxes(), "cobol", "no sandbox for cobol"),
    ],
)
def test_where_nothing_runs_it_says_why(sandboxes: Sandboxes, language: str, why: str) -> None:
    with pytest.raises(CannotRunError, match=why):
        sandboxes.of(language)


def test_nothing_is_made_after_closing() -> None:
    sandboxes = Sandboxes()
    sandboxes.of("python")
    sandboxes.close()
    with pytest.raises(CannotRunError, match="closed"):
        sandboxes.of("python")
