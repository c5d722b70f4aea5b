"""The names behind a fence: which of them name another language than the file's."""

import pytest

from pillion.syntax.fence_names import is_another, title_of_another
from pillion.syntax.languages import LANGUAGES, language_by_id
from pillion.text.fences import language_name


@pytest.mark.parametrize(
    ("language_id", "name", "other", "title"),
    [
        ("python", "py", False, ""), ("python", "", False, ""), ("python", "shop", False, ""), ("python", "bash", True, ""),
        ("python", "javascript", True, "JavaScript"), ("python", "tsx", True, "JavaScript"), ("go", "python3", True, "Python"),
        ("javascript", "ts", False, ""), ("c", "cpp", False, ""), ("java", "javascript", True, "JavaScript"),
        ("java", "csharp", True, "C#"), ("rust", "json", True, ""), ("python", "diff", False, ""), ("go", "golang", False, ""),
    ],
)  # fmt: skip
def test_names(language_id: str, name: str, other: bool, title: str) -> None:
    language = language_by_id(language_id)
    assert language is not None
    assert is_another(name, language) is other
    assert title_of_another(name, language) == title


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.id)
def test_each_language_is_its_own(language: object) -> None:
    own = next(each for each in LANGUAGES if each is language)
    assert not any(is_another(name, own) for name in (own.id, *(ending[1:] for ending in own.extensions)))


@pytest.mark.parametrize(
    ("info", "name"),
    [
        ("python", "python"), ("Python", "python"), ('python title="shop.py"', "python"), ("{.python}", "python"),
        ("python{1,3}", "python"), ("rust,no_run", "rust"), ("ts:src/a.ts", "ts"), ("12:30:src/a.py", "py"),
        ("src/shop.py", "py"), ("shop.py", "py"), ('title="a"', ""), ("", ""), ("c++", "c++"), ("{}", ""),
    ],
)  # fmt: skip
def test_the_language_that_a_fence_names(info: str, name: str) -> None:
    assert language_name(info) == name
