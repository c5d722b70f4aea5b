"""Which drafts fail the examples, in the real sandbox, and who isn't accused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pillion.auditors.running.examples import ExamplesCheck
from pillion.auditors.running.run_check import Aim, RunReport, RunSubject
from pillion.sandbox.sandboxes import Sandboxes
from tests.unit.auditors.cases import passage
from tests.unit.auditors.running.whole_document import whole_document


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[Sandboxes]:
    made = Sandboxes()
    yield made
    made.close()


def function(doc: str, body: str, name: str = "total", parameters: str = "prices") -> str:
    """A small document with one function."""
    return f'def {name}({parameters}):\n    """Adds up.\n\n    {doc}\n    """\n    {body}\n'


SUM = ">>> total([1, 2])\n    3"
RIGHT, WRONG = "return sum(prices)", "return sum(prices) + 1"


@dataclass(frozen=True)
class Case:
    """A document before and after; what is said, and how many examples were tried."""

    before: str
    after: str
    said: tuple[str, ...] = ()
    examples: int = 1
    aim: Aim = Aim.NEW
    told: str = ""
    path: tuple[str, ...] = ("total",)
    former: tuple[str, ...] = ()
    severity: str = "error"
    files: dict[str, str] = field(default_factory=dict)


STUB = function(SUM, "pass")
CASES = {
    "right": Case(STUB, function(SUM, RIGHT)),
    "wrong": Case(STUB, function(SUM, WRONG), ("total([1, 2]) returns 4, but its documentation says 3.",)),
    "raises": Case(
        STUB, function(SUM, "return prices[9]"), ("total([1, 2]) raises IndexError, but its documentation says 3.",)
    ),
    "returns nothing": Case(
        STUB, function(SUM, "sum(prices)"), ("total([1, 2]) returns None, but its documentation says 3.",)
    ),
    "never ends": Case(
        STUB,
        function(SUM, "while True: pass"),
        ("total([1, 2]) doesn't come to an end, but its documentation says 3.",),
    ),
    "calls itself": Case(
        STUB,
        function(SUM, "return total(prices)"),
        ("total([1, 2]) calls itself without end, but its documentation says 3.",),
    ),
    "an invented function": Case(
        STUB, function(SUM, "return add_up(prices)"), ("total([1, 2]) raises NameError, but its documentation says 3.",)
    ),
    "should raise": Case(
        function("total(None) raises ValueError", "pass"),
        function("total(None) raises ValueError", "return 0"),
        ("total(None) returns 0, but its documentation says it should raise ValueError.",),
    ),
    "raises another": Case(
        function("total(None) raises ValueError", "pass"),
        function("total(None) raises ValueError", "return len(prices)"),
        ("total(None) raises TypeError, but its documentation says it should raise ValueError.",),
    ),
    "raises a narrower one": Case(
        function("total({}) raises LookupError", "pass"), function("total({}) raises LookupError", "return prices['a']")
    ),
    "prints": Case(
        function(">>> total([1, 2])\n    sum: 3", "pass"),
        function(">>> total([1, 2])\n    sum: 3", 'print("sum:", sum(prices) + 1)'),
        ("total([1, 2]) prints 'sum: 4', but its documentation says sum: 3.",),
    ),
    "prints what it should": Case(
        function(">>> total([1, 2])\n    sum: 3", "pass"),
        function(">>> total([1, 2])\n    sum: 3", 'print("sum:", sum(prices))'),
    ),
    "three findings at most": Case(
        function("total([1]) == 1, total([2]) == 2, total([3]) == 3, total([4]) == 4", "pass"),
        function("total([1]) == 1, total([2]) == 2, total([3]) == 3, total([4]) == 4", "return 0"),
        tuple(f"total([{n}]) returns 0, but its documentation says {n}." for n in (1, 2, 3)),
        4,
    ),
    "a comment above": Case(
        "# total([1, 2]) == 3\ndef total(prices):\n    pass\n",
        "# total([1, 2]) == 3\ndef total(prices):\n    return 4\n",
        ("total([1, 2]) returns 4, but its documentation says 3.",),
    ),
    "a comment inside": Case(
        "def total(prices):\n    # total([1, 2]) == 3\n    pass\n",
        "def total(prices):\n    return 4\n",
        ("total([1, 2]) returns 4, but its documentation says 3.",),
    ),
    "the instruction": Case(
        function("Nothing.", "pass"),
        function("Nothing.", WRONG),
        ("total([1, 2]) returns 4, but the instruction says 3.",),
        told="total([1, 2]) should return 3",
    ),
    "the draft's examples fit, the old ones don't": Case(
        STUB,
        function(">>> total([1, 2])\n    4", WRONG),
        ("total([1, 2]) returns 4, but its documentation says 3.",),
    ),
    "the draft's own examples count for nothing": Case(
        function("Nothing.", "pass"), function(SUM, WRONG), examples=0
    ),
    "a new function's own examples": Case(
        "", function(SUM, WRONG), ("total([1, 2]) returns 4, but its documentation says 3.",), severity="warning"
    ),
    "they contradict each other": Case(
        function("total([1]) == 1\n    total([1]) == 2", "pass"),
        function("total([1]) == 1\n    total([1]) == 2", "return 0"),
        examples=0,
    ),
    "other code is still to be written": Case(
        function(SUM, "pass") + "def add(x):\n    raise NotImplementedError\n",
        function(SUM, "return add(prices)") + "def add(x):\n    raise NotImplementedError\n",
        examples=0,
    ),
    "the old code failed, too": Case(function(SUM, WRONG), function(SUM, "return 7"), aim=Aim.SAME),
    "the old code met it": Case(
        function(SUM, RIGHT),
        function(SUM, WRONG),
        ("total([1, 2]) returns 4, but its documentation says 3.",),
        aim=Aim.SAME,
    ),
    "the old code can't be run": Case("import socket\n" + function(SUM, RIGHT), function(SUM, WRONG), aim=Aim.SAME),
    "renamed": Case(
        function(SUM, RIGHT),
        function(SUM.replace("total", "add_up"), WRONG, "add_up"),
        ("add_up([1, 2]) returns 4, but its documentation says 3.",),
        aim=Aim.SAME,
        path=("add_up",),
        former=("total",),
    ),
    "a wish in words": Case(
        function("Nothing.", RIGHT),
        function("Nothing.", WRONG),
        ("total([]) returns 1, but the instruction says 0.",),
        aim=Aim.OTHER,
        told="total([]) should return 0",
    ),
    "a complaint in words": Case(
        function("Nothing.", WRONG), function("Nothing.", RIGHT), aim=Aim.OTHER, told="total([]) returns 1"
    ),
    "what the change is told to change": Case(
        function(SUM, RIGHT), function(SUM, WRONG), (), aim=Aim.OTHER, told="total([1, 2]) should return 4", examples=0
    ),
    "a tuple where people write a list": Case(
        function("total([1]) -> [1, 2]", "pass"), function("total([1]) -> [1, 2]", "return (1, 2)")
    ),
    "a tuple where Python shows a list": Case(
        function(">>> total([1])\n    [1, 2]", "pass"),
        function(">>> total([1])\n    [1, 2]", "return (1, 2)"),
        ("total([1]) returns (1, 2), but its documentation says [1, 2].",),
    ),
    "rounded": Case(
        function("total([8]) == 2.67", "pass"), function("total([8]) == 2.67", "return prices[0] / 3")
    ),
    "a method": Case(
        'class Stack:\n    def push(self, x):\n        """\n        >>> s = Stack()\n        >>> s.push(1)\n        1\n        """\n',
        'class Stack:\n    def push(self, x):\n        return 2\n',
        ("s.push(1) after s = Stack() returns 2, but its documentation says 1.",),
        path=("Stack", "push"),
    ),
    "the workspace's tests": Case(
        function("Nothing.", "pass"),
        function("Nothing.", WRONG),
        (
            "total([1]) returns 2, but test_shop.py says 1.",
            "total([3]) returns 4, but test_shop.py says 3.",
            "total(prices) after prices = [2] returns 3, but test_shop.py says 2.",
        ),
        3,
        files={
            "tests/test_shop.py": "import unittest\n\nimport pytest\n\nimport shop\nfrom shop import total\n\n"
            "@pytest.mark.parametrize(('prices', 'wanted'), [([1], 1)])\n"
            "def test_total(prices, wanted):\n    assert total(prices) == wanted\n\n"
            "@pytest.mark.skip\ndef test_not(): assert total([5]) == 9\n\n"
            "def test_fixture(prices): assert total([6]) == 9\n\n"
            "class TestTotal(unittest.TestCase):\n    def test_it(self):\n"
            "        prices = [2]\n        self.assertEqual(shop.total(prices), 2)\n"
            "        prices.append(3)\n        self.assertEqual(shop.total(prices), 9)\n"
            "        assert 3 == total([3])\n"
        },
    ),
    "tests of another module": Case(
        function("Nothing.", "pass"),
        function("Nothing.", WRONG),
        examples=0,
        files={"tests/test_shop.py": "from other import total\n\ndef test_it():\n    assert total([1]) == 1\n"},
    ),
}  # fmt: skip


def report_of(case: Case, sandboxes: Sandboxes, folder: Path) -> RunReport:
    for name, text in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    document = folder / "shop.py"
    document.write_text(case.before)
    check = ExamplesCheck(sandboxes, {"python": whole_document})
    seen = passage("python", case.after, case.before, document, folder)
    return check.report(RunSubject(seen, case.path, case.aim, case.told, case.former))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_said(case: Case, sandboxes: Sandboxes, tmp_path: Path) -> None:
    report = report_of(case, sandboxes, tmp_path)
    assert tuple(each.message for each in report.findings) == case.said
    assert {each.severity for each in report.findings} <= {case.severity}
    assert {each.quote for each in report.findings} <= {
        line.strip() for line in case.after.split("\n") if "def " in line
    }
    assert report.examples == case.examples
    assert report.counterexample == (case.said[0].removesuffix(".") if case.said and case.severity == "error" else "")


def test_what_cannot_be_run_says_why(sandboxes: Sandboxes, tmp_path: Path) -> None:
    report = report_of(Case(STUB, "import socket\n" + function(SUM, RIGHT)), sandboxes, tmp_path)
    assert report == RunReport(not_run="No module named 'socket'")


def test_a_language_without_a_slicer_says_so(sandboxes: Sandboxes) -> None:
    text = "// f(2) // 4\nfunction f(x) {\n  return x;\n}\n"
    report = ExamplesCheck(sandboxes, {}).report(RunSubject(passage("javascript", text, text), ("f",), Aim.NEW))
    assert report.not_run == "code in JavaScript can't be run yet"


@pytest.mark.parametrize("path", [(), ("nobody",), ("total", "inner")])
def test_a_path_that_leads_nowhere_has_no_examples(path: tuple[str, ...], sandboxes: Sandboxes) -> None:
    subject = RunSubject(passage("python", STUB, STUB), path, Aim.NEW)
    assert ExamplesCheck(sandboxes, {"python": whole_document}).report(subject) == RunReport()
