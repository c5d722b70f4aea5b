"""The stubs of `pillion bench drafts`: their checks refuse each stub, and pass its solution as an edit."""

from pathlib import Path

import pytest

from pillion.bench.check_process import run_checks, why_not
from pillion.bench.draft_cases import DraftCase, chosen, read_stubs
from pillion.cli.fixtures import fixture
from pillion.edits.file_change import FileEdit
from pillion.edits.strategies import Answered
from pillion.errors import DocumentError
from pillion.prompts.prompt import fenced

_STUBS = {case.name: case for case in read_stubs(fixture("stubs"))}
# Two compiled programs for each stub would take a minute of a core.
_QUICK = [name for name, case in _STUBS.items() if case.language.id in {"python", "javascript", "typescript", "c"}]
_PYTHON = 'def f():\n    """Give 1."""\n\n\n# --- checks ---\nassert f() == 1\n'


def _with_solution(case: DraftCase) -> str:
    task = case.task()
    reply = fenced(case.solution, case.language.id)
    (change,) = task.action.becomes(Answered(reply, task.uri, task.target, task.document))  # type: ignore[misc]
    assert isinstance(change, FileEdit)
    return change.after_text


def test_there_are_forty_in_seven_languages() -> None:
    assert len(_STUBS) == 40
    languages = {case.language.id for case in _STUBS.values()}
    assert languages == {"python", "javascript", "typescript", "go", "rust", "java", "c"}
    assert sum(case.task().target.symbol.kind == "method" for case in _STUBS.values()) >= 20


@pytest.mark.parametrize("name", _STUBS)
def test_the_solution_passes_the_checks(name: str) -> None:
    case = _STUBS[name]
    document = _with_solution(case)
    if reason := why_not(case.language.id):
        pytest.skip(reason)
    checked = run_checks(case.language.id, case.file_name, case.program(document))
    assert (checked.passed, checked.said) == (True, "")


@pytest.mark.parametrize("name", _QUICK)
def test_the_stub_fails_the_checks(name: str) -> None:
    case = _STUBS[name]
    if reason := why_not(case.language.id):
        pytest.skip(reason)
    assert not run_checks(case.language.id, case.file_name, case.program(case.document)).passed


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("a.py", _PYTHON.replace("# --- checks ---", "#"), "has no checks", id="no checks"),
        pytest.param("a.py", _PYTHON.replace('"""Give 1."""', "return 1"), "has no stub", id="no stub"),
        pytest.param("a.txt", _PYTHON, "in no language that Pillion knows", id="no language"),
    ],
)
def test_a_file_that_is_no_stub(name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(DocumentError, match=said):
        read_stubs(tmp_path)


@pytest.mark.parametrize(
    ("words", "found"),
    [((), ["a", "ab", "b"]), (("a",), ["a", "ab"]), (("ab", "b"), ["ab", "b"]), (("c",), [])],
)
def test_stubs_are_chosen_by_words(words: tuple[str, ...], found: list[str], tmp_path: Path) -> None:
    for name in ("ab", "a", "b"):
        (tmp_path / f"{name}.py").write_text(_PYTHON)
    assert [case.name for case in chosen(read_stubs(tmp_path), words)] == found
