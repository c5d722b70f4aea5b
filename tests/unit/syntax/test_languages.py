"""The table of languages: found by identifier and by file name, and every row's grammar loads."""

import pytest

from pillion.syntax.languages import LANGUAGES, Language, known_titles, language_by_id, language_by_path, symbol_query


@pytest.mark.parametrize("language", LANGUAGES, ids=[language.id for language in LANGUAGES])
def test_every_row(language: Language) -> None:
    assert language_by_id(language.id) is language
    assert {language_by_path(f"/a/B{ending}") for ending in language.extensions} == {language}
    assert {language_by_path(f"/a/B{ending.upper()}") for ending in language.extensions} == {language}
    assert symbol_query(language).capture_count == 1
    assert language.title in known_titles()


@pytest.mark.parametrize(
    ("alias", "language_id"),
    [("javascriptreact", "javascript"), ("jsx", "javascript"), ("tsx", "typescriptreact"), ("c++", "cpp")],
)
def test_other_names_that_editors_use(alias: str, language_id: str) -> None:
    assert language_by_id(alias) is language_by_id(language_id)


@pytest.mark.parametrize("language_id", ["", "Python", "haskell", "plaintext"])
def test_unknown_languages(language_id: str) -> None:
    assert language_by_id(language_id) is None


@pytest.mark.parametrize("path", ["", "py", "a.hs", "a.py.txt", "/a.py/b"])
def test_unknown_endings(path: str) -> None:
    assert language_by_path(path) is None
