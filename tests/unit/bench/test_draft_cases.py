"""The stubs of `pillion bench drafts`. Their solutions are run in tests/pipeline/test_stub_solutions.py."""

from pathlib import Path

import pytest

from pillion.bench.draft_cases import chosen, read_stubs
from pillion.cli.fixtures import fixture
from pillion.errors import DocumentError

_STUBS = {case.name: case for case in read_stubs(fixture("stubs"))}
_PYTHON = 'def f():\n    """Give 1."""\n\n\n# --- checks ---\nassert f() == 1\n'


def test_there_are_forty_in_seven_languages() -> None:
    assert len(_STUBS) == 40
    languages = {case.language.id for case in _STUBS.values()}
    assert languages == {"python", "javascript", "typescript", "go", "rust", "java", "c"}
    assert sum(case.task().target.symbol.kind == "method" for case in _STUBS.values()) >= 20


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
