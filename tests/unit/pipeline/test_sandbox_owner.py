"""Who makes the sandboxes, and who ends them."""

import asyncio
from pathlib import Path

import psutil
import pytest

from pillion.cli.compose import load_runtime, sandboxes_without_engines
from pillion.errors import CannotRunError
from pillion.pipeline.runtime import Runtime
from pillion.sandbox.sandbox import Call, Limits, Returned
from pillion.sandbox.sandboxes import Sandboxes
from pillion.sandbox.values import Value


def one_and_one(sandboxes: Sandboxes) -> None:
    """Runs something."""
    answers = sandboxes.of("python").run("", [Call("1 + 1")], Limits(call_s=5))
    assert answers == [Returned(Value("int", "2"))]


def children() -> set[int]:
    """The processes that this one has started."""
    return {each.pid for each in psutil.Process().children(recursive=True)}


def with_configuration(monkeypatch: pytest.MonkeyPatch, file: Path, text: str) -> Runtime:
    """The runtime of a user's file."""
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("PILLION_CONFIG", str(file))
    return load_runtime(None, {})


def test_a_runtime_starts_no_worker_before_the_first_run_and_leaves_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runtime = with_configuration(monkeypatch, tmp_path / "config.toml", "")
    before = children()
    sandboxes = runtime.policy.sandboxes
    sandboxes.of("python")
    assert children() == before
    one_and_one(sandboxes)
    assert children() > before
    asyncio.run(runtime.aclose())
    assert children() == before


def test_nothing_is_started_for_a_runtime_that_was_closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    runtime = with_configuration(monkeypatch, tmp_path / "config.toml", "")
    before = children()
    asyncio.run(runtime.aclose())
    with pytest.raises(CannotRunError, match="closed"):
        one_and_one(runtime.policy.sandboxes)
    assert children() == before


@pytest.mark.parametrize(
    ("text", "runs"),
    [("", True), ("[sandbox]\nenabled = true", True), ("[sandbox]\nenabled = false", False), ("[sandbox", False)],
)
def test_the_users_file_says_whether_a_command_without_engines_runs_drafts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, runs: bool
) -> None:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PILLION_CONFIG", str(tmp_path / "config.toml"))
    sandboxes = sandboxes_without_engines()
    try:
        if runs:
            one_and_one(sandboxes)
        else:
            with pytest.raises(CannotRunError, match=r"turned off \(sandbox.enabled\)"):
                sandboxes.of("python")
    finally:
        sandboxes.close()
