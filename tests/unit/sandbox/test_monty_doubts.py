"""What isn't certain of a run in Monty, because it isn't all of Python."""

from collections.abc import Iterator

import pytest

from pillion.errors import CannotRunError
from pillion.sandbox.monty_doubts import doubts_of
from pillion.sandbox.monty_sandbox import MontySandbox
from pillion.sandbox.sandbox import Answer, Call, Limits, NotRun, Raised, Returned

# Whatever isn't endless is done in a moment; a busy machine may keep it waiting.
LIMITS = Limits(call_s=1, all_s=20)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[MontySandbox]:
    made = MontySandbox()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("expression", "is_lazy"),
    [
        ("any(1 // x for x in xs)", True),
        ("all(map(f, xs))", True),
        ("next(x for x in xs)", True),
        ("3 in (1 // x for x in xs)", True),
        ("any([1 // x for x in xs])", False),
        ("sum(1 // x for x in xs)", False),
        ("list(map(f, xs))", False),
        ("list(map(f, map(g, xs)))", False),
        ("sum(x for x in map(f, xs))", False),
        ("list(zip(map(f, xs), ys))", True),
        ("list(zip(xs, ys))", False),
        ("[x for x in map(f, xs)]", False),
        ("', '.join(str(x) for x in xs)", False),
        ("[*map(f, xs)]", False),
        ("print(*(x for x in xs))", False),
        ("sorted(x for x in xs)", False),
        ("enumerate(x for x in xs)", True),
        ("enumerate(xs)", False),
        ("(x for x in xs)", True),
        ("(", False),
    ],
)
def test_a_generator_that_may_be_left_in_the_middle_is_found(expression: str, is_lazy: bool) -> None:
    assert bool(doubts_of(f"def f(xs):\n    return {expression}").lazy) == is_lazy


@pytest.mark.parametrize(
    ("program", "call", "wanted"),
    [
        ("def f(xs):\n    return any(1 // x for x in xs)", "f([1, 0])", NotRun),
        ("def f(xs):\n    return any(1 // x for x in xs)", "f([1, 2])", Returned),
        ("def f(xs):\n    return next(1 // x for x in xs)", "f([1, 0])", NotRun),
        ("def f(xs):\n    return sum(1 // x for x in xs)", "f([1, 0])", Raised),
        ("def g(x):\n    return 1 // x\ndef f(xs):\n    return any(g(x) for x in xs)", "f([1, 0])", NotRun),
        ("def f(xs):\n    n = any(x for x in xs)\n    return 1 // 0", "f([1, 0])", Raised),
        ("import itertools\ndef f():\n    return next(x for x in itertools.count() if x > 3)", "f()", NotRun),
        ("def f(xs):\n    while True:\n        any(x for x in xs)", "f([1])", NotRun),
        ("def f(xs):\n    return next(enumerate(xs))", "f([1])", NotRun),
        ("class A:\n    def __len__(self):\n        return 1\ndef f():\n    return len(A())", "f()", NotRun),
        ("class A:\n    def __lt__(self, other):\n        return True\ndef f():\n    return 1", "f()", Returned),
        ("class A:\n    def __bool__(self):\n        return False", "1", CannotRunError),
        ("def f(x):\n    return hasattr(x, 'append')", "f([])", CannotRunError),
        ("def f(x):\n    return getattr(x, 'items', None)", "f({})", CannotRunError),
        ("def f(x):\n    return getattr(x, 'colour', None)", "f({})", Returned),
        ("def f(x):\n    return hasattr(x, 'colour')", "f({})", Returned),
    ],
)
def test_where_python_may_do_something_else_nothing_is_said_of_the_code(
    sandbox: MontySandbox, program: str, call: str, wanted: type[Answer] | type[CannotRunError]
) -> None:
    if wanted is CannotRunError:
        with pytest.raises(CannotRunError):
            sandbox.run(program, [Call(call)], LIMITS)
        return
    answers = sandbox.run(program, [Call(call), Call("1")], LIMITS)
    assert [type(each) for each in answers] == [wanted, Returned]
