"""What new code is warned of at the edges of its signature, in the real sandbox."""

from collections.abc import Iterator

import pytest

from pillion.auditors.running.robustness import RobustnessCheck
from pillion.auditors.running.run_check import Aim, RunReport, RunSubject
from pillion.sandbox.sandboxes import Sandboxes
from tests.unit.auditors.cases import passage
from tests.unit.auditors.running.whole_document import whole_document


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[Sandboxes]:
    made = Sandboxes()
    yield made
    made.close()


def report_of(text: str, sandboxes: Sandboxes, aim: Aim = Aim.NEW, before: str = "") -> RunReport:
    subject = RunSubject(passage("python", text, before), ("f",), aim)
    return RobustnessCheck(sandboxes, {"python": whole_document}).report(subject)


CRASH = "which its documentation doesn't announce."
MEAN = "def f(x: list[int]) -> float:\n    return sum(x) / len(x)\n"


def documented(words: str) -> str:
    return MEAN.replace("    return", f'    """Mean.\n\n    {words}\n    """\n    return')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MEAN, [f"f([]) raises ZeroDivisionError, {CRASH}"]),
        ("def f(x: list[str]) -> str:\n    return x[0]\n", [f"f([]) raises IndexError, {CRASH}"]),
        ("def f(x: list[int]) -> int:\n    return max(x)\n", [f"f([]) raises ValueError, {CRASH}"]),
        ("def f(x: str | None) -> str:\n    return x + 'a'\n", [f"f(None) raises TypeError, {CRASH}"]),
        ("def f(x: int) -> int:\n    while x != 3:\n        pass\n    return x\n", ["f(0) doesn't come to an end."]),
        ("def f(x: int) -> int:\n    return 0 if x == 3 else f(x)\n", ["f(0) calls itself without end."]),
        # Inputs like the examples'.
        ("# f([1, 2]) == 1\ndef f(x):\n    return x[0]\n", [f"f([]) raises IndexError, {CRASH}"]),
        # A decision, an announcement, a precondition.
        ("def f(x: list[int]) -> int:\n    if not x:\n        raise IndexError('empty')\n    return x[0]\n", []),
        ("def f(x: list[int]) -> int:\n    assert x\n    return x[0]\n", []),
        (documented("Raises:\n        ZeroDivisionError: x is empty."), []),
        (documented(":raises ZeroDivisionError: x is empty."), []),
        (documented("Raises\n    ------\n    ZeroDivisionError"), []),
        (documented("Throws if there is nothing in x."), []),
        (documented("x must not be empty."), []),
        (documented("x is non-empty."), []),
        (documented("x has one or more numbers."), []),
        # Of nothing there is none.
        (documented("The mean of x."), []),
        ("def f(x: list[str]) -> str:\n    # The longest of them.\n    return max(x, key=len)\n", []),
        (
            "def f(x: list[int]) -> int:\n    # The largest.\n    while not x:\n        pass\n    return max(x)\n",
            ["f([]) doesn't come to an end."],
        ),
        (
            "def f(x: list[int]) -> int:\n    # The first, and never mind 3.\n    return [][x[0] - 3]\n",
            [f"f([3]) raises IndexError, {CRASH}"],
        ),
        # What isn't allowed, nobody knows, or says itself what it isn't for.
        ("def f(x):\n    return x[0]\n", []),
        ("def f(x: dict) -> int:\n    return x['a']\n", []),
        ("def f(x: str) -> int:\n    return int(x)\n", []),
        ("def f(x: int) -> float:\n    return 1 / x\n", []),
        ("def f(x: list[int], y) -> int:\n    return x[0]\n", []),
        ("def f(x: list[int]) -> int:\n    return sum(x)\n", []),
        ("def f(x: list[int]) -> int:\n    return helper(x)[0]\n\ndef helper(x):\n    raise NotImplementedError\n", []),
    ],
)
def test_what_is_said(text: str, said: list[str], sandboxes: Sandboxes) -> None:
    report = report_of(text, sandboxes, before=text if text.startswith("#") else "")
    assert [each.message for each in report.findings] == said
    assert {each.severity for each in report.findings} <= {"warning"}
    assert report.counterexample == ""


COUNTER = """class Counter:
    def __init__(self, start: int = 2) -> None:
        self.count = start

    def share(self, parts: list[int]) -> float:
        {}
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return self.count / len(parts)", [f"Counter().share([]) raises ZeroDivisionError, {CRASH}"]),
        ("return self.count + len(parts)", []),
        ("return self.nothing", []),
        ("while parts != [3]:\n            pass\n        return 1", ["Counter().share([]) doesn't come to an end."]),
    ],
)
def test_methods(body: str, said: list[str], sandboxes: Sandboxes) -> None:
    text = COUNTER.format(body)
    subject = RunSubject(passage("python", text, ""), ("Counter", "share"), Aim.NEW)
    assert [each.message for each in RobustnessCheck(sandboxes).report(subject).findings] == said


@pytest.mark.parametrize("aim", [Aim.SAME, Aim.OTHER])
def test_only_new_code_is_tried(aim: Aim, sandboxes: Sandboxes) -> None:
    assert report_of(MEAN, sandboxes, aim) == RunReport()


def test_what_cannot_be_run_says_why(sandboxes: Sandboxes) -> None:
    assert report_of(f"import socket\n{MEAN}", sandboxes).not_run == "No module named 'socket'"
