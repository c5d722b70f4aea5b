"""Old and new code on the same inputs: what does the same is never accused, and what differs is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from pillion.auditors.auditor import Passage
from pillion.auditors.running.behaviour import LEAST_COMPARED, BehaviourCheck
from pillion.auditors.running.run_check import Aim, RunReport, RunSubject
from pillion.sandbox.sandboxes import Sandboxes
from pillion.syntax.languages import LANGUAGES

FIXTURES = Path(__file__).parents[4] / "fixtures" / "behaviour"
PYTHON = next(each for each in LANGUAGES if each.id == "python")


class Pair(NamedTuple):
    before: str
    after: str

    @property
    def path(self) -> tuple[str, ...]:
        """The last function or method of the old code."""
        last = ast.parse(self.before).body[-1]
        assert isinstance(last, ast.FunctionDef | ast.ClassDef)
        if isinstance(last, ast.FunctionDef):
            return (last.name,)
        method = last.body[-1]
        assert isinstance(method, ast.FunctionDef)
        return last.name, method.name


def pairs(file: str) -> dict[str, Pair]:
    blocks = re.split(r"^=== (.+)\n", (FIXTURES / file).read_text(), flags=re.MULTILINE)[1:]
    halves = (block.split("---\n") for block in blocks[1::2])
    return {name: Pair(before, after) for name, (before, after) in zip(blocks[::2], halves, strict=True)}


SAME, DIFFERENT = pairs("same.txt"), pairs("different.txt")


@pytest.fixture(scope="module")
def check() -> Iterator[BehaviourCheck]:
    sandboxes = Sandboxes()
    yield BehaviourCheck(sandboxes)
    sandboxes.close()


def report(
    check: BehaviourCheck, pair: Pair, aim: Aim = Aim.SAME, *, path: tuple[str, ...] = (), former: tuple[str, ...] = ()
) -> RunReport:
    passage = Passage(pair.after, 0, len(pair.after), PYTHON, pair.before)
    return check.report(RunSubject(passage, path or pair.path, aim, former_path=former))


@pytest.mark.parametrize("name", SAME)
def test_what_does_the_same_is_not_accused(check: BehaviourCheck, name: str) -> None:
    found = report(check, SAME[name])
    assert (found.findings, found.not_run) == ((), "")
    assert found.compared >= LEAST_COMPARED


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_differs_is_an_error(check: BehaviourCheck, name: str) -> None:
    found = report(check, DIFFERENT[name])
    assert [(each.severity, each.source) for each in found.findings] == [("error", "behaviour")]
    assert found.counterexample == found.findings[0].message
    assert found.findings[0].quote.startswith("def ")


def test_there_are_enough_pairs_to_speak_of_one_in_two_hundred() -> None:
    assert len(SAME) >= 60


def test_the_message_shows_a_small_input_in_plain_words(check: BehaviourCheck) -> None:
    pair = Pair("def total(prices):\n    return sum(prices)\n", "def total(prices):\n    return sum(prices[1:])\n")
    assert re.fullmatch(r"total\(\[\d\]\) returned \d before, and returns 0 now\.", report(check, pair).counterexample)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("def f(a):\n    return open(a).read()\n", "def f(a):\n    return open(a).read()\n", "only 0 inputs could be"),
        ("def f(n):\n    return None\n", "def f(n):\n    return None\n", "it does the same for all of them"),
        ("import random\n\ndef f(a):\n    return random.choice(a)\n", "def f(a):\n    return a[0]\n", "chance or time"),
        ("def f(a):\n    return a\n", "def g(a):\n    return a\n", "isn't a function"),
    ],
)
def test_what_could_not_be_compared_says_why(check: BehaviourCheck, before: str, after: str, why: str) -> None:
    found = report(check, Pair(before, after), path=("f",))
    assert found.findings == ()
    assert why in found.not_run


def test_a_renamed_function_is_compared_with_what_it_was(check: BehaviourCheck) -> None:
    pair = Pair("def f(n):\n    return n + 1\n", "def g(n):\n    return n + 2\n")
    assert report(check, pair, path=("g",), former=("f",)).findings


def test_other_aims_are_other_checks_work(check: BehaviourCheck) -> None:
    pair = next(iter(DIFFERENT.values()))
    assert {report(check, pair, aim) for aim in (Aim.NEW, Aim.OTHER)} == {RunReport()}
