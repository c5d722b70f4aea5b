"""The functions of `pillion bench refactors`, as files."""

from pathlib import Path

import pytest

from pillion.bench.refactor_cases import BY_HAND, read_refactors
from pillion.cli.fixtures import fixture
from pillion.errors import DocumentError

CASES = read_refactors(fixture("refactors"))
TEXT = """\
def double(n):
    return n + n

# --- calls: double ---
double(2)
double(-1)

# --- by hand: same ---
```python
def double(n):
    return 2 * n
```
# --- a-model-1.5b: changed ---
def double(n):
    return n
"""


def test_each_has_enough_calls_and_a_rewrite_by_hand() -> None:
    assert len(CASES) >= 30
    assert {each.language.id for each in CASES} == {"python", "javascript"}
    for case in CASES:
        assert case.task().target.symbol.name == case.symbol
        assert 10 <= len(case.calls) <= 30, case.name
        assert [(each.by, each.worth) for each in case.replies[:1]] == [(BY_HAND, "same")], case.name


def test_a_file_is_a_document_calls_and_replies(tmp_path: Path) -> None:
    (tmp_path / "double.py").write_text(TEXT)
    (case,) = read_refactors(tmp_path)
    assert (case.name, case.symbol, case.calls) == ("double", "double", ("double(2)", "double(-1)"))
    assert case.document == "def double(n):\n    return n + n\n"
    assert [(each.by, each.worth) for each in case.replies] == [("by hand", "same"), ("a-model-1.5b", "changed")]
    assert case.replies[0].text == "```python\ndef double(n):\n    return 2 * n\n```\n"
    assert case.replies[1].text == "def double(n):\n    return n\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("a.py", TEXT.replace("calls: double", "calls"), "must have its calls once", id="no calls"),
        pytest.param("a.py", TEXT.replace(": changed", ": good"), "good is none of changed, same", id="unknown worth"),
        pytest.param("a.txt", TEXT, "in no language that Pillion knows", id="no language"),
    ],
)
def test_a_file_that_is_no_case(name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(DocumentError, match=said):
        read_refactors(tmp_path)


def test_a_function_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(TEXT.replace("calls: double", "calls: triple"))
    (case,) = read_refactors(tmp_path)
    with pytest.raises(DocumentError, match="“triple” isn't there"):
        case.task()
