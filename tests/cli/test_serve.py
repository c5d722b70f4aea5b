"""`pillion serve --tcp`: who can connect."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pillion.cli.serve import listening_hosts
from pillion.errors import UsageError
from tests.support.editor import private_environment

pytestmark = pytest.mark.cold


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def connected(host: str, port: int) -> socket.socket:
    deadline = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection((host, port), 1)
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tcp", "0.0.0.0:2087"], "Other machines could reach 0.0.0.0"),
        (["serve", "--tcp", "0.0.0.0:2087"], "Listen on 127.0.0.1, or say --allow-remote as well."),
        (["--tcp=[::]:2087"], "Other machines could reach ::"),
        (["--tcp", "0:2087"], "Other machines could reach 0.0.0.0"),
        (["--tcp", "[::ffff:0.0.0.0]:2087"], "Other machines could reach"),
        (["--tcp", "192.0.2.1:2087"], "Other machines could reach 192.0.2.1"),
        (["--tcp", "nowhere.invalid:2087"], "nowhere.invalid: it is no address of this machine"),
        (["--tcp", "a..b:2087"], "a..b: it is no address of this machine"),
        (["--tcp", "192.0.2.1:2087", "--allow-remote"], "Can't listen on 192.0.2.1:2087"),
        (["--tcp", ":2087"], "--tcp takes HOST:PORT"),
        (["--tcp", "127.0.0.1:99999"], "--tcp takes HOST:PORT"),
        (["--allow-remote"], "--allow-remote is about --tcp"),
    ],
)
def test_other_machines_only_if_told_twice(arguments: list[str], said: str, tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "pillion", *arguments]
    result = subprocess.run(
        command, env=private_environment(tmp_path, None), capture_output=True, text=True, timeout=30, check=False
    )
    assert result.returncode == 2, result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("addresses", "refused"),
    [
        (["127.0.0.1"], False),
        (["::1", "127.0.0.1"], False),
        (["127.0.0.1", "192.0.2.7"], True),
        (["::1", "fe80::1%eth0"], True),
        (["::ffff:127.0.0.1"], False),
        (["::ffff:192.0.2.7"], True),
    ],
)
def test_a_name_is_what_it_stands_for(addresses: list[str], refused: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(0, 0, 0, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    if refused:
        with pytest.raises(UsageError, match="Other machines could reach"):
            listening_hosts("my-machine", 2087, allow_remote=False)
    else:
        # What was looked at is what is listened on: the name isn't looked up again.
        assert listening_hosts("my-machine", 2087, allow_remote=False) == addresses
    assert listening_hosts("my-machine", 2087, allow_remote=True) == addresses


@pytest.mark.parametrize(
    ("arguments", "reachable_at"),
    [
        (["--tcp", "127.0.0.1:PORT"], "127.0.0.1"),
        (["--tcp", "localhost:PORT"], "127.0.0.1"),
        (["--tcp", "0.0.0.0:PORT", "--allow-remote"], "127.0.0.1"),
        (["--allow-remote", "--tcp", "0.0.0.0:PORT"], "127.0.0.1"),
    ],
)
def test_it_listens_for_one_client(arguments: list[str], reachable_at: str, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-P", "-m", "pillion", *(each.replace("PORT", str(port)) for each in arguments)]
    with subprocess.Popen(command, env=private_environment(tmp_path, None), stderr=subprocess.PIPE) as server:
        connected(reachable_at, port).close()
        assert server.wait(10) == 1
        assert server.stderr is not None
        assert server.stderr.read() == b""


def test_a_signal_ends_it_while_it_waits_for_a_client(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-P", "-m", "pillion", "--tcp", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, env=private_environment(tmp_path, None), stderr=subprocess.PIPE) as server:
        deadline = time.monotonic() + 20
        while f":{port:04X}" not in Path("/proc/net/tcp").read_text():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        server.terminate()
        assert server.wait(30) == -signal.SIGTERM
