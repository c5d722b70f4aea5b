"""The smallest program around a Python symbol: it runs, and gives what Python gives."""

import importlib
import textwrap
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from pillion.bench.slice_coverage import top_level_functions
from pillion.errors import CannotRunError
from pillion.sandbox.monty_sandbox import MontySandbox
from pillion.sandbox.python_values import PythonValues
from pillion.sandbox.sandbox import Call, Limits, Raised, Returned
from pillion.sandbox.slices.monty_modules import BUILTINS, MODULES
from pillion.sandbox.slices.python_slice import python_slice
from pillion.sandbox.slices.slicers import SLICERS
from pillion.sandbox.values import same_value

LIMITS = Limits(call_s=2, all_s=20)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[MontySandbox]:
    made = MontySandbox()
    yield made
    made.close()


CASES = {
    "what it reaches": (
        "import math\nK = 3\ndef root(x):\n    return math.sqrt(x) + K\ndef f(x: 'No') -> 'No':\n    return root(x)",
        "f(4)",
        "5.0",
    ),
    "del": ("def f(d):\n    x = 1\n    del d['a'], x\n    return d", "f({'a': 1, 'b': 2})", "{'b': 2}"),
    "generators": (
        "def g(n):\n    for i in range(n):\n        yield i\ndef f():\n    return list(g(3)), next(g(5)), sum(g(3))",
        "f()",
        "([0, 1, 2], 0, 3)",
    ),
    "a generator that is read halfway": (
        "def g():\n    yield 1\n    raise ValueError\ndef f():\n    return next(g())",
        "f()",
        "1",
    ),
    "a generator that is given back": ("def f():\n    yield from [1, 2]", "f()", "[1, 2]"),
    "stops early": ("def f():\n    return any(1 / x > 0 for x in [1, 0]), next((x for x in 'ab' if x), 3)", "f()", "(True, 'a')"),
    "inheritance": (
        """
        class A:
            def __init__(self, x):
                self.x = x
            @property
            def twice(self):
                return self.x * 2
            @classmethod
            def make(cls):
                return cls(7)
            @staticmethod
            def same(a):
                return a
        class B(A):
            def __init__(self, x):
                super().__init__(x + 1)
                self.z = self.same(self.twice)
        def f():
            return B(1).z, B.make().x, isinstance(B(1), A), isinstance(A(1), B)
        """,
        "f()",
        "(4, 8, True, False)",
    ),
    "exceptions of its own": (
        """
        class E(ValueError):
            def __init__(self, m, n):
                super().__init__(m)
                self.n = n
        class F(E):
            pass
        def f():
            try:
                raise F('a', 3)
            except KeyError:
                return 0
            except E as e:
                return e.n, str(e), isinstance(e, ValueError)
        """,
        "f()",
        "(3, 'a', True)",
    ),
    "enums": (
        """
        from enum import Enum, auto
        class C(Enum):
            A = 1
            B = auto()
        def f():
            return [c.name for c in C], C(1) is C.A, C['B'].value, C.A == C.B
        """,
        "f()",
        "(['A', 'B'], True, 2, False)",
    ),
    "data classes": (
        """
        from dataclasses import dataclass, field
        @dataclass(order=True, slots=True)
        class P:
            x: int
            y: list = field(default_factory=list)
        def f():
            return P(1) < P(2), sorted([P(2), P(1)])[0].x, P(1) == P(1)
        """,
        "f()",
        "(True, 1, True)",
    ),
    "named tuples": (
        """
        from typing import NamedTuple
        class P(NamedTuple):
            x: int
            y: int = 2
            def total(self):
                return self.x + self.y
        def f():
            a, b = P(1)
            return a, b, P(1).total(), P(1)[1], P(1) == (1, 2)
        """,
        "f()",
        "(1, 2, 3, 2, True)",
    ),
    "a class in a class": ("class A:\n    class B:\n        x = 3\ndef f():\n    return A.B.x", "f()", "3"),
    "methods as values": ("def f():\n    made = []\n    add = made.append\n    add(1)\n    return made, list(map(str.upper, 'a'))", "f()", "([1], ['A'])"),
    "type checking only": ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import nothing\ndef f(x):\n    return x", "f(1)", "1"),
    "import that fails": ("try:\n    from _none import f\nexcept ImportError:\n    def f():\n        return 4", "f()", "4"),
    "a local name like a built-in one": ("def f(str):\n    return str.startswith('a')", "f('ab')", "True"),
    "hasattr": ("def f(x):\n    return hasattr(x, 'append'), callable(f)", "f([])", "(True, True)"),
    "in place": ("def f(x):\n    x += (1,)\n    return x", "f([0])", "[0, 1]"),
    "stand-ins": (
        "import operator, string, textwrap\nfrom fractions import Fraction\n"
        "def f():\n    return operator.itemgetter(1)('ab'), string.digits[:2], textwrap.dedent('  a'), Fraction(1, 2) + 1 == Fraction(3, 2)",
        "f()",
        "('b', '01', 'a', True)",
    ),
    "caches": ("from functools import cache\n@cache\ndef f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)", "f(60)", "1548008755920"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "call", "wanted"), CASES.values(), ids=CASES)
def test_a_slice_gives_what_python_gives(sandbox: MontySandbox, source: str, call: str, wanted: str) -> None:
    piece = SLICERS["python"](textwrap.dedent(source), ("f",), None, None)
    (answer,) = sandbox.run(piece.source, [Call(call)], LIMITS)
    assert isinstance(answer, Returned), answer
    assert answer.value.text == wanted


STACK = """
class Stack:
    def __init__(self, items: list[int], name, size=3):
        self.items = items
    def push(self, item):
        self.items.append(item)
        return len(self.items)
    @property
    def top(self):
        return self.items
    @staticmethod
    def twice(x):
        return 2 * x
    class Inner:
        def one(self):
            return 1
"""


@pytest.mark.parametrize(
    ("path", "arguments", "wanted"),
    [
        (("Stack", "push"), "5", "1"),
        (("Stack", "top"), "", "[]"),
        (("Stack", "twice"), "2", "4"),
        (("Stack", "Inner", "one"), "", "1"),
    ],
)
def test_a_method_has_a_receiver(sandbox: MontySandbox, path: tuple[str, ...], arguments: str, wanted: str) -> None:
    piece = python_slice(STACK, path)
    (answer,) = sandbox.run(piece.source, [Call(f"{piece.entry}({arguments})", piece.receiver)], LIMITS)
    assert isinstance(answer, Returned), answer
    assert answer.value.text == wanted


def test_an_exception_of_the_codes_own_has_its_name(sandbox: MontySandbox) -> None:
    piece = python_slice("class E(ValueError):\n    pass\ndef f():\n    raise E('a')", ("f",))
    assert sandbox.run(piece.source, [Call("f()")], LIMITS) == [Raised("E", "a")]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def f(:", "can't be read"),
        ("def g():\n    pass", "isn't a function or class"),
        ("async def f():\n    pass", "is a coroutine"),
        ("def f():\n    x = yield\n    return x", "a generator that is sent values"),
        ("x = 1\n" * 60_000 + "def f(): pass", "too long"),
        ("def f():\n    return " + "(" * 5000 + ")" * 5000, "can't be read"),
    ],
)
def test_what_cannot_be_sliced_says_why(source: str, reason: str) -> None:
    with pytest.raises(CannotRunError, match=reason):
        python_slice(source, ("f",))


def test_what_the_sandbox_lacks_is_said_when_it_is_needed(sandbox: MontySandbox) -> None:
    piece = python_slice("import socket\ndef f(x):\n    return socket.socket() if x else 1", ("f",))
    one, other = sandbox.run(piece.source, [Call("f(0)"), Call("f(1)")], LIMITS)
    assert isinstance(one, Returned)
    assert getattr(other, "reason", "") == "uses socket.socket"


def test_other_files_are_read_only_inside_the_workspace(sandbox: MontySandbox, tmp_path: Path) -> None:
    shop = tmp_path / "work" / "shop"
    shop.mkdir(parents=True)
    (tmp_path / "secret.py").write_text("WORD = 'secret'\n")
    (shop / "link.py").symlink_to(tmp_path / "secret.py")
    (shop / "__init__.py").write_text("")
    (shop / "money.py").write_text("BASE = 2\ndef rate():\n    return BASE\n")
    source = "from .money import rate\nimport shop.money as m\nfrom .link import WORD\nfrom ...secret import WORD as W\nBASE = 5\n"
    source += "def f(x):\n    return rate() + m.BASE + BASE if x < 1 else WORD if x < 2 else W"
    piece = python_slice(source, ("f",), shop / "cart.py", tmp_path / "work")
    answers = sandbox.run(piece.source, [Call("f(0)"), Call("f(1)"), Call("f(2)")], LIMITS)
    assert isinstance(answers[0], Returned)
    assert answers[0].value.text == "9"
    assert not any(isinstance(each, Returned) for each in answers[1:])
    assert "secret'" not in piece.source


def test_the_table_is_what_the_interpreter_has(sandbox: MontySandbox) -> None:
    calls = [Call(name) for name in sorted(BUILTINS)]
    calls += [Call("1", f"from {module} import {name}") for module, names in MODULES.items() for name in sorted(names)]
    answers = sandbox.run("", calls, Limits(all_s=30))
    missing = [call for call, each in zip(calls, answers, strict=True) if not isinstance(each, Returned)]
    assert missing == []


VALUES = (
    "3",
    "'ab'",
    "[1, 2, 3]",
    "[3, 1, 2]",
    "'%41b=c&d'",
    "' x  y\\n z'",
    "''",
    "[]",
    "0",
    "['ab', 'c']",
    "'a/b.c'",
)
# Cwd, clock and accelerators in C differ; `_coerce` asks for identity, `unquote_to_bytes` of lists for nothing.
ELSEWHERE = {
    "abspath",
    "realpath",
    "relpath",
    "expanduser",
    "formatdate",
    "make_msgid",
    "_coerce",
    "timegm",
    "localtime",
}


def test_the_librarys_functions_give_what_they_give_in_python(sandbox: MontySandbox) -> None:
    compared, wrong = 0, []
    modules = (
        "colorsys",
        "difflib",
        "fnmatch",
        "html",
        "keyword",
        "posixpath",
        "quopri",
        "shlex",
        "statistics",
        "textwrap",
    )
    for function in top_level_functions((*modules, "urllib.parse", "email.utils", "calendar", "string")):
        real = vars(importlib.import_module(function.module)).get(function.name)
        if function.parameters not in (1, 2) or function.name in ELSEWHERE or "test" in function.name or real is None:
            continue
        try:
            piece = python_slice(function.text, (function.name,))
            rows = [(each,) * function.parameters for each in VALUES]
            calls = [Call(f"{function.name}({', '.join(row)})") for row in rows]
            answers = sandbox.run(piece.source, calls, Limits(call_s=0.1, all_s=0.5))
        except CannotRunError:
            continue
        for row, answer in zip(rows, answers, strict=True):
            if not isinstance(answer, Returned) or answer.value.is_opaque:
                continue
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    given = real(*(eval(each) for each in row))  # noqa: S307
                value = PythonValues(20_000, lambda place: True).of(
                    list(given) if hasattr(given, "__next__") else given, "x"
                )
            except Exception as exc:
                wrong.append((function.name, row, answer.value.text, repr(exc)))
                continue
            compared += 1
            is_tuple = hasattr(given, "_fields")  # one with methods of its own is no tuple there
            if not (value.is_opaque or is_tuple or same_value(value, answer.value)):
                wrong.append((function.name, row, answer.value.text, value.text))
    assert wrong == []
    assert compared > 300
