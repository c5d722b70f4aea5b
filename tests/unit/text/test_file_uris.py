"""What a document's URI says."""

import pytest

from pillion.text.file_uris import document_name, path_in


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b.py", "/a/b.py"),
        ("file:///a/b%20c.py", "/a/b c.py"),
        ("file:///a/%C3%BC.py", "/a/ü.py"),
        ("file:///a/b%23c.py", "/a/b#c.py"),
        ("file://localhost/a/b.py", "/a/b.py"),
        ("file://server/share/b.py", "//server/share/b.py"),
        ("file:///a/b.py?c", None),
        ("file:///a/b.py#c", None),
        ("file:///a/b%00.py", None),
        ("file:b.py", None),
        ("file:", None),
        ("file://[/", None),
        ("http://a/b.py", None),
        ("untitled:b.py", None),
        ("/a/b.py", None),
        ("", None),
    ],
)
def test_the_path_of_its_file(uri: str, path: str | None) -> None:
    assert path_in(uri) == path


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("file:///a/b.py", "b.py"),
        ("file:///a/b%20c.py", "b c.py"),
        ("file:///a/b/", "b"),
        ("untitled:Untitled-1", "untitled:Untitled-1"),
        ("", ""),
    ],
)
def test_a_documents_name(uri: str, name: str) -> None:
    assert document_name(uri) == name
