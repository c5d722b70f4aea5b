"""What a selection is: statements, several symbols, the whole file, or only a place."""

import pytest

from pillion.actions.scopes import FINDING
from pillion.syntax.selection import selected
from tests.support.texts import CURSOR, parsed

PY = "import os\nX = 1\n\n\ndef f(a):\n    # why\n    b = 1\n    for x in a:\n        if x:\n            b += x\n        # last\n    return b\n\n\nclass A:\n    y = 1\n\n    def g(self):\n        return 1\n\n    # kept\n    @property\n    def h(self):\n        return 2\n"
GO = "package main\n\nfunc f(a int) int {\n\t// why\n\tb := 1\n\tfor i := range a {\n\t\tb += i\n\t}\n\tswitch a {\n\tcase 1:\n\t\tb = 2\n\t\tg()\n\t}\n\treturn b\n}\n\nfunc g() {\n}\n"
JS = "import { a } from './a';\n\nexport const f = (x) => {\n  const y = x;\n  if (y) {\n    a(y);\n    a(x);\n  }\n  return y;\n};\n\nexport class A {\n  x = 1;\n  g() { return 1; }\n  h() { return 2; }\n}\n"
RUST = "fn f(a: i32) -> i32 {\n    let mut b = 1;\n    b += a;\n    b\n}\n\n#[test]\nfn g() {}\n\nimpl A {\n    fn h(&self) {}\n\n    fn i(&self) {}\n}\n"
JAVA = "class A {\n    int x = 1;\n    int y = 2;\n\n    int f() {\n        int b = 1;\n        b++;\n        return b;\n    }\n\n    void g() {\n    }\n}\n"
C = "#include <a.h>\n\nint f(int a) {\n  int b = 1;\n#ifdef X\n  b = 3;\n  c();\n#endif\n  switch (a) {\n  case 1:\n    b = 2;\n    c();\n  }\n  return b;\n}\n\nstruct s { int x; };\n"

# language, text, the first words that are selected, the last, and what it is (kind, name); None: a place
SELECTIONS = {
    "statements": ("python", PY, "b = 1", "for x in a:", ("statements", "5 lines in f")),
    "with a comment above": ("python", PY, "# why", "b = 1", ("statements", "2 lines in f")),
    "with a comment that ends a block": ("python", PY, "    b = 1", "# last", ("statements", "5 lines in f")),
    "from the middle to the middle": ("python", PY, "1\n    for", "+= x", ("statements", "5 lines in f")),
    "a whole line": ("python", PY, "    return b\n", "return b\n", ("statements", "1 line in f")),
    "a line of an inner block": ("python", PY, "b += x", "b += x", ("statements", "1 line in f")),
    "at the top": ("python", PY, "import os", "X = 1", ("statements", "2 lines")),
    "statements and a function": ("python", PY, "X = 1", "return b", ("statements", "11 lines")),
    "two methods": ("python", PY, "def g", "return 2", ("symbols", "g and h")),
    "parts of two methods": ("python", PY, "return 1\n\n    # kept", "return 2", ("symbols", "g and h")),
    "a field and a method": ("python", PY, "y = 1", "return 1", ("statements", "4 lines in A")),
    "a function and a class": ("python", PY, "def f", "return 2", ("symbols", "f and A")),
    "everything": ("python", PY, "import os", "return 2\n", ("file", "the file")),
    "a function": ("python", PY, "def f", "return b", None),
    "a method with its decorator": ("python", PY, "@property", "return 2", None),
    "a word": ("python", PY, "os", "os", None),
    "a comment": ("python", PY, "# kept", "# kept", None),
    "blank lines": ("python", PY, "\n\n\ndef f", "\n", None),
    "go": ("go", GO, "// why", "for i := range a {", ("statements", "5 lines in f")),
    "go in a case": ("go", GO, "b = 2", "g()", ("statements", "2 lines in f")),
    "go functions": ("go", GO, "func f", "func g() {\n}", ("symbols", "f and g")),
    "javascript": ("javascript", JS, "const y", "if (y) {", ("statements", "5 lines in f")),
    "javascript in a block": ("javascript", JS, "a(y);", "a(x);", ("statements", "2 lines in f")),
    "javascript without the semicolon": ("javascript", JS, "const y = x", "const y = x", ("statements", "1 line in f")),
    "typescript": ("typescript", JS, "export const", "h() { return 2; }\n}", ("symbols", "f and A")),
    "tsx methods": ("typescriptreact", JS, "g() {", "h() { return 2; }", ("symbols", "g and h")),
    "rust": ("rust", RUST, "let mut", "b += a;", ("statements", "2 lines in f")),
    "rust with an attribute": ("rust", RUST, "fn f", "fn g() {}", ("symbols", "f and g")),
    "rust methods": ("rust", RUST, "fn h", "fn i(&self) {}", ("symbols", "h and i")),
    "java": ("java", JAVA, "int b = 1;", "b++;", ("statements", "2 lines in f")),
    "java fields": ("java", JAVA, "int x", "int y = 2;", ("statements", "2 lines in A")),
    "java methods": ("java", JAVA, "int f()", "void g() {\n    }", ("symbols", "f and g")),
    "c": ("c", C, "int b = 1;", "#endif", ("statements", "5 lines in f")),
    "c in an #ifdef": ("c", C, "b = 3;", "c();", ("statements", "2 lines in f")),
    "c in a case": ("c", C, "b = 2;", "c();\n  }", ("statements", "5 lines in f")),
    "c++": ("cpp", C, "int f", "int x; };", ("symbols", "f and s")),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text", "first", "last", "wanted"), SELECTIONS.values(), ids=SELECTIONS)
def test_what_a_selection_is(language: str, text: str, first: str, last: str, wanted: tuple[str, str] | None) -> None:
    start = text.index(first)
    found = selected(parsed(language, text), start, text.index(last, start) + len(last))
    assert (None if found is None else (found.kind, found.name)) == wanted


@pytest.mark.parametrize("length", [0, 1])
def test_a_cursor_selects_nothing(length: int) -> None:
    at = PY.index("b = 1")
    assert selected(parsed("python", PY), at, at + length) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import os\n¦os¦.x\n", "1 line"),
        ("import os\n¦os¦.x(\n    1,\n)\n", "3 lines"),
        ("import os\n\n¦\n", ""),
        ("def f():\n    ¦a = 1¦\n    b = 2\n", "f"),
        ("def f():\n    ¦a = 1\n    b = 2¦\n", "2 lines in f"),
        ("¦def f():\n    pass\n\n\ndef g():\n    pass¦\n\n\nx = 1\n", "f and g"),
    ],
)
def test_what_a_report_is_about(text: str, name: str) -> None:
    plain = text.replace(CURSOR, "")
    start, end = text.index(CURSOR), max(text.index(CURSOR), text.rindex(CURSOR) - 1)
    target = FINDING.target(parsed("python", plain), start, end)
    assert (target.name if FINDING.applies(target) else "") == name
