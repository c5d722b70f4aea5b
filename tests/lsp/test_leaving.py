"""However a session ends: the server ends with it, quietly and soon, its engines too, and drafts are kept."""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.support.editor import SERVE, private_environment
from tests.support.raw_client import RawClient, as_body, framed

pytestmark = pytest.mark.cold
# What hangs in these tests hangs for minutes. It is a second or two; how long exactly is up to the machine.
GONE_WITHIN_S = 10.0
# The server itself, whose loop stands still for good at a signal.
HANGS = (
    "-c",
    "import signal, time, pillion.cli; signal.signal(signal.SIGUSR1, lambda *_: time.sleep(600)); pillion.cli.main()",
    *SERVE[2:],
)
# What a few words in a log come to. It was 28 MB.
MOST_STDERR = 2_000
STUB = "def one():\n    raise NotImplementedError\n"
DRAFT = "```python\ndef one():\n" + "".join(f"    number_{n} = {n}\n" for n in range(400)) + "    return 1\n```"

Leave = Callable[[RawClient], None]
PLACE = {"line": 0, "character": 0}
IMPLEMENT = {"action": "implement", "uri": "file:///shop.py", "range": {"start": PLACE, "end": PLACE}, "version": 1}
ITEM = {"uri": "file:///shop.py", "languageId": "python", "version": 1, "text": STUB}
EVENTS = {
    "processId": None,
    "rootUri": None,
    "capabilities": {},
    "initializationOptions": {"pillion": {"events": True}},
}
# A session whose job is at work.
SESSION = b"".join(
    framed(as_body(message))
    for message in (
        {"id": 1, "method": "initialize", "params": EVENTS},
        {"method": "textDocument/didOpen", "params": {"textDocument": ITEM}},
        {"id": 2, "method": "workspace/executeCommand", "params": {"command": "pillion.run", "arguments": [IMPLEMENT]}},
    )
)


def exits(client: RawClient) -> None:
    client.notify("exit", None)


def closes_stdin(client: RawClient) -> None:
    assert client.process.stdin is not None
    client.process.stdin.close()


def sends(number: signal.Signals) -> Leave:
    return lambda client: client.process.send_signal(number)


# How it ends, the exit code, and whether the server had a chance to keep the draft.
WAYS: list[Any] = [
    pytest.param(exits, 1, True, id="exit-without-shutdown"),
    pytest.param(closes_stdin, 1, True, id="end-of-stdin"),
    pytest.param(RawClient.stop_reading, 1, True, id="stdout-closed"),
    pytest.param(sends(signal.SIGTERM), -signal.SIGTERM, True, id="SIGTERM"),
    pytest.param(sends(signal.SIGINT), 130, True, id="SIGINT"),
    pytest.param(sends(signal.SIGHUP), -signal.SIGHUP, True, id="SIGHUP"),
    pytest.param(sends(signal.SIGKILL), -signal.SIGKILL, False, id="SIGKILL"),
]


def gone_within(process: subprocess.Popen[bytes], began: float, within_s: float = GONE_WITHIN_S) -> int:
    """The exit code."""
    code = process.wait(within_s)
    took_s = time.monotonic() - began
    assert took_s < within_s, f"it took {took_s:.1f} s"
    return code


@pytest.mark.parametrize(("leave", "code", "keeps"), WAYS)
def test_in_the_middle_of_a_job(
    leave: Leave, code: int, keeps: bool, tmp_path: Path, two_gpus: Path, large: FakeEngine, small: FakeEngine
) -> None:
    large.script(Rule(DRAFT, tokens_per_s=200))
    small.script(Rule('{"findings": []}', tokens_per_s=5))
    with RawClient(tmp_path, two_gpus) as client:
        client.initialize()
        client.open("file:///shop.py", STUB)
        job = client.run("implement", "file:///shop.py")
        client.job(job, "drafting", tokens=40)
        began = time.monotonic()
        leave(client)
        assert gone_within(client.process, began) == code
        assert len(client.stderr) < MOST_STDERR, client.stderr[:1000]
        if keeps:
            (kept,) = client.drafts.glob("*.md")
            assert DRAFT.startswith(kept.read_text())
            assert len(kept.read_text()) > 200
    wait_until(lambda: large.log()[-1].ended != "open")
    assert large.log()[-1].ended == "client_closed"


@pytest.mark.parametrize(
    ("leave", "code"),
    [
        pytest.param(exits, 1, id="exit-without-shutdown"),
        pytest.param(closes_stdin, 1, id="end-of-stdin"),
        pytest.param(RawClient.stop_reading, 1, id="stdout-closed"),
        pytest.param(sends(signal.SIGTERM), -signal.SIGTERM, id="SIGTERM"),
    ],
)
def test_at_rest(leave: Leave, code: int, tmp_path: Path) -> None:
    with RawClient(tmp_path) as client:
        client.initialize()
        began = time.monotonic()
        leave(client)
        assert gone_within(client.process, began) == code
        assert client.stderr == ""


@pytest.mark.parametrize(
    ("when", "leave", "code"),
    [
        pytest.param("loading", closes_stdin, 1, id="loading-end-of-stdin"),
        pytest.param("loading", RawClient.stop_reading, 1, id="loading-stdout-closed"),
        pytest.param("loading", sends(signal.SIGTERM), -signal.SIGTERM, id="loading-SIGTERM"),
        pytest.param("loading", sends(signal.SIGKILL), -signal.SIGKILL, id="loading-SIGKILL"),
        pytest.param("drafting", exits, 1, id="drafting-exit-without-shutdown"),
        pytest.param("drafting", closes_stdin, 1, id="drafting-end-of-stdin"),
        pytest.param("drafting", sends(signal.SIGKILL), -signal.SIGKILL, id="drafting-SIGKILL"),
    ],
)
def test_with_an_engine_of_its_own(when: str, leave: Leave, code: int, tmp_path: Path, model_folder: Path) -> None:
    with RawClient(tmp_path, PILLION_MODEL_DIR=str(model_folder)) as client:
        client.initialize()
        client.open("file:///shop.py", "def discount(price, percent):\n    return price - price * percent / 100\n")
        job = client.run("refactor", "file:///shop.py")
        if when == "drafting":
            client.job(job, "drafting", tokens=2)
        else:
            wait_until(lambda: engines_of(client))
        engines = engines_of(client)
        assert engines
        began = time.monotonic()
        leave(client)
        wait_until(lambda: all(map(has_ended, engines)), GONE_WITHIN_S)
        assert gone_within(client.process, began) == code
        assert len(client.stderr) < MOST_STDERR, client.stderr[:1000]


@pytest.mark.parametrize("order", ["shutdown-and-exit", "shutdown-and-exit-at-once", "shutdown-and-end"])
def test_in_good_order_it_is_0(
    order: str, tmp_path: Path, two_gpus: Path, large: FakeEngine, small: FakeEngine
) -> None:
    large.script(Rule(DRAFT, tokens_per_s=100))
    with RawClient(tmp_path, two_gpus) as client:
        client.initialize()
        client.open("file:///shop.py", STUB)
        client.job(client.run("implement", "file:///shop.py"), "drafting", tokens=20)
        began = time.monotonic()
        if order == "shutdown-and-exit-at-once":
            bye = [{"id": 1, "method": "shutdown"}, {"method": "exit"}]
            client.send(b"".join(framed(as_body(each)) for each in bye))
        else:
            assert client.request("shutdown", None)["result"] is None
            (exits if order == "shutdown-and-exit" else closes_stdin)(client)
        assert gone_within(client.process, began) == 0
        assert client.stderr == ""
        assert len(list(client.drafts.glob("*.md"))) == 1


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP), (signal.SIGINT, 130)]
)
def test_a_server_that_hangs_ends_by_a_signal(number: signal.Signals, code: int, tmp_path: Path) -> None:
    """Whoever sent it sees that the server did as it was told."""
    with RawClient(tmp_path, program=HANGS) as client:
        client.initialize()
        client.process.send_signal(signal.SIGUSR1)
        time.sleep(0.3)
        began = time.monotonic()
        client.process.send_signal(number)
        assert gone_within(client.process, began) == code
        assert client.stderr == ""


def test_a_load_that_hangs_keeps_nobody_from_leaving(tmp_path: Path) -> None:
    """A configuration in a pipe that nobody writes to."""
    fifo = tmp_path / "config.toml"
    os.mkfifo(fifo)
    with RawClient(tmp_path, fifo) as client:
        client.initialize()
        client.open("file:///shop.py", STUB)
        client.run("docstring", "file:///shop.py")
        time.sleep(0.5)
        began = time.monotonic()
        assert client.request("shutdown", None)["result"] is None
        exits(client)
        assert gone_within(client.process, began) == 0
        assert len(client.stderr) < MOST_STDERR


def test_a_client_that_reads_nothing_and_leaves(tmp_path: Path, two_gpus: Path, large: FakeEngine) -> None:
    """The server stands in a write when the end comes, and can't even notice it."""
    large.script(Rule("```python\n" + "word " * 60_000))
    command = [sys.executable, "-P", "-m", "pillion", "serve", "--stdio"]
    environment = private_environment(tmp_path, two_gpus)
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        assert server.stdin is not None
        assert server.stderr is not None
        server.stdin.write(SESSION)
        server.stdin.flush()
        wait_until(lambda: large.log())
        time.sleep(2)  # a pipe holds 64 KB
        began = time.monotonic()
        server.stdin.close()
        assert gone_within(server, began) == 1
        assert len(server.stderr.read()) < MOST_STDERR


@pytest.mark.parametrize("how", ["closes", "resets"])
def test_a_peer_that_leaves(how: str, tmp_path: Path, two_gpus: Path, large: FakeEngine, small: FakeEngine) -> None:
    large.script(Rule(DRAFT, tokens_per_s=100))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-P", "-m", "pillion", "serve", "--tcp", f"127.0.0.1:{port}"]
    environment = private_environment(tmp_path, two_gpus)
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as server:
        assert server.stderr is not None
        peer = connected(port)
        peer.sendall(SESSION)
        told = b""
        while not re.search(rb'"tokens": [3-9]\d', told):  # they are told of in batches
            told = told[-20:] + peer.recv(4096)
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port), 1)  # it serves one
        began = time.monotonic()
        if how == "resets":
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
        assert gone_within(server, began) == 1
        assert server.stderr.read() == b""
    assert len(list((tmp_path / ".state" / "pillion" / "drafts").glob("*.md"))) == 1


def connected(port: int) -> socket.socket:
    deadline = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 5)
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def engines_of(client: RawClient) -> list[psutil.Process]:
    return psutil.Process(client.process.pid).children()


def has_ended(process: psutil.Process) -> bool:
    """Whether it runs no more. Without its parent, another process has to take note of that, which may take a while."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def wait_until(good: Callable[[], object], within_s: float = 60.0) -> None:
    deadline = time.monotonic() + within_s
    while not good():
        assert time.monotonic() < deadline
        time.sleep(0.02)
