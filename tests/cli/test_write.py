"""`pillion action` with files that a stranger's repository may hold."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.cli.test_commands import REFACTORED, SOURCE, pillion
from tests.support.editor import private_environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and pipes are POSIX'")
WRITTEN = "def total(prices):\n    return sum(prices)\n"


def test_a_link_that_lies_in_wait_leads_nowhere(tmp_path: Path, two_gpus: Path, large: FakeEngine) -> None:
    victim, shop = tmp_path / "authorized_keys", tmp_path / "shop.py"
    victim.write_text("mine")
    shop.write_text(SOURCE)
    for name in (".shop.py.pillion", "shop.py.pillion", ".shop.py.tmp"):
        (tmp_path / name).symlink_to(victim)
    before = sorted(each.name for each in tmp_path.iterdir())
    large.script(Rule(REFACTORED))
    result = pillion("action", "refactor", "shop.py:2", "--write", home=tmp_path, config=two_gpus)
    assert result.returncode == 0, result.stderr
    assert (victim.read_text(), shop.read_text()) == ("mine", WRITTEN)
    assert sorted(each.name for each in tmp_path.iterdir() if not each.name.startswith(".state")) == before


def test_a_link_is_said_to_be_one(tmp_path: Path, two_gpus: Path, large: FakeEngine) -> None:
    real = tmp_path / "real.py"
    real.write_text("\ufeff" + SOURCE.replace("\n", "\r\n"), newline="")
    (tmp_path / "shop.py").symlink_to(real)
    large.script(Rule(REFACTORED))
    result = pillion("action", "refactor", "shop.py:2", "--write", "--json", home=tmp_path, config=two_gpus)
    assert json.loads(result.stdout)["written_file"] == str(real)
    assert real.read_bytes() == ("\ufeff" + WRITTEN.replace("\n", "\r\n")).encode(), "its mark and line ends stay"
    real.write_text(SOURCE)
    result = pillion("action", "refactor", "shop.py:2", "--write", home=tmp_path, config=two_gpus)
    assert f"shop.py is a link to {real}; that file was written." in result.stderr
    assert (tmp_path / "shop.py").is_symlink()


@pytest.mark.parametrize("linked", ["the file", "a folder"])
@pytest.mark.parametrize("named", ["relative", "absolute", "from elsewhere"])
def test_a_link_out_of_the_tree_is_not_followed(
    linked: str, named: str, tmp_path: Path, two_gpus: Path, large: FakeEngine
) -> None:
    tree, elsewhere, outside = (tmp_path / name for name in ("tree", "elsewhere", "outside"))
    for each in (tree, elsewhere, outside):
        each.mkdir()
    real = elsewhere / "shop.py"
    real.write_text(SOURCE)
    if linked == "the file":
        (tree / "shop.py").symlink_to(real)
        place = "shop.py:2"
    else:
        (tree / "parts").symlink_to(elsewhere)
        place = "parts/shop.py:2"
    if named != "relative":
        place = f"{tree}/{place}"
    home = tree if named != "from elsewhere" else outside
    result = pillion("action", "refactor", place, "--write", home=home, config=two_gpus)
    # From elsewhere, a folder's name says nothing of the tree that it is in.
    if linked == "the file" or home == tree:
        assert result.returncode == 2
        assert f"leads out of {tree}" in result.stderr
        assert f"Name the file itself if you mean it: {real}" in result.stderr
        assert not large.log(), "no model is asked for nothing"
        assert real.read_text() == SOURCE
    large.script(Rule(REFACTORED))
    result = pillion("action", "refactor", f"{real}:2", "--write", home=home, config=two_gpus)
    assert (result.returncode, real.read_text()) == (0, WRITTEN)


def test_a_protected_file_keeps_the_diff_and_its_text(tmp_path: Path, two_gpus: Path, large: FakeEngine) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anything")
    shop = tmp_path / "shop.py"
    shop.write_text(SOURCE)
    shop.chmod(0o444)
    large.script(Rule(REFACTORED))
    result = pillion("action", "refactor", "shop.py:2", "--write", home=tmp_path, config=two_gpus)
    assert result.returncode == 1
    assert "write-protected. Nothing was written." in result.stderr
    assert "+    return sum(prices)" in result.stdout
    assert shop.read_text() == SOURCE


@pytest.mark.parametrize("kind", ["pipe", "zeros", "large"])
def test_what_is_no_source_file_is_refused_at_once(kind: str, tmp_path: Path, two_gpus: Path) -> None:
    path = tmp_path / "shop.py"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "zeros":
        path.symlink_to("/dev/zero")
    else:
        path.touch()
        os.truncate(path, 1 << 40)
    result = pillion("action", "refactor", "shop.py:2", home=tmp_path, config=two_gpus)
    assert result.returncode == 2
    said = {"pipe": "it is a pipe, and not a file", "zeros": "it is a device", "large": "is larger than 10 MiB"}
    assert said[kind] in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_that_cannot_be_written_costs_no_draft(tmp_path: Path, two_gpus: Path, large: FakeEngine) -> None:
    shop = tmp_path / "shop.py"
    shop.write_text(SOURCE)
    large.script(Rule(REFACTORED))
    no_room = ("sh", "-c", 'ulimit -f 0 && exec "$@"', "sh")
    command = [*no_room, sys.executable, "-P", "-m", "pillion", "action", "refactor", "shop.py:1", "--write"]
    environment = private_environment(tmp_path, two_gpus)
    result = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "shop.py can't be written: File too large. Nothing was written." in result.stderr
    assert "+    return sum(prices)" in result.stdout
    assert shop.read_text() == SOURCE
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".tmp")] == []
