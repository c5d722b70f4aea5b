"""What JavaScript code may try, to get out of the sandbox or to fool whoever reads its results."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pillion.sandbox.javascript_sandbox import JavaScriptSandbox
from pillion.sandbox.sandbox import Answer, Call, Limits, NotRun, Raised, Returned, Stopped
from pillion.sandbox.word_lists import words

LIMITS = Limits(call_s=0.15, all_s=120.0)
SECRET = "canary-7f3a"
LOST = "its result can't leave the sandbox"

# A call, and the text of what comes back: a value, “Kind: message”, a bound or a reason.
REACHING = [
    ("require('fs').readFileSync('FILE', 'utf8')", "uses require"),
    ("module.require('fs')", "uses module"),
    ("process.env.PILLION_CANARY", "uses process"),
    ("process.binding('fs')", "uses process"),
    ("globalThis.process", "undefined"),
    ("import('fs')", "ReferenceError: Error loading module 'fs'"),
    ("import('FILE')", "ReferenceError: Error loading module 'FILE'"),
    ("import('file://FILE')", "ReferenceError: Error loading module 'file://FILE'"),
    ("import('qjs:std')", "ReferenceError: Error loading module 'qjs:std'"),
    ("import('data:text/javascript,export default 1')", "ReferenceError: Error loading module 'data:text/javascript,export default 1'"),
    ("fetch('http://localhost')", "uses fetch"),
    ("new XMLHttpRequest()", "uses XMLHttpRequest"),
    ("new WebSocket('ws://localhost')", "uses WebSocket"),
    ("Deno.readTextFileSync('FILE')", "uses Deno"),
    ("Bun.file('FILE').text()", "uses Bun"),
    ("typeof std + typeof os + typeof scriptArgs + typeof print + typeof bjson", '"undefinedundefinedundefinedundefinedundefined"'),
    ("new Worker('x.js')", "uses Worker"),
    ("WebAssembly.compile(new Uint8Array())", "uses WebAssembly"),
    ("Atomics.wait(new Int32Array(4), 0, 0)", "uses Atomics"),
    ("new SharedArrayBuffer(8)", "uses SharedArrayBuffer"),
    ("setTimeout(() => 1, 1e9)", "uses setTimeout"),
    ("document.cookie", "uses document"),
    ("localStorage.getItem('a')", "uses localStorage"),
    ("Function('return this')() === globalThis", "true"),
    ("Function('return typeof process')()", '"undefined"'),
    ("(0, eval)('typeof require')", '"undefined"'),
    ("[].constructor.constructor('return typeof process')()", '"undefined"'),
    ("(async () => {}).constructor('return await import(\"fs\")')()", "ReferenceError: Error loading module 'fs'"),
    ("Object.getOwnPropertyNames(globalThis).filter((n) => /env|file|host|spawn|exec|open|wasi|qjs/i.test(n)).join()", '""'),
    ("new Error('x').stack.includes('FILE') || /home|site-packages|python/.test(new Error('x').stack)", "false"),
    ("(() => { try { null.x } catch (e) { return /home|python/.test(e.stack) } })()", "false"),
    ("arguments.callee.caller", "ReferenceError: arguments is not defined"),
    ("(function f() { return f.caller })()", "TypeError: invalid property access"),
    ("console.log('x'.repeat(1e5))", "undefined"),
    ("_pillion_encode", None),
]  # fmt: skip
STAYING = [
    ("(() => { for (;;) {} })()", "time"),
    ("(() => { for (;;) { try { for (;;) {} } finally { continue } } })()", "time"),
    ("(async () => { for (;;) await null; })()", "time"),
    ("[3, 1].sort(() => { for (;;) {} })", "time"),
    ("/(a+)+$/.test('a'.repeat(40) + 'b')", "time"),
    ("JSON.stringify({ toJSON() { for (;;) {} } })", "time"),
    ("new Promise(() => {})", "waits for what never comes"),
    ("(function f() { return f() + 1 })()", "recursion"),
    ("(() => { const f = () => { try { return f() } catch { return f() } }; return f() })()", "recursion"),
    ("JSON.parse('['.repeat(1e6))", "recursion"),
    ("eval('('.repeat(1e5))", "recursion"),
    ("(() => { let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x })()", None),
    ("'a'.repeat(2 ** 29)", "memory"),
    ("'a'.padEnd(2 ** 29)", "memory"),
    ("(() => { const all = []; for (;;) all.push(new Float64Array(1e6)) })()", None),
    ("(() => { let s = 'a'; for (;;) s += s })()", "memory"),
    ("new Uint8Array(2 ** 31)", "RangeError: invalid array buffer length"),
    ("BigInt(2) ** BigInt(1e9)", "RangeError: BigInt is too large"),
    ("new RegExp('('.repeat(1e5) + ')'.repeat(1e5))", "SyntaxError: too many captures"),
]
FOOLING = [
    ("({ toString() { for (;;) {} } })", "{toString: <function>}"),
    ("({ get x() { for (;;) {} } })", "{x: <getter>}"),
    ("({ toJSON: () => 'x', [Symbol.toPrimitive]: () => 'y' })", "{toJSON: <function>}"),
    ("Object.defineProperty([1], 0, { get() { for (;;) {} } })", "[<getter>]"),
    ("new Proxy({}, { ownKeys() { for (;;) {} }, get() { for (;;) {} } })", "<Proxy>"),
    ("[new Proxy([], { getOwnPropertyDescriptor() { throw 1 } })]", "[<Proxy>]"),
    ("Proxy.revocable({}, {}).proxy", "<Proxy>"),
    ("Object.setPrototypeOf({ a: 1 }, new Proxy({}, { getPrototypeOf() { for (;;) {} } }))", "<Proxy>"),
    ("({ __proto__: { constructor: { name: 'Evil' } }, a: 1 })", "{a: 1}"),
    ("({ __proto__: { constructor: new Proxy(function () {}, { get() { for (;;) {} } }) }, a: 1 })", "{a: 1}"),
    ("Object.assign(new Map([[1, 2]]), { forEach() { for (;;) {} } })", "Map {1 => 2}"),
    ("Object.assign([1], { length: 2, toString: 1 })", "[1, <empty>]"),
    ("Object.defineProperty(new Error('a'), 'message', { get() { for (;;) {} } })", 'Error("")'),
    ("(() => { const e = new Error('a'); e.constructor = null; e.name = {}; throw e })()", "Error: a"),
    ("(() => { throw new Proxy(new Error('a'), {}) })()", "Proxy: <Proxy>"),
    ("(() => { throw { get message() { for (;;) {} } } })()", "Object: {message: <getter>}"),
    ("Object.defineProperty(/a/, 'flags', { get() { for (;;) {} } })", "/a/"),
    ("Object.defineProperty(new Uint8Array(2), 'length', { value: 1e9 })", "Uint8Array [0, 0]"),
    ("Object.create(Date.prototype)", "<object>"),
    ("Object.create(Promise.prototype)", None),
    ("({ then(ok) { ok('fooled') } })", "{then: <function>}"),
    ("'\\ud800\\u0000\\n' + String.fromCharCode(0x2028)", '"\\ud800\\u0000\\n\u2028"'),
    ("'[\"returned\",[[\"number\",\"1\"]]]'", '"[\\"returned\\",[[\\"number\\",\\"1\\"]]]"'),
    ("1); return [true, 2]; (0", "2"),
    ("1); return new Proxy([], { get() { for (;;) {} } }); (0", LOST),
    ("1); } catch {} return 5; try { (0", LOST),
]  # fmt: skip
POLLUTED = """
const steal = () => { throw new Error("stolen") };
const found = [];
for (const owner of [Array, Object, Map, Set, String, Number, Date, RegExp, Error, Promise, WeakSet, Function, BigInt])
  for (const each of [owner, owner.prototype])
    for (const name of Object.getOwnPropertyNames(each)) found.push([each, name]);
for (const owner of [Reflect, JSON, Math, globalThis])
  for (const name of Object.getOwnPropertyNames(owner)) if (!/^(undefined|NaN|Infinity|M)$/.test(name)) found.push([owner, name]);
const define = Object.defineProperty;
for (let i = 0; i < found.length; i++) {
  try { if (found[i][1] !== "prototype" && found[i][1] !== "constructor") define(found[i][0], found[i][1], { value: steal }) } catch {}
}
const names = ["0", "1", "2", "value", "get", "brand", "above", "name", "length", "size", "then", "toJSON"];
const setter = { set: steal, get: steal };
for (let i = 0; i < names.length; i++) try { define(({}).__proto__ || found[1][0], names[i], setter) } catch {}
"""


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    file = tmp_path_factory.mktemp("secrets") / "canary.txt"
    file.write_text(SECRET, encoding="utf-8")
    os.environ["PILLION_CANARY"] = SECRET
    yield file
    del os.environ["PILLION_CANARY"]


@pytest.fixture(scope="module")
def sandbox(canary: Path) -> Iterator[JavaScriptSandbox]:
    made = JavaScriptSandbox()
    yield made
    made.close()


@pytest.fixture(scope="module")
def said(sandbox: JavaScriptSandbox, canary: Path) -> dict[str, str]:
    codes = [code for code, _ in REACHING + STAYING + FOOLING]
    answers = sandbox.run("", [Call(each.replace("FILE", str(canary))) for each in codes], LIMITS)
    return {code: text(answer) for code, answer in zip(codes, answers, strict=True)}


def text(answer: Answer) -> str:
    match answer:
        case Returned(value):
            return value.text
        case Raised(kind, message):
            return f"{kind}: {message}"
        case Stopped(bound):
            return bound.value
        case NotRun(reason):
            return reason


@pytest.mark.parametrize(
    ("code", "wanted"), REACHING + STAYING + FOOLING, ids=[each for each, _ in REACHING + STAYING + FOOLING]
)
def test_nothing_gets_out(said: dict[str, str], canary: Path, code: str, wanted: str | None) -> None:
    assert SECRET not in said[code]
    if wanted in {"recursion", "memory"}:
        assert said[code] in {wanted, "time"}  # on a busy machine the time is over first
    elif wanted is not None:
        assert said[code] == wanted.replace("FILE", str(canary))


def test_there_are_enough() -> None:
    assert len(REACHING + STAYING + FOOLING) >= 70


def test_a_program_cannot_spoil_what_reads_its_values(sandbox: JavaScriptSandbox) -> None:
    program = f"const map = new Map([[1, 2]]);{POLLUTED}"
    (answer,) = sandbox.run(program, [Call("[1, { a: 'x' }, map]")], LIMITS)
    assert text(answer) == '[1, {a: "x"}, Map {1 => 2}]'


def test_a_program_cannot_spoil_the_next_one(sandbox: JavaScriptSandbox) -> None:
    sandbox.run(f"Object.prototype.evil = 1; {POLLUTED}", [Call("1")], LIMITS)
    (answer,) = sandbox.run(
        "", [Call("[({}).evil, [3, 1].map((x) => x + 1), JSON.stringify([1]), Math.max(1, 2)]")], LIMITS
    )
    assert text(answer) == '[undefined, [4, 2], "[1]", 2]'


WORDS = st.sampled_from(
    sorted(
        words("""globalThis constructor prototype __proto__ eval Function Proxy Reflect Object Array Map Promise then toString
    valueOf length name message stack call apply bind get set ownKeys Symbol.iterator this arguments new.target import
    require process null undefined 0 1 -1 NaN 1e9 'x' `a` [] {} () => async function class extends yield await return
    throw try catch finally for while if ... ?. ?? , ; . = === + ** ! typeof delete void in of new ( ) { } [ ] _r
    Object.prototype Array.prototype 'PILLION_CANARY' console.log JSON.stringify super static get() #x""")
    )
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    program=st.lists(WORDS, max_size=8),
    calls=st.lists(st.lists(WORDS, min_size=1, max_size=12), min_size=1, max_size=12),
)
def test_no_code_breaks_it(sandbox: JavaScriptSandbox, program: list[str], calls: list[list[str]]) -> None:
    limits = Limits(call_s=0.05, all_s=5.0)
    began_at = time.monotonic()
    source = f"try {{ {' '.join(program)} }} catch {{}}"
    for each in (source, ""):
        try:
            answers = sandbox.run(each, [Call(" ".join(call)) for call in calls], limits)
        except Exception as exc:
            assert type(exc).__name__ == "CannotRunError"  # noqa: PT017 (nothing else may come)
            continue
        assert len(answers) == len(calls)
        assert all(SECRET not in text(answer) for answer in answers)
    assert time.monotonic() - began_at < 60
