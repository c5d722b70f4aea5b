"""The calls to try: they tell faults apart, and accuse no clean refactor."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from tree_sitter import Node

from pillion.sandbox.inputs.call_makers import CALL_MAKERS
from pillion.sandbox.inputs.hints import Hints
from pillion.sandbox.inputs.javascript_calls import javascript_calls
from pillion.sandbox.inputs.javascript_coverage import javascript_with_coverage
from pillion.sandbox.inputs.javascript_near import near
from pillion.sandbox.inputs.javascript_patterns import text_for
from pillion.sandbox.inputs.javascript_samples import Constants
from pillion.sandbox.inputs.python_coverage import REACHED
from pillion.sandbox.inputs.smaller_javascript import smaller_calls
from pillion.sandbox.javascript_sandbox import JavaScriptSandbox
from pillion.sandbox.sandbox import Call, Returned
from pillion.sandbox.slices.javascript_slice import javascript_slice
from pillion.sandbox.slices.slice import Slice
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from tests.support.javascript_mutants import LIMITS, Mutant, differences, mutants

FOLDER = Path(__file__).parent / "javascript"
FUNCTIONS = (FOLDER / "functions.ts").read_text(encoding="utf-8")
REFACTORED = (FOLDER / "refactored.ts").read_text(encoding="utf-8")
# All 488 faults take minutes: 446 of them are told apart. This is each ninth.
EACH = 9


@pytest.fixture(scope="module")
def sandbox() -> Iterator[JavaScriptSandbox]:
    made = JavaScriptSandbox()
    yield made
    made.close()


def functions(text: str) -> list[tuple[tuple[str, ...], Node]]:
    language = language_by_id("typescript")
    assert language is not None
    symbols = ParsedText.of(language, text).symbols
    found = [
        (symbols.path_of(each), each) for each in symbols.walk() if symbols.kind_of(each) in {"function", "method"}
    ]
    return [
        (path, node)
        for path, node in found
        if len(path) == 1 or (path[0] in {"Counter", "Stack"} and path[-1] != "constructor")
    ]


def test_faults_are_told_apart(sandbox: JavaScriptSandbox) -> None:
    faults: list[tuple[tuple[str, ...], Mutant]] = []
    for path, node in functions(FUNCTIONS):
        faults += [(path, each) for each in mutants(FUNCTIONS, node.child_by_field_name("value") or node)]
    assert len(functions(FUNCTIONS)) >= 60
    chosen = faults[::EACH]
    missed: list[str] = []
    for path, fault in chosen:
        old, new = javascript_slice(FUNCTIONS, path), javascript_slice(fault.text, path)
        if not differences(sandbox, old.source, new.source, javascript_calls(old, Hints())):
            missed.append(f"{path[-1]}, line {fault.change}")
    assert len(chosen) - len(missed) >= 0.85 * len(chosen), missed


def test_no_clean_refactor_is_accused(sandbox: JavaScriptSandbox) -> None:
    pairs = functions(REFACTORED)
    assert len(pairs) >= 40
    accused: list[str] = []
    for path, _ in pairs:
        old, new = javascript_slice(FUNCTIONS, path), javascript_slice(REFACTORED, path)
        found = differences(sandbox, old.source, new.source, javascript_calls(old, Hints()))
        accused += [f"{call.shown}: {one} → {other}" for call, one, other in found[:1]]
    assert accused == []


def calls_of(text: str, *path: str, hints: tuple[str, ...] = ()) -> list[Call]:
    return javascript_calls(javascript_slice(text, path), Hints(calls=hints))


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("function f(n: number) { return n > 41; }", ["f(41)", "f(42)", "f(40)"]),
        ("function f(mode: 'up' | 'down') { return mode; }", ["f('up')", "f('down')"]),
        ("enum M { A, B }\nfunction f(m: M) { return m; }", ["f(M.A)", "f(M.B)"]),
        ("interface P { x: number; y?: boolean }\nfunction f(p: P) { return p; }", ["f({ x: 1, y: true })"]),
        ("/** @param {string[]} xs */\nfunction f(xs) { return xs; }", ["f([])", 'f(["abc", ""])']),
        ("/** @param {number} [n] */\nfunction f(n) { return n; }", ["f(1)", "f()"]),
        ("function f(a, b = 3) { return a * b; }", ["f(3, 3)", "f(3)"]),
        ("const f = (text) => text.split(':')", ['f("ab:cd")']),
        ("const f = (xs) => xs.map((x) => x.name.trim())", ['f([])']),
        ("const f = ({ id, tags = [] }) => tags.includes(id)", []),
        ("function f(cb) { return cb(1); }", ["f((x) => x)"]),
        ("function f(...xs: number[]) { return xs; }", ["f()", "f(1, 0)"]),
        ("function f(m: Map<string, number>) { return m; }", ['f(new Map([["abc", 1], ["", 0]]))']),
        ("function f() { return 1; }", ["f()"]),
        ("const f = (s) => /^\\d{4}-[A-F]+$/.test(s)", ['f("4444-A")']),
    ],
)  # fmt: skip
def test_calls_follow_from_types_defaults_and_uses(text: str, has: list[str]) -> None:
    shown = [each.shown for each in calls_of(text, "f")]
    assert shown
    assert [each for each in has if each not in shown] == []


def test_hints_come_first_and_only_arguments_are_taken_from_them() -> None:
    hints = ("expect(total([5])).toBe(5);", "other(1)", "total((((", "assert.equal(shop.total([6], 2), 1)")
    shown = [each.shown for each in calls_of("export const total = (xs, n) => xs.length + n", "total", hints=hints)]
    assert shown[:2] == ["total([5])", "total([6], 2)"]


def test_proposals_of_another_type_are_left_out() -> None:
    made = javascript_slice("const f = (xs: number[], s: string, x) => [xs, s, x]", ("f",))
    proposals = ('f("abc", "a", 1)', "f([1], 2, 3)", 'f([7], "seven", "any")', "nonsense(((")
    calls = javascript_calls(made, Hints(proposals=proposals))
    assert [calls[0].shown, calls[0].kind] == ['f([7], "seven", "any")', ("string",)]
    assert not {"f([1], 2, 3)", 'f("abc", "a", 1)'} & {each.shown for each in calls}


def test_what_a_call_may_change_is_watched() -> None:
    call = calls_of("function f(xs: number[], n: number) { xs.push(n); }", "f")[0]
    assert call == Call("f(_argument_0, 1)", "const _argument_0 = [1, 0];", ("_argument_0",), "f([1, 0], 1)")


def test_a_receiver_is_made_and_used_before_the_call() -> None:
    text = "class Box { items = []; constructor(max) { this.max = max * 2; } put(x) { this.items.push(x * 2); } all() { return this.items; } }"
    calls = calls_of(text, "Box", "all")
    assert {each.watched for each in calls} == {("_receiver",)}
    assert any("_receiver.put(" in each.setup for each in calls)
    assert len({re.findall(r"new Box[(](.*?)[)]", each.setup)[-1] for each in calls}) > 3
    again = calls_of(text, "Box", "put")
    assert any("_again(" in each.setup for each in again)  # whatever a rename makes of the method
    assert not any("_again" in each.shown for each in again)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^#([0-9a-f]{2})$", "#00"),
        ("a|b", "a"),
        (r"\d+\.\w?(?:x|y)", "4.bx"),
        ("[^a-z]+", "Q"),
        ("(?=a)b", "b"),
        ("((", ""),
        ("[", ""),
    ],
)
def test_texts_for_patterns(pattern: str, text: str) -> None:
    assert text_for(pattern) == text


SELF = """
class Tree { constructor(public value: number, public left: Tree | null = null, public right: Tree | null = null) {} }
interface Json { [key: string]: Json | Json[]; }
function f(a, b, c, d, e, t: Tree, j: Json) { return a ? f(b, c, d, e, a, t, j) + f(c, d, e, a, b, t, j) + f(d, e, a, b, c, t, j) : g(a, b, c); }
function g(a, b, c) { return f(a, b, c) + f(c, b, a) + g(b, a, c); }
"""


def test_what_refers_to_itself_takes_no_time() -> None:
    began_at = time.process_time()
    assert len(calls_of(SELF, "f")) > 10
    assert time.process_time() - began_at < 2


@pytest.mark.parametrize("text", ["function f(", "const f = ", "f", "", "function f({ { }) {}", "function f(a: ) {}"])
def test_broken_code_makes_no_error(text: str) -> None:

    assert isinstance(javascript_calls(Slice(text, "f", text), Hints()), list)


def test_rounds_bring_other_calls() -> None:
    made = javascript_slice("function f(n: number, s: string) { return s.repeat(n); }", ("f",))
    first = javascript_calls(made, Hints())
    second = javascript_calls(made, Hints(returned=tuple(first[:40]), failed=tuple(first[40:])))
    assert second
    assert not {each.expression for each in first} & {each.expression for each in second}


def test_arguments_of_an_unknown_kind_have_one() -> None:
    kinds = {each.kind for each in calls_of("const f = (thing, n = 1) => use(thing, n)", "f")}
    assert {("number",), ("string",), ("list",), ("other",)} <= kinds
    assert {each.kind for each in calls_of("const f = (n: number) => n", "f")} == {()}


@pytest.mark.parametrize(
    ("call", "has"),
    [
        ("f([1, 22, 3], 'abcd')", ["f([22, 3], 'abcd')", "f([1, 0, 3], 'abcd')", "f([1, 22, 3], 'ab')"]),
        ("f({ a: 1, b: [2] }, -5)", ["f({ b: [2] }, -5)", "f({ a: 1, b: [] }, -5)", "f({ a: 1, b: [2] }, 5)"]),
        ("f(true, null)", []),
        ("f((x) => x)", []),
    ],
)  # fmt: skip
def test_smaller_calls(call: str, has: list[str]) -> None:
    made = javascript_slice("function f(a, b) { return [a, b]; }", ("f",))
    (first, *_) = javascript_calls(made, Hints(calls=(call,)))
    assert first.shown == call
    shown = [each.shown for each in smaller_calls(made, first)]
    assert [each for each in has if each not in shown] == []
    assert all(len(each) <= len(call) for each in shown)


def test_every_language_of_the_sandbox_has_a_maker() -> None:
    assert {"javascript", "typescript", "typescriptreact"} <= CALL_MAKERS.keys()


BRANCHES = """export function f(a, b) {
  if (a > 1) return 1;
  else if (b) { b.x = 2; }
  for (const each of b ?? []) a += each;
  switch (a) { case 7: return "seven"; default: a = a && -a; }
  const g = (x) => x + 1;
  while (a > 100) a--;
  return a ? g(a) : 0;
}
"""


def test_branches_are_noted_and_nothing_else_changes(sandbox: JavaScriptSandbox) -> None:
    old = javascript_slice(BRANCHES, ("f",))
    source, count = javascript_with_coverage(old)
    calls = [Call(f"f({each})") for each in ("2, 0", "0, [1]", "7, null", "0, [200]", "0, 0", "1, [6]")]
    assert list(sandbox.run(source, calls, LIMITS)) == list(sandbox.run(old.source, calls, LIMITS))
    assert count == 11
    (answer,) = sandbox.run(source, [Call("f(2, 0)", watched=(REACHED,))], LIMITS)
    assert isinstance(answer, Returned)
    assert [each.text for each in answer.argument_values[0].parts] == ["0"]


@pytest.mark.parametrize("text", ["function f(" * 50, "export const f = 1;", "export function f(a) { return a; }"])
def test_code_without_branches_stays_as_it_is_or_runs(text: str) -> None:
    source, count = javascript_with_coverage(Slice(text, "f", text))
    assert count == 0
    assert source.endswith(text)


NEAR = Constants([41.0], ["needle"])


@pytest.mark.parametrize(
    "value", ["-3", '"ab"', "[1, 2]", "{ a: 1, b: [true] }", "null", "(x) => x", 'new Map([["a", 1]])']
)
def test_near_values_can_be_read(value: str) -> None:
    made = {near(value, NEAR, Random(seed)) for seed in range(60)}  # noqa: S311
    language = language_by_id("typescript")
    assert language is not None
    assert not any(ParsedText.of(language, f"f({each});").tree.root_node.has_error for each in made)
    assert not any("--" in each for each in made)
    assert len(made) > 1 or value == "(x) => x"


CALLED = {
    "what it returns": (
        "export function adder(n) { return (x) => x + n; }", "export function adder(n) { return (x) => x - n; }", "adder"
    ),
    "a kind that it asks for": (
        "export function f(x) { if (typeof x === 'function') return 1; return 2; }",
        "export function f(x) { if (typeof x === 'function') return 3; return 2; }",
        "f",
    ),
    "what is no list": (
        "export function f(x) { if (!Array.isArray(x)) return x; return x.slice(); }",
        "export function f(x) { if (!Array.isArray(x)) return [x]; return x.slice(); }",
        "f",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "name"), CALLED.values(), ids=CALLED.keys())
def test_what_is_called(before: str, after: str, name: str, sandbox: JavaScriptSandbox) -> None:
    old, new = javascript_slice(before, (name,)), javascript_slice(after, (name,))
    assert differences(sandbox, old.source, new.source, javascript_calls(old, Hints()))
