"""The stubs of `pillion bench drafts`, run: their checks refuse each stub, and pass its solution as an edit."""

import pytest

from pillion.bench.check_process import run_checks, why_not
from pillion.bench.draft_cases import DraftCase, read_stubs
from pillion.cli.fixtures import fixture
from pillion.edits.file_change import FileEdit
from pillion.edits.strategies import Answered
from pillion.prompts.prompt import fenced

_STUBS = {case.name: case for case in read_stubs(fixture("stubs"))}
# Two compiled programs for each stub would take a minute of a core.
_QUICK = [name for name, case in _STUBS.items() if case.language.id in {"python", "javascript", "typescript", "c"}]


def _with_solution(case: DraftCase) -> str:
    task = case.task()
    reply = fenced(case.solution, case.language.id)
    (change,) = task.action.becomes(Answered(reply, task.uri, task.target, task.document))  # type: ignore[misc]
    assert isinstance(change, FileEdit)
    return change.after_text


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
