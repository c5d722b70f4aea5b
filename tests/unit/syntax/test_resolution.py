"""Which variable a name means: each occurrence of `x` is followed by the number of its variable."""

import re

import pytest

from pillion.syntax.scopes.resolution import Resolution
from tests.support.texts import parsed

CASES = {
    "python, closures": (
        "python",
        "x1 = 1\ndef f(x2):\n    def g():\n        nonlocal x2\n        x2 = 3\n    def h():\n        global x1\n        x1 = 2\n",
    ),
    "python, a comprehension": ("python", "def f(x1):\n    return [x2 for x2 in x1 if x2], x1\n"),
    "python, defaults": ("python", "def f(x1):\n    def g(x2=x1): return x2\n    return lambda x3=x1: x3\n"),
    "python, a class": (
        "python",
        "x1 = 1\nclass A:\n    x2 = 2\n    y = x2\n    def f(self): return x1\n    def g(self, x3): self.x = x3\n",
    ),
    "javascript, var and let": ("javascript", "function f(x1) { var x1; { let x2 = 1; use(x2); } return x1; }"),
    "javascript, functions": ("javascript", "const g = (x1) => { x1(x2 => x2, function x3() { x3() }) }"),
    "typescript, types": ("typescript", "function f<x1>(a: x1, g: (y: x1) => x1): x1 { return a as x1 }"),
    "go, parameters and the body": ("go", "func f(x1 int) { y, x1 := g(x1); { x2 := x1; h(x2) } }"),
    "go, headers": ("go", "func f(x1 T) { if x2 := x1; x2 { g(x2) }; for x3 := range x1 { g(x3) }; g(x1) }"),
    "go, a type switch": ("go", "func f(x1 T) { switch x2 := x1.(type) { case A: g(x2) }; g(x1) }"),
    "rust, lets": ("rust", "fn f(x1: T) { let x2 = x1.a(); let x3 = x2 + x2; { let x4 = x3; } g(x3); }"),
    "rust, if let": ("rust", "fn f(x1: T) { if let Some(x2) = x1 { g(x2) } else { g(x1) } }"),
    "rust, match and for": ("rust", "fn f(x1: T) { match x1 { A(x2) => x2, x3 => x3 }; for x4 in x1 { g(x4) } }"),
    "java, a field and a local": ("java", "class A { int x1; void f() { g(x1); int x2 = 1; g(x2); } void h() { x1++; } }"),
    "java, a method and a class": ("java", "class A { int x1() { return 1; } int f(int x2) { x3 a = x1() + x2; } class x3 {} }"),
    "rust, a module": ("rust", "mod x1 {} fn f(x2: T) { x1::g(x2); let x3 = x1::h(); g(x3) }"),
    "typescript, a type and a value": ("typescript", "function f<x1>(x2: x1): x1 { return g(x2) as x1 }"),
    "c, blocks": ("c", "int x1; int f(int x2) { { g(x2); int x3 = 1; g(x3); } for (int x4 = 0; x4;) g(x4); return x2; }"),
    "c++, captures": ("cpp", "int f(int x1) { auto g = [x1](int y) { return x1; }; auto h = [x2 = x1] { return x2; }; for (auto x3 : x1) g(x3); }"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "marked"), CASES.values(), ids=CASES)
def test_what_a_name_means(language: str, marked: str) -> None:
    numbers = [int(each) for each in re.findall(r"\bx(\d)", marked)]
    document = parsed(language, re.sub(r"\bx\d", "x", marked))
    found = Resolution(document.tree.root_node, language).occurrences("x")
    assert len(found) == len(numbers)
    meant: dict[int, int] = {}
    for number, each in zip(numbers, found, strict=True):
        assert each.variable is not None, number
        assert meant.setdefault(number, id(each.variable)) == id(each.variable), number
    assert len(set(meant.values())) == len(meant)


def test_the_shape_is_that_of_all_names() -> None:
    def shape(text: str) -> object:
        return Resolution(parsed("python", text).tree.root_node, "python").shape()

    before = shape("def f(a):\n    return a + b\n")
    assert shape("def f(c):\n    return c + b\n") == before
    for other in ("def f(b):\n    return b + b\n", "def f(a):\n    return a + c\n", "def f(a):\n    return a\n"):
        assert shape(other) != before
