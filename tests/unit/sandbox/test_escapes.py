"""The ways out of the sandbox that people know: none leads anywhere."""

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pillion.errors import CannotRunError
from pillion.sandbox.monty_sandbox import MontySandbox
from pillion.sandbox.sandbox import Answer, Bound, Call, Limits, NotRun, Raised, Returned, Sandbox, Stopped
from tests.unit.sandbox.escapes import ESCAPES, Wanted

CANARY = "canary-93b1c4"
VARIABLE = "PILLION_CANARY"
LIMITS = Limits(call_s=0.2)
# For what only a busy machine has stopped.
PATIENT = Limits(call_s=3.0, all_s=10.0)
_MOST_GROWTH = 200 * 1024 * 1024
ROWS = [pytest.param(code, wanted, id=f"{group}-{code[:60]!r}") for group in ESCAPES for code, wanted in ESCAPES[group]]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[MontySandbox]:
    made = MontySandbox()
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with nothing but the canary's file in it."""
    (tmp_path / "canary.txt").write_text(CANARY, encoding="utf-8")
    monkeypatch.setenv(VARIABLE, CANARY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def attempt(sandbox: Sandbox, code: str, limits: Limits = LIMITS) -> Answer:
    """What comes of code whose last line is a call."""
    program, _, call = code.rpartition("\n")
    try:
        (answer,) = sandbox.run(program, [Call(call)], limits)
    except CannotRunError as exc:
        return NotRun(str(exc))
    return answer


def is_wanted(answer: Answer, wanted: Wanted) -> bool:
    """Whether this is what must come."""
    match answer:
        case Returned(value):
            return value.text == wanted
        case Stopped(bound):
            return wanted in (bound, Stopped)
        case Raised() | NotRun():
            return type(answer) is wanted


@pytest.mark.parametrize(("code", "wanted"), ROWS)
def test_no_escape_leads_anywhere(
    sandbox: MontySandbox, folder: Path, capfd: pytest.CaptureFixture[str], code: str, wanted: Wanted
) -> None:
    environment, rss = dict(os.environ), psutil.Process().memory_info().rss
    file = folder / "canary.txt"
    replaced = code if "{" not in code else code.format(file=file, folder=folder, variable=VARIABLE)
    answer = attempt(sandbox, replaced)
    if answer == Stopped(Bound.TIME) and not is_wanted(answer, wanted):
        answer = attempt(sandbox, replaced, PATIENT)
    assert is_wanted(answer, wanted), answer
    assert CANARY not in repr(answer)
    assert file.read_text(encoding="utf-8") == CANARY
    assert list(folder.iterdir()) == [file]
    assert dict(os.environ) == environment
    assert Path.cwd() == folder
    assert psutil.Process().memory_info().rss - rss < _MOST_GROWTH
    assert capfd.readouterr().out == ""
