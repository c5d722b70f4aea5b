"""Names that a draft uses and nobody defines are errors, where that is certain."""

from pathlib import Path

import pytest

from pillion.auditors.names.name_auditor import NamesAuditor
from tests.unit.auditors.cases import Case, check, write

NAMES = {
    "undefined": Case("python", "def f(a):\n    return a + bb\n", {"error bb": "“bb” is not defined"}),
    "behind wide characters": Case("python", "x = '🥞é' + bb\n", {"error bb": "bb"}),
    "undefined before too": Case("python", "def f(a):\n    return a + bb\n", {}, "print(bb)\n"),
    "mentioned before in what doesn't parse": Case("python", "print(bb)\n", {}, "def f(:\n  bb\n"),
    "defined later": Case("python", "def f():\n    return g()\n\n\ndef g():\n    return 1\n"),
    "used too early": Case("python", "x = 1\ndef f():\n    print(x)\n    x = 2\n", {"error x": "“x” is not defined"}),
    "export": Case("python", "__all__ = ['f', 'g']\ndef f(): pass\n", {"error __all__ = ['f', 'g']": "“g”"}),
    "deleted on another way": Case("python", "def f(a):\n    x = 1\n    if a:\n        del x\n    return x\n"),
    "star import": Case("python", "from os.path import *\nprint(join('a'))\n"),
    "magic": Case("python", "globals().update(a=1)\nprint(a)\n"),
    "unused import is no undefined name": Case("python", "import os\n"),
    "doesn't parse": Case("python", "print(bb\n"),
    "javascript": Case(
        "javascript",
        "import a from './a';\na(foo(1));\nnew Bar();\n",
        {"error foo": "“foo” is not defined", "error Bar": "“Bar”"},
    ),
    "javascript's own": Case(
        "javascript",
        "import a from './a';\nfunction f(g, { h }) { return g(h(a), () => i()); }\nconst i = f;\nfetch(a, setTimeout(f));\n",
    ),
    "a script's names may be another's": Case("javascript", "foo(1);\n"),
    "declared for a linter": Case("javascript", "/* global foo */\nimport a from 'a';\nfoo(a);\n"),
    "method is no function": Case(
        "typescript", "import a from 'a';\nclass A { foo() { foo(); } }\n", {"error foo": "“foo”"}
    ),
    "type and value": Case(
        "typescript", "import { a, type B } from 'a';\nexport const f = (c: B) => a(c);\nnew B();\n"
    ),
    "called before": Case("typescript", "import a from 'a';\nfoo(a);\n", {}, "foo(1);\n"),
    "in its block alone": Case("typescript", "export {};\n{ const e = 1; }\ne;\n", {"error e": "“e”"}),
    "hoisted": Case("javascript", "export {};\nif (1) { var e = 1; }\ne;\n"),
    "inferred types": Case(
        "typescript", "export type A<T> = T extends [infer U, ...infer V] ? U | V : W;\n", {"error W": "“W”"}
    ),
    "keys and members": Case(
        "typescript", "export const a = { b: 1, ['c']: 2 };\na.d.e();\nexport enum F { G, H = G }\n"
    ),
    "asked for": Case("javascript", "export const a = typeof Foo !== 'undefined' ? Foo : null;\n"),
    "tags": Case(
        "typescriptreact", "export const a = <div b={c}><Foo /></div>;\n", {"error c": "“c”", "error Foo": "“Foo”"}
    ),
    "rust": Case(
        "rust", "fn f(a: fn(i32)) -> Option<i32> { a(1); Some(missing(2)) }\n", {"error missing": "“missing”"}
    ),
    "rust's globs": Case("rust", "use super::*;\nfn f() { missing(2); }\n"),
    "rust's types": Case(
        "rust", "fn f() -> HashMap<String, Foo> { todo!() }\n", {"error HashMap": "", "error Foo": ""}
    ),
    "rust's modules see only their own": Case(
        "rust", "fn f() {}\nmod a { fn g() { f(); } }\nmod b { use super::*; fn g() { f(); } }\n", {"error f": "“f”"}
    ),
    "rust's patterns": Case(
        "rust",
        "fn f(a: Option<i32>) -> i32 { if let Some(b) = a { return b; } match a { Some(c) if c > 1 => c, n @ None => 0, _ => b } }\n",
        {"error b": "“b”"},
    ),
    "rust's macros": Case(
        "rust", 'fn f(a: i32) { println!("{} {b}", a + c, b = 1); other!(d); }\n', {"error c": "", "error other": ""}
    ),
    "go without its package": Case("go", "package a\nfunc f() { missing(2) }\n"),
    "go's packages": Case("go", "package a\nfunc f() { strings.Fields(x) }\n", {"error strings": "“strings”"}),
    "java": Case(
        "java",
        "import java.util.List;\nclass A<T> { int x; List<Foo> f(T t, Map<String, T> m) { return g(x, y); } }\n",
        {"error Map": "“Map”", "error g": "“g”", "error y": "“y”"},
    ),
    "java's superclass has names": Case("java", "class A extends B { void f() { g(x); } }\n"),
    "java's wildcards": Case(
        "java", "import java.util.*;\nclass A { List<B> f() { return g; } }\n", {"error g": "“g”"}
    ),
    "java's qualified names": Case("java", "class A { java.util.List<String> f() { return java.util.List.of(); } }\n"),
    "c": Case(
        "c",
        '#include <stdio.h>\nint f(int a) { printf("a"); missing(a); return b; }\n',
        {"error missing": "", "error b": ""},
    ),
    "c's headers": Case("c", "#include <stdio.h>\nint f(char *a) { return strlen(a); }\n", {"error strlen": ""}),
    "c with a header that nobody knows": Case("c", "#include <gtk/gtk.h>\nvoid f(void) { missing(2); }\n"),
    "c's labels and fields": Case(
        "c", "struct A { int b; };\nint f(struct A *a) { goto c; c: return a->b + (int)sizeof(struct A); }\n"
    ),
    "c's enums": Case("c", "typedef enum { A, B } E;\nE f(void) { return B; }\n"),
    "c++": Case(
        "cpp",
        "#include <vector>\nint f(std::vector<int> a) { for (auto& b : a) { b++; } return c + b; }\n",
        {"error c": "", "error b": ""},
    ),
    "c++'s namespaces": Case("cpp", "#include <vector>\nusing namespace std;\nvoid f() { missing(); }\n"),
    "c++'s classes elsewhere": Case("cpp", "void A::f() { missing(); }\n"),
}


@pytest.mark.parametrize("case", NAMES.values(), ids=NAMES)
def test_names(case: Case) -> None:
    check(NamesAuditor(), case)


def test_the_files_beside_a_go_file_define_names_too(tmp_path: Path) -> None:
    write(tmp_path, {"b.go": "package a\n\nfunc helper() {}\n\nvar (\n\tfirst, second = f, f\n)\n\ntype Kind int\n"})
    text = "package a\nfunc f(g func(), names []int) { helper(); second(); Kind(1); g(); len(names); missing(2) }\n"
    check(NamesAuditor(), Case("go", text, {"error missing": "“missing”"}), tmp_path / "a.go", tmp_path)
    check(NamesAuditor(), Case("go", text), tmp_path / "nowhere" / "a.go", tmp_path)


def test_a_script_has_the_names_of_the_other_scripts(tmp_path: Path) -> None:
    write(tmp_path, {"b.js": "function helper() {}\n"})
    case = Case("javascript", "function f() { return helper(missing); }\n", {"error missing": "“missing”"})
    check(NamesAuditor(), case, tmp_path / "a.js", tmp_path)


def test_java_has_the_types_of_its_package(tmp_path: Path) -> None:
    write(tmp_path, {"src/main/java/a/B.java": "class B {}\nenum C { D }\n"})
    case = Case("java", "class A { B b; C c; E e; }\n", {"error E": "“E”"})
    check(NamesAuditor(), case, tmp_path / "src/test/java/a/A.java", tmp_path)


def test_c_reads_the_headers_of_the_workspace(tmp_path: Path) -> None:
    write(tmp_path, {"b.h": "#include <stdio.h>\n#define MAX 3\nint helper(int a);\ntypedef struct { int x; } Item;\n"})
    text = '#include "b.h"\nint f(Item *a) { printf("a"); return helper(MAX) + x; }\n'
    check(NamesAuditor(), Case("c", text, {"error x": "“x”"}), tmp_path / "a.c", tmp_path)
    check(NamesAuditor(), Case("c", text.replace("b.h", "c.h")), tmp_path / "a.c", tmp_path)


def test_rust_reads_the_manifest(tmp_path: Path) -> None:
    write(tmp_path, {"Cargo.toml": '[package]\nname = "a"\n[dependencies]\nserde = "1"\n', "src/lib.rs": ""})
    text = "fn f() { serde::g(); rand::random(); fs::read(std::env::args()); }\n"
    case = Case("rust", text, {"error rand": "“rand”", "error fs": "“fs”"})
    check(NamesAuditor(), case, tmp_path / "src" / "a.rs", tmp_path)
