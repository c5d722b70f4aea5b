"""The file with the dismissals: bounded, shared by servers, and readable by a person."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pillion.findings.finding import Finding
from pillion.findings.place import InDocument
from pillion.jobs.dismissals import Dismissals, finding_id, is_finding_id
from pillion.state.dismissal_file import Dismissal, DismissalFile

FINDING = Finding("return 1", "warning", "bug", "It is two.", InDocument(4, 12))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(
            Finding("return 1", "error", "naming", "It is two.", InDocument(90, 98), "calls"), True, id="elsewhere"
        ),
        pytest.param(Finding("return 2", "warning", "bug", "It is two.", InDocument(4, 12)), False, id="other-text"),
        pytest.param(
            Finding("return 1", "warning", "bug", "It is three.", InDocument(4, 12)), False, id="other-message"
        ),
        pytest.param(Finding("return", "warning", "bug", " 1It is two.", InDocument(4, 12)), False, id="same-letters"),
        pytest.param(Finding("\ud800", "warning", "bug", "", InDocument(4, 12)), False, id="half-a-character"),
    ],
)
def test_an_id_is_of_the_text_and_the_message(other: Finding[InDocument], same: bool) -> None:
    assert (finding_id(FINDING) == finding_id(other)) is same
    assert is_finding_id(finding_id(other))


@pytest.mark.parametrize("text", ["", "0" * 31, "0" * 33, "G" * 32, "0" * 32 + "\n", "٠" * 32])
def test_what_is_no_id(text: str) -> None:
    assert not is_finding_id(text)


ONE = Dismissal(
    finding_id(FINDING), "/home/me/shop.py", 12, "    return 1  # “ä”", "It is two.", "2026-11-29T22:41:00+00:00"
)


async def test_another_session_knows_them(tmp_path: Path) -> None:
    first, second = Dismissals(tmp_path), Dismissals(tmp_path)
    first.hold([ONE])
    assert FINDING in first
    assert FINDING not in second
    assert await first.save([ONE]) == ""
    assert await second.load() == ""
    assert FINDING in second
    assert await second.listed() == ([ONE], "")


async def test_a_person_can_read_the_file(tmp_path: Path) -> None:
    await Dismissals(tmp_path).save([ONE])
    text = (tmp_path / "dismissed.txt").read_text(encoding="utf-8")
    assert all(each in text for each in ("/home/me/shop.py", '"line": 12', "return 1  # “ä”", "It is two.", "22:41"))
    assert text.count("\n") == 1
    assert (tmp_path / "dismissed.txt").stat().st_mode & 0o077 == 0


async def test_what_is_undone_is_gone_everywhere(tmp_path: Path) -> None:
    first, second = Dismissals(tmp_path), Dismissals(tmp_path)
    other = replace(ONE, id="0" * 32)
    await first.save([ONE, other])
    await second.load()
    assert await second.release([ONE.id]) == ""
    assert FINDING not in second
    assert FINDING in first, "it hasn't looked yet"
    await first.load()
    assert FINDING not in first
    assert [each.id for each in (await first.listed())[0]] == [other.id]


async def test_what_cannot_be_written_holds_for_the_session(tmp_path: Path) -> None:
    (tmp_path / "dismissed.txt").mkdir()
    dismissals = Dismissals(tmp_path)
    assert "holds for this session only" in await dismissals.save([ONE])
    assert "can't be read" in await dismissals.load()
    assert FINDING in dismissals
    assert (await dismissals.listed())[0] == [ONE]
    assert await dismissals.release([ONE.id]) == "", "there was nothing in the file to take out"
    assert FINDING not in dismissals


async def test_a_missing_file_is_nothing_wrong(tmp_path: Path) -> None:
    assert await Dismissals(tmp_path / "none").load() == ""
    assert list(tmp_path.iterdir()) == []


async def test_the_newest_five_thousand_are_kept(tmp_path: Path) -> None:
    ids = [f"{number:032x}" for number in range(5_001)]
    dismissals = Dismissals(tmp_path)
    await dismissals.save([Dismissal(each) for each in ids])
    lines = (tmp_path / "dismissed.txt").read_text().splitlines()
    assert lines == ids[1:]
    await dismissals.save([Dismissal(ids[1])])
    assert (tmp_path / "dismissed.txt").read_text().splitlines() == [*ids[2:], ids[1]]


async def test_a_full_file_of_long_ones_is_still_read(tmp_path: Path) -> None:
    words = "\u00e4" * 10_000
    long = [Dismissal(f"{number:032x}", words, 1, words, words, words) for number in range(5_000)]
    dismissals = Dismissals(tmp_path)
    assert await dismissals.save(long) == ""
    assert await dismissals.load() == ""
    assert len(dismissals.ids) == 5_000


async def test_plain_ids_of_an_earlier_pillion_still_hold(tmp_path: Path) -> None:
    (tmp_path / "dismissed.txt").write_text(f"{finding_id(FINDING)}\n{'0' * 32}\n")
    dismissals = Dismissals(tmp_path)
    assert await dismissals.load() == ""
    assert FINDING in dismissals
    await dismissals.save([replace(ONE, id="1" * 32)])
    listed, problem = await dismissals.listed()
    assert (problem, listed[0].text, listed[1:]) == ("", ONE.text, [Dismissal("0" * 32), Dismissal(ONE.id)])


async def test_strange_lines_are_left_out_and_said(tmp_path: Path) -> None:
    strange = [b"<<<<<<< HEAD", b"\xff", b'{"id": 3}', b'{"id": "x"}', b"[" * 100_000, b'{"id": "%s' % (b"0" * 32)]
    odd = b'{"id": "%s", "line": true, "text": 3, "new": {}}' % (b"2" * 32)
    lines = [*strange, finding_id(FINDING).encode() + b"\r", b"", odd]
    (tmp_path / "dismissed.txt").write_bytes(b"\n".join(lines) + b"\n")
    dismissals = Dismissals(tmp_path)
    assert "lines that aren't dismissals" in await dismissals.load()
    assert FINDING in dismissals
    assert (await dismissals.listed())[0] == [Dismissal("2" * 32), Dismissal(finding_id(FINDING))]


async def test_half_a_character_and_line_ends_are_kept_apart(tmp_path: Path) -> None:
    odd = replace(ONE, text="a\u2028b\ud800\x1b", message="one\ntwo")
    dismissals = Dismissals(tmp_path)
    await dismissals.save([odd, replace(ONE, id="3" * 32)])
    assert await Dismissals(tmp_path).listed() == ([replace(ONE, id="3" * 32), odd], "")


def test_sessions_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    def work(number: int) -> None:
        file = DismissalFile(tmp_path)
        file.add([replace(ONE, id=f"{number:032x}")])
        if number % 2:
            assert len(file.remove({f"{number:032x}"})) == 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(40)))
    assert {each.id for each in DismissalFile(tmp_path).read()[0]} == {f"{number:032x}" for number in range(0, 40, 2)}
