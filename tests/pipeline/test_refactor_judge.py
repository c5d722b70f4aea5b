"""What judges refactorings by hand-written calls, in a real interpreter: what counts as a change, and what doesn't."""

import sys

import pytest

from pillion.bench.refactor_judge import judged, why_unjudged

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
ADDS = "def f(xs):\n    xs.append(1)\n    return xs\n"
LINES = "class Box:\n    def __init__(self, n):\n        self.n = n\n\ndef f(n):\n    return Box(n)\n"


@pytest.mark.parametrize(
    ("before", "after", "call", "said"),
    [
        pytest.param("def f(n): return n + n", "def f(n): return 2 * n", "f(3)", "", id="the same"),
        pytest.param("def f(n): return n + n", "def f(n): return n", "f(3)", "f(3): ('6', '') became ('3', '')", id="a value"),
        pytest.param("def f(n): return 1", "def f(n): return True", "f(3)", "became ('True'", id="its type"),
        pytest.param("def f(n): return -0.0", "def f(n): return 0.0", "f(3)", "became ('0.0'", id="its sign"),
        pytest.param("def f(n): return [n]", "def f(n): return (n,)", "f(3)", "became (\"tuple(['3'])\"", id="a container"),
        pytest.param("def f(n): return 1 / n", "def f(n): return 1 // n", "f(0)", "", id="the same error"),
        pytest.param("def f(n): raise KeyError('a')", "def f(n): raise KeyError('b')", "f(0)", "", id="other words"),
        pytest.param("def f(n): raise KeyError", "def f(n): raise ValueError", "f(0)", "raised ValueError", id="another error"),
        pytest.param("def f(n): return n", "def f(n): raise SystemExit", "f(0)", "raised SystemExit", id="ends the program"),
        pytest.param("def f(n): return n", "def f(n):\n    while True: pass", "f(0)", "", id="endless"),
        pytest.param(ADDS, "def f(xs): return [*xs, 1]", "f([0])", "", id="an argument that nobody looks at"),
        pytest.param(ADDS, "def f(xs): return [*xs, 1]", "a = [0]; f(a); a", "became (\"list(['0'])\"", id="an argument"),
        pytest.param("def f(): print(1)", "def f(): pass", "f()", "became ('None', '')", id="what is printed"),
        pytest.param("def f(): return {1, 2, 3}", "def f(): return {3, 2, 1}", "f()", "", id="the order of a set"),
        pytest.param("def f(): return {1: 2, 3: 4}", "def f(): return {3: 4, 1: 2}", "f()", "became", id="of a mapping"),
        pytest.param("def f(): yield from [1, 2]", "def f(): return iter([1, 2])", "f()", "", id="a generator"),
        pytest.param(LINES, LINES, "f(1)", "", id="an object"),
        pytest.param(LINES, LINES.replace("Box(n)", "Box(-n)"), "f(1)", "-1", id="what is in an object"),
        pytest.param("seen = []\ndef f(n):\n    seen.append(n)\n    return seen\n", "def f(n): return [n]", "f(1)", "", id="calls don't meet"),
        pytest.param("def f(n): return n", "def f(n:", "f(1)", "raised SyntaxError", id="no Python"),
    ],
)  # fmt: skip
def test_python(before: str, after: str, call: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pillion.bench.check_process.RUNS_WITHIN_S", 5)
    found = judged("python", before, after, [call, call])
    same = not said and "while True" not in after
    assert (found.passed, said in found.said) == (same, True), found.said


@pytest.mark.parametrize(
    ("before", "after", "call", "said"),
    [
        pytest.param("function f(n) { return n + n }", "const f = (n) => 2 * n", "f(3)", "", id="the same"),
        pytest.param("function f(n) { return n }", "function f(n) { return String(n) }", "f(3)", "became", id="its type"),
        pytest.param("export function f(n) { return n }", "export const f = (n) => n", "f(3)", "", id="exported"),
        pytest.param("function f() { return undefined }", "function f() { return null }", "f()", "null", id="nothing"),
        pytest.param("function f(n) { return n.a.b }", "function f(n) { return n?.a?.b }", "f()", "threw TypeError", id="an error"),
        pytest.param("function f(a) { a.sort(); return 1 }", "function f(a) { return 1 }", "var a = [2, 1]; f(a); a", "[ 1, 2 ]", id="an argument"),
        pytest.param("function f() { console.log('a') }", "function f() {}", "f()", "became", id="what is printed"),
    ],
)  # fmt: skip
def test_javascript(before: str, after: str, call: str, said: str) -> None:
    if why_unjudged("javascript"):
        pytest.skip(why_unjudged("javascript"))
    found = judged("javascript", before, after, [call])
    assert (found.passed, said in found.said) == (not said, True), found.said


def test_other_languages_are_not_judged() -> None:
    assert why_unjudged("typescript") == "the bench can't judge typescript"
    assert why_unjudged("python") == ""
