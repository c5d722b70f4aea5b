"""What a model wrote is on disk a moment later, and found when the server is gone; a server that lives keeps its own."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pillion.state.draft_log import ENDING, FOLDER, LOCK, DraftLog, DraftRecord, joined
from pillion.state.kept_drafts import DraftFolder
from pillion.state.unfinished_drafts import recover

ON_DISK_WITHIN_S = 10.0


def says(record: DraftRecord, *words: str) -> None:
    """The model writes."""
    for word in words:
        record.write(word)


def files(state: Path) -> list[Path]:
    """The files of all servers' jobs."""
    return sorted(state.glob(f"{FOLDER}/*/*{ENDING}"))


async def written(state: Path, count: int = 1) -> list[Path]:
    """The files, once there are so many."""
    async with asyncio.timeout(ON_DISK_WITHIN_S):
        while len(found := files(state)) != count:
            await asyncio.sleep(0.01)
    return found


async def test_it_is_on_disk_a_moment_later_and_goes_with_the_edit(tmp_path: Path) -> None:
    log = DraftLog(tmp_path)
    record = log.begin("7f", "implement", "rate", "file:///a.py")
    says(record, "def ", "", "rate\ud800")
    assert files(tmp_path) == [], "writing costs a token nothing"
    (file,) = await written(tmp_path)
    about, piece = map(json.loads, file.read_text().splitlines())
    assert (about["format"], about["job"], about["action"], about["symbol"]) == (1, "7f", "implement", "rate")
    assert piece == {"draft": "def rate\ud800"}
    assert recover(DraftFolder(tmp_path)) == [], "it is the server's, which lives"
    says(record, "():")
    record.flush()
    record.drop()
    await written(tmp_path, 0)
    await log.close()
    assert list((tmp_path / FOLDER).iterdir()) == [tmp_path / FOLDER / ".lock"]


async def test_a_job_that_is_quick_or_says_nothing_writes_nothing(tmp_path: Path) -> None:
    log = DraftLog(tmp_path)
    quick, silent = log.begin("7f", "implement", "", ""), log.begin("8f", "implement", "", "")
    says(quick, "text")
    quick.drop()
    says(silent, " ", "\n")
    silent.flush()
    await log.close()
    assert list(tmp_path.iterdir()) == []


async def test_what_comes_after_closing_breaks_nothing(tmp_path: Path) -> None:
    log = DraftLog(tmp_path)
    record = log.begin("7f", "implement", "", "")
    says(record, "text")
    record.flush()
    await log.close()
    says(record, "more")
    record.flush()
    record.drop()
    assert len(files(tmp_path)) == 1, "the next server finds it"
    assert len(recover(DraftFolder(tmp_path))) == 1


async def test_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    log = DraftLog(tmp_path)
    record = log.begin("7f", "implement", "", "")
    says(record, "text")
    record.flush()
    await log.close()
    assert record.text == "text"
    assert recover(DraftFolder(tmp_path)) == []


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ([], ""),
        ([("draft", "a"), ("draft", "b")], "ab"),
        ([("draft", "a"), ("void", "gpu0 broke off")], "a"),
        ([("void", "nobody there"), ("draft", "a")], "a"),
        ([("draft", " \n"), ("void", "why"), ("draft", "a")], "a"),
        ([("draft", "a"), ("void", "it -->\nbroke"), ("draft", "b")], "a\n\n<!-- Started over: it —> broke -->\n\nb"),
        ([("draft", "a"), ("void", "x"), ("void", "y"), ("draft", "b")], "a\n\n<!-- Started over: y -->\n\nb"),
    ],
)
def test_nothing_that_was_written_is_left_out(entries: list[tuple[str, str]], text: str) -> None:
    assert joined(entries) == text


async def test_a_draft_that_broke_off_is_still_there(tmp_path: Path) -> None:
    record = DraftLog(tmp_path).begin("7f", "implement", "", "")
    says(record, "a whole")
    record.start_over("it broke off")
    assert record.text == "a whole"
    record.drop()


LEFT = """
import asyncio, os, sys
from pathlib import Path
from pillion.state.draft_log import DraftLog
from pillion.events import DraftProgress
async def main():
    log = DraftLog(Path(sys.argv[1]))
    for number in range(int(sys.argv[2])):
        record = log.begin(f"{os.getpid()}x{number}", "implement", "rate", "file:///a.py")
        record.write(f"draft {number}")
        record.flush()
    while len(list(Path(sys.argv[1]).glob(f"unfinished/*/{os.getpid()}*.jsonl"))) < int(sys.argv[2]):
        await asyncio.sleep(0.01)
    print("there", flush=True)
    sys.stdin.readline()
    os.kill(os.getpid(), 9)
asyncio.run(main())
"""
SEARCH = """
import sys
from pathlib import Path
from pillion.state.kept_drafts import DraftFolder
from pillion.state.unfinished_drafts import recover
print(*recover(DraftFolder(Path(sys.argv[1]))), sep="\\n")
"""


def test_servers_find_what_a_dead_one_left_once_and_never_a_living_ones(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LEFT, str(tmp_path), "5"]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as dead,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as living,
    ):
        for each in (dead, living):
            assert each.stdout is not None
            assert each.stdout.readline() == "there\n"
        dead.communicate("die\n")
        searching = [
            subprocess.Popen([sys.executable, "-c", SEARCH, str(tmp_path)], stdout=subprocess.PIPE, text=True)
            for _ in range(3)
        ]
        found = [line for each in searching for line in each.communicate(timeout=30)[0].splitlines() if line]
        assert len(found) == len(set(found)) == 5
        assert {Path(each).read_text() for each in found} == {f"draft {number}" for number in range(5)}
        assert all(str(dead.pid) in each for each in found)
        assert len(files(tmp_path)) == 5, "the living one's"
        living.communicate("die\n")
    folder = DraftFolder(tmp_path)
    assert len(recover(folder)) == 5
    assert len(folder.unfinished()) == 10
    assert folder.kept() == []
    assert folder.unfinished()[0]["symbol"] == "rate"
    assert sorted(each.name for each in (tmp_path / FOLDER).iterdir()) == [".lock", ".told"]


def abandoned(state: Path, name: str, content: bytes) -> Path:
    """A file in a folder that nobody holds."""
    file = state / FOLDER / "dead" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


PIECE = b'{"draft": "text"}\n'


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        pytest.param("7f.jsonl", PIECE + b'{"draft": "cut', "draft-7f.unfinished.md", id="cut off"),
        pytest.param("7f.jsonl", b"\xff\xfe[[[[\n" + PIECE, "draft-7f.unfinished.md", id="nonsense"),
        pytest.param(
            "7f.jsonl",
            b'{"format": 9, "action": "../../etc", "symbol": "a/b", "new": 1}\n' + PIECE,
            "_etc-a_b-7f.unfinished.md",
            id="another's names",
        ),
        pytest.param(
            "7f.jsonl", b'{"format": 1, "action": 3, "symbol": null}\n[1]\n"x"\n' + PIECE, "3-None-", id="types"
        ),
        pytest.param("7f.jsonl", b'{"format": 1}\n', None, id="nothing"),
        pytest.param("7f.jsonl", b"", None, id="empty"),
        pytest.param("7f.jsonl", b"[" * 100_000 + b"\n" + PIECE, "draft-7f.unfinished.md", id="deep"),
    ],
)
def test_what_is_in_the_file_is_judged(name: str, content: bytes, kept: str | None, tmp_path: Path) -> None:
    file = abandoned(tmp_path, name, content)
    found = recover(DraftFolder(tmp_path))
    assert len(found) == (kept is not None)
    for each in found:
        assert each.name.startswith(str(kept))
        assert each.parent == tmp_path / "drafts"
        assert each.read_text() == "text"
    assert not file.exists()


def test_a_draft_that_has_a_file_is_not_found_twice(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    folder.keep("7f", "implement", "rate", "all of it")
    abandoned(tmp_path, "7f.jsonl", PIECE)
    assert (recover(folder), len(folder.kept()), folder.unfinished()) == ([], 1, [])


def test_what_a_server_kept_at_its_end_is_told_of_once(tmp_path: Path) -> None:
    folder = DraftFolder(tmp_path)
    paths = [folder.keep(f"{number}f", "implement", "rate", "some of it", finished=False) for number in range(2)]
    assert recover(folder) == paths[::-1]
    assert recover(folder) == []
    abandoned(tmp_path, "1f.jsonl", PIECE)
    assert recover(folder) == [], "it has a file"
    (tmp_path / FOLDER / ".told").write_text("nonsense")
    assert len(recover(folder)) == 2
    new = folder.keep("9f", "implement", "rate", "some of it", finished=False)
    assert recover(folder) == [new]


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are POSIX'")
def test_what_lies_there_and_is_no_file_is_left(tmp_path: Path) -> None:
    os.mkfifo(abandoned(tmp_path, "x", b"").parent / "7f.jsonl")
    (tmp_path / FOLDER / "dead" / "8f.jsonl").symlink_to("/dev/zero")
    (tmp_path / FOLDER / "link").symlink_to(tmp_path)
    abandoned(tmp_path, "9f.jsonl", PIECE)
    assert [each.name for each in recover(DraftFolder(tmp_path))] == ["draft-9f.unfinished.md"]


def test_what_cannot_be_kept_stays(tmp_path: Path) -> None:
    file = abandoned(tmp_path, "7f.jsonl", PIECE)
    (tmp_path / "drafts").write_text("in the way")
    assert recover(DraftFolder(tmp_path)) == []
    assert file.exists()
    (tmp_path / "drafts").unlink()
    assert len(recover(DraftFolder(tmp_path))) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_folder_that_cannot_be_looked_at_hides_no_other(tmp_path: Path) -> None:
    odd = abandoned(tmp_path, "1f.jsonl", b'{"draft": "one"}\n').parent
    (odd / LOCK).unlink(missing_ok=True)
    os.mkfifo(odd / LOCK)
    other = odd.with_name(f"{odd.name}2")
    other.mkdir()
    (other / "2f.jsonl").write_bytes(b'{"draft": "two"}\n')
    (found,) = recover(DraftFolder(tmp_path))
    assert found.read_text() == "two"
