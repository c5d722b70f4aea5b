"""Which files an outcome may touch: a model says where, and is believed nothing."""

from pathlib import Path

import pytest

from pillion.edits.file_change import FileChange, FileCreation, FileEdit, FileRename, described
from pillion.edits.file_places import whats_wrong


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / "pkg").mkdir(parents=True)
    (root / "a.py").write_text("a = 0\n")
    (root / "there.py").write_text("")
    (root / "out").symlink_to(tmp_path)
    (root / "link.py").symlink_to(tmp_path / "nowhere.py")
    return root


# (what is behind the workspace's URI, what is said)
CREATED = {
    "beside": ("/b.py", ""),
    "in a folder": ("/pkg/b.py", ""),
    "in a new folder": ("/new/er/b.py", ""),
    "with a space": ("/a%20b.py", ""),
    "in another language": ("/über.ts", ""),
    "there already": ("/there.py", "is there already"),
    "the document": ("/a.py", "is there already"),
    "above": ("/../b.py", "isn't in the workspace"),
    "above in the middle": ("/pkg/../../b.py", "isn't in the workspace"),
    "within but with dots": ("/pkg/../b.py", "isn't in the workspace"),
    "above, encoded": ("/%2e%2e/b.py", "isn't in the workspace"),
    "above, with a slash encoded": ("/..%2fb.py", "isn't in the workspace"),
    "beside, by a name that begins like it": ("2/b.py", "isn't in the workspace"),
    "the workspace itself": ("", "isn't in the workspace"),
    "through a link": ("/out/b.py", "a link leads to"),
    "a link to nowhere": ("/link.py", "a link leads to"),
    "hidden": ("/.env", "hidden or odd"),
    "git's": ("/.git/hooks/post-commit", "hidden or odd"),
    "an editor's": ("/.vscode/tasks.json", "hidden or odd"),
    "a backslash": ("/..%5cb.py", "hidden or odd"),
    "a drive or a stream": ("/a.py:b", "hidden or odd"),
    "a line end": ("/a%0ab.py", "hidden or odd"),
    "a direction": ("/a%e2%80%aeb.py", "hidden or odd"),
    "a dot at its end": ("/b.py.", "hidden or odd"),
    "a NUL": ("/b%00.py", "isn't in the workspace"),
    "a query": ("/b.py?x", "isn't in the workspace"),
}


@pytest.mark.parametrize(("path", "said"), CREATED.values(), ids=CREATED)
@pytest.mark.parametrize("kind", ["create", "rename"])
def test_where_a_file_may_come(path: str, said: str, kind: str, shop: Path) -> None:
    uri = shop.as_uri() + path
    change = FileCreation(uri, "") if kind == "create" else FileRename(f"{shop.as_uri()}/pkg", uri)
    found = whats_wrong([change], f"{shop.as_uri()}/a.py", shop)
    assert (said in found) if said else found == ""


@pytest.mark.parametrize(
    "uri",
    ["file:///etc/passwd", "file://server/share/b.py", "http://a/b.py", "untitled:b.py", "b.py", "/b.py", "", "file:", "file://[/"],
)  # fmt: skip
def test_no_other_scheme_and_no_other_place(uri: str, shop: Path) -> None:
    for change in (FileCreation(uri, ""), FileEdit(uri, (), "", ""), FileRename(uri, f"{shop.as_uri()}/b.py")):
        assert "isn't in the workspace" in whats_wrong([change], f"{shop.as_uri()}/a.py", shop)


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("vfs://host/shop/b.py", ""),
        ("vfs://host/shop/pkg/b.py", ""),
        ("vfs://host/b.py", "isn't in the workspace"),
        ("vfs://other/shop/b.py", "isn't in the workspace"),
        ("vfs://host/shop/../b.py", "isn't in the workspace"),
        ("vfs://host/shop/%2e%2e/b.py", "isn't in the workspace"),
        ("vfs://host/shop/.git/b", "isn't in the workspace"),
        ("other://host/shop/b.py", "isn't in the workspace"),
    ],
)
def test_a_document_of_another_scheme_has_files_beside_it(uri: str, said: str) -> None:
    found = whats_wrong([FileCreation(uri, "")], "vfs://host/shop/a.py", None)
    assert (said in found) if said else found == ""


def test_no_file_is_changed_twice_and_the_document_may_be_anywhere(shop: Path) -> None:
    root, own = shop.as_uri(), FileEdit("file:///elsewhere/a.py", (), "", "")
    twice: list[tuple[FileChange, ...]] = [
        (FileCreation(f"{root}/b.py", ""), FileCreation(f"{root}/B.py", "")),
        (FileEdit(f"{root}/a.py", (), "", ""), FileRename(f"{root}/a.py", f"{root}/b.py")),
        (FileRename(f"{root}/a.py", f"{root}/b.py"), FileEdit(f"{root}/b.py", (), "", "")),
    ]
    for changes in twice:
        assert "twice" in whats_wrong(changes, f"{root}/a.py", shop)
    assert whats_wrong([own], own.uri, shop) == ""
    assert "isn't there" in whats_wrong([FileRename(f"{root}/no.py", f"{root}/b.py")], f"{root}/a.py", shop)


def test_changes_as_data() -> None:
    changes = (FileEdit("a", (), "", ""), FileCreation("b", "text"), FileRename("c", "d"))
    assert described(changes) == [
        {"kind": "edit", "uri": "a"},
        {"kind": "create", "uri": "b"},
        {"kind": "rename", "uri": "c", "new_uri": "d"},
    ]
