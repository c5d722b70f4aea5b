"""Which symbol at the cursor tests can call, from the syntax tree alone."""

import pytest

from pillion.actions.tests import TESTS
from tests.support.texts import CURSOR, parsed

CASES = {
    "function": ("python", "def f(a):\n    return ¦a\n", "f"),
    "local function": ("python", "def f(a):\n    def g():\n        return ¦a\n    return g\n", "f"),
    "method": ("python", "class A:\n    def f(self):\n        return ¦1\n", "f"),
    "class": ("python", "class A¦:\n    x = 1\n", "A"),
    "underscore": ("python", "def _f(a):\n    return ¦a\n", "_f"),
    "mangled": ("python", "class A:\n    def __f(self):\n        return ¦1\n", None),
    "stub": ("python", "def f(a):\n    ...¦\n", None),
    "test": ("python", "def test_f():\n    assert ¦1\n", None),
    "helper in a test file": ("python", "import pytest\n\n\ndef f(a):\n    return ¦a\n", None),
    "top level": ("python", "¦x = 1\n", None),
    "exported": ("javascript", "export function f(a) {\n  return ¦a;\n}\n", "f"),
    "exported below": ("javascript", "function f(a) {\n  return ¦a;\n}\n\nexport { f as g };\n", "f"),
    "exported by assignment": ("javascript", "const f = (a) => ¦a;\nmodule.exports = { f };\n", "f"),
    "not exported": ("javascript", "function f(a) {\n  return ¦a;\n}\n", None),
    "in a test file of jest": (
        "javascript",
        "describe('f', () => {});\nexport function f(a) {\n  return ¦a;\n}\n",
        None,
    ),
    "method of an exported class": ("typescript", "export class A {\n  f() {\n    return ¦1;\n  }\n}\n", "f"),
    "private method": ("typescript", "export class A {\n  private f() {\n    return ¦1;\n  }\n}\n", None),
    "interface": ("typescript", "export interface A {\n  f¦: number;\n}\n", None),
    "go function": ("go", "package a\n\nfunc f() int {\n\treturn ¦1\n}\n", "f"),
    "go main": ("go", "package main\n\nfunc main() {\n\tprintln(¦1)\n}\n", None),
    "go test": ("go", 'package a\n\nimport "testing"\n\nfunc TestF(t *testing.T) {\n\tt.Fatal(¦1)\n}\n', None),
    "rust function": ("rust", "fn f() -> i32 {\n    ¦1\n}\n", "f"),
    "rust method": ("rust", "impl A {\n    fn f(&self) -> i32 {\n        ¦1\n    }\n}\n", "f"),
    "rust trait": ("rust", "trait A {\n    fn f(&self) -> i32 {\n        ¦1\n    }\n}\n", None),
    "rust test": (
        "rust",
        "#[cfg(test)]\nmod tests {\n    #[test]\n    fn f() {\n        assert!(¦true);\n    }\n}\n",
        None,
    ),
    "java method": ("java", "class A {\n    int f() {\n        return ¦1;\n    }\n}\n", "f"),
    "java private method": ("java", "class A {\n    private int f() {\n        return ¦1;\n    }\n}\n", None),
    "java interface": ("java", "interface A {\n    int f¦();\n}\n", None),
    "c": ("c", "int f(void) {\n    return ¦1;\n}\n", None),
}


@pytest.mark.parametrize(("language", "text", "name"), CASES.values(), ids=CASES.keys())
def test_what_a_test_can_call(language: str, text: str, name: str | None) -> None:
    at = text.index(CURSOR)
    target = TESTS.scope.target(parsed(language, text.replace(CURSOR, "")), at, at)
    assert (target.name if TESTS.scope.applies(target) else None) == name
