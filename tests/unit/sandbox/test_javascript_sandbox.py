"""JavaScript and TypeScript in the sandbox: what comes back, and what stops."""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pillion.errors import CannotRunError
from pillion.sandbox.javascript_sandbox import JavaScriptSandbox
from pillion.sandbox.sandbox import Answer, Bound, Call, Limits, NotRun, Raised, Returned, Stopped
from pillion.sandbox.sandboxes import Sandboxes
from pillion.sandbox.values import Value, same_value

# Whatever isn't endless is done in a moment; a busy machine may keep it waiting.
LIMITS = Limits(call_s=1, all_s=60.0)
PROGRAM = """
interface Priced { price: number }
enum Level { Low = 1, High }
class Point { #hidden = 1; constructor(public x: number, private y?: string[]) {} get sum() { return 1; } }
class TooMuch extends Error {}
class Names extends Map<string, number> {}
const total = (prices: number[]): number => { prices.push(0); return prices.reduce((a, b) => a + b, 0); };
const first = <T,>(list: T[]): T | undefined => list[0];
async function later(x: number) { await null; if (x < 0) throw new TooMuch("below"); return x * 2; }
function deep(n: number): number { return n ? 1 + deep(n - 1) : 0; }
function forEver() { while (true) {} }
let calls = 0;
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[JavaScriptSandbox]:
    made = JavaScriptSandbox()
    yield made
    made.close()


def number(text: str) -> Value:
    return Value("number", text)


CASES: list[tuple[Call, Answer]] = [
    (Call("total([1, 2])"), Returned(number("3"))),
    (
        Call("total(prices)", "const prices: number[] = [1];", ("prices",)),
        Returned(number("1"), (Value("Array", "[1, 0]", (number("1"), number("0"))),)),
    ),
    (Call("total(3)"), Raised("TypeError", "not a function")),
    (Call("later(3)"), Returned(number("6"))),
    (Call("later(-1)"), Raised("TooMuch", "below")),
    (Call("new Promise(() => {})"), NotRun("waits for what never comes")),
    (Call("forEver()"), Stopped(Bound.TIME)),
    (Call("deep(100000)"), Stopped(Bound.RECURSION)),
    (Call("deep(1500)"), Returned(number("1500"))),
    (Call("'a'.repeat(2 ** 29)"), Stopped(Bound.MEMORY)),
    (Call("new Float64Array(2e7)"), Stopped(Bound.MEMORY)),
    (Call("(() => { throw 'text'; })()"), Raised("string", "text")),
    (Call("(() => { throw { code: 1 }; })()"), Raised("Object", "{code: 1}")),
    (Call("require('fs')"), NotRun("uses require")),
    (Call("setTimeout(() => 1, 0)"), NotRun("uses setTimeout")),
    (Call("unknownName"), Raised("ReferenceError", "unknownName is not defined")),
    (Call("1 +"), NotRun("can't be read: unexpected token in expression: ')'")),
    (Call("first<number>([1])"), Returned(number("1"))),
    (Call("[calls++, calls++]"), Returned(Value("Array", "[0, 1]", (number("0"), number("1"))))),
]


@pytest.fixture(scope="module")
def answers(sandbox: JavaScriptSandbox) -> dict[Call, Answer]:
    calls = [call for call, _ in CASES]
    return dict(zip(calls, sandbox.run(PROGRAM, calls, LIMITS), strict=True))


@pytest.mark.parametrize(("call", "wanted"), CASES, ids=[call.expression for call, _ in CASES])
def test_a_call_has_an_answer(answers: dict[Call, Answer], call: Call, wanted: Answer) -> None:
    assert answers[call] == wanted


WRITTEN = {
    "[undefined, null, true, 1, 1.0, -0, NaN, -Infinity, 1e21]": "[undefined, null, true, 1, 1, -0, NaN, -Infinity, 1e+21]",
    "10n ** 20n": "100000000000000000000n",
    "'a\"b\\n\\ud800é'": '"a\\"b\\n\\ud800é"',
    "[1, , 3]": "[1, <empty>, 3]",
    "({ b: 1, a: [{}], 'x y': undefined, 'z z': null })": '{a: [{}], b: 1, "z z": null}',
    "new Map([['b', 1], ['a', { c: 1 }]])": 'Map {"b" => 1, "a" => {c: 1}}',
    "new Set([2, 1])": "Set {1, 2}",
    "new Names([['a', 1]])": 'Names {"a" => 1}',
    "new Date('2024-02-29T10:00:00Z')": 'new Date("2024-02-29T10:00:00.000Z")',
    "new Date('never')": "Invalid Date",
    "/a\\/b/gi": "/a\\/b/gi",
    "new TooMuch('x')": 'TooMuch("x")',
    "new Float32Array([1, 0.5])": "Float32Array [1, 0.5]",
    "new Point(1, ['a'])": 'Point {x: 1, y: ["a"]}',
    "Level": '{"1": "Low", "2": "High", High: 2, Low: 1}',
    "Object.create(null)": "{}",
}
OPAQUE = (
    "() => 1", "Symbol('a')", "new WeakMap()", "(function* () { yield 1; })()", "[Point]", "({ get x() { return 1; } })",
    "(() => { const a = []; a[0] = a; return a; })()", "new Proxy([1], {})", "'x'.repeat(30000)", "Array(1e9)",
    "Array(20000).fill([1, 2])", "10n ** 3000n", "[Promise.resolve(1)]", "Array(60).fill(0).reduce((a) => [a], [])",
    "Object.setPrototypeOf({}, Map.prototype)",
)  # fmt: skip


def test_values_are_written_as_people_write_them(sandbox: JavaScriptSandbox) -> None:
    found = sandbox.run(PROGRAM, [Call(each) for each in WRITTEN], LIMITS)
    assert [each.value.text for each in found if isinstance(each, Returned)] == list(WRITTEN.values())
    assert not any(each.value.is_opaque for each in found if isinstance(each, Returned))


def test_what_cannot_be_compared_is_opaque(sandbox: JavaScriptSandbox) -> None:
    found = sandbox.run(PROGRAM, [Call(each) for each in OPAQUE], LIMITS)
    assert [each.value.is_opaque for each in found if isinstance(each, Returned)] == [True] * len(OPAQUE)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0.1 + 0.2", "0.3", True),
        ("1", "1.0", True),
        ("-0", "0", True),
        ("1000000007", "1000000008", False),
        ("({ a: 1, b: 2 })", "({ b: 2, a: 1 })", True),
        ("({ a: undefined })", "({})", True),
        ("new Set([1, 2])", "new Set([2, 1])", True),
        ("new Map([[1, 1], [2, 2]])", "new Map([[2, 2], [1, 1]])", False),
        ("'1'", "1", False),
        ("null", "undefined", False),
        ("[1]", "new Uint8Array([1])", False),
    ],
)
def test_what_is_the_same(sandbox: JavaScriptSandbox, one: str, other: str, same: bool) -> None:
    first, second = sandbox.run("", [Call(one), Call(other)], LIMITS)
    assert isinstance(first, Returned)
    assert isinstance(second, Returned)
    assert same_value(first.value, second.value) is same


def test_clock_and_chance_are_the_same_in_every_run(sandbox: JavaScriptSandbox) -> None:
    asked = Call("[Math.random(), Math.random(), Date.now(), new Date().getTime(), Date(), performance.now()].join()")
    first, again = sandbox.run("", [asked, asked], LIMITS)
    assert isinstance(first, Returned)
    assert "1767268800000,1767268800000,Thu Jan 01 2026 12:00:00" in first.value.text
    assert [first, again] == [*sandbox.run("", [asked, asked], LIMITS)]


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("const = 1", "can't be read"),
        ("throw new TypeError('no')", "raises TypeError when it is loaded: no"),
        ("while (true) {}", "runs out of time when it is loaded"),
        ("const fs = require('fs')", "uses require"),
        ("const text = '\ud800';", "has text that is no Unicode"),
        ("const view = <div></div>;", "can't be read"),
        ("new Array(2 ** 32 - 1).join('ab')", "runs out of time or memory when it is loaded"),
    ],
)
def test_a_program_that_cannot_be_loaded_says_why(sandbox: JavaScriptSandbox, program: str, why: str) -> None:
    with pytest.raises(CannotRunError, match=why):
        sandbox.run(program, [Call("1")], LIMITS)
    assert sandbox.run("", [Call("1")], LIMITS) == [Returned(number("1"))]


def test_a_child_that_does_not_come_back_is_replaced(sandbox: JavaScriptSandbox) -> None:
    # The interpreter can't interrupt its own functions.
    calls = [Call("1"), Call("new Array(2 ** 32 - 1).join('ab')"), Call("2")]
    began_at = time.monotonic()
    assert [*sandbox.run("", calls, Limits(call_s=0.1, all_s=60.0))] == [
        Returned(number("1")),
        Stopped(Bound.TIME),
        Returned(number("2")),
    ]
    assert time.monotonic() - began_at < 60


def test_threads_run_at_once_and_closing_ends_the_children() -> None:
    sandbox = JavaScriptSandbox()
    assert not sandbox.children  # nothing starts before it is needed
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(sandbox.run, f"const n = {n};", [Call("n * 2")] * 3, LIMITS) for n in range(8)]
        assert [run.result() for run in runs] == [[Returned(number(str(n * 2)))] * 3 for n in range(8)]
    children = sandbox.children
    assert 1 <= len(children) <= 2
    sandbox.close()
    assert all(each.poll() is not None for each in children)
    with pytest.raises(CannotRunError, match="closed"):
        sandbox.run("", [Call("1")], LIMITS)


@pytest.mark.parametrize("name", ["quickjs_rs", "wasmtime"])
def test_a_missing_wheel_is_said(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(CannotRunError, match=f"isn't installed: No module named '{name}'"):
        Sandboxes().of("javascript")


def test_the_child_gets_no_environment(sandbox: JavaScriptSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILLION_TOKEN", "secret")
    made = JavaScriptSandbox()
    made.run("", [Call("1")], LIMITS)
    (child,) = made.children
    if sys.platform == "linux":
        process = Path(f"/proc/{child.pid}")
        assert b"secret" not in (process / "environ").read_bytes()
        opened = {os.readlink(each) for each in (process / "fd").iterdir()}
        assert not [each for each in opened if each.startswith("/") and not each.startswith(("/dev/null", "/memfd"))]
    made.close()


def test_languages_share_one_sandbox() -> None:
    sandboxes = Sandboxes()
    assert sandboxes.of("javascript") is sandboxes.of("typescript") is sandboxes.of("typescriptreact")
    sandboxes.close()
