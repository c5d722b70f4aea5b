"""The path of a new file, in a user's words and in a model's reply."""

from pathlib import Path

import pytest

from pillion.edits.new_files.new_file_paths import (
    in_custom,
    path_in_fence,
    path_in_line,
    path_in_words,
    plain_path,
    slug,
    uri_of,
)
from pillion.errors import DraftRejectedError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("shop.py", "src/app.py", "src/models/user.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("X = 1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("create utils/dates.py that parses dates", "utils/dates.py"),
        ("create `utils/dates.py`.", "utils/dates.py"),
        ("a helper like shop.py, in dates.py", "dates.py"),
        ("a helper that uses shop.py", ""),
        ("create shop.py again", "shop.py"),
        ("write the file “dates.py”", "dates.py"),
        ("a module named dates.py for shop.py", "dates.py"),
        ("create a Node.js server", ""),
        ("create a client of https://example.com/api.json", ""),
        ("input/output helpers and/or more", ""),
        ("create ../../etc/passwd", "../../etc/passwd"),
        ("create .git/hooks/pre-commit", ".git/hooks/pre-commit"),
        ("create C:\\tools\\dates.py", "C:\\tools\\dates.py"),
        ("create a Makefile", "Makefile"),
        ("create config.yaml, e.g. for tests", "config.yaml"),
        ("v1.2.py3", ""),
        ("", ""),
    ],
)
def test_in_words(words: str, path: str, project: Path) -> None:
    assert path_in_words(words, (project / "src/app.py").as_uri(), project) == path


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("# utils/dates.py", "utils/dates.py"),
        ("// File: src/a.ts", "src/a.ts"),
        ("/* main.css */", "main.css"),
        ("<!-- index.html -->", "index.html"),
        ("**dates.py**", "dates.py"),
        ("### 1. `src/dates.py`", "src/dates.py"),
        ("Here is `dates.py`:", "dates.py"),
        ("File: dates.py", "dates.py"),
        ("`a.py` and `b.py` are needed:", ""),
        ("# The module for dates.py and others", ""),
        ("Here it is:", ""),
    ],
)
def test_in_a_line(line: str, path: str) -> None:
    assert path_in_line(line) == path


@pytest.mark.parametrize(
    ("info", "path"),
    [
        ("python", ""),
        ("python src/dates.py", "src/dates.py"),
        ("python:src/dates.py", "src/dates.py"),
        ('python title="src/dates.py"', "src/dates.py"),
        ("{.python file=dates.py}", "dates.py"),
        ("dates.py", "dates.py"),
    ],
)
def test_behind_a_fence(info: str, path: str) -> None:
    assert path_in_fence(info) == path


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("dates.py", "src/dates.py"),
        ("./dates.py", "src/dates.py"),
        ("src/dates.py", "src/dates.py"),
        ("new/dates.py", "new/dates.py"),
        ("models/dates.py", "src/models/dates.py"),
        ("src\\dates.py", "src/dates.py"),
    ],
)
def test_where_it_leads(path: str, wanted: str, project: Path) -> None:
    assert uri_of(path, (project / "src/app.py").as_uri(), project) == (project / wanted).as_uri()


@pytest.mark.parametrize("path", ["~/dates.py", "C:/dates.py", "c:\\dates.py"])
def test_what_leads_elsewhere(path: str, project: Path) -> None:
    with pytest.raises(DraftRejectedError, match="isn't in the workspace"):
        uri_of(path, (project / "src/app.py").as_uri(), project)


def test_a_document_that_isnt_on_this_machine_has_new_files_beside_it() -> None:
    assert uri_of("a b.py", "vscode-remote://ssh/x/app.py", None) == "vscode-remote://ssh/x/a%20b.py"
    with pytest.raises(DraftRejectedError, match="save it first"):
        uri_of("dates.py", "untitled:Untitled-1", None)


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/path/to/your/project/dates.py", "dates.py"),
        ("path/to/dates.py", "dates.py"),
        ("your_project/src/dates.py", "src/dates.py"),
        ("my-app/dates.py", "dates.py"),
        ("src/dates.py", "src/dates.py"),
    ],
)
def test_what_stands_for_the_projects_folder(path: str, plain: str, project: Path) -> None:
    assert plain_path(path, (project / "shop.py").as_uri(), project) == plain


@pytest.mark.parametrize(
    ("name", "language", "document", "file"),
    [
        ("LRUCache", "python", "shop.py", "lru_cache"),
        ("parse_date", "python", "shop.py", "parse_date"),
        ("HTTPServer", "go", "shop.go", "http_server"),
        ("Doubler", "java", "Shop.java", "Doubler"),
        ("useDebounce", "typescript", "shop.ts", "useDebounce"),
        ("useDebounce", "typescript", "shop-list.ts", "use-debounce"),
        ("useDebounce", "typescript", "shop_list.ts", "use_debounce"),
    ],
)
def test_a_definition_as_a_name(name: str, language: str, document: str, file: str) -> None:
    assert in_custom(name, language, f"file:///x/{document}") == file


def test_the_words_that_matter() -> None:
    assert slug("Please design a new cache for the prices") == "cache_prices"
    assert slug("Grüße!", joint="-") in {"gr", "gr-e"}
    assert slug("日本語") == ""
