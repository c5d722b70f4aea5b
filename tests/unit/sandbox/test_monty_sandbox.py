"""Python in the sandbox: what comes back, and what stops."""

from collections.abc import Iterator

import pytest

from pillion.errors import CannotRunError
from pillion.sandbox.monty_sandbox import MontySandbox
from pillion.sandbox.sandbox import Answer, Bound, Call, Limits, NotRun, Raised, Returned, Stopped
from pillion.sandbox.values import Value

# Whatever isn't endless is done in a moment; a busy machine may keep it waiting.
LIMITS = Limits(call_s=1, all_s=20)
PROGRAM = """
class Point:
    def __init__(self, x):
        self.x = x

def total(prices):
    prices.append(0)
    return sum(prices)

def twice():
    return [1, 1.5, "a", b"b", None, (1,), {2, 1}, {"k": [True]}]

def for_ever():
    while True:
        pass

def deep():
    return deep()

def large():
    return len("a" * 10**10)
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[MontySandbox]:
    made = MontySandbox()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        (Call("total([1, 2])"), Returned(Value("int", "3"))),
        (
            Call("total(prices)", "prices = [1]", ("prices",)),
            Returned(
                Value("int", "1"),
                (Value("list", "[1, 0]", (Value("int", "1"), Value("int", "0"))),),
            ),
        ),
        (Call("total(3)"), Raised("AttributeError", "'int' object has no attribute 'append'")),
        (Call("for_ever()"), Stopped(Bound.TIME)),
        (Call("deep()"), Stopped(Bound.RECURSION)),
        (Call("large()"), Stopped(Bound.MEMORY)),
        (Call("open('/etc/passwd')"), NotRun("Permission denied: '/etc/passwd'")),
    ],
    ids=lambda each: each.expression if isinstance(each, Call) else "",
)
def test_a_call_has_an_answer(sandbox: MontySandbox, call: Call, wanted: Answer) -> None:
    (answer,) = sandbox.run(PROGRAM, [call], LIMITS)
    assert answer == wanted


def test_what_comes_back_is_written_as_python_does(sandbox: MontySandbox) -> None:
    answers = sandbox.run(PROGRAM, [Call("twice()"), Call("Point([1])")], LIMITS)
    assert [each.value.text for each in answers if isinstance(each, Returned)] == [
        "[1, 1.5, 'a', b'b', None, (1,), {1, 2}, {'k': [True]}]",
        "Point(x=[1])",
    ]


def test_the_calls_after_a_stopped_one_are_answered(sandbox: MontySandbox) -> None:
    calls = [Call("for_ever()"), Call("total([1])"), Call("for_ever()"), Call("total([2])")]
    kinds = [type(each) for each in sandbox.run(PROGRAM, calls, LIMITS)]
    assert kinds == [Stopped, Returned, Stopped, Returned]


def test_a_program_that_cannot_be_loaded_says_why(sandbox: MontySandbox) -> None:
    with pytest.raises(CannotRunError, match="No module named 'socket'"):
        sandbox.run("import socket", [Call("1")], LIMITS)
