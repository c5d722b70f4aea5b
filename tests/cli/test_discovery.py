"""Engines that run here are found by the commands, for a user who has named none."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pillion.fake_engine.process import FakeEngine
from tests.support.editor import private_environment


@pytest.fixture
def ollama(large: FakeEngine) -> FakeEngine:
    """An Ollama with two models for code."""
    large.change(models=["nomic-embed-text", "qwen2.5-coder:7b", "qwen2.5-coder:1.5b"])
    return large


def pillion(*words: str, home: Path, ollama: FakeEngine, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs the command where that Ollama is named by OLLAMA_HOST."""
    there = {"OLLAMA_HOST": urlsplit(ollama.url).netloc, "PILLION_DISCOVERY__ENABLED": "true", "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "pillion", *words],
        env=private_environment(home, None) | there | more,
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
    )


def test_config_show_says_what_was_found(tmp_path: Path, ollama: FakeEngine) -> None:
    done = pillion("config", "show", home=tmp_path, ollama=ollama)
    assert done.returncode == 0, done.stderr
    port = urlsplit(ollama.url).port
    assert f"# Found Ollama on port {port}: qwen2.5-coder:7b drafts, qwen2.5-coder:1.5b audits" in done.stdout
    assert '[endpoints.ollama-small]\nprotocol = "ollama"' in done.stdout
    shown = json.loads(pillion("config", "show", "--json", home=tmp_path, ollama=ollama).stdout)
    assert shown["lanes"]["complex"] == ["ollama"]


def test_config_init_writes_it_down(tmp_path: Path, ollama: FakeEngine) -> None:
    done = pillion("config", "init", home=tmp_path, ollama=ollama)
    assert done.returncode == 0, done.stderr
    assert "qwen2.5-coder:7b drafts" in done.stdout
    shown = json.loads(pillion("config", "show", "--json", home=tmp_path, ollama=ollama, OLLAMA_HOST="").stdout)
    assert {name: each["model"] for name, each in shown["endpoints"].items()} == {
        "ollama": "qwen2.5-coder:7b",
        "ollama-small": "qwen2.5-coder:1.5b",
    }
    assert pillion("config", "check", "--live", home=tmp_path, ollama=ollama).returncode == 0


def test_questions_go_to_the_engine_that_was_found(tmp_path: Path, ollama: FakeEngine) -> None:
    done = pillion("ask", "--json", "explain what a monad is", home=tmp_path, ollama=ollama)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["endpoint"] == "ollama-small"
    (asked,) = ollama.log()
    assert asked.model == "qwen2.5-coder:1.5b"


def test_nothing_is_asked_if_the_user_has_forbidden_it(tmp_path: Path, ollama: FakeEngine) -> None:
    done = pillion("config", "show", home=tmp_path, ollama=ollama, PILLION_DISCOVERY__ENABLED="false")
    assert "Found" not in done.stdout
    assert "[endpoints.driver]" in done.stdout


def test_a_workspace_can_neither_turn_it_on_nor_off(tmp_path: Path, ollama: FakeEngine) -> None:
    (tmp_path / ".pillion.toml").write_text("[discovery]\nenabled = false\n", encoding="utf-8")
    done = pillion("config", "show", home=tmp_path, ollama=ollama)
    assert done.returncode == 2
    assert "only you can set this" in done.stderr
    assert "[endpoints.ollama]" in done.stdout


def test_commands_that_load_engines_in_their_own_event_loop_find_them_too(tmp_path: Path, ollama: FakeEngine) -> None:
    done = pillion("bench", "refactors", "--only", "nothing-has-this-name", home=tmp_path, ollama=ollama)
    assert done.returncode == 2, done.stderr
    done = pillion("bench", "refactors", "--only", "grades", home=tmp_path, ollama=ollama)
    assert done.returncode == 0, done.stderr
