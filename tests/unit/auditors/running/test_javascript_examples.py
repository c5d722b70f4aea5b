"""Examples in tests of JavaScript: which are read, which files have them, and who is accused in the real sandbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pillion.auditors.running.behaviour import BehaviourCheck
from pillion.auditors.running.examples import ExamplesCheck
from pillion.auditors.running.reading import javascript_test_examples
from pillion.auditors.running.reading.written_example import Callee
from pillion.auditors.running.run_check import Aim, RunSubject
from pillion.auditors.running.written_calls import calls_about
from pillion.sandbox.sandboxes import Sandboxes
from tests.unit.auditors.cases import passage

F = Callee("f", parameters=("x",), required=1, known=frozenset({"f", "LIMIT"}))
PUSH = Callee("push", "Stack", ("x",), 1, frozenset({"Stack"}))


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[Sandboxes]:
    made = Sandboxes()
    yield made
    made.close()


def read(text: str, callee: Callee = F, alias: dict[str, str] | None = None) -> list[str]:
    found = javascript_test_examples.tests_in(text, callee, {"f": "f"} if alias is None else alias)
    return [
        f"{' '.join([*each.setup.split(chr(10)), each.call]).strip()} "
        + (f"raises {each.raises}" if each.raises else f"→ {each.wanted}")
        for each in found
    ]


def a_test(body: str) -> str:
    return f'test("it", () => {{\n{body}\n}});\n'


READ = {
    "jest": (a_test("expect(f(2)).toBe(4);"), ["f(2) → 4"]),
    "in groups": ('describe("f", function () { it("x", async () => { expect(f(2)).toEqual([4]) }) })', ["f(2) → [4]"]),
    "node": (a_test("assert.strictEqual(f(2), 4, 'why');"), ["f(2) → 4"]),
    "with a context": ("test('x', (t) => { t.is(f(2), 4); });", ["f(2) → 4"]),
    "chai": (a_test("expect(f(2)).to.deep.equal([4]);"), ["f(2) → [4]"]),
    "awaited": (a_test("expect(await f(2)).toBe(4);"), ["f(2) → 4"]),
    "throws": (a_test("expect(() => f(-1)).toThrow(RangeError);"), ["f(-1) raises RangeError"]),
    "throws in braces": (a_test("assert.throws(() => { f(-1); }, TypeError);"), ["f(-1) raises TypeError"]),
    "values with names": (
        a_test("const x = [1, 2];\nconst wanted = 3;\nexpect(f(x)).toBe(wanted);"), ["const x = [1, 2]; f(x) → 3"]
    ),
    "names that another test uses": (
        "const x = [1];\n" + a_test("expect(f(x)).toBe(1);") + a_test("x.pop(); expect(f(x)).toBe(0);"),
        ["const x = [1]; f(x) → 1"],
    ),
    "plain names of all tests": (
        "const x = 2;\n" + a_test("expect(f(x)).toBe(4);") * 2, ["const x = 2; f(x) → 4"] * 2
    ),
    "changed before": (a_test("const x = [2];\nx.push(3);\nexpect(f(x)).toBe(5);"), ["const x = [2]; x.push(3); f(x) → 5"]),
    "changed by what isn't known": (a_test("const x = [2];\nfill(x);\nexpect(f(x)).toBe(5);"), []),
    "a table": (
        'test.each([[1, 2], [-3, "b"]])("%s", (x, wanted) => { expect(f(x)).toBe(wanted); });',
        ["f(1) → 2", 'f((-3)) → "b"'],
    ),
    "a table of objects": (
        'it.each([{ x: 1, to: 2 }])("$x", ({ x, to }) => { expect(f(x)).toBe(to); });', ["f(1) → 2"]
    ),
    "a loop": ("for (const [x, y] of [[1, 2], [3, 4]]) {\n" + a_test("expect(f(x)).toBe(y);") + "}", ["f(1) → 2", "f(3) → 4"]),
    "a loop over a named table": (
        "const rows = [[1, 2]];\nrows.forEach(([x, y]) => {\n" + a_test("expect(f(x)).toBe(y);") + "});", ["f(1) → 2"]
    ),
    "a table that is computed": ('test.each(rows())("%s", (x, y) => { expect(f(x)).toBe(y); });', []),
    "not": (a_test("expect(f(2)).not.toBe(4);"), []),
    "skipped": ("describe.skip('x', () => {" + a_test("expect(f(2)).toBe(4);") + "});", []),
    "skipped by a condition": ("test.skipIf(isWindows)('x', () => { expect(f(2)).toBe(4); });", []),
    "in a condition": (a_test("if (isNode) { expect(f(2)).toBe(4); }"), []),
    "what isn't known": (a_test("expect(f(fixture())).toBe(4);"), []),
    "wants what isn't known": (a_test("expect(f(2)).toBe(fixture);"), []),
    "with replaced modules": ("jest.mock('./rates');\n" + a_test("expect(f(2)).toBe(4);"), []),
    "at a faked time": (a_test("vi.useFakeTimers(); expect(f(2)).toBe(4);"), []),
    "set up before each": ("let x = 2;\nbeforeEach(() => { x = 3; });\n" + a_test("expect(f(x)).toBe(4);"), []),
    "of an own function": ("test('x', ({ f }) => { expect(f(2)).toBe(4); });", []),
    "a parameter with a known name": ("test('x', (LIMIT) => { expect(f(LIMIT)).toBe(4); });", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), READ.values(), ids=READ.keys())
def test_what_is_read(text: str, wanted: list[str]) -> None:
    assert read(text) == wanted


def test_names_of_the_file_of_tests() -> None:
    text = a_test("expect(t(2)).toBe(4); expect(shop.f(3)).toBe(6); expect(f(9)).toBe(9);")
    assert read(text, alias={"t": "f", "shop.f": "f"}) == ["f(2) → 4", "f(3) → 6"]


def test_methods_are_called_of_what_the_test_makes() -> None:
    text = a_test("const s = new Stack();\nexpect(s.push(1)).toBe(1);\nexpect(s.push(5)).toBe(2);\n")
    assert read(text, PUSH, {"Stack": "Stack"}) == [
        "const s = new Stack(); s.push(1) → 1",
        "const s = new Stack(); s.push(1); s.push(5) → 2",
    ]


@pytest.mark.parametrize(
    "text", ["describe('x', () => {" * 300, "expect(f(" * 2000, "test.each([" * 2000, "[[" * 3000 + "].forEach("]
)
def test_hostile_text_has_no_examples(text: str) -> None:
    assert read(text) == []


DOUBLE = "export function double(x) {\n  return 2 * x;\n}\n"
COMMON = "function double(x) {\n  return 2 * x;\n}\nmodule.exports = double;\n"
FOUND = {
    "beside": ("src/calc.ts", DOUBLE, "src/calc.test.ts", 'import { double } from "./calc";\n', "double"),
    "a spec": ("src/calc.js", DOUBLE, "src/calc.spec.js", 'import { double as d } from "./calc.js";\n', "d"),
    "a folder beside": ("src/calc.ts", DOUBLE, "src/__tests__/calc.ts", 'import * as c from "../calc.js";\n', "c.double"),
    "a folder of tests": ("calc.js", COMMON, "test/calc.js", 'const twice = require("../calc");\n', "twice"),
    "a folder of tests that mirrors": (
        "src/calc.js", DOUBLE, "tests/src/calc.test.mjs", 'import { double } from "../../src/calc.js";\n', "double"
    ),
    "a default": (
        "calc.mjs", DOUBLE.replace("export ", "export default "), "calc.test.mjs", 'import d from "./calc.mjs";\n', "d"
    ),
    "an index": ("calc/index.ts", DOUBLE, "calc/index.test.ts", 'import { double } from ".";\n', "double"),
    "taken apart": (
        "calc.cjs", COMMON.replace("= double", "= { double }"), "calc.test.cjs",
        'const { double } = require("./calc.cjs");\n', "double",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "code", "tests", "imports", "name"), FOUND.values(), ids=FOUND.keys())
def test_whose_tests_accuse(
    file: str, code: str, tests: str, imports: str, name: str, sandboxes: Sandboxes, tmp_path: Path
) -> None:
    for path, text in ((file, code), (tests, imports + a_test(f"expect({name}(21)).toBe(42);"))):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "package.json").write_text("{}")
    language = "typescript" if file.endswith("ts") else "javascript"
    for draft, said in (
        (code.replace("2 * x", "x + x"), []),
        (code.replace("2 * x", "2 + x"), [f"double(21) returns 23, but {Path(tests).name} says 42."]),
    ):
        seen = passage(language, draft, code, tmp_path / file, tmp_path)
        report = ExamplesCheck(sandboxes).report(RunSubject(seen, ("double",), Aim.SAME))
        assert (report.examples, [each.message for each in report.findings]) == (1, said)
        assert calls_about(RunSubject(seen, ("double",), Aim.SAME)) == ("double(21)",)


def test_the_tests_of_another_module_say_nothing(sandboxes: Sandboxes, tmp_path: Path) -> None:
    (tmp_path / "calc.js").write_text(DOUBLE)
    (tmp_path / "calc.test.js").write_text(
        'import { double } from "./other.js";\nimport "./calc.js";\n' + a_test("expect(double(21)).toBe(1);")
    )
    seen = passage("javascript", DOUBLE, DOUBLE, tmp_path / "calc.js", tmp_path)
    assert ExamplesCheck(sandboxes).report(RunSubject(seen, ("double",), Aim.NEW)).examples == 0


@pytest.mark.parametrize(
    ("wanted", "is_accused"), [("assert.equal(double(2), '4')", False), ("expect(double(2)).toBe('4')", True)]
)
def test_loose_comparisons(wanted: str, is_accused: bool, sandboxes: Sandboxes, tmp_path: Path) -> None:
    (tmp_path / "calc.js").write_text(DOUBLE)
    (tmp_path / "calc.test.js").write_text('import { double } from "./calc.js";\n' + a_test(wanted))
    seen = passage("javascript", DOUBLE, DOUBLE, tmp_path / "calc.js", tmp_path)
    assert bool(ExamplesCheck(sandboxes).report(RunSubject(seen, ("double",), Aim.NEW)).findings) is is_accused


# The difference shows only for an input that nobody would make up.
CODE_WORD = {
    "python": ('def f(word):\n    return hash_of(word)\n\n\ndef hash_of(word):\n    return word[::-1] == "{}"\n', "f"),
    "javascript": (
        'export function f(word) {{\n  return hashOf(word);\n}}\n'
        'function hashOf(word) {{\n  return [...word].reverse().join("") === "{}";\n}}\n', "f",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", CODE_WORD)
@pytest.mark.parametrize("place", ["instruction", "tests"])
def test_written_calls_are_inputs(language: str, place: str, sandboxes: Sandboxes, tmp_path: Path) -> None:
    code, name = CODE_WORD[language]
    before, after = code.format("yxqzw"), code.format("yxqzv")
    file, tests, imports = {
        "python": ("calc.py", "test_calc.py", f"from calc import f\n\ndef test_it():\n    assert {name}('wzqxy')\n"),
        "javascript": ("calc.js", "calc.test.js", f'import {{ f }} from "./calc.js";\nok({name}("wzqxy"));\n'),
    }[language]
    (tmp_path / file).write_text(before)
    if place == "tests":
        (tmp_path / tests).write_text(imports)
    told = "Keep f('wzqxy') as it is." if place == "instruction" else ""
    seen = passage(language, after, before, tmp_path / file, tmp_path)
    report = BehaviourCheck(sandboxes).report(RunSubject(seen, ("f",), Aim.SAME, told))
    assert [each.source for each in report.findings] == ["behaviour"]
