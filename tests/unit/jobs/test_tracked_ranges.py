"""Ranges that follow what is typed."""

import pytest
from lsprotocol import types
from pygls.workspace import PositionCodec

from pillion.jobs.tracked_ranges import TrackedRanges
from pillion.lsp.documents import Document

TEXT = "0123456789"
URI = "file:///a%20b.py"


def tracked(start: int, end: int) -> tuple[TrackedRanges, Document]:
    ranges = TrackedRanges()
    ranges.track("job", URI, [(start, end)])
    codec = PositionCodec(types.PositionEncodingKind.Utf32)
    return ranges, Document("file:///a b.py", TEXT, 1, "python", codec, ranges.edited)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        pytest.param((0, 0, "ab"), "345", id="before"),
        pytest.param((3, 3, "ab"), "345", id="at-its-beginning"),
        pytest.param((6, 6, "ab"), "345", id="at-its-end"),
        pytest.param((4, 4, "ab"), "3ab45", id="inside"),
        pytest.param((4, 5, ""), "35", id="a-part-of-it"),
        pytest.param((2, 4, "x"), "45", id="over-its-beginning"),
        pytest.param((5, 8, "xyz"), "34", id="over-its-end"),
        pytest.param((3, 6, ""), "", id="all-of-it"),
        pytest.param((2, 8, "xy"), "", id="more-than-it"),
        pytest.param((9, 10, "end"), "345", id="behind"),
    ],
)
def test_a_range_follows_what_is_typed(edit: tuple[int, int, str], expected: str) -> None:
    start, end, new = edit
    ranges, document = tracked(3, 6)
    place = types.Range(types.Position(0, start), types.Position(0, end))
    document.apply_change(types.TextDocumentContentChangePartial(place, new))
    (first, last), *_ = ranges.of("job") or [(0, 0)]
    assert document.source[first:last] == expected


def test_a_place_where_something_was_taken_out_is_a_range_too() -> None:
    ranges, document = tracked(4, 4)
    place = types.Range(types.Position(0, 2), types.Position(0, 2))
    document.apply_change(types.TextDocumentContentChangePartial(place, "ab"))
    assert ranges.of("job") == [(6, 6)]


@pytest.mark.parametrize("how", ["sent anew", "closed", "forgotten"])
def test_a_range_that_nobody_can_follow_is_lost(how: str) -> None:
    ranges, document = tracked(3, 6)
    if how == "sent anew":
        document.apply_change(types.TextDocumentContentChangeWholeDocument("something else"))
    elif how == "closed":
        ranges.closed(document.uri)
    else:
        ranges.forget("job")
    assert ranges.of("job") is None
