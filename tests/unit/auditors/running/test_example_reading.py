"""Which examples are read in what people write, and what isn't certain enough to be one."""

import textwrap
from collections.abc import Sequence

import pytest

from pillion.auditors.running.example_reading import calls_in, examples_in, without_contradictions
from pillion.auditors.running.reading.written_example import Callee, Form, WrittenExample

F = Callee("f", "", ("x",), 1, frozenset({"f", "g", "Point", "MAX", "total"}))
TWO = Callee("add", "", ("left", "right"), 2, frozenset({"add"}), {"left": "int"})
TEXT = Callee("f", "", ("x",), 1, frozenset({"f"}), {"x": "str"})
PUSH = Callee("push", "Stack", ("item",), 1, frozenset({"Stack"}))


def said(examples: Sequence[WrittenExample]) -> list[str]:
    """Each example in one line."""
    return [
        (f"{'; '.join(each.setup.splitlines())}; " if each.setup else "")
        + each.call
        + (
            f" raises {each.raises}"
            if each.raises
            else f" → {each.wanted}"
            if each.wanted
            else f" shows {each.output!r}"
        )
        for each in examples
    ]


READ = [
    # Sessions.
    (">>> f(2)\n4", ["f(2) → 4"]),
    (">>> f( [1,2] )\n[2, 4]", ["f([1, 2]) → [2, 4]"]),
    ("Doubles.\n\n>>> f(1)\n2\n>>> f(2)\n4\n\nMore words.", ["f(1) → 2", "f(2) → 4"]),
    (">>> f([1,\n...    2])\n3", ["f([1, 2]) → 3"]),
    (">>> x = 3\n>>> f(x)\n6", ["x = 3; f(x) → 6"]),
    (">>> x = 3\n>>> y = x + 1\n>>> f(y)\n8", ["x = 3; y = x + 1; f(y) → 8"]),
    (">>> x = 3; f(x)\n6", ["x = 3; f(x) → 6"]),
    (">>> x = f(3)\n>>> x\n6", ["x = f(3); x → 6"]),
    (">>> import math\n>>> f(math.pi)\n4", ["import math; f(math.pi) → 4"]),
    (">>> from shop import f\n>>> f(2)\n4", ["f(2) → 4"]),
    (">>> f(0)\nTraceback (most recent call last):\n    ...\nValueError: no", ["f(0) raises ValueError"]),
    (
        ">>> f(0)\nTraceback (most recent call last):\n  File \"x\", line 1\nshop.ShopError: no\n>>> f(2)\n4",
        ["f(0) raises ShopError", "f(2) → 4"],
    ),
    (">>> print(f(2))\nfour", ["print(f(2)) shows 'four'"]),
    (">>> f(9)  # doctest: +ELLIPSIS\n[0, ..., 9]", ["f(9) shows '[0, ..., 9]'"]),
    (">>> f(9)  # doctest: +NORMALIZE_WHITESPACE\n[1,\n 2]", ["f(9) → [1,\n 2]"]),
    (">>> f(2) == 4\nTrue", ["f(2) == 4 → True"]),
    (">>> sorted(f(2))\n[1, 2]", ["sorted(f(2)) → [1, 2]"]),
    (">>> f('a')\n'b'  # a comment", ["f('a') → 'b'  # a comment"]),
    (">>> for x in f(2):\n...     print(x)\n1\n2", ["for x in f(2):;     print(x); None shows '1\\n2'"]),
    (">>> f(2)\n{1, 2}", ["f(2) → {1, 2}"]),
    (">>> f(2)\nPoint(x=1, y=2)", ["f(2) → Point(x=1, y=2)"]),
    (">>> f(2)\nset()", ["f(2) → set()"]),
    ("    >>> f(2)\n    4\n", ["f(2) → 4"]),
    ("In [1]: f(2)\nOut[1]: 4", ["f(2) → 4"]),
    (">>> f(2)  # 4", ["f(2) → 4"]),
    (">>> f(2)==>True", ["f(2) → True"]),
    # Comparisons, arrows, words.
    ("f(2) == 4", ["f(2) → 4"]),
    ("* f(2) == 4\n* f(3) == 6", ["f(2) → 4", "f(3) → 6"]),
    ("1. f(2) -> 4", ["f(2) → 4"]),
    ("f(2) => 4", ["f(2) → 4"]),
    ("f(2) ==> 4", ["f(2) → 4"]),
    ("f(2) ➞ 4", ["f(2) → 4"]),
    ("f(2) → 4", ["f(2) → 4"]),
    ("f(2) = 4", ["f(2) → 4"]),
    ("f(2) === 4", ["f(2) → 4"]),
    ("f(2) returns 4", ["f(2) → 4"]),
    ("f(2) returns 4.", ["f(2) → 4"]),
    ("f(2) returns the list [4, 5].", ["f(2) → [4, 5]"]),
    ("f(2) should return 4", ["f(2) → 4"]),
    ("f(2) should return 4 instead of 5", ["f(2) → 4"]),
    ("f(2) must be 4, not 5", ["f(2) → 4"]),
    ("f(2) gives 4 because it doubles", ["f(2) → 4"]),
    ("f(2) is 4 and f(3) is 6.", ["f(2) → 4", "f(3) → 6"]),
    ("f(2) == 4, f(3) == 6", ["f(2) → 4", "f(3) → 6"]),
    ("f(2) evaluates to 4", ["f(2) → 4"]),
    ("f(2)  # 4", ["f(2) → 4"]),
    ("f(2)  # => 4", ["f(2) → 4"]),
    ("f(2)  # returns 4", ["f(2) → 4"]),
    ("f(2) -> 4 (twice)", ["f(2) → 4"]),
    ("f(2) => 'No' # the name is short", ["f(2) → 'No'"]),
    ("Example: f(2) == 4", ["f(2) → 4"]),
    ("For example, f(2) is 4.", ["f(2) → 4"]),
    ("E.g. `f(2)` returns `4`.", ["f(2) → 4"]),
    ("Doubles a number. f(2) returns 4.", ["f(2) → 4"]),
    ("assert f(2) == 4", ["f(2) → 4"]),
    ("Your code should pass these tests:\nassert f(2) == 4\nassert f([1, 2]) == [2, 4]", ["f(2) → 4", "f([1, 2]) → [2, 4]"]),
    ("f([\n  [1, 2],\n  [3]\n]) == 6", ["f([\n  [1, 2],\n  [3]\n]) → 6"]),
    ("f(2) returns true", ["f(2) → True"]),
    ("f(2) == None", ["f(2) → None"]),
    ("f(2) == -1.5", ["f(2) → -1.5"]),
    ("f({'a': 1}) == {'a': (1, 2)}", ["f({'a': 1}) → {'a': (1, 2)}"]),
    ('f("a, b (c") == "d"', ['f("a, b (c") → "d"']),
    ("f(g(2)) == 4", ["f(g(2)) → 4"]),
    ("len(f(2)) == 4", ["len(f(2)) → 4"]),
    ("print(f(2))  # 4", ["f(2) → 4"]),
    ("f(MAX) == 4", ["f(MAX) → 4"]),
    ("f(lambda x: x + 1) == 4", ["f(lambda x: x + 1) → 4"]),
    ("Make f(2) return 4", ["f(2) → 4"]),
    ("f(-1) raises ValueError", ["f(-1) raises ValueError"]),
    ("f(-1) should raise a ValueError", ["f(-1) raises ValueError"]),
    ("f(-1) -> KeyError", ["f(-1) raises KeyError"]),
    ("f(-1)  # raises ValueError", ["f(-1) raises ValueError"]),
    ("```python\nx = [1]\nassert f(x) == 4\n```", ["x = [1]; f(x) → 4"]),
    # What comes in and what comes out.
    ("For x = 3 the output should be 6.", ["f(3) → 6"]),
    ("For x = [1, 2], the result is 3", ["f([1, 2]) → 3"]),
    ("Example: for [1, 2] the result is 3", ["f([1, 2]) → 3"]),
    ("For N = 3, the sum of digits will be 1 the output should be 6", []),
    ("Input: [1, 2]\nOutput: 3", ["f([1, 2]) → 3"]),
    ("Example 1:\n    Input: x = [4,2]\n    Output: [2, 1]\n    Explanation: 2 is small", ["f([4,2]) → [2, 1]"]),
    ("Input: 3 -> Output: 6", ["f(3) → 6"]),
    ("| input | output |\n|---|---|\n| 1 | 2 |\n| `2` | `4` |", ["f(1) → 2", "f(2) → 4"]),
    ("| x | result |\n|---|:---:|\n| [1] | 2 |", ["f([1]) → 2"]),
    ("| call | result |\n|---|---|\n| `f(1)` | 2 |", ["f(1) → 2"]),
    ("===== ======\ninput output\n===== ======\n1     2\n2     4\n===== ======", ["f(1) → 2", "f(2) → 4"]),
    ("+---+--------+\n| x | result |\n+===+========+\n| 1 | 2      |\n+---+--------+\n| 2 | 4      |\n+---+--------+", ["f(1) → 2", "f(2) → 4"]),
]  # fmt: skip

NOT_READ = [
    # Placeholders, dots, pseudo-code, names that nobody defines.
    "f(x) == y", "f(n) returns 4", "f(...) == 4", "f(2, ...) == 4", "f(2) == ...", "f(2) == [1, ..., 9]",
    "f(a) -> 4", "f(list) -> list[int]", "f(2) -> int", "f(2) returns something", "f(2) == x", "f(2) == g(2)",
    ">>> f(prices)\n4", ">>> x = load()\n>>> f(x)\n4", ">>> f(2) + y\n4", "f(<number>) == 4",
    # Prose with comparisons, and what only sometimes holds.
    "Returns True if f(2) == 4", "If f(2) == 4, stop.", "Checks whether f(2) == 4 holds", "Stop when f(2) is 4",
    "f(2) returns about 4", "f(2) returns approximately 4", "f(2) returns 4 or 5", "f(2) is around 4",
    "f(2) == 4 (approximately)", "f(2) returns 4 on most machines", "f(2) ~ 4", "f(2) returns at least 4",
    "f(2) returns 4 items", "f(2) returns 4%", "f(2) returns 4px", "f(2) -> 3, 1", "f(2) == 4 == x", "f(2) -> 4 / 2",
    "f(2) == 1 + 3 = 4", "f(2) -> 19 - 5 - 6 = 8", "f(2) returns 1,000", "f(2) = 4x + 1", "2 * f(2) == 8",
    "f(2) + 1 == 5", "not f(2) == 4", "f(2) != 4", "f(2) is not 4", "f(2) does not return 4", "f(2) never returns 4",
    "f(2) < 4", "f(2) might return 4", "f(2) could be 4", "Suppose f(2) == 4", "f(2) == 4?", "f(2) returns 4!",
    # What is wrong, or was.
    "Wrong: f(2) == 5", "Bug: f(2) returns 5", "Currently f(2) returns 5", "f(2) returns 5 but should return 4",
    "f(2) returns 5 instead of 4", "Don't write f(2) == 5", "Before: f(2) -> 5", "f(2) used to return 5",
    "These are wrong:\nf(2) == 5", "Actual:\n\n", "The old f(2) returns 5", "It fails: f(2) gives 5", "f(2) was 5",
    # Other functions' examples.
    "g(2) == 4", ">>> g(2)\n4", "xf(2) == 4", "f2(2) == 4", "obj.f(2) == 4", "g(f(2) == 4", "print(g(2))  # 4",
    # Sessions that say nothing for certain.
    ">>> f(2)  # doctest: +SKIP\n4", ">>> f(2)", ">>> f(2)\n", ">>> x = f(2)", ">>> f(\n4", "def f(2) -> 4",
    ">>> f(2)\n>>> g(2)\n5", ">>> f(open('x'))\n4", ">>> f(id(3))\n4",
    # Inputs and outputs that don't fit.
    "Input: 3 4\nOutput: 7", "Input: a, b\nOutput: 7", "Input: 1, 2\nOutput: 3", "Input: 3\nOutput: three",
    "Input: y = 3\nOutput: 6", "For y = 3 the output should be 6", "For all x the result is 4", "Input: 3",
    "| a | b |\n|---|---|\n| 1 | 2 |", "| y | result |\n|---|---|\n| 1 | 2 |", "| input | output |\n|---|---|\n| a | 2 |",
    "| input | output |\n| 1 | 2 |", "tri(n) = n + 1", "f(n) = f(n - 1) + 1\nf(0) = 0",
    "```python\nx = load()\nassert f(x) == 4\n```", "f(2) raises money", "f(2) raises awareness of ValueError",
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), READ, ids=[each[0][:40] for each in READ])
def test_what_is_read(text: str, wanted: list[str]) -> None:
    assert said(examples_in(text, F, "python")) == wanted


@pytest.mark.parametrize("text", NOT_READ)
def test_what_is_not_certain_is_no_example(text: str) -> None:
    assert said(examples_in(text, F, "python")) == []


@pytest.mark.parametrize(
    ("callee", "text", "wanted"),
    [
        (TWO, "For left = 1, right = 2 the result is 3", ["add(1, 2) → 3"]),
        (TWO, "Input: right = 2, left = 1\nOutput: 3", ["add(1, 2) → 3"]),
        (TWO, "Input: 1, 2\nOutput: 3", ["add(1, 2) → 3"]),
        (TWO, "Input: left = 1\nOutput: 3", []),
        (TWO, "Input: 1\nOutput: 3", []),
        (TWO, "| right | left | result |\n|---|---|---|\n| 2 | 1 | 3 |", ["add(1, 2) → 3"]),
        (TEXT, "Input: 3\nOutput: 4", []),
        (TEXT, 'Input: "3"\nOutput: 4', ['f("3") → 4']),
        (PUSH, ">>> s = Stack()\n>>> s.push(1)\n1", ["s = Stack(); s.push(1) → 1"]),
        (PUSH, ">>> s = Stack()\n>>> s.push(1)\n1\n>>> s.push(2)\n2",
         ["s = Stack(); s.push(1) → 1", "s = Stack(); s.push(1); s.push(2) → 2"]),
        (PUSH, "Stack().push(1) == 1", ["Stack().push(1) → 1"]),
        (PUSH, "push(1) == 1", []),
        (PUSH, "s.push(1) == 1", []),
        (PUSH, "Input: 1\nOutput: 1", []),
    ],
)  # fmt: skip
def test_parameters_and_receivers(callee: Callee, text: str, wanted: list[str]) -> None:
    assert said(examples_in(text, callee, "python")) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("@example\nf(2) // 4", ["f(2) → 4"]),
        ("@example\nf(2) // => 4", ["f(2) → 4"]),
        ("f([1, 2]); // [2, 4]", []),
        ("f({a: 1}) // => {a: [2]}", ["f({a: 1}) → {a: [2]}"]),
        ("f(2) === 4", ["f(2) → 4"]),
        ("console.log(f(2)) // 4", ["f(2) → 4"]),
        ("f(2) returns undefined", ["f(2) → undefined"]),
        ("f(2) -> 'a'", ["f(2) → 'a'"]),
        ("f(new Set([1])) // 4", ["f(new Set([1])) → 4"]),
        ("f(x => x + 1) // 4", ["f(x => x + 1) → 4"]),
        ("f(-1) throws RangeError", ["f(-1) raises RangeError"]),
        ("```js\nexpect(f(2)).toBe(4);\n```", ["f(2) → 4"]),
        ("```js\nassert.deepEqual(f(2), [4]);\n```", ["f(2) → [4]"]),
        ("```js\nexpect(() => f(-1)).toThrow(RangeError);\n```", ["f(-1) raises RangeError"]),
        ("```js\nexpect(f(2)).not.toBe(4);\n```", []),
        ("```js\nit.skip('x', () => { expect(f(2)).toBe(4); });\n```", []),
        ("f(items) // 4", []), ("f(2) // the double", []), ("f(...) // 4", []), ("f(2) // [1, ...]", []),
        ("await f(2) // 4", []), ("f(2) // ~4", []), ("if (f(2) === 4) stop()", []),
    ],
)  # fmt: skip
def test_what_is_read_for_javascript(text: str, wanted: list[str]) -> None:
    assert said(examples_in(text, F, "javascript")) == wanted


def test_languages_without_a_reader_have_no_examples() -> None:
    assert examples_in("f(2) == 4", F, "rust") == []


def test_examples_that_contradict_each_other_are_left_out() -> None:
    read = examples_in("f(2) == 4\nf( 2 ) == 5\nf(3) == 6", F, "python")
    assert said(without_contradictions(read)) == ["f(3) → 6"]


def test_the_calls_are_hints() -> None:
    read = examples_in(">>> x = 1\n>>> f(x)\n2\n>>> f(2)\n4\n\nf(2) == 4\nf(-1) raises ValueError", F, "python")
    assert calls_in(read) == ("f(2)", "f(-1)")


def test_forms() -> None:
    forms = {
        each.call: each.form
        for each in examples_in(">>> f(1)\n2\n\nf(2) == 4\n\n```\nassert f(3) == 6\n```", F, "python")
    }
    assert forms["f(1)"] is Form.DOCTEST
    assert forms["f(2)"] is Form.PROSE


@pytest.mark.parametrize(
    "text", ["f(" * 3000, ">>> " + "(" * 3000, "f(2) == " + "[" * 3000, "Input: " * 3000, "|-" * 5000]
)
def test_hostile_text_is_read_in_no_time(text: str) -> None:
    assert examples_in(text, F, "python") == []
    assert examples_in(textwrap.indent(text, "    "), F, "javascript") == []
