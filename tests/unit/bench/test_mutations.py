"""Seeded bugs: each kind's change, to the character, and what is no place for it."""

import ast
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.bench.function_source import FunctionSource
from pillion.bench.mutations import KINDS, Kind, Mutant, applicable_kinds, mutate

BY_NAME = {kind.name: kind for kind in KINDS}


class Case(NamedTuple):
    """`⟨old|new⟩` in a text is what a bug of this kind changes, on these lines; nothing else fits it."""

    kind: str
    text: str
    lines: tuple[int, ...]

    def side(self, number: int) -> str:
        pieces = [piece.split("⟩") for piece in self.text.split("⟨")]
        return pieces[0][0] + "".join(change.split("|")[number] + rest for change, rest in pieces[1:])


CASES = {
    "a range": Case("off-by-one", "def f(n):\n    for i in range(⟨n|n + 1⟩):\n        g(i)\n", (2,)),
    "a sum as a bound": Case("off-by-one", "def f(a):\n    return a[:⟨len(a) - 2|(len(a) - 2) + 1⟩]\n", (2,)),
    "a bound from the end": Case("off-by-one", "def f(a):\n    return a[⟨-1|-2⟩:]\n", (2,)),
    "an index": Case("off-by-one", "def f(a):\n    return a[⟨0|1⟩]\n", (2,)),
    "a boundary": Case("wrong-comparison", "def f(a, b):\n    return a ⟨<|<=⟩ b\n", (2,)),
    "equality": Case("wrong-comparison", "def f(a, b):\n    return (a) ⟨==|!=⟩ (b)\n", (2,)),
    "membership": Case("wrong-comparison", "def f(a, b):\n    return a ⟨not in|in⟩ b\n", (2,)),
    "no identity": Case("wrong-comparison", "def f(a):\n    return a ⟨is not|is⟩ None\n", (2,)),
    "what a comment looks like": Case(
        "wrong-comparison", "def f(a, b):\n    return (a  # < < < <\n        ⟨<|<=⟩ b)\n", (3,)
    ),
    "equality as identity": Case("is-for-equals", "def f(a):\n    return a ⟨==|is⟩ 'xy'\n", (2,)),
    "inequality as identity": Case("is-for-equals", "def f(a, b):\n    return a ⟨!=|is not⟩ b\n", (2,)),
    "a sum": Case("wrong-operator", "def f(a, b):\n    return a ⟨+|-⟩ b\n", (2,)),
    "a sum in place": Case("wrong-operator", "def f(a, b):\n    a ⟨-=|+=⟩ b\n    return a\n", (2,)),
    "behind other letters": Case("wrong-operator", "def f(é, b):\n    g('🥞', é ⟨*|+⟩ b)\n", (2,)),
    "a division": Case("wrong-division", "def f(a, b):\n    return a ⟨//|/⟩ b\n", (2,)),
    "a division in place": Case("wrong-division", "def f(a, b):\n    a ⟨/=|//=⟩ b\n    return a\n", (2,)),
    "arguments": Case("swapped-arguments", "def f(a, b):\n    return g(⟨a, b|b, a⟩)\n", (2,)),
    "arguments on lines of their own": Case(
        "swapped-arguments", "def f(a, b):\n    g(\n        ⟨a,\n        b|b,\n        a⟩,\n    )\n", (3, 4)
    ),
    "a return": Case("lost-return", "def f(a):\n    ⟨return |⟩a\n", (2,)),
    "a return of many lines": Case("lost-return", "def f(a):\n    ⟨return |⟩(\n        a\n    )\n", (2,)),
    "a return behind a loop": Case(
        "return-in-loop", "def f(a):\n    for b in a:\n        b()\n⟨    |        ⟩return a\n", (4,)
    ),
    "a guard": Case("lost-guard", "def f(a):\n⟨    if not a:\n        return 1\n|⟩    return a()\n", (2,)),
    "a guard on one line": Case("lost-guard", "def f(a):\n⟨    if a: raise a  # no\n|⟩    a()\n    return\n", (2,)),
    "a guard in a loop": Case(
        "lost-guard",
        "def f(a):\n    for b in a:\n⟨        if b:\n            g()\n            continue\n|⟩        b()\n",
        (3,),
    ),
    "a default": Case("mutable-default", "def f(a, b=⟨None|[]⟩):\n    return b\n", (1,)),
    "a keyword's default": Case("mutable-default", "def f(\n    *,\n    b=⟨()|[]⟩,\n):\n    return b\n", (3,)),
    "a handler": Case(
        "swallowed-exception",
        "def f(a):\n    try:\n        a()\n    except E:\n        ⟨g()\n        raise|pass⟩\n",
        (5,),
    ),
    "a conjunction": Case("and-or", "def f(a, b):\n    return (a) ⟨and|or⟩ b\n", (2,)),
    "a disjunction over lines": Case(
        "and-or", "def f(a, b):\n    return (\n        a\n        ⟨or|and⟩ b\n    )\n", (4,)
    ),
    "a condition": Case("negated-condition", "def f(a):\n    if ⟨a < 1|not (a < 1)⟩:\n        a()\n", (2,)),
    "a negative condition": Case("negated-condition", "def f(a):\n    while ⟨not |⟩(a or 1):\n        a()\n", (2,)),
    "a condition inside": Case("negated-condition", "def f(a):\n    return 1 if ⟨a()|not a()⟩ else 2\n", (2,)),
    "a variable": Case("wrong-variable", "def f(self, a):\n    b = 1\n    return g(⟨b|a⟩, self)\n", (3,)),
    "an await": Case("lost-await", "async def f(a):\n    ⟨await |⟩a()\n", (2,)),
    "an update": Case("lost-update", "def f(a, b):\n    a⟨ +| ⟩= b\n    return a\n", (2,)),
    "a boolean": Case("inverted-boolean", "def f(a):\n    return ⟨True|False⟩\n", (2,)),
    "a boolean as a default": Case("inverted-boolean", "def f(a=⟨False|True⟩):\n    return a\n", (1,)),
    "a constant": Case("wrong-constant", "def f(a):\n    return a(⟨0|1⟩, 7, 10)\n", (2,)),
    "break": Case("break-continue", "def f(a):\n    for b in a:\n        ⟨break|continue⟩\n", (3,)),
    "continue": Case("break-continue", "def f(a):\n    for b in a:\n        ⟨continue|break⟩\n", (3,)),
    "strip": Case("lost-call", "def f(a):\n    return (a + a)⟨.strip(' ')|⟩.x\n", (2,)),
    "a function": Case("invented-function", "def f(a):\n    return ⟨len|length⟩(a)\n", (2,)),
    "a method": Case("invented-method", "def f(a):\n    return a(1).⟨append|push⟩(2)\n", (2,)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_what_is_changed(case: Case, line_end: str) -> None:
    before, after = (case.side(number).replace("\n", line_end) for number in (0, 1))
    assert mutate(before, BY_NAME[case.kind], "any") == Mutant(case.kind, after, case.lines)


def test_an_import_is_invented_before_the_first_statement() -> None:
    mutant = mutate('def f(a):\n    """Doc."""\n    return a\n', BY_NAME["invented-import"], "any")
    assert mutant is not None
    before, line, after = mutant.text.splitlines()[1:]
    assert (before, after, mutant.lines) == ('    """Doc."""', "    return a", (3,))
    assert isinstance(ast.parse(line.strip()).body[0], ast.Import | ast.ImportFrom)


def test_every_kind_has_a_case() -> None:
    assert {case.kind for case in CASES.values()} | {"invented-import"} == {kind.name for kind in KINDS}
    assert len(KINDS) == len(BY_NAME)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("wrong-constant", "def f(a: 'x[0]' = 5) -> g(1):\n    a()\n", id="annotations"),
        pytest.param("inverted-boolean", "@g(True)\ndef f(a):\n    a()\n", id="decorators"),
        pytest.param("wrong-constant", "def f(a):\n    return f'{a[0]}'\n", id="f-strings"),
        pytest.param("wrong-constant", "def f(a):\n    return 0x1, 1.0, True\n", id="other numbers"),
        pytest.param(
            "is-for-equals", "def f(a):\n    return a == 1 or a == '' or type(a) == str\n", id="shared objects"
        ),
        pytest.param("wrong-operator", "def f(a):\n    return 'x' + a, '%s' % a\n", id="text"),
        pytest.param("swapped-arguments", "def f(a, b):\n    return max(a, b), g(a, a), g(*a, b)\n", id="any order"),
        pytest.param("lost-return", "def f(a):\n    yield a\n    return a\n", id="a generator"),
        pytest.param("lost-return", "def f(a):\n    if a:\n        return None\n    return\n", id="no value"),
        pytest.param("lost-guard", "def f(a):\n    if a:\n        return 1\n", id="nothing follows"),
        pytest.param(
            "lost-guard", "def f(a):\n    if a:\n        return 1\n    else:\n        a()\n    a()\n", id="else"
        ),
        pytest.param("return-in-loop", "def f(a):\n    for b in a:\n        b()\n    a()\n    return a\n", id="later"),
        pytest.param(
            "swallowed-exception", "def f(a):\n    try:\n        a()\n    except E:\n        pass\n", id="already"
        ),
        pytest.param("wrong-variable", "def f(self, a):\n    return a, [b for b in c]\n", id="no other variable"),
        pytest.param("wrong-variable", "def f(a):\n    g(a)\n    b = 1\n", id="not yet assigned"),
        pytest.param("mutable-default", "def f(a='', b=[]):\n    return b\n", id="other defaults"),
    ],
)
def test_where_there_is_no_place(kind: str, text: str) -> None:
    assert mutate(text, BY_NAME[kind], "any") is None


# Parts of a function that go together in any order, with places for most kinds.
STATEMENTS = (
    "total += range(total)[0] // 2",
    "if total and b or not a:\n        return g(a, b)",
    "for each in sorted(a):\n        if each == 'stop':\n            break\n        each.items()  # é",
    "try:\n        b = '🥞'.strip(a[1:])\n    except ValueError:\n        raise KeyError(a, b) from None",
    "while total < 3 and True:\n        total -= 1",
    "x = f'{a!r} {b[0]}' + '''\n  <= and\n'''",
    "return total",
)
FUNCTIONS = st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=6).map(
    lambda chosen: (
        "def f(a, b=None, total=0):\n    '''1 < 2 and True'''\n" + "".join(f"    {each}\n" for each in chosen)
    )
)


@pytest.mark.filterwarnings("ignore:.*with a.*literal:SyntaxWarning")
@settings(max_examples=60, deadline=None)
@given(text=FUNCTIONS, kind=st.sampled_from(KINDS), seed=st.sampled_from("abc"))
def test_a_mutant_compiles_differs_and_is_the_same_again(text: str, kind: Kind, seed: str) -> None:
    mutant = mutate(text, kind, seed)
    assert mutant == mutate(text, kind, seed)
    if mutant is None:
        return
    assert kind in applicable_kinds(text)
    assert ast.dump(ast.parse(mutant.text)) != ast.dump(ast.parse(text))
    compile(mutant.text, "<mutant>", "exec")
    before, after = text.split("\n"), mutant.text.split("\n")
    first, last = mutant.lines[0], mutant.lines[-1]
    assert after[: first - 1] == before[: first - 1], "what stands above is untouched"
    assert after[last:] == before[len(before) - len(after) + last :], "and what stands below"


def test_another_seed_finds_another_place() -> None:
    text = "def f(a):\n    return a(0, 0, 0, 0, 0, 0)\n"
    mutants = {mutate(text, BY_NAME["wrong-constant"], str(seed)) for seed in range(20)}
    assert len(mutants) > 3


@pytest.mark.parametrize("text", ["x = 1\n", "class A:\n    pass\n", "def f():\n    pass\ndef g():\n    pass\n", ""])
def test_only_one_function_is_taken(text: str) -> None:
    with pytest.raises(ValueError, match="one function"):
        FunctionSource(text)
