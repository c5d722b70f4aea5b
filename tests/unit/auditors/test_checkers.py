"""The real type checkers: what they say of a draft in its place, what counts as new, and that nothing is run or written."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pillion.auditors.auditor_registry import auditors
from pillion.auditors.checkers.checker_auditor import CheckerAuditor
from pillion.auditors.checkers.checker_rows import CHECKERS, Checker
from pillion.auditors.checkers.stand_in import StandIn, stand_in
from pillion.auditors.linters.executables import Ran, find_executable
from tests.unit.auditors.cases import Case, check, passage, write

ROOT = Path(__file__).parents[3]
TOOLS = (Path(sys.executable).parent, ROOT / "vscode-client" / "node_modules" / ".bin")


@pytest.fixture(autouse=True)
def _tools_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join((*map(str, TOOLS), os.environ["PATH"])))


def only(executable: str, *, time_limit_s: float = 60) -> CheckerAuditor:
    """The auditor with one checker, however slow this machine is now."""
    rows = [each for each in CHECKERS if each.executable == executable]
    if find_executable(executable, [], os.environ) is None:
        pytest.skip(f"{executable} isn't installed here")
    return CheckerAuditor(frozenset({"go", "cargo"}), rows, time_limit_s=time_limit_s)


BASKET = "class Basket:\n    def add(self, price: int, count: int = 1) -> int:\n        return price * count\n"
PYTHON = {
    "shop/__init__.py": "",
    "shop/basket.py": BASKET,
    "shop/till.py": "",
}
HEAD = "from .basket import Basket\nimport shop.basket\n\n\ndef pay(basket: Basket) -> int:\n"
# name → the code, and for each checker the finding (severity and quote); {} if it is silent.
SAID: dict[str, tuple[str, Mapping[str, str]]] = {
    "right": ("    return basket.add(1) + shop.basket.Basket().add(1, count=2)\n", {}),
    "too few": (
        "    return basket.add()\n",
        {"ty": "error basket.add()", "mypy": "error basket.add()", "basedpyright": "error basket.add()"},
    ),
    "unknown keyword": (
        "    return basket.add(1, colour=2)\n",
        {"ty": "error colour=2", "mypy": "error basket.add(1, colour=2)", "basedpyright": "error colour"},
    ),
    "no such method": (
        "    basket.pay(2)\n    return 1\n",
        {"ty": "warning basket.pay", "mypy": "warning basket.pay", "basedpyright": "warning pay"},
    ),
    "behind wide characters": (
        "    x = '🥞é'; return basket.add(x)\n",
        {"ty": "warning x", "mypy": "warning x = '🥞é'; return basket.add(x)", "basedpyright": "warning x"},
    ),
    "not awaited": (
        "    async def later() -> None: ...\n    async def now() -> None:\n        later()\n    return 1\n",
        {"ty": "warning later()", "mypy": "warning later()", "basedpyright": "warning later()"},
    ),
    "others say so": ("    return missing + 1\n", {}),
    "taste": ("    total: int = None or 1\n    return basket.add(total)\n", {}),
}


@pytest.mark.parametrize("executable", ["ty", "mypy", "basedpyright"])
@pytest.mark.parametrize(("code", "said"), SAID.values(), ids=SAID)
def test_python(code: str, said: Mapping[str, str], executable: str, tmp_path: Path) -> None:
    write(tmp_path, PYTHON)
    auditor, text = only(executable), HEAD + code
    edit = replace(
        passage("python", text, HEAD + "    ...\n", tmp_path / "shop" / "till.py", tmp_path), start=len(HEAD)
    )
    found = [f"{each.severity} {each.quote}" for each in auditor.audit(edit)]
    assert found == ([said[executable]] if executable in said else [])
    assert all(each.message.endswith(")") and f"({executable}: " in each.message for each in auditor.audit(edit))


@pytest.mark.parametrize("executable", ["ty", "mypy"])
def test_only_what_is_new_counts(executable: str, tmp_path: Path) -> None:
    write(tmp_path, PYTHON)
    old = HEAD + "    return basket.add()\n"
    moved = "# A comment.\n" + HEAD + "    x = 1\n    return basket.add()\n"
    path = tmp_path / "shop" / "till.py"
    assert list(only(executable).audit(passage("python", moved, old, path, tmp_path))) == []
    twice = HEAD + "    basket.add()\n    return basket.add()\n"
    assert len(only(executable).audit(passage("python", twice, old, path, tmp_path))) == 1


def test_a_text_without_a_file(tmp_path: Path) -> None:
    case = Case("python", "import os\nos.nothing()\n", {"warning os.nothing": "(ty: "})
    check(only("ty"), case)
    check(only("ty"), case, tmp_path / "new" / "folder" / "a.py", tmp_path)


TYPESCRIPT = {
    "tsconfig.json": '{"compilerOptions": {"strict": true, "composite": true, "outDir": "out", "noUnusedLocals": true}}',
    "src/basket.ts": "export class Basket { add(price: number, count = 1): number { return price * count; } }\n",
    "src/till.ts": "",
}
TYPED = 'import { Basket } from "./basket";\nconst unused = 1;\nexport const pay = (b: Basket): number => '


@pytest.mark.parametrize(
    ("name", "code", "found"),
    [
        pytest.param("till.ts", f"{TYPED}b.add(1);\n", {}, id="right"),
        pytest.param("till.ts", f"{TYPED}b.add();\n", {"error add": "(tsc: TS2554)"}, id="too few"),
        pytest.param("till.ts", f"{TYPED}b.ad(1);\n", {"warning ad": "(tsc: TS2339)"}, id="no such method"),
        pytest.param("till.ts", f"{TYPED}{{ '🥞'; return 'x' }};\n", {"warning return": "TS2322"}, id="result"),
        pytest.param("till.ts", f"{TYPED}nowhere(1);\n", {}, id="others say so"),
        pytest.param("a.js", "export const f = (a) => Math.maxx(a) + [1].pushh(a);\n", {"warning maxx": "TS2551", "warning pushh": "TS2551"}, id="javascript"),
        pytest.param("a.js", "export const f = (a) => a.x + Number();\nf(1, 2);\n", {}, id="javascript allows it"),
    ],
)  # fmt: skip
def test_typescript(name: str, code: str, found: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, TYPESCRIPT)
    language = "typescript" if name.endswith("ts") else "javascript"
    check(only("tsc"), Case(language, code, found), tmp_path / "src" / name, tmp_path)
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["basket.ts", "src", "till.ts", "tsconfig.json"]


def test_typescript_needs_the_project(tmp_path: Path) -> None:
    check(only("tsc"), Case("typescript", "export const x: number = 'y';\n"), tmp_path / "a.ts", tmp_path)


def test_build_tools(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"go.mod": "module example.com/m\n\ngo 1.20\n", "sub/sub.go": "package sub\n\nconst One = 1\n", "a/a.go": ""},
    )
    text = 'package a\n\nimport "example.com/m/sub"\n\nfunc F() int {\n\tvar s string = sub.One\n\treturn len(s)\n}\n'
    case = Case("go", text, {"error sub": "cannot use sub.One"}, "package a\n")
    check(only("go"), case, tmp_path / "a" / "a.go", tmp_path)


def test_rust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    auditor = only("cargo")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    crate = write(tmp_path / "crate", {"Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\n', "src/lib.rs": ""})
    case = Case("rust", 'pub fn f() -> i32 {\n    "one"\n}\n', {'error "one"': "(cargo: E0308)"})
    check(auditor, case, crate / "src" / "lib.rs", crate)
    assert sorted(each.name for each in crate.rglob("*")) == ["Cargo.toml", "lib.rs", "src"]


@pytest.mark.parametrize(
    ("types", "build_tools", "asked"),
    [
        (True, [], {"ty", "mypy", "basedpyright", "tsc"}),
        (True, ["go"], {"ty", "mypy", "basedpyright", "tsc", "go"}),
        (False, ["cargo"], {"cargo"}),
        (False, [], set()),
    ],
)
def test_the_user_says_who_is_asked(types: bool, build_tools: list[str], asked: set[str]) -> None:
    every = [each for each in auditors(types, frozenset(build_tools)) if isinstance(each, CheckerAuditor)]
    assert {row.executable for each in every for row in each.checkers} == asked


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("executable", ["ty", "mypy", "basedpyright"])
def test_nothing_of_the_project_is_run_or_written(executable: str, tmp_path: Path) -> None:
    """Neither its interpreter, nor its plug-ins, nor modules with the names of Python's own."""
    auditor, workspace, ran = only(executable), tmp_path / "workspace", tmp_path / "ran"
    evil = f"open({str(ran)!r}, 'w')\n"
    write(
        workspace,
        {
            **PYTHON,
            "mypy.ini": "[mypy]\nplugins = evil.py\npython_executable = .venv/bin/python\n",
            "pyrightconfig.json": '{"venvPath": ".", "venv": ".venv", "pythonPath": ".venv/bin/python"}',
            "ty.toml": '[environment]\npython = ".venv"\n',
            ".venv/pyvenv.cfg": "home = /usr/bin\nversion = 3.11.2\n",
            ".venv/lib/python3.11/site-packages/x.pth": f"import os; {evil}",
            **{f"{name}.py": evil for name in ("evil", "json", "sitecustomize", "usercustomize", "platform")},
        },
    )
    for name in ("python", "python3"):
        script(workspace / ".venv" / "bin" / name, f"touch '{ran}'")
    for name in ("ty", "mypy", "basedpyright"):
        script(workspace / "tools" / name, f"touch '{ran}'")
    before = {each: each.stat().st_mtime_ns for each in workspace.rglob("*")}
    with pytest.MonkeyPatch.context() as patch:
        folders = (workspace / "tools", workspace / ".venv" / "bin")
        patch.setenv("PATH", os.pathsep.join((*map(str, folders), os.environ["PATH"])))
        patch.chdir(workspace)
        text = HEAD + "    return basket.add()\n"
        found = auditor.audit(passage("python", text, HEAD, workspace / "shop" / "till.py", workspace))
    assert [each.severity for each in found] == ["error"]
    assert not ran.exists()
    assert {each: each.stat().st_mtime_ns for each in workspace.rglob("*")} == before


def test_the_document_is_read_in_its_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a/b/c.py": "old", "a/d.py": "d", "Cargo.lock": "lock", ".git/HEAD": "x", "pillion-config.json": "{}"},
    )
    with stand_in(passage("python", "new", path=tmp_path / "a" / "b" / "c.py", workspace=tmp_path)) as where:
        where.write("new")
        seen = {str(each.relative_to(where.root)): each.is_symlink() for each in where.root.rglob("*")}
        assert seen == {
            "a": False,
            "a/b": False,
            "a/b/c.py": False,
            "a/d.py": True,
            "Cargo.lock": False,
            "pillion-config.json": True,
        }
        assert (where.file.read_text(), where.nearest(("Cargo.lock",))) == ("new", where.root / "Cargo.lock")
    assert not where.root.exists()
    assert (tmp_path / "a" / "b" / "c.py").read_text() == "old"


@pytest.mark.parametrize("body", ["exit 3", "sleep 60", "echo '['", "echo '{}'", "yes", "true", "printf '\\377'"])
@pytest.mark.parametrize("row", [each for each in CHECKERS if not each.build_tool], ids=lambda row: row.executable)
def test_a_checker_that_does_not_get_to_its_end_says_nothing(
    body: str, row: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "bin" / row.executable, body)
    write(tmp_path / "w", {"tsconfig.json": "{}", "jsconfig.json": "{}"})
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin:/bin")
    edit = passage(next(iter(row.languages)), "x = 1\n", path=tmp_path / "w" / "a", workspace=tmp_path / "w")
    assert list(CheckerAuditor(checkers=[row], time_limit_s=0.5).audit(edit)) == []


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        pytest.param({}, "ty", id="the fastest"),
        pytest.param({"mypy.ini": "[mypy]\n"}, "mypy", id="a file"),
        pytest.param({"pyproject.toml": "[tool.pyright]\n"}, "basedpyright", id="a table"),
        pytest.param({"pyproject.toml": "[tool.mypy]\n[tool.ty]\n"}, "ty", id="two"),
        pytest.param({"pyproject.toml": "tool = 1\n"}, "ty", id="no table"),
    ],
)
def test_the_project_chooses(
    files: Mapping[str, str], chosen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, told = write(tmp_path / "workspace", {**files, "a/b.py": ""}), tmp_path / "told"
    for name in ("ty", "mypy", "basedpyright"):
        script(tmp_path / "bin" / name, f"echo {name} >> '{told}'")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin:/bin")
    CheckerAuditor().audit(passage("python", "x = 1\n", path=workspace / "a" / "b.py", workspace=workspace))
    assert told.read_text().split() == [chosen]


# What each prints, with the same mistake behind wide characters: `'🥞é'; f()`.
PRINTED = {
    "ty": ('[{"check_name": "missing-argument", "description": "missing-argument: No a", "location": {"path": "FILE", "positions": {"begin": {"line": 1, "column": 7}, "end": {"line": 1, "column": 10}}}}, 3]', "error missing-argument f() No a"),
    "mypy": ('{"file": "FILE", "line": 1, "column": 2, "end_line": 1, "end_column": 5, "message": "Few", "hint": null, "code": "call-arg", "severity": "error"}\n{"file": "other.py", "line": 1, "column": 2, "end_line": 1, "end_column": 5, "message": "Few", "hint": null, "code": "call-arg", "severity": "error"}', "error call-arg '🥞é'; f() Few"),
    "basedpyright": ('{"generalDiagnostics": [{"file": "FILE", "severity": "error", "message": "Bad\\n  more", "range": {"start": {"line": 0, "character": 7}, "end": {"line": 0, "character": 10}}, "rule": "reportCallIssue"}, {"file": "FILE", "severity": "error", "message": "No rule", "range": {}}]}', "error reportCallIssue f() Bad"),
    "tsc": ("FILE(1,8): error TS2554: Expected 1 arguments, but got 0.\nother.ts(1,1): error TS2554: x\nFILE(1,1): error TS6133: y\nFILE(1,1): error TS2304: z\n", "error TS2554 f Expected 1 arguments, but got 0."),
    "go": ("vet: FILE:1:11: not enough arguments\n# pkg\n", "error vet f not enough arguments"),
    "cargo": ('{"reason": "compiler-message", "message": {"level": "error", "message": "few", "code": {"code": "E0061"}, "spans": [{"is_primary": true, "file_name": "workspace/a", "line_start": 1, "line_end": 1, "column_start": 7, "column_end": 10}]}}\n{"reason": "build-finished"}', "error E0061 f() few"),
}  # fmt: skip


@pytest.mark.parametrize("row", CHECKERS, ids=lambda row: f"{row.executable}-{min(row.languages)}")
def test_what_is_printed(row: Checker, tmp_path: Path) -> None:
    printed, expected = PRINTED[row.executable]
    where = StandIn(tmp_path / "workspace", tmp_path / "workspace" / "a", tmp_path / "nowhere", tmp_path, "")
    data = printed.replace("FILE", str(where.file)).encode()
    text = "'🥞é'; f()\n"
    said = [
        f"{each.severity} {each.rule} {text[each.start : each.end]} {each.message}"
        for each in row.read(Ran(data, data), text, where)
    ]
    assert said == ([] if "javascript" in row.languages else [expected])
