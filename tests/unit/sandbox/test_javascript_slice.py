"""The smallest script around a function of JavaScript or TypeScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pillion.errors import CannotRunError
from pillion.sandbox.javascript_sandbox import JavaScriptSandbox
from pillion.sandbox.sandbox import Answer, Call, Limits, Returned
from pillion.sandbox.slices.javascript_slice import javascript_slice
from pillion.sandbox.slices.slicers import SLICERS

# Whatever isn't endless is done in a moment; a busy machine may keep it waiting.
LIMITS = Limits(call_s=2, all_s=60.0)
TEXT = """
import React from "react";
import type { Far } from "./types";
import plus, { times as multiplied, Shape } from "./maths";
import * as texts from "./texts/index.js";
import { deep } from "./texts";
import { missing } from "./nowhere";
const { joined } = require("./common");
const fs = require("fs");

type Prices = number[];
interface Item { price: number }
export enum Mode { Up = "up", Down = "down" }
const RATE = 1.5, UNUSED = fs.statSync;
let calls = 0;
/** Sums up.
 * @param {number[]} prices
 */
export function total(prices: Prices): number { calls++; return rated(prices.reduce((a, b) => a + b, 0)); }
const rated = (price: number) => price * RATE;
export default function turned(mode: Mode = Mode.Up): Mode { return mode === Mode.Up ? Mode.Down : Mode.Up; }
function over(a: string): string;
function over(a: number): number;
function over(a: any): any { return a; }
export const viaModules = (n: number, far?: Far) => plus(multiplied(n, 2), 1) + texts.shout("a") + deep + new Shape(n).area();
export const viaCommon = (list) => joined(list);
export const viaMissing = () => missing();
export function title() { return document.title; }
export const asked = () => typeof window === "undefined" ? 1 : 2;
export const read = () => fs.readFileSync("x");
export const View = () => <div>{total([1])}</div>;
export function outer() { const inner = (x: number) => x; return inner(1); }
const api = { twice(n: number) { return 2 * n; } };
export class Stack<T extends Item | number> {
  #secret = 1;
  private items: T[] = [];
  static of(n: number) { return new Stack<number>(n); }
  constructor(private limit: number) {}
  push(item: T) { if (this.items.length < this.limit) this.items.push(item); return this.items.length; }
  get size() { return this.items.length; }
  set most(value: number) { this.limit = value; }
  #hidden() { return this.#secret; }
}
class Wide extends Stack<number> { grow() { return this.push(1) + this.push(2); } }
Wide.prototype["late"] = 1;
Stack.prototype.late = function () { return "late"; };
abstract class Base { run() { return 1; } }
export const used = new Wide(3);
export const isLate = () => used.late();
"""
FILES = {
    "maths.ts": """
        export { times } from "./operators";
        const offset: number = 0;
        const used = "another";
        export default function plus(a: number, b: number) { return a + b + offset + used.length - 7; }
        export class Shape { constructor(private side: number) {} area() { return this.side ** 2; } }
    """,
    "operators.js": "export const times = (a, b) => a * b;",
    "texts/index.ts": 'export * from "./loud"; export const deep = "!"; export const other = process.env;',
    "texts/loud.tsx": "export const shout = (text: string) => text.toUpperCase();",
    "common.cjs": "const join = (xs) => xs.join('+');\nmodule.exports = { joined: join };",
    "types.ts": "export type Far = number;",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[JavaScriptSandbox]:
    made = JavaScriptSandbox()
    yield made
    made.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "main.tsx"


def value(answer: Answer) -> str:
    return answer.value.text if isinstance(answer, Returned) else str(answer)


@pytest.mark.parametrize(
    ("path", "arguments", "wanted"),
    [
        ("total", "[1, 2]", "4.5"),
        ("rated", "2", "3"),
        ("turned", "'down'", '"up"'),
        ("over", "7", "7"),
        ("viaModules", "3", '"7A!9"'),
        ("viaCommon", "['a', 'b']", '"a+b"'),
        ("asked", "", "1"),
        ("api.twice", "4", "8"),
        ("Stack.push", "1", "1"),
        ("Stack.of", "1", "Stack {items: [], limit: 1}"),
        ("Stack.size", "", "0"),
        ("Stack.most", "5", "undefined"),
        ("Stack.constructor", "2", "Stack {items: [], limit: 2}"),
        ("Stack", "2", "Stack {items: [], limit: 2}"),
        ("Wide.grow", "", "3"),
        ("isLate", "", '"late"'),
    ],
)
def test_a_slice_runs(sandbox: JavaScriptSandbox, file: Path, path: str, arguments: str, wanted: str) -> None:
    names = ("twice",) if path == "api.twice" else tuple(path.split("."))
    made = javascript_slice(TEXT, names, file, file.parent, "typescriptreact")
    (answer,) = sandbox.run(made.source, [Call(f"{made.entry}({arguments})", made.receiver)], LIMITS)
    assert value(answer) == wanted
    assert "UNUSED" not in made.source or "RATE" in made.source
    assert "export" not in made.source.replace("exports", "")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("title", "uses document"),
        ("read", "imports fs"),
        ("View", "uses JSX"),
        ("viaMissing", "imports ./nowhere"),
        ("inner", "there is no such symbol"),
        ("outer.inner", "is inside of another function"),
        ("Stack.#hidden", "can't be called from outside of its class"),
        ("Base.run", "is in an abstract class"),
        ("Item", "is only a type"),
        ("nothing", "there is no such symbol"),
    ],
)
def test_what_cannot_run_says_why(file: Path, path: str, why: str) -> None:
    with pytest.raises(CannotRunError, match=why):
        javascript_slice(TEXT, tuple(path.split(".")), file, file.parent)


def test_the_symbols_own_text_and_comment_are_kept(file: Path) -> None:
    made = javascript_slice(TEXT, ("total",), file, file.parent)
    assert made.text.startswith("export function total(prices")
    assert "@param {number[]} prices" in made.source
    assert "type Prices" in made.source  # the inputs are made from it


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("../outside", "export const x = 1;", "imports ../outside"),
        ("./circle", 'import { y } from "./main"; export const x = y;', "imports modules in a circle|imports x"),
    ],
)
def test_modules_have_bounds(tmp_path: Path, name: str, text: str, why: str) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / f"{name}.ts").write_text(text, encoding="utf-8")
    main = workspace / "main.ts"
    main.write_text(f'import {{ x }} from "{name}";\nexport const y = x;', encoding="utf-8")
    with pytest.raises(CannotRunError, match=why):
        javascript_slice(f'import {{ x }} from "{name}";\nexport const f = () => x;', ("f",), main, workspace)


def test_a_module_that_two_others_need_comes_first(sandbox: JavaScriptSandbox, tmp_path: Path) -> None:
    files = {
        "a.js": "import { one } from './base'; export const a = () => one;",
        "b.js": "import { two } from './base'; export const b = () => two;",
        "base.js": "import { three } from './low'; export const one = 1; export const two = 2 + three;",
        "low.js": "export const three = 3;",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    text = "import { a } from './a'; import { b } from './b'; export const f = () => a() * 10 + b();"
    made = javascript_slice(text, ("f",), tmp_path / "main.js", tmp_path)
    (answer,) = sandbox.run(made.source, [Call("f()")], LIMITS)
    assert value(answer) == "15"


@pytest.mark.parametrize(
    ("other", "imported", "expression", "wanted"),
    [
        ("export default (n) => n + 1;", "import x from './other'", "x(1)", "2"),
        ("export default class { get n() { return 3; } }", "import X from './other'", "new X().n", "3"),
        ("export default function () { return 4; }", "import x from './other'", "x()", "4"),
        ("exports.rate = 1 + 1; exports.half = (n) => n / exports.rate;", "const { rate } = require('./other')", "rate", "2"),
        ("const low = 1; module.exports = (n) => n + low;", "const x = require('./other')", "x(1)", "2"),
        ("function f() { return 5; } module.exports = f;", "const x = require('./other')", "x()", "5"),
        ("const a = 1, b = 2; module.exports = { a, c: b };", "const x = require('./other')", "x.a + x.c", "3"),
    ],
)  # fmt: skip
def test_modules_export_in_many_ways(
    sandbox: JavaScriptSandbox, tmp_path: Path, other: str, imported: str, expression: str, wanted: str
) -> None:
    (tmp_path / "other.js").write_text(other, encoding="utf-8")
    text = f"{imported};\nexport const f = () => {expression};"
    made = javascript_slice(text, ("f",), tmp_path / "main.js", tmp_path)
    (answer,) = sandbox.run(made.source, [Call("f()")], LIMITS)
    assert value(answer) == wanted


def test_every_language_of_the_sandbox_has_a_slicer() -> None:
    for language in ("javascript", "typescript", "typescriptreact"):
        assert SLICERS[language]("function f() { return 1; }", ("f",), None, None).entry == "f"
