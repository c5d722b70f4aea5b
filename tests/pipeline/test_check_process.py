"""The child process that runs a draft with its checks: it says what went wrong, and has limits."""

import os
import sys
import time
from pathlib import Path

import pytest

from pillion.bench import check_process
from pillion.bench.check_process import run_checks, why_not

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")


@pytest.mark.parametrize(
    ("program", "passed", "said"),
    [
        pytest.param("x = 1\n", True, "", id="right"),
        pytest.param("assert 1 == 2, 'one is not two'\n", False, "one is not two", id="a check fails"),
        pytest.param("def f(:\n", False, "SyntaxError", id="no Python"),
        pytest.param("import os\nos._exit(0)\n", True, "", id="ends at once"),
        pytest.param("x = b'1' * (4 << 30)\n", False, "MemoryError", id="takes all memory"),
        pytest.param("open('large', 'wb').write(bytes(80 << 20))\n", False, "", id="fills the disk"),
        pytest.param("import sys\nsys.stdout.write('x' * 10_000_000)\n", True, "", id="says much"),
        pytest.param("import sys\nsys.exit('y' * 1_000_000)\n", False, "y" * 300, id="complains at length"),
        pytest.param("import os\nassert not set(os.environ) & {'SECRET'}\n", True, "", id="sees no environment"),
        pytest.param("import os\nassert os.listdir() == ['draft.py']\n", True, "", id="is in an empty folder"),
        pytest.param("import sys\nassert not sys.stdin.read()\n", True, "", id="is told nothing"),
    ],
)
def test_python(program: str, passed: bool, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "1")
    checked = run_checks("python", "draft.py", program)
    assert (checked.passed, said in checked.said) == (passed, True), checked.said
    assert len(checked.said) <= 300


def test_an_endless_program_is_ended_with_all_that_it_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(check_process, "RUNS_WITHIN_S", 1)
    alive = tmp_path / "alive"
    child = f"import time\nwhile True:\n    open({str(alive)!r}, 'w').close()\n    time.sleep(0.05)\n"
    program = f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {child!r}])\ntime.sleep(60)\n"
    checked = run_checks("python", "draft.py", program)
    assert (checked.passed, checked.said) == (False, "it took more than 1 s")
    alive.unlink(missing_ok=True)
    time.sleep(0.3)
    assert not alive.exists()


def test_a_program_that_does_not_compile_says_why() -> None:
    if why_not("c"):
        pytest.skip(why_not("c"))
    checked = run_checks("c", "draft.c", "int main(void) { return missing; }\n")
    assert not checked.passed
    assert "missing" in checked.said


@pytest.mark.parametrize(
    ("language_id", "path", "said"),
    [
        pytest.param("python", "", "", id="this Python is always there"),
        pytest.param("go", "", "go isn't installed", id="no tool"),
        pytest.param("cpp", os.environ.get("PATH", ""), "the bench can't run cpp", id="an unknown language"),
    ],
)
def test_what_can_not_be_run_says_why(language_id: str, path: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", path)
    assert why_not(language_id) == said
