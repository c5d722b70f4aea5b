"""The syntax check, and the real linters: what they say of the new part, and how they are found, fed and ended."""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from pillion.auditors.linters.executables import find_executable, run_bounded
from pillion.auditors.linters.linter_auditor import LinterAuditor
from pillion.auditors.linters.linter_rows import LINTERS, Linter, Row
from pillion.auditors.syntax_errors import SyntaxAuditor
from tests.unit.auditors.cases import Case, check, passage, write

TOOLS = Path(sys.executable).parent


@pytest.fixture(autouse=True)
def _tools_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join((str(TOOLS), "/usr/bin", "/bin")))


SYNTAX = {
    "parses": Case("python", "x = 1\n"),
    "broken": Case("python", "x = 1\ny = 2 +\n", {"error y = 2 +": "line 2"}, "x = 1\n"),
    "broken before": Case("python", "x = 1\ny = 2 +\n", {}, "y = +\n"),
    "ends too early": Case("javascript", "f(\n\n", {"error f(": "doesn't parse: line"}, "f();\n"),
    "nul": Case("python", "x = 1\n\0\n", {"error \0": "line 2"}),
}


@pytest.mark.parametrize("case", SYNTAX.values(), ids=SYNTAX)
def test_syntax(case: Case) -> None:
    check(SyntaxAuditor(), case)


def test_what_broke_the_document_is_the_new_part() -> None:
    text = "a = (\n\nb = 1\n\n\nc = 2\n"
    edit = replace(passage("python", text, "b = 1\n\n\nc = 2\n"), start=0, end=6)
    (finding,) = SyntaxAuditor().audit(edit)
    assert (finding.quote, finding.start) == ("a = (", 0)


LINT = {
    "bare except": Case("python", "try:\n    f = 1\nexcept:\n    f = 2\n", {"warning except": "(ruff: E722)"}),
    "format that fails": Case("python", "x = '%s %s' % (1,)\n", {"error '%s %s' % (1,)": "(ruff: F507)"}),
    "behind wide characters": Case("python", "x = '🥞é'; import os\n", {"warning os": "F401"}),
    "looks are not judged": Case("python", "x = 1;y=2 # " + "x" * 200 + "\nl = 1\n"),
    "others say so": Case("python", "print(undefined)\nx = (\n"),
    "there before": Case("python", "import os\nimport sys\n", {"warning sys": "`sys`"}, "import os\n"),
    "one more than before": Case("python", "import os\nimport os\n", {"warning os": "F401"}, "import os\nprint(os)\n"),
    "crlf": Case("python", "x = 1\r\nimport os\r\n", {"warning os": "F401"}),
    "surrogate": Case("python", "x = '\ud800'; import os\n", {"warning os": "F401"}),
    "constant": Case("javascript", "const a = 1;\na = 2;\nexport { a };\n", {"error a": "(oxlint: no-const-assign)"}),
    "key twice": Case("typescript", "export const a = { '🥞': 1, x: 1, x: 2 };\n", {"warning x": "(oxlint: no-dupe-keys)"}),
    "key twice before": Case("typescript", "export const a = { x: 1, x: 2 };\n", {}, "const b = 1;\nexport const a = { x: 1, x: 2 };\n"),
    "tsx": Case("typescriptreact", "export const A = () => <p>{1 === NaN}</p>;\n", {"warning NaN": "use-isnan"}),
    "no linter": Case("go", "package a\nimport \"fmt\"\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", LINT.values(), ids=LINT)
def test_the_real_linters(case: Case, tmp_path: Path) -> None:
    check(LinterAuditor(), case, tmp_path / "new" if case.language == "go" else None, tmp_path)


def test_only_the_new_part_is_judged(tmp_path: Path) -> None:
    text = "import os\nimport sys\n"
    edit = replace(passage("python", text, workspace=tmp_path), start=10)
    assert [finding.quote for finding in LinterAuditor().audit(edit)] == ["sys"]


def test_the_project_says_which_rules_it_wants(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": '[tool.ruff]\nfix = true\n[tool.ruff.lint]\nselect = ["F401", "E501", "B006"]\nignore = ["F841"]\n'
        },
    )
    case = Case("python", "import os\ndef f(a=[]):\n    x = 1\n", {"warning os": "F401", "warning []": "B006"})
    check(LinterAuditor(), case, tmp_path / "a.py", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]  # no cache is left behind


def test_a_missing_linter_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    check(LinterAuditor(), Case("python", "import os\n"))


def script(folder: Path, name: str, body: str) -> Path:
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def first_character(_printed: bytes, _text: str) -> Iterator[Row]:
    yield Row("always", "said", 0, 1, "warning")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("exit 0", 1, id="quick"),
        pytest.param("cat; exit 1", 1, id="finds-something"),
        pytest.param("sleep 60", 1, id="hangs"),
        pytest.param("sleep 60 & sleep 61", 1, id="hangs-with-a-child"),
        pytest.param("sleep 60 &", 1, id="leaves-a-child"),
        pytest.param("yes", 1, id="never-stops-talking"),
    ],
)
def test_a_linter_is_ended(body: str, found: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Times of this process alone: the same test may run beside it, with another body.
    minute, longer = f"60.{os.getpid()}", f"61.{os.getpid()}"
    script(tmp_path / "bin", "slow", body.replace("sleep 60", f"sleep {minute}").replace("sleep 61", f"sleep {longer}"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    linter = Linter(frozenset({"python"}), "slow", ("-",), first_character)
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    began = time.monotonic()
    assert len(LinterAuditor([linter], time_limit_s=0.7).audit(passage("python", "x" * 1000))) == found
    assert time.monotonic() - began < 30
    left = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
    assert [child for child in left if child.status() != psutil.STATUS_ZOMBIE] == []
    sleeping = [
        each.info["cmdline"]
        for each in psutil.process_iter(["cmdline"])
        if each.info["cmdline"] in (["sleep", minute], ["sleep", longer])
    ]
    assert sleeping == []


@pytest.mark.parametrize("printed", [b"", b"[", b"{}", b"[{}]", b"[1]", b'{"diagnostics": 3}', b"\xff", b"[" * 100_000])
@pytest.mark.parametrize("linter", LINTERS, ids=lambda linter: linter.executable)
def test_what_a_linter_prints_is_not_trusted(
    linter: Linter, printed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "printed").write_bytes(printed)
    script(tmp_path / "bin", linter.executable, f"cat '{tmp_path / 'printed'}'")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    for language_id in linter.languages:
        found = LinterAuditor([linter]).audit(passage(language_id, "x = 1\n"))
        assert [each.category for each in found] in ([], ["linter-failed"])


def test_nothing_is_taken_from_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, outside = tmp_path / "workspace", tmp_path / "bin"
    inside = script(workspace / "tools", "ruff", "touch ran")
    outside.mkdir()
    (outside / "ruff").symlink_to(inside)
    (tmp_path / "link").symlink_to(workspace / "tools")
    here = script(tmp_path / "here", "ruff", "touch ran").parent
    monkeypatch.chdir(here)
    entries = ["", ".", "tools", str(workspace / "tools"), str(outside), str(tmp_path / "link"), str(here)]
    for entry in entries:
        assert find_executable("ruff", [workspace], {"PATH": entry}) is None, entry
    real = script(tmp_path / "real", "ruff", "exit 0")
    assert find_executable("ruff", [workspace], {"PATH": os.pathsep.join([*entries, str(real.parent)])}) == real
    monkeypatch.setenv("PATH", os.pathsep.join(entries))
    check(LinterAuditor(), Case("python", "import os\n"), workspace / "a.py", workspace)
    check(LinterAuditor(), Case("python", "import os\n"), workspace / "tools" / "a.py")
    assert list(tmp_path.rglob("ran")) == []


def test_a_program_that_cannot_start_is_none(tmp_path: Path) -> None:
    for command in (["/nowhere/at-all"], [str(tmp_path)], ["/bin/sh", "\0"]):
        ran = run_bounded(command, b"", tmp_path, time_limit_s=1, output_limit_bytes=10)
        assert ran.cut_short.startswith("it can't be started (")
    ran = run_bounded(["/bin/cat"], b"0123456789abc", tmp_path, time_limit_s=5, output_limit_bytes=10)
    assert (ran.printed, ran.cut_short) == (b"0123456789", "it doesn't stop talking")


FAILED = "The linter could not check this edit: "
BROKEN_SETTINGS = {
    "no TOML": ("ruff.toml", "[lint\n", "ruff.toml"),
    "an unknown key": ("ruff.toml", 'lint.slect = ["F"]\n', "slect"),
    "a wrong value": ("ruff.toml", "line-length = 'wide'\n", "line-length"),
    "an unknown rule": ("ruff.toml", 'lint.select = ["NOPE1"]\n', "NOPE1"),
    "another version": ("ruff.toml", 'required-version = "==9.9.9"\n', "Required version `==9.9.9`"),
    "no TOML in pyproject": ("pyproject.toml", "[tool.ruff\n", "pyproject.toml"),
    "a wrong value in pyproject": ("pyproject.toml", "[tool.ruff]\nline-length = 'wide'\n", "line-length"),
    "another version in pyproject": ("pyproject.toml", '[tool.ruff]\nrequired-version = "==9.9.9"\n', "9.9.9"),
    "what it extends isn't there": ("ruff.toml", 'extend = "nowhere.toml"\n', "nowhere.toml"),
}


@pytest.mark.parametrize(("name", "text", "said"), BROKEN_SETTINGS.values(), ids=BROKEN_SETTINGS)
def test_settings_that_silence_the_linter_are_told(name: str, text: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, {name: text})
    edit = replace(passage("python", "x = 1\n\nimport os\n", workspace=tmp_path, path=tmp_path / "a.py"), start=6)
    (finding,) = LinterAuditor().audit(edit)
    assert finding.message.startswith(f"{FAILED}ruff failed: ")
    assert said in finding.message
    assert finding.message.isprintable()
    assert (finding.severity, finding.code, finding.quote) == ("warning", "check/linter-failed", "import os")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param("exit 3", "it ended with code 3", id="code"),
        pytest.param("kill -SEGV $$", "it ended with code -11", id="crash"),
        pytest.param("echo '[]'; echo 'panicked at x.rs' >&2; exit 101", "panicked at x.rs", id="panic"),
        pytest.param("printf '\\033[31mbad\\033[0m\\n\\a thing' >&2; exit 2", "bad thing", id="coloured"),
        pytest.param("echo 'no such option' >&2", "no such option", id="no JSON, and why"),
        pytest.param("echo '{'", "what it prints can't be read", id="half of it"),
        pytest.param("true", "what it prints can't be read", id="nothing"),
        pytest.param("sleep 60", "it took more than 0.7 s", id="late"),
        pytest.param("exec >&-; sleep 60", "it took more than 0.7 s", id="late and silent"),
        pytest.param("yes '[]'", "it doesn't stop talking", id="endless"),
        pytest.param("yes >&2", "it took more than 0.7 s", id="endless complaints"),
    ],
)
@pytest.mark.parametrize("linter", LINTERS, ids=lambda linter: linter.executable)
def test_a_linter_that_cannot_check_is_told(
    linter: Linter, body: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "bin", linter.executable, body)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    (language, *_) = linter.languages
    # Only who is to be late has little time: on a busy machine the others would be late, too.
    limit_s = 0.7 if "0.7 s" in said else 30
    (finding,) = LinterAuditor([linter], time_limit_s=limit_s).audit(passage(language, "x = 1\n"))
    assert finding.message == f"{FAILED}{linter.executable}: {said}"
    assert finding.severity == "warning"
