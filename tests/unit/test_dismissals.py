"""The file with the dismissals: bounded, shared by servers, and without code in it."""

from pathlib import Path

import pytest

from pillion.findings import Finding
from pillion.lsp.dismissals import Dismissals, finding_id, is_finding_id

FINDING = Finding("return 1", "warning", "bug", "It is two.", 4, 12)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(Finding("return 1", "error", "naming", "It is two.", 90, 98, "calls"), True, id="elsewhere"),
        pytest.param(Finding("return 2", "warning", "bug", "It is two.", 4, 12), False, id="other-text"),
        pytest.param(Finding("return 1", "warning", "bug", "It is three.", 4, 12), False, id="other-message"),
        pytest.param(Finding("return", "warning", "bug", " 1It is two.", 4, 12), False, id="same-letters"),
        pytest.param(Finding("\ud800", "warning", "bug", "", 4, 12), False, id="half-a-character"),
    ],
)
def test_an_id_is_of_the_text_and_the_message(other: Finding, same: bool) -> None:
    assert (finding_id(FINDING) == finding_id(other)) is same
    assert is_finding_id(finding_id(other))


@pytest.mark.parametrize("text", ["", "0" * 31, "0" * 33, "G" * 32, "0" * 32 + "\n", "٠" * 32])
def test_what_is_no_id(text: str) -> None:
    assert not is_finding_id(text)


async def test_another_session_knows_them(tmp_path: Path) -> None:
    first, second = Dismissals(tmp_path), Dismissals(tmp_path)
    first.hold([finding_id(FINDING)])
    assert FINDING in first
    assert FINDING not in second
    assert await first.save([finding_id(FINDING)]) == ""
    assert await second.load() == ""
    assert FINDING in second


async def test_a_missing_file_is_nothing_wrong(tmp_path: Path) -> None:
    assert await Dismissals(tmp_path / "none").load() == ""
    assert list(tmp_path.iterdir()) == []


async def test_the_newest_five_thousand_are_kept(tmp_path: Path) -> None:
    ids = [f"{number:032x}" for number in range(5_001)]
    dismissals = Dismissals(tmp_path)
    await dismissals.save(ids)
    lines = (tmp_path / "dismissed.txt").read_text().splitlines()
    assert lines == ids[1:]
    await dismissals.save([ids[1]])
    assert (tmp_path / "dismissed.txt").read_text().splitlines() == [*ids[2:], ids[1]]


async def test_strange_lines_are_left_out_and_said(tmp_path: Path) -> None:
    (tmp_path / "dismissed.txt").write_bytes(b"<<<<<<< HEAD\n" + finding_id(FINDING).encode() + b"\r\n\xff\n")
    dismissals = Dismissals(tmp_path)
    assert "lines that aren't dismissals" in await dismissals.load()
    assert FINDING in dismissals
