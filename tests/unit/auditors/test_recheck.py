"""Whether an edit settled what a linter reported."""

import os
import sys
from pathlib import Path

import pytest

from pillion.auditors.linters.linter_auditor import LinterAuditor, LinterReport
from pillion.auditors.linters.linter_rows import Row
from pillion.auditors.linters.recheck import is_told, reported_at, whats_left, whats_new
from tests.unit.auditors.cases import passage

UNUSED = Row("F841", "Local variable `x` is assigned to but never used", 4, 5, "warning")
LONG = Row("E501", "Line too long (130 > 88)", 10, 140, "warning")
REDEFINED = Row("F811", "Redefinition of unused `f` from line 3", 40, 41, "warning")


def row(like: Row, message: str = "", by: int = 0) -> Row:
    """A row with other words, or further on."""
    return Row(like.rule, message or like.message, like.start + by, like.end + by, like.severity)


LEFT = {
    "gone": ([UNUSED], [], ""),
    "gone, another one stays": ([UNUSED, LONG], [row(LONG, by=-4)], ""),
    "gone, and line numbers change": ([UNUSED, REDEFINED], [row(REDEFINED, "Redefinition of unused `f` from line 2")], ""),
    "still there, further on": ([UNUSED], [row(UNUSED, by=20)], "ruff still reports F841: Local variable `x` is"),
    "still too long, but shorter": ([LONG], [row(LONG, "Line too long (120 > 88)")], "ruff still reports E501: Line too long"),
    "one of two gone": ([UNUSED, row(UNUSED, by=9)], [UNUSED], ""),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "words"), LEFT.values(), ids=LEFT)
def test_what_is_left(before: list[Row], after: list[Row], words: str) -> None:
    left = whats_left(LinterReport("ruff", tuple(after), tuple(before)), before[:1])
    assert words in left
    assert bool(left) is bool(words)


NEW = {
    "nothing": ([UNUSED], [row(UNUSED, by=7)], []),
    "a new one": ([UNUSED], [LONG], ["E501: Line too long (130 > 88)"]),
    "one more of another": ([UNUSED, LONG], [UNUSED, LONG, row(LONG, by=200)], ["E501: Line too long (130 > 88)"] * 2),
    "one fewer": ([UNUSED, UNUSED], [UNUSED], []),
}


@pytest.mark.parametrize(("before", "after", "words"), NEW.values(), ids=NEW)
def test_what_is_new(before: list[Row], after: list[Row], words: list[str]) -> None:
    found = whats_new(LinterReport("ruff", tuple(after), tuple(before)))
    assert [each for _, each in found] == [f"ruff would report something new: {each}" for each in words]


TOLD = {
    "its rule": ("Ruff reports: (F841).", True),
    "its message": ("fix: Local variable `x` is assigned to but never used", True),
    "another rule": ("Ruff reports: “too long” (E501).", False),
    "a part of another rule": ("XF841 and F8410 and ab-F841", False),
    "nothing": ("", False),
}


@pytest.mark.parametrize(("told", "is_about_it"), TOLD.values(), ids=TOLD)
def test_which_row_somebody_means(told: str, is_about_it: bool) -> None:
    assert is_told(UNUSED, told) is is_about_it


def test_a_place_has_what_touches_its_lines() -> None:
    text = "ab\ncd\nef\n"
    rows = [Row("A", "", 0, 2, "warning"), Row("B", "", 1, 4, "warning"), Row("C", "", 3, 3, "warning"), Row("D", "", 6, 8, "warning")]  # fmt: skip
    assert [each.rule for each in reported_at(rows, text, 3, 3)] == ["B", "C"]
    assert [each.rule for each in reported_at(rows, text, 4, 7)] == ["B", "C", "D"]


def test_the_report_of_the_real_linter_has_all_rules_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin")))
    (tmp_path / "ruff.toml").write_text('lint.select = ["E501", "F841"]\n')
    long = "def f():\n    x = 1\n    return 2  # " + "x" * 100 + "\n"
    report = LinterAuditor().report(
        passage("python", "def f():\n    return 2\n", long, tmp_path / "a.py", tmp_path / "no")
    )
    assert report is not None
    assert (report.linter, report.rows, [each.rule for each in report.before]) == ("ruff", (), ["F841", "E501"])


def test_no_linter_and_a_broken_one_report_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    text = passage("python", "x = 1\n", path=Path("/elsewhere/a.py"))
    assert LinterAuditor().report(text) is None
    (tmp_path / "ruff").write_text("#!/bin/sh\nexit 9\n")
    (tmp_path / "ruff").chmod(0o755)
    assert LinterAuditor().report(text) is None
