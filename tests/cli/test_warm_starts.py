"""A command that starts in a warm interpreter is the same as one that starts cold, for whoever starts it."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.support.editor import private_environment
from tests.support.warm_processes import INTERPRETER, WarmProcesses

pytestmark = [
    pytest.mark.cold,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all commands start cold"),
]
PILLION = [sys.executable, "-P", "-m", "pillion"]
COMMANDS = {
    "a version": ["--version"],
    "help": ["action", "--help"],
    "a folder": ["action", "refactor", "shop.py:9"],
    "a wrong word": ["action", "delete", "shop.py:1"],
    "a configuration": ["config", "show"],
    "a mistake in it": ["config", "check"],
    "stdin": ["ask", "--json"],
}
BROKEN = "[endpoints.gpu0]\nprotocol = 'olama'\n"


@pytest.fixture(scope="module")
def warm() -> Iterator[type[subprocess.Popen[Any]]]:
    """A Popen of which the next command is warm."""
    with WarmProcesses() as processes:
        popen = processes.popen()
        with popen(
            [*PILLION, "--version"], env=private_environment(Path("/"), None), stdout=subprocess.DEVNULL
        ) as cold:
            assert cold.wait() == 0
        yield popen


def shop(folder: Path) -> dict[str, str]:
    """A folder to start in, and an environment."""
    (folder / "shop.py").write_text("def total(prices):\n    return sum(prices)\n")
    (folder / "config.toml").write_text(BROKEN)
    return private_environment(folder, folder / "config.toml")


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_it_says_the_same(words: list[str], tmp_path: Path, warm: type[subprocess.Popen[Any]]) -> None:
    environment, said = shop(tmp_path), []
    for popen in (subprocess.Popen, warm):
        with popen(
            [*PILLION, *words], env=environment, cwd=tmp_path, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            said.append((*process.communicate("what is a tax?"), process.returncode))
    assert said[0] == said[1]
    assert said[0][:2] != ("", "")


@pytest.mark.parametrize("own_session", [False, True])
def test_it_is_a_child_of_its_own(own_session: bool, tmp_path: Path, warm: type[subprocess.Popen[Any]]) -> None:
    environment = shop(tmp_path)
    with warm(
        [*PILLION, "serve", "--stdio"], env=environment, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        start_new_session=own_session,
    ) as server:  # fmt: skip
        process = psutil.Process(server.pid)
        assert str(INTERPRETER) in process.cmdline(), "it isn't warm"
        assert process.ppid() == os.getpid()
        assert Path(process.exe()) == Path(sys.executable).resolve()
        assert os.getsid(server.pid) == (server.pid if own_session else os.getsid(0))
        assert process.num_fds() <= psutil.Process().num_fds(), "none of the tests' files but the three"
        server.send_signal(signal.SIGKILL)
        assert server.wait(10) == -signal.SIGKILL
    assert not psutil.pid_exists(server.pid)


def test_what_can_only_start_cold_does(tmp_path: Path, warm: type[subprocess.Popen[Any]]) -> None:
    """The output would be lost if one of these ran in the warm interpreter as it is."""
    near, far = pty.openpty()
    with warm([*PILLION, "--version"], env=shop(tmp_path), stdout=far) as to_terminal:
        assert to_terminal.wait() == 0
    os.close(far)
    assert os.read(near, 100).startswith(b"pillion ")
    os.close(near)
    code = "import os, sys; print('pillion' in sys.modules, os.getppid())"
    with warm([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.communicate()[0].split() == ["False", str(os.getpid())]
