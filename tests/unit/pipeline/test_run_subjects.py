"""Which functions an edit has run, and what nobody can say of it by running."""

from dataclasses import replace

import pytest

from pillion.auditors.running.aim import Aim
from pillion.edits.file_change import FileChange, FileCreation, FileEdit
from pillion.pipeline.outcome import Task
from pillion.pipeline.run_subjects import runnables_of
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.text.replacement import smallest_replacements
from tests.pipeline.jobs import task

SHOP = '''import math

LIMIT = 3


def total(prices):
    """Add up."""
    return sum(prices)


def rate(year):
    raise NotImplementedError


class Cart:
    def add(self, item):
        def inner():
            return item
        return inner()

    @property
    def size(self):
        return 0

    @size.setter
    def size(self, value):
        pass
'''
ROUNDED = "    return round(sum(prices))\n"
SUMMED = "    return sum(prices)\n"


def edit_to(after: str, uri: str = "file:///shop.py", before: str = SHOP) -> FileEdit:
    return FileEdit(uri, tuple(smallest_replacements(before, after)), before, after)


def aims(work: Task, *changes: FileChange) -> dict[str, str]:
    return {".".join(each.subject.path): each.subject.aim.value for each in runnables_of(work, changes).all}


@pytest.mark.parametrize(
    ("action", "symbol", "old", "new", "run"),
    [
        pytest.param("refactor", "total", SUMMED, ROUNDED, {"total": "same"}, id="refactor"),
        pytest.param("lint", "total", SUMMED, ROUNDED, {"total": "same"}, id="lint"),
        pytest.param("lint", "total", '"""Add up."""', '"""Sum."""', {}, id="only the documentation"),
        pytest.param("comments", "total", SUMMED, f"    # All.\n{SUMMED}", {}, id="only a comment"),
        pytest.param("explain", "total", SUMMED, ROUNDED, {}, id="an action without an aim"),
        pytest.param("debug", "total", SUMMED, ROUNDED, {"total": "other"}, id="debug"),
        pytest.param("debug", "rate", SUMMED, ROUNDED, {"total": "same"}, id="debug: not what it was told"),
        pytest.param("implement", "rate", "raise NotImplementedError", "return 0", {"rate": "new"}, id="implement"),
        pytest.param("implement", "rate", SUMMED, ROUNDED, {"total": "same"}, id="implement: what was there"),
        pytest.param("refactor", "total", SUMMED, f"{ROUNDED}\n\ndef _more():\n    return 1\n",
                     {"total": "same", "_more": "new"}, id="a helper"),
        pytest.param("refactor", "add", "return inner()", "return item", {"Cart.add": "same"}, id="a method"),
        pytest.param("refactor", "add", "            return item", "            return (item)",
                     {"Cart.add": "same"}, id="a function inside of it"),
        pytest.param("refactor", "Cart", "        return 0\n", "        return 1\n", {}, id="one of two of a name"),
        pytest.param("change", "total", "def total", "def add_up", {"add_up": "other"}, id="another name"),
    ],
)  # fmt: skip
def test_what_is_run(action: str, symbol: str, old: str, new: str, run: dict[str, str]) -> None:
    assert old in SHOP
    work = task(action, symbol, source=SHOP)
    assert aims(work, edit_to(SHOP.replace(old, new, 1))) == run


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param(SUMMED, ROUNDED, "", id="nothing"),
        pytest.param(SUMMED, f"{SUMMED}\n\ndef _more():\n    return 1\n", "", id="a helper more"),
        pytest.param("import math\n", "import math\nimport os\n", "", id="an import more"),
        pytest.param("import math\n", "# Why.\nimport math\n", "", id="a comment more"),
        pytest.param("LIMIT = 3", "LIMIT = 4", "it changes code outside of functions", id="a constant"),
        pytest.param("LIMIT = 3", "LIMIT = 3 + 1", "it changes code outside of functions", id="more of a constant"),
        pytest.param("class Cart:\n", "class Cart:\n    name = 1\n\n", "", id="a field more"),
        pytest.param("class Cart:", "class Cart(dict):", "it changes code outside of functions", id="a class's header"),
        pytest.param("def total(prices):\n", "def _gone(prices):\n", "", id="another name"),
        pytest.param(SHOP[SHOP.index("def rate") : SHOP.index("class")], "", "“rate” isn't there any more", id="gone"),
        pytest.param("        return 0\n", "        return 1\n", "there is more than one “size”", id="one of two"),
    ],
)
def test_what_else_a_refactoring_changes(old: str, new: str, reason: str) -> None:
    assert old in SHOP
    edit = edit_to(SHOP.replace(old, new, 1))
    assert runnables_of(task("refactor", "total", source=SHOP), [edit]).incomparable == reason
    assert runnables_of(task("change", "total", source=SHOP), [edit]).incomparable == ""


def test_each_selected_function_is_compared() -> None:
    work = task("refactor", "total", source=SHOP)
    rate = work.document.symbols.named("rate")
    assert rate is not None
    target = replace(work.target, end=rate.end, around=None, symbols=(work.target.symbol, rate))
    changed = SHOP.replace(SUMMED, ROUNDED).replace("raise NotImplementedError", "raise ValueError")
    assert aims(replace(work, target=target), edit_to(changed)) == {"total": "same", "rate": "same"}


def test_other_files_are_run_too_and_only_the_job_s_own_target_has_its_aim() -> None:
    work = task("debug", "total", source=SHOP)
    elsewhere = edit_to(SHOP.replace(SUMMED, ROUNDED), "file:///other.py")
    created = FileCreation("file:///new.js", "function one() {\n  return 1;\n}\n")
    assert aims(work, elsewhere, created, FileCreation("file:///notes.txt", "one")) == {"total": "same", "one": "new"}


def test_the_former_name_is_told() -> None:
    work = task("change", "total", source=SHOP)
    (found,) = runnables_of(work, [edit_to(SHOP.replace("def total", "def add_up"))]).all
    assert (found.subject.former_path, found.subject.aim) == (("total",), Aim.OTHER)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        pytest.param("", "", True, id="nothing"),
        pytest.param("    return 2\n", "    return 3\n", True, id="what it can't reach"),
        pytest.param("    return 1\n", "    return 4\n", False, id="what it reaches through another"),
        pytest.param("LIMIT = 3", "LIMIT = 4", False, id="a constant"),
    ],
)
def test_a_result_counts_as_long_as_what_the_function_can_reach_is_the_same(old: str, new: str, same: bool) -> None:
    source = (
        "LIMIT = 3\n\n\ndef first():\n    raise ValueError\n\n\ndef second():\n    return third()\n\n\n"
        "def third():\n    return 1\n\n\ndef fourth():\n    return 2\n"
    )
    work = task("implement", "first", source=source)
    done = source.replace("raise ValueError", "return second()")
    needs = [
        next(
            each.needs
            for each in runnables_of(work, [edit_to(text, before=source)]).all
            if each.text.startswith("def first")
        )
        for text in (done, done.replace(old, new) if old else done)
    ]
    assert (needs[0] == needs[1]) is same


def test_javascript_has_functions_too() -> None:
    language = language_by_id("javascript")
    assert language is not None
    before = "const one = () => 1;\n\nclass Cart {\n  size() {\n    return 0;\n  }\n}\n"
    work = task("refactor", "one", source=before, language_id="javascript")
    work = replace(work, uri="file:///shop.js", document=ParsedText.of(language, before))
    after = before.replace("=> 1", "=> 2").replace("return 0", "return 5")
    assert aims(work, edit_to(after, work.uri, before)) == {"one": "same", "Cart.size": "same"}
