"""Drafts as files: their names say what they are of, whatever the function is called."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pillion.files.bounded_read import MIB
from pillion.state.kept_drafts import DraftFolder
from pillion.state.unfinished_drafts import recover


@pytest.mark.parametrize(
    ("symbol", "name", "told"),
    [
        pytest.param("rate", "implement-rate-7f.md", "rate", id="plain"),
        pytest.param("", "implement-7f.md", "", id="none"),
        pytest.param("operator==", "implement-operator_-7f.md", "operator_", id="operator"),
        pytest.param("../../etc", "implement-_etc-7f.md", "_etc", id="path"),
        pytest.param("a-b", "implement-a_b-7f.md", "a_b", id="hyphen"),
        pytest.param("\U00020000" * 60, f"implement-{chr(0x20000) * 15}-7f.md", chr(0x20000) * 15, id="long"),
    ],
)
def test_a_kept_draft_says_what_it_is_of(symbol: str, name: str, told: str, tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    path = folder.keep("7f", "implement", symbol, "text")
    assert path == tmp_path / "drafts" / name
    (kept,) = folder.kept()
    assert (kept["path"], kept["action"], kept["symbol"], kept["bytes"]) == (str(path), "implement", told, 4)


def test_a_draft_that_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("in the way")
    assert DraftFolder(tmp_path).keep("7f", "implement", "rate", "text") is None


def test_a_link_in_the_folder_is_replaced_and_never_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "implement-rate-7f.md").symlink_to(tmp_path / "drafts")
    assert DraftFolder(tmp_path).keep("7f", "implement", "rate", "text") is None
    assert not victim.exists()


@pytest.mark.parametrize(
    "note",
    ["", "no JSON", "[]", '{"uri": 1}', '{"uri": "file:///a.py", "reason": null}', "[" * 100_000, '{"uri": "\\ud800"}'],
    ids=["none", "not JSON", "a list", "a number", "null", "deep", "half a character"],
)
def test_a_note_that_is_none_hides_no_draft(note: str, tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    path = folder.keep("7f", "implement", "rate", "text")
    assert path is not None
    path.with_suffix(".json").write_text(note)
    (kept,) = folder.kept()
    assert (kept["symbol"], kept["reason"]) == ("rate", "")
    folder.forget("7f")
    assert list(path.parent.iterdir()) == []


def test_the_oldest_go_with_their_notes(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    for number in range(55):
        folder.keep(f"{number}", "implement", "rate", "text", uri="file:///a.py", reason="refused")
    assert [each["reason"] for each in folder.kept()] == ["refused"] * 50
    assert len(list((tmp_path / "drafts").iterdir())) == 100


def aged(path: Path | None, days: float) -> None:
    assert path is not None
    then = time.time() - days * 24 * 3600
    os.utime(path, (then, then))


def test_drafts_go_after_ninety_days(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    for number, days in enumerate([100, 91, 89]):
        aged(folder.keep(f"{number}", "implement", "rate", f"{days}"), days)
    recover(folder)
    assert [Path(str(each["path"])).read_text() for each in folder.kept()] == ["89"]


def test_the_newest_stays_however_old_and_large_it_is(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    aged(folder.keep("1", "implement", "rate", "x" * (33 * MIB)), 400)
    folder.prune()
    assert len(folder.kept()) == 1
    folder.keep("2", "implement", "rate", "text")
    assert [each["bytes"] for each in folder.kept()] == [4]


def test_together_the_drafts_take_thirty_two_mebibytes_at_most(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    for number in range(6):
        aged(folder.keep(f"{number}", "implement", "rate", str(number) * (9 * MIB)), 1 - number / 10)
    assert [Path(str(each["path"])).read_text()[0] for each in folder.kept()] == ["5", "4", "3"]


HURRIED = """
import sys, threading
import subprocess
import sys
from pathlib import Path
from pillion.state.kept_drafts import DraftFolder
folder, name = DraftFolder(Path(sys.argv[1])), sys.argv[2]
lost = []
def work(thread):
    for number in range(60):
        job = f"{name}{thread}x{number}"
        if folder.keep(job, "implement", "rate", "text") is None:
            lost.append(job)
        folder.kept()
        if number % 3 == 0:
            folder.forget(job)
threads = [threading.Thread(target=work, args=(each,)) for each in range(3)]
for each in threads: each.start()
for each in threads: each.join()
print(*lost)
"""


def test_servers_that_prune_at_once_lose_and_misreport_nothing(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    for number in range(60):
        folder.keep(f"old{number}", "implement", "rate", "text")
    command = [sys.executable, "-W", "error", "-c", HURRIED, str(tmp_path)]
    servers = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for name in "abc"
    ]
    for each in servers:
        out, err = each.communicate(timeout=60)
        assert (out.strip(), err) == ("", "")
    kept = folder.kept()
    assert len(kept) <= 50
    assert folder.keep("last", "implement", "rate", "text") is not None
    assert "last" in str(folder.kept()[0]["path"])


def test_a_file_that_goes_meanwhile_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DraftFolder(tmp_path)
    for number in range(60):
        assert folder.keep(f"old{number}", "implement", "rate", "text") is not None
    real = Path.unlink

    def gone(path: Path, missing_ok: bool = False) -> None:
        real(path, missing_ok)
        raise FileNotFoundError(2, "another server was first")

    monkeypatch.setattr(Path, "unlink", gone)
    assert folder.keep("new", "implement", "rate", "text") is not None
    folder.forget("new")
    assert len(folder.kept()) == 49


def test_what_else_a_draft_was_to_change_is_noted(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    folder.keep("1", "split", "total", "text", uri="file:///a.py", changes=["create file:///b.py", "edit file:///c.py"])
    folder.keep("2", "refactor", "total", "text", uri="file:///a.py")
    assert [each["changes"] for each in folder.kept()] in (
        ["", "create file:///b.py; edit file:///c.py"],
        ["create file:///b.py; edit file:///c.py", ""],
    )
