"""Replacing a file: nothing else is ever written, and nobody ever reads half of one."""

import os
import stat
import subprocess
import sys
import tempfile
from itertools import takewhile
from pathlib import Path

import pytest

from pillion.errors import FileError
from pillion.files.atomic_write import create_file, open_own, replace_file

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, modes and pipes are POSIX'")
AS_ROOT = os.geteuid() == 0 if os.name == "posix" else False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    made = tmp_path / "here"
    made.mkdir()
    return made


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755, 0o4755, 0o666])
def test_the_mode_stays(mode: int, folder: Path) -> None:
    file = folder / "a.py"
    file.write_text("old")
    file.chmod(mode)
    replaced = replace_file(file, b"new")
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", mode)
    assert (replaced.file, replaced.words) == (file, "")
    assert names(folder) == ["a.py"]


@pytest.mark.skipif(not AS_ROOT, reason="only root can give files away")
def test_the_owner_and_the_group_stay(folder: Path) -> None:
    file = folder / "a.py"
    file.write_text("old")
    os.chown(file, 1234, 2345)
    file.chmod(0o4750)
    replace_file(file, b"new")
    found = file.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (1234, 2345, 0o4750)


AS_ANOTHER = """
import os, sys
from pathlib import Path
from pillion.files.atomic_write import replace_file
from pillion.errors import FileError
os.setgroups([]); os.setgid(1234); os.setuid(1234)
try:
    replace_file(Path(sys.argv[1]), b"new")
except FileError as exc:
    print(exc)
"""


@pytest.mark.skipif(not AS_ROOT, reason="only root can be somebody else")
@pytest.mark.parametrize(
    ("owner", "group", "mode", "left", "said"),
    [
        pytest.param(0, 0, 0o666, ("old", 0o666), "would become yours", id="another's"),
        pytest.param(0, 0, 0o644, ("old", 0o644), "write-protected", id="protected"),
        pytest.param(1234, 0, 0o664, ("new", 0o644), "", id="another-group"),
        pytest.param(1234, 0, 0o2775, ("new", 0o755), "", id="set-group"),
        pytest.param(1234, 1234, 0o664, ("new", 0o664), "", id="own"),
    ],
)
def test_what_cannot_be_kept_is_refused_or_gives_nobody_more(
    owner: int, group: int, mode: int, left: tuple[str, int], said: str, folder: Path
) -> None:
    file = folder / "a.py"
    file.write_text("old")
    os.chown(file, owner, group)
    file.chmod(mode)
    folder.chmod(0o777)
    for above in takewhile(lambda each: each != Path(tempfile.gettempdir()), folder.parents):
        above.chmod(above.stat().st_mode | 0o011)
    command = [sys.executable, "-c", AS_ANOTHER, str(file)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if "Permission denied" in result.stderr or "can't open" in result.stderr or "PermissionError" in result.stderr:
        pytest.skip("the package can't be read by somebody else")
    assert result.returncode == 0, result.stderr
    assert said in result.stdout
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == left
    assert names(folder) == ["a.py"]


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o000])
@pytest.mark.parametrize("private", [True, False])
def test_a_new_file_is_as_the_users_umask_has_it_or_private(umask: int, private: bool, folder: Path) -> None:
    before = os.umask(umask)
    try:
        replace_file(folder / "new", b"text", private=private)
        assert create_file(folder / "other", b"text", private=private)
    finally:
        os.umask(before)
    wanted = 0o600 if private else 0o666 & ~umask
    assert [stat.S_IMODE((folder / name).stat().st_mode) for name in names(folder)] == [wanted, wanted]


def test_a_link_stays_one_and_its_target_is_said(folder: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.py"
    real.write_text("old")
    (folder / "between").symlink_to(real)
    link = folder / "a.py"
    link.symlink_to("between")
    replaced = replace_file(link, b"new")
    assert real.read_text() == link.read_text() == "new"
    assert link.is_symlink()
    assert replaced.words == f"{link} is a link to {real}; that file was written."


def test_a_linked_folder_is_said_where_the_path_is_relative(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "outside" / "a.py"
    real.parent.mkdir()
    real.write_text("old")
    (folder / "src").symlink_to(real.parent)
    monkeypatch.chdir(folder)
    assert f"src/a.py is a link to {real}" in replace_file(Path("src/a.py"), b"new").words
    (folder / "b.py").write_text("old")
    assert replace_file(Path("b.py"), b"new").words == ""
    assert replace_file(Path("../here/b.py"), b"newer").words == ""


def test_links_that_lie_beside_it_are_never_followed(folder: Path, tmp_path: Path) -> None:
    victim = tmp_path / "authorized_keys"
    victim.write_text("mine")
    file = folder / "shop.py"
    file.write_text("old")
    for name in (".shop.py.pillion", "shop.py.tmp", ".shop.py.tmp", "shop.py~", ".shop.py.swp"):
        (folder / name).symlink_to(victim)
    before = names(folder)
    replace_file(file, b"new")
    assert (victim.read_text(), file.read_text()) == ("mine", "new")
    assert names(folder) == before


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "loop", "link to a pipe"])
def test_what_is_no_file_is_refused(kind: str, folder: Path) -> None:
    path = folder / "a"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/null")
    elif kind == "loop":
        path.symlink_to("a")
    else:
        os.mkfifo(folder / "p")
        path.symlink_to("p")
    before = names(folder)
    for write in (lambda: replace_file(path, b"new"), lambda: os.close(open_own(path))):
        with pytest.raises(FileError, match=r"can't be written: "):
            write()
    assert not create_file(path, b"new"), "it is there already"
    assert names(folder) == before


def test_a_failure_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "a.py"
    file.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="No space left"):
        replace_file(file, b"new")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        replace_file(file, b"new")
    assert (names(folder), file.read_text()) == (["a.py"], "old")


def test_an_own_file_is_never_reached_by_a_link(folder: Path, tmp_path: Path) -> None:
    (folder / "log").symlink_to(tmp_path / "victim")
    with pytest.raises(FileError):
        open_own(folder / "log")
    assert not (tmp_path / "victim").exists()
    os.close(open_own(folder / "fine"))
    assert stat.S_IMODE((folder / "fine").stat().st_mode) == 0o600
