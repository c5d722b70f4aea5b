"""Code that hypothesis makes out of escapes: whatever it does, it gets an answer and reaches nothing."""

import itertools
import os
import time
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, seed, settings

from pillion.errors import CannotRunError
from pillion.sandbox.monty_sandbox import MontySandbox
from pillion.sandbox.sandbox import Call, Limits, Returned
from pillion.sandbox.values import Value
from tests.unit.sandbox.attacks import programs

# `make attack` takes ten minutes.
SECONDS = float(os.environ.get("ATTACK_SECONDS", "4"))
CANARY = "canary-93b1c4"
VARIABLE = "PILLION_CANARY"
LIMITS = Limits(call_s=0.05, all_s=0.3, memory_bytes=16 * 1024 * 1024)
_MOST_SECONDS = 10.0
_MOST_GROWTH = 150 * 1024 * 1024
_WORKERS = 4


def test_made_up_attacks_are_answered_and_reach_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "canary.txt"
    file.write_text(CANARY, encoding="utf-8")
    monkeypatch.setenv(VARIABLE, CANARY)
    monkeypatch.chdir(tmp_path)
    environment, me = dict(os.environ), psutil.Process()
    sandbox = MontySandbox()
    ends_at, rss, counted = time.monotonic() + SECONDS, me.memory_info().rss, 0
    others = {each.pid for each in me.children()}

    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(programs({"file": str(file), "folder": str(tmp_path), "variable": VARIABLE}))
    def attack(code: str) -> None:
        nonlocal counted
        if time.monotonic() > ends_at:
            return
        counted += 1
        program, _, call = code.rpartition("\n")
        calls = [Call(call), Call(call, "a = b", ("a", "b")), Call("1")]
        began_s, words = time.monotonic(), ""
        try:
            answers = sandbox.run(program, calls, LIMITS)
            assert len(answers) == len(calls)
            words = repr(answers)
        except CannotRunError as exc:
            words = str(exc)
        assert time.monotonic() - began_s < _MOST_SECONDS
        assert CANARY not in words
        assert file.read_text(encoding="utf-8") == CANARY
        assert list(tmp_path.iterdir()) == [file]
        assert dict(os.environ) == environment
        assert me.memory_info().rss - rss < _MOST_GROWTH
        assert sandbox.run("", [Call("1 + 1")], Limits(call_s=5)) == [Returned(Value("int", "2"))]
        living = [each for each in me.children() if each.pid not in others and each.status() != psutil.STATUS_ZOMBIE]
        assert len(living) <= _WORKERS

    try:
        for number in itertools.count():
            seed(number)(attack)()
            if time.monotonic() > ends_at:
                break
    finally:
        sandbox.close()
    printed = capfd.readouterr()
    assert printed.out == ""
    assert CANARY not in printed.err
    assert counted > SECONDS  # more than one each second: the attacks were really made
    print(f"{counted} attacks, {(me.memory_info().rss - rss) // 1024} KiB more")  # noqa: T201
