"""The tag index: what the files of a workspace define, within bounds, and as text for a prompt."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pillion.context.outline import outline, outline_of
from pillion.context.tag_index import IndexBounds, TagIndex, tag_index
from pillion.context.workspace_files import WalkBounds
from tests.support.texts import parsed

SHOP = "class Item:\n    def price(self) -> float:\n        def inner(): ...\n        return 1.0\n\n\ndef total(items):\n    return 0\n"
FILES = {
    "shop.py": SHOP,
    "src/app.ts": "export function run(): void {}\n",
    "README.md": "# Shop\n",
    "node_modules/x/index.js": "function hidden() {}\n",
    ".git/hooks/a.py": "def hidden(): ...\n",
    "out/made.py": "def hidden(): ...\n",
    "secret.gen.py": "def hidden(): ...\n",
    ".gitignore": "# made\nout/\n*.gen.py\n/docs/x\n!keep\n",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_what_is_in_it(workspace: Path) -> None:
    index = tag_index(workspace)
    assert [each.path for each in index.files] == ["shop.py", "src/app.ts"]
    assert [(tag.path, tag.kind) for tag in index.files[0].tags] == [
        (("Item",), "class"),
        (("Item", "price"), "method"),
        (("total",), "function"),
    ]
    assert index.files[0].tags[1].header == "def price(self) -> float"
    assert index.paths == {"shop.py", "src/app.ts", "README.md"}
    assert index.complete
    assert {"Item", "shop", "app"} <= index.modules
    assert "total" in index.words
    assert tag_index(workspace) == index, "it is the same each time"


@pytest.mark.parametrize(
    ("path", "there"),
    [("shop.py", True), ("./src/app.ts", True), ("app.ts", True), ("src/", True), ("src", True), ("hop.py", False)],
)
def test_paths(path: str, there: bool, workspace: Path) -> None:
    assert tag_index(workspace).has_path(path) is there


@pytest.mark.parametrize(
    "bounds",
    [
        IndexBounds(parsed_files=1),
        IndexBounds(all_bytes=10),
        IndexBounds(file_bytes=10),
        IndexBounds(seconds=0.0),
        IndexBounds(walk=WalkBounds(files=1)),
    ],
    ids=["files", "all bytes", "a file's bytes", "time", "entries"],
)
def test_a_bound_leaves_something_out_and_says_so(bounds: IndexBounds, workspace: Path) -> None:
    assert not tag_index(workspace, bounds).complete


def test_links_and_odd_files_are_not_followed(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.py").write_text("def secret(): ...\n", encoding="utf-8")
    (workspace / "link").symlink_to(outside)
    (workspace / "link.py").symlink_to(outside / "secret.py")
    os.mkfifo(workspace / "pipe.py")
    (workspace / "bytes.py").write_bytes(b"\xff\xfe def broken(")
    assert "secret" not in tag_index(workspace).words


def test_an_empty_folder_has_none(tmp_path: Path) -> None:
    assert tag_index(tmp_path) == TagIndex()
    assert tag_index(tmp_path / "nowhere") == TagIndex()


@pytest.mark.parametrize(
    ("budget", "text", "omitted"),
    [
        (1000, "shop.py\n  class Item\n    def price(self) -> float\n  def total(items)\nsrc/app.ts\n  function run(): void", ""),
        (75, "shop.py\n  class Item\n  def total(items)\nsrc/app.ts\n  function run(): void", "the members of classes"),
        (45, "shop.py: Item, total\nsrc/app.ts: run", "what the definitions take"),
        (25, "shop.py: Item, total", "1 of the 2 files"),
        (0, "", ""),
    ],
)  # fmt: skip
def test_as_much_as_there_is_room_for(budget: int, text: str, omitted: str, workspace: Path) -> None:
    count: Callable[[str], int] = len
    assert outline(tag_index(workspace), budget, count) == (text, omitted)


def test_a_type_shows_its_fields() -> None:
    text = "class Item:\n    '''Doc.'''\n\n    name: str\n    price: float = 0\n\n    def _hidden(self): ...\n"
    assert outline_of(parsed("python", text), "shop.py", 1000, len) == (
        "shop.py\n  class Item: name: str; price: float = 0",
        "",
    )
    assert outline_of(parsed("python", "X = 1\n"), "shop.py", 1000, len) == ("", "")
