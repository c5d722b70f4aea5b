"""The diff that `pillion action` prints is applied by `git apply` and by `patch`, in the folder where it was printed."""

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

GO = "package p\n\nfunc total(prices []int) int {\n\tresult := 0\n\tfor _, p := range prices {\n\t\tresult += p\n\t}\n\treturn result\n}\n"
GO_SHORT = (
    "```go\nfunc total(prices []int) int {\n\tr := 0\n\tfor _, p := range prices {\n\t\tr += p\n\t}\n\treturn r\n}\n```"
)
CASES = {
    "tabs": ("shop.go:3", GO, GO_SHORT),
    "in a folder": ("a/b/shop.py:1", SOURCE, REFACTORED),
    "a name with a space": ("my shop.py:1", SOURCE, REFACTORED),
    "crlf": ("shop.py:1", SOURCE.replace("\n", "\r\n"), REFACTORED),
    "a byte order mark": ("shop.py:1", "\ufeff" + SOURCE, REFACTORED),
    "no line end": ("shop.py:1", SOURCE.rstrip("\n"), REFACTORED),
    "all of it": ("a/my shop.py:1", "\ufeff" + SOURCE.rstrip("\n").replace("\n", "\r\n"), REFACTORED),
}


def diff_of(place: str, home: Path, config: Path, *options: str) -> bytes:
    """What stdout gets, as bytes."""
    result = subprocess.run(
        [sys.executable, "-P", "-m", "pillion", "action", "refactor", place, *options],
        env=private_environment(home, config), cwd=home, capture_output=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize(("place", "text", "reply"), CASES.values(), ids=CASES)
def test_it_can_be_applied(
    place: str, text: str, reply: str, tmp_path: Path, two_gpus: Path, large: FakeEngine
) -> None:
    file = tmp_path / place.partition(":")[0]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    large.script(Rule(reply))
    diff = diff_of(place, tmp_path, two_gpus)
    in_json = json.loads(diff_of(place, tmp_path, two_gpus, "--json"))["diff"].encode()
    assert diff.startswith(in_json)
    diff_of(place, tmp_path, two_gpus, "--write")
    wanted = file.read_bytes()
    assert wanted != text.encode()
    for tool in (["git", "apply", "-"], ["patch", "-p1"]):
        file.write_bytes(text.encode())
        done = subprocess.run(tool, cwd=tmp_path, input=diff, capture_output=True, check=False)
        assert (done.returncode, file.read_bytes()) == (0, wanted), (done.stderr, diff)


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX'")
def test_where_the_file_is_reached_otherwise(tmp_path: Path, two_gpus: Path, large: FakeEngine) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "shop.py").write_text(SOURCE)
    (tmp_path / "link.py").symlink_to("real/shop.py")
    (tmp_path / "folder").symlink_to("real")
    outside = tmp_path.parent / f"{tmp_path.name}-outside.py"
    outside.write_text(SOURCE)
    large.script(Rule(REFACTORED))
    for place in (f"{tmp_path}/real/shop.py:1", "real/../real/shop.py:1", "link.py:1", "folder/shop.py:1"):
        assert diff_of(place, tmp_path, two_gpus).startswith(b"--- a/real/shop.py\n+++ b/real/shop.py\n"), place
    assert diff_of(f"{outside}:1", tmp_path, two_gpus).startswith(f"--- a/{outside.name}\n".encode())


def test_one_that_is_escaped_is_said_to_be(tmp_path: Path, two_gpus: Path, large: FakeEngine) -> None:
    (tmp_path / "shop.py").write_text(SOURCE.replace("result = 0", 'result = 0  # "\x1b[0m"'))
    large.script(Rule(REFACTORED))
    result = pillion("action", "refactor", "shop.py:1", home=tmp_path, config=two_gpus)
    assert '-    result = 0  # "\\x1b[0m"' in result.stdout
    assert "so it can't be applied; the one of --json can." in result.stderr
