"""Code that does something else than before, and tries to look as if it did the same: no such code is “compared”."""

from collections.abc import Iterator

import pytest

from pillion.auditors.running.behaviour import BehaviourCheck
from pillion.auditors.running.run_check import Aim, RunSubject
from pillion.sandbox.sandboxes import Sandboxes
from tests.unit.auditors.cases import passage

SCRIPT = "export function f(a, b) {\n  return a * 2 + b;\n}\n"
PYTHON = "def f(a: int, b: int) -> int:\n    return a * 2 + b\n"
# Statements that run before the wrong result is given back.
SPOILING = (
    "JSON.stringify = () => '1'",
    "Object.is = () => true",
    "Reflect.ownKeys = () => []; Object.hasOwn = () => false",
    "Reflect.getOwnPropertyDescriptor = () => undefined; Reflect.getPrototypeOf = () => null",
    "Array.prototype.map = () => []; Array.isArray = () => false",
    "Array.prototype[Symbol.iterator] = function* () {}",
    "Object.defineProperty(Array.prototype, 1, { get: () => 3, set() {}, configurable: true })",
    "Object.defineProperty(Object.prototype, 'above', { get: () => null, set() {}, configurable: true })",
    "String.prototype.concat = () => ''; Number.prototype.toString = () => '3'",
    "Number.prototype.valueOf = () => 3; Number.prototype[Symbol.toPrimitive] = () => 3",
    "Object.prototype.toJSON = () => 3; Number.prototype.toJSON = () => 3",
    "Function.prototype.call = Function.prototype.apply = () => 3",
    "globalThis._pillion_encode = () => '3'; globalThis._pillion_parts = 0",
    "WeakSet.prototype.has = () => true; globalThis.Proxy = null",
    "Promise.prototype.then = (f) => f(3)",
    "Object.freeze(Object.prototype); Object.freeze(Array.prototype)",
)
# The wrong result, given back as something that says it is equal to everything.
DISGUISES = (
    "{ valueOf: () => a * 2 + b }",
    "{ toString: () => String(a * 2 + b), toJSON: () => a * 2 + b, [Symbol.toPrimitive]: () => a * 2 + b }",
    "new Number(a * 2 + b)",
    "new Proxy(Object(a * 2 + b), {})",
    "String(a * 2 + b)",
    "[a * 2 + b]",
    "BigInt(Math.trunc(a * 2 + b))",
    "Promise.resolve(a * 3 + b)",
)
IN_PYTHON = (
    "class Same:\n    def __eq__(self, other):\n        return True\n    def __repr__(self):\n        return '3'\n\n"
    "def f(a: int, b: int) -> int:\n    return Same()\n",
    "class Same(int):\n    def __eq__(self, other):\n        return True\n\ndef f(a: int, b: int) -> int:\n    return Same(a * 3 + b)\n",
    "def repr(x):\n    return '3'\n\ndef f(a: int, b: int) -> int:\n    return a * 3 + b\n",
    "def isinstance(x, kind):\n    return True\n\ndef f(a: int, b: int) -> int:\n    return a * 3 + b\n",
    "_pillion_reached = set()\n\ndef f(a: int, b: int) -> int:\n    return a * 3 + b\n",
    "def f(a: int, b: int) -> int:\n    return str(a * 2 + b)\n",
    "def f(a: int, b: int) -> int:\n    return float(a * 2 + b) + 0.5\n",
    "def f(a: int, b: int) -> int:\n    raise SystemExit(a * 2 + b)\n",
    "def f(a: int, b: int) -> int:\n    yield a * 2 + b\n",
)  # fmt: skip
CASES = [
    *(("javascript", SCRIPT.replace("{\n", f"{{\n  {each};\n").replace("* 2", "* 3")) for each in SPOILING),
    *(("javascript", SCRIPT.replace("* 2", "* 3") + f"{each};\n") for each in SPOILING),
    *(("javascript", SCRIPT.replace("a * 2 + b", each)) for each in DISGUISES),
    *(("python", each) for each in IN_PYTHON),
]


@pytest.fixture(scope="module")
def check() -> Iterator[BehaviourCheck]:
    sandboxes = Sandboxes()
    yield BehaviourCheck(sandboxes)
    sandboxes.close()


@pytest.mark.parametrize(("language", "after"), CASES, ids=[after[-90:] for _, after in CASES])
def test_it_is_found_or_not_compared(language: str, after: str, check: BehaviourCheck) -> None:
    before = {"javascript": SCRIPT, "python": PYTHON}[language]
    report = check.report(RunSubject(passage(language, after, before), ("f",), Aim.SAME))
    assert report.findings or report.not_run


@pytest.mark.parametrize(("language", "text"), [("javascript", SCRIPT), ("python", PYTHON)])
def test_what_does_the_same_is_compared(language: str, text: str, check: BehaviourCheck) -> None:
    report = check.report(RunSubject(passage(language, text, text), ("f",), Aim.SAME))
    assert (report.findings, report.not_run, report.compared > 5) == ((), "", True)
