"""Changes on the disk are all made, or none of them is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pillion.cli.disk_changes import WrittenFile, file_on_disk, make_changes
from pillion.edits.file_change import FileChange, FileCreation, FileEdit, FileRename
from pillion.errors import DocumentError
from pillion.jobs.edit_plans import rebased
from pillion.jobs.front import EditStep, FileStep
from pillion.text.replacement import Replacement


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in "abc":
        (tmp_path / f"{name}.py").write_text(f"{name} = 0\n")
    return tmp_path


def there(folder: Path) -> dict[str, str]:
    return {
        each.relative_to(folder).as_posix(): each.read_text() if each.is_file() else "" for each in folder.rglob("*")
    }


def uri(folder: Path, name: str) -> str:
    return f"{folder.as_uri()}/{name}"


def edit(folder: Path, name: str, new: str = "1") -> FileEdit:
    before = f"{name[0]} = 0\n"
    return FileEdit(uri(folder, name), (Replacement(4, 5, new),), before, before.replace("0", new))


def steps_of(changes: list[FileChange]) -> list[FileStep]:
    return [EditStep(each.uri, rebased(each)) if isinstance(each, FileEdit) else each for each in changes]


def made(changes: list[FileChange]) -> dict[str, WrittenFile]:
    return make_changes(steps_of(changes), file_on_disk, lambda file: file.read_text())


def test_all_of_them(folder: Path) -> None:
    (folder / "a.py").write_text("# mine\na = 0\n")
    created = FileCreation(uri(folder, "x/y/new.py"), "new")
    renamed = FileRename(uri(folder, "b.py"), uri(folder, "d.py"))
    written = made([edit(folder, "a.py"), created, renamed, edit(folder, "c.py")])
    assert there(folder) == {
        "a.py": "# mine\na = 1\n",
        "c.py": "c = 1\n",
        "d.py": "b = 0\n",
        "x": "",
        "x/y": "",
        "x/y/new.py": "new",
    }
    assert {name: each.text for name, each in written.items()} == {
        uri(folder, "a.py"): "# mine\na = 1\n",
        uri(folder, "c.py"): "c = 1\n",
    }


# What is done before the last step fails.
FAILING: dict[str, Callable[[Path], FileChange]] = {
    "a file that is there": lambda folder: FileCreation(uri(folder, "c.py"), "new"),
    "a link to nowhere": lambda folder: FileCreation(uri(folder, "link.py"), "new"),
    "a name that is taken": lambda folder: FileRename(uri(folder, "c.py"), uri(folder, "b.py")),
    "a file that is gone": lambda folder: FileRename(uri(folder, "no.py"), uri(folder, "z.py")),
    "a folder that is a file": lambda folder: FileCreation(uri(folder, "c.py/new.py"), "new"),
    "half a character": lambda folder: FileCreation(uri(folder, "half.py"), "\ud83d"),
    "an edit that conflicts": lambda folder: FileEdit(uri(folder, "c.py"), (Replacement(4, 5, "1"),), "c = 5\n", ""),
    "an edit of a folder": lambda folder: FileEdit(uri(folder, "dir"), (Replacement(0, 0, "1"),), "", "1"),
}


@pytest.mark.parametrize("name", FAILING)
def test_none_of_them(name: str, folder: Path) -> None:
    (folder / "link.py").symlink_to("nowhere")
    (folder / "dir").mkdir()
    before = there(folder)
    first: list[FileChange] = [
        FileCreation(uri(folder, "x/y/new.py"), "new"),
        edit(folder, "a.py"),
        FileRename(uri(folder, "b.py"), uri(folder, "d.py")),
    ]
    if name == "a name that is taken":
        first.pop()

    def read(file: Path) -> str:
        return "" if file.is_dir() else file.read_text()

    with pytest.raises(DocumentError):
        make_changes(steps_of([*first, FAILING[name](folder)]), file_on_disk, read)
    assert there(folder) == before
