"""Monty's workers: what ends them, what they leave, and what they keep from each other and from this process."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from pillion.errors import CannotRunError
from pillion.sandbox.monty_sandbox import MontySandbox
from pillion.sandbox.sandbox import Answer, Call, Limits, NotRun, Raised, Returned, Stopped
from pillion.sandbox.values import Value

# Whatever isn't endless is done in a moment; a busy machine may keep it waiting.
LIMITS = Limits(call_s=2, all_s=20)
BUSY = "def busy():\n    while True:\n        pass"
WITHIN_S = 20.0
linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc and prlimit are Linux's")


@pytest.fixture
def sandbox() -> Iterator[MontySandbox]:
    made = MontySandbox()
    yield made
    made.close()


def texts(answers: "list[Answer]") -> list[str]:
    """What came back, as text; of failures their type."""
    return [each.value.text if isinstance(each, Returned) else type(each).__name__ for each in answers]


def ran(sandbox: MontySandbox, program: str, *calls: str, limits: Limits = LIMITS) -> list[str]:
    """The answers of a run, as text."""
    return texts(list(sandbox.run(program, [Call(each) for each in calls], limits)))


def workers() -> list[psutil.Process]:
    """The workers of this process's sandboxes."""
    return [each for each in psutil.Process().children() if each.is_running() and "monty" in each.name()]


def busy_worker() -> psutil.Process:
    """The worker that computes, as soon as one does."""
    ends_at = time.monotonic() + WITHIN_S
    while time.monotonic() < ends_at:
        for each in workers():
            if each.cpu_percent(interval=0.05) > 20:
                return each
    raise AssertionError("no worker computes")


def test_a_worker_that_is_killed_while_it_runs_is_replaced_and_the_call_is_answered(sandbox: MontySandbox) -> None:
    ran(sandbox, "", "1")
    program = f"{BUSY}\ndef slow():\n    return sum(range(6_000_000))"
    with ThreadPoolExecutor(1) as threads:
        run = threads.submit(ran, sandbox, program, "1", "slow() > 0", "3", limits=Limits(call_s=5, all_s=20))
        busy_worker().kill()
        assert run.result(WITHIN_S) == ["1", "True", "3"]


def test_what_kills_each_worker_is_said_to_have_no_end(sandbox: MontySandbox) -> None:
    deep = f"1{'+1' * 200_000}"  # overflows the stack of Monty's parser
    answers = sandbox.run("", [Call("1"), Call(deep), Call("2")], Limits(call_s=5, all_s=20))
    assert [type(each) for each in answers] in ([Returned, Stopped, Returned], [Returned, NotRun, Returned])


def test_an_idle_worker_that_is_killed_is_replaced(sandbox: MontySandbox) -> None:
    assert ran(sandbox, "", "1") == ["1"]
    for each in workers():
        each.kill()
    assert ran(sandbox, "", "2") == ["2"]


def test_two_threads_run_at_once_and_more_of_them_wait(sandbox: MontySandbox) -> None:
    program = "kept = []\ndef keep(x):\n    kept.append(x)\n    return kept"
    with ThreadPoolExecutor(6) as threads:
        runs = [threads.submit(ran, sandbox, program, f"keep({n})", f"keep({n})") for n in range(30)]
        assert [each.result(WITHIN_S) for each in runs] == [[f"[{n}]", f"[{n}, {n}]"] for n in range(30)]


@pytest.mark.parametrize("eater", ["busy()", "'x' * 10**10", "eat()", "deep()", "flood()"])
def test_a_draft_that_eats_memory_or_time_changes_nothing_but_its_own_answer(sandbox: MontySandbox, eater: str) -> None:
    program = f"""{BUSY}
def eat():
    kept = ["x"]
    while True:
        kept += kept
def deep():
    return deep()
def flood():
    while True:
        print("x" * 1000)
"""
    ran(sandbox, "", "1")
    before = psutil.Process().memory_info().rss
    with ThreadPoolExecutor(2) as threads:
        eating = threads.submit(ran, sandbox, program, *[eater, "1 + 1"] * 3, limits=Limits(call_s=0.6, all_s=30))
        others = [
            threads.submit(ran, sandbox, "def f(x):\n    return x", f"f({n})").result(WITHIN_S) for n in range(20)
        ]
        assert eating.result(WITHIN_S * 2) == ["Stopped", "2"] * 3
    assert others == [[str(n)] for n in range(20)]
    assert psutil.Process().memory_info().rss - before < 50 * 1024 * 1024


@pytest.mark.parametrize(
    "expression",
    [
        "[i * 1.5 for i in range(300_000)]",
        "'\\u20ac' * 9_000_000",
        "{i: [i] for i in range(50_000)}",
        "laughs()",
        "tower(20_000)",
        "looped()",
        "1 << 50_000_000",
        "fail('x' * 9_000_000)",
    ],
)
def test_a_huge_answer_is_bounded_on_this_side_too(sandbox: MontySandbox, expression: str) -> None:
    program = """
def laughs():
    a = [0]
    for i in range(60):
        a = [a, a]
    return a
def tower(n):
    a = []
    for i in range(n):
        a = [a]
    return a
def looped():
    a = [{}]
    a[0]["a"] = a
    return a
def fail(words):
    raise ValueError(words)
"""
    before, began_s = psutil.Process().memory_info().rss, time.monotonic()
    (answer,) = sandbox.run(program, [Call(expression)], Limits(call_s=2, value_parts=1000))
    assert time.monotonic() - began_s < WITHIN_S
    assert psutil.Process().memory_info().rss - before < 150 * 1024 * 1024
    assert len(repr(answer)) < 500_000
    assert isinstance(answer, Raised | Stopped) or (isinstance(answer, Returned) and answer.value.is_opaque)


def test_a_program_leaves_nothing_to_the_next_one(sandbox: MontySandbox) -> None:
    tries = """
import math, random, os, sys, json
math.pi = 3
random.seed(99)
os.chdir("/") if False else None
print = None
int = str
kept = 5
sys.canary = "canary"
json.canary = "canary"
"""
    for line in tries.strip().splitlines():
        try:
            ran(sandbox, f"import math, random, os, sys, json\n{line}", "1")
        except CannotRunError:
            continue  # it can't even be set
    program = "import math, random, os, sys, json"
    first = ran(
        sandbox, program, "math.pi", "int(1.5)", "random.random()", "print()", "kept", "sys.canary", "json.canary"
    )
    assert first[:2] == ["3.141592653589793", "1"]
    assert first[3:] == ["None", "Raised", "Raised", "Raised"]
    assert ran(sandbox, program, "1", "2", "random.random()")[2] == first[2]


def test_a_run_that_is_under_way_ends_soon_after_the_sandbox_was_closed(sandbox: MontySandbox) -> None:
    ran(sandbox, "", "1")
    with ThreadPoolExecutor(1) as threads:
        run = threads.submit(ran, sandbox, BUSY, *["busy()"] * 20, limits=Limits(call_s=1, all_s=60))
        busy_worker()
        sandbox.close()
        with pytest.raises(CannotRunError, match="closed"):
            run.result(WITHIN_S)
    with pytest.raises(CannotRunError, match="closed"):
        ran(sandbox, "", "1")
    sandbox.close()
    del run
    ends_at = time.monotonic() + WITHIN_S
    while [each for each in workers() if each.status() != psutil.STATUS_ZOMBIE] and time.monotonic() < ends_at:
        time.sleep(0.05)
    assert [each for each in workers() if each.status() != psutil.STATUS_ZOMBIE] == []


def test_names_that_nothing_defines_are_not_counted_across_calls(sandbox: MontySandbox) -> None:
    program = "def f():\n    try:\n        return undefined\n    except NameError:\n        return 7"
    limits = Limits(call_s=2, all_s=20)
    assert ran(sandbox, program, *["[f() for i in range(400)][0]"] * 6, limits=limits) == ["7"] * 6
    assert ran(sandbox, program, "[f() for i in range(2000)][0]", "f()", limits=limits) == ["NotRun", "7"]


def test_what_the_code_prints_goes_nowhere(sandbox: MontySandbox, capfd: pytest.CaptureFixture[str]) -> None:
    program = "import sys\ndef f(n):\n    for i in range(n):\n        print('x' * 100)\n        print('y', file=sys.stderr)\n    return n"
    assert ran(sandbox, program, "f(2000)", limits=Limits(call_s=5)) == ["2000"]
    assert capfd.readouterr() == ("", "")


@linux
def test_a_worker_has_no_environment_and_can_open_nothing(
    sandbox: MontySandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILLION_CANARY", "canary")
    with ThreadPoolExecutor(1) as threads, (Path(__file__)).open(encoding="utf-8") as held:
        run = threads.submit(ran, sandbox, BUSY, "busy()", limits=Limits(call_s=3, all_s=9))
        worker = busy_worker()
        assert Path(f"/proc/{worker.pid}/environ").read_bytes() == b""
        limits = {
            line[:26].strip(): line[26:47].strip()
            for line in Path(f"/proc/{worker.pid}/limits").read_text().splitlines()
        }
        assert (limits["Max open files"], limits["Max processes"], limits["Max core file size"]) == ("0", "0", "0")
        assert held.name not in {os.readlink(each) for each in Path(f"/proc/{worker.pid}/fd").iterdir()}
        assert run.result(WITHIN_S) == ["Stopped"]


@pytest.mark.skipif(sys.platform == "win32", reason="another way to be killed")
def test_the_workers_end_with_this_process_however_it_ends() -> None:
    code = f"""
import sys, psutil
from pillion.sandbox.monty_sandbox import MontySandbox
from pillion.sandbox.sandbox import Call, Limits
sandbox = MontySandbox()
sandbox.run("", [Call("1")], Limits())
print(*[each.pid for each in psutil.Process().children()], flush=True)
sandbox.run({BUSY!r}, [Call("busy()")] * 1000, Limits(call_s=1, all_s=600))
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = [psutil.Process(int(pid)) for pid in process.stdout.readline().split()]
        assert found
        time.sleep(0.2)
        process.send_signal(signal.SIGKILL)
    gone, alive = psutil.wait_procs(found, timeout=WITHIN_S)
    assert (len(gone), alive) == (len(found), [])


@pytest.mark.parametrize(
    ("program", "call", "why"),
    [
        ("x = '\ud800'", "1", "can't be read"),
        ("", "'\ud800'", "can't be read"),
        ("x = 1\0", "1", "can't be read"),
        ("#" * 2_000_000, "1", "too long"),
        ("", "1" + " " * 2_000_000, "too long"),
        ("", "1\nimport subprocess\n1", "No module named"),
        ("class A:\n    def __bool__(self):\n        return False", "1", "__bool__"),
        ("class A:\n    def __len__(self):\n        return 0", "len(A())", "__len__"),
    ],
)
def test_what_is_no_program_is_not_run(sandbox: MontySandbox, program: str, call: str, why: str) -> None:
    try:
        (answer,) = sandbox.run(program, [Call(call)], LIMITS)
    except CannotRunError as exc:
        answer = NotRun(str(exc))
    assert isinstance(answer, NotRun)
    assert why in answer.reason


@pytest.mark.parametrize(
    ("program", "call", "kind"),
    [
        ("", "undefined", Raised),
        ("", "callable(1)", NotRun),
        ("import math", "math.invented(1)", Raised),
        ("import collections", "collections.OrderedDict()", NotRun),
        ("", "'a'.invented()", Raised),
        ("", "list(map(str.lower, ['A']))", NotRun),
        ("", "(1).bit_length", NotRun),
        ("def f():\n    raise NotImplementedError('x')", "f()", Raised),
        ("def f():\n    raise PermissionError('x')", "f()", Raised),
        ("def f():\n    raise ValueError('a', 1)", "f()", NotRun),
        ("def f():\n    raise MemoryError('x')", "f()", Raised),
        ("def f():\n    raise TimeoutError('x')", "f()", Raised),
        ("", "'a'.encode('latin-1')", NotRun),
        ("def f(n):\n    return 0 if n == 0 else 1 + f(n - 1)", "f(900)", Returned),
        ("def f(n):\n    return sorted([2, 1], key=lambda x: f(n - 1) if n else 0)", "f(30)", NotRun),
        ("class A:\n    pass", "A().missing", Raised),
    ],
)
def test_a_failure_is_the_codes_own_only_where_python_fails_too(
    sandbox: MontySandbox, program: str, call: str, kind: type[Answer]
) -> None:
    (answer,) = sandbox.run(program, [Call(call)], LIMITS)
    assert type(answer) is kind, answer


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("'<b>hi</b>'", Value("str", "'<b>hi</b>'")),
        ("'[...]'", Value("str", "'[...]'")),
        ("'range(0, 3)'", Value("str", "'range(0, 3)'")),
        ("range(3)", Value("range", "range(0, 3)")),
        ("{'k': ['<a>']}['k'][0]", Value("str", "'<a>'")),
        ("10 ** 4000", Value("int", f"{10**4000:#x}")),
        ("ValueError('x')", Value("ValueError", "ValueError('x')", (Value("str", "'x'"),))),
        ("int", Value("type", "int")),
        ("len", Value("function", "len")),
        ("datetime.date(2020, 1, 2)", Value("date", "datetime.date(2020, 1, 2)")),
    ],
)
def test_a_value_is_what_it_is(sandbox: MontySandbox, expression: str, wanted: Value) -> None:
    (answer,) = sandbox.run("import datetime", [Call(expression)], LIMITS)
    assert answer == Returned(wanted)


@pytest.mark.parametrize(
    "expression",
    ["lambda: 1", "[lambda: 1]", "{'a': {'b': lambda: 1}}", "looped", "A(lambda: 1)", "{lambda: 1}"],
)
def test_what_cannot_leave_the_sandbox_is_opaque(sandbox: MontySandbox, expression: str) -> None:
    program = "class A:\n    def __init__(self, x):\n        self.x = x\nlooped = []\nlooped.append(looped)"
    (answer,) = sandbox.run(program, [Call(expression)], LIMITS)
    assert isinstance(answer, Returned)
    assert answer.value.is_opaque


def test_closing_waits_for_no_run(sandbox: MontySandbox) -> None:
    ran(sandbox, "", "1")
    run = threading.Thread(target=lambda: ran(sandbox, BUSY, "busy()", limits=Limits(call_s=4)))
    run.start()
    busy_worker()
    began_s = time.monotonic()
    sandbox.close()
    assert time.monotonic() - began_s < 3
    run.join(WITHIN_S)
