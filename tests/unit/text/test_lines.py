"""Lines and positions by LSP's rules, against an oracle written from the specification."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from pillion.lsp.convert import Positions
from pillion.text.lines import LineIndex, has_lone_cr, with_lf

TEXTS = st.text(st.sampled_from("ab\n\r\u2028\u2029\x0c\x0b\x85é€🥞\ud800"), max_size=20)
ENCODINGS = {"utf-16": ("utf-16-le", 2), "utf-8": ("utf-8", 1), "utf-32": ("utf-32-le", 4)}


def starts(index: LineIndex) -> list[int]:
    return [index.start_of(line) for line in range(len(index))]


def lines_of(text: str) -> list[str]:
    """The specification's lines, ends included."""
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z|(?<=[\r\n])\Z|\A\Z", text)


def units(text: str, encoding: str) -> int:
    name, width = ENCODINGS[encoding]
    return len(text.encode(name, "surrogatepass")) // width


def positions(text: str, encoding: str = "utf-16") -> Positions:
    return Positions(text, LineIndex(text), PositionCodec(types.PositionEncodingKind(encoding)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [0]),
        ("a", [0]),
        ("\n", [0, 1]),
        ("a\nb\n", [0, 2, 4]),
        ("a\r\nb", [0, 3]),
        ("a\rb\r", [0, 2, 4]),
        ("\r\r\n\n\r", [0, 1, 3, 4, 5]),
        ("a\u2028b\x0cc\x0bd\x85e\u2029f\x1cg", [0]),
        ("🥞\né\n", [0, 2, 4]),
    ],
)
def test_only_lf_crlf_and_cr_end_a_line(text: str, expected: list[int]) -> None:
    assert starts(LineIndex(text)) == expected


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_lines_are_the_specifications(text: str) -> None:
    index = LineIndex(text)
    expected = lines_of(text)
    assert [text[a:b] for a, b in zip(starts(index), [*starts(index)[1:], len(text)], strict=True)] == expected
    numbers = [number for number, line in enumerate(expected) for _ in line]
    assert [index.line_at(offset) for offset in range(len(text))] == numbers
    assert index.line_at(len(text)) == len(index) - 1


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str]]]:
    text = current = draw(TEXTS)
    changes = []
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(current)))
        end = draw(st.integers(start, len(current)))
        new = draw(TEXTS)
        changes.append((start, end, new))
        current = current[:start] + new + current[end:]
    return text, changes


@settings(max_examples=60, deadline=None)
@given(edited=edits())
def test_an_index_that_follows_edits_is_a_fresh_one(edited: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, changes = edited
    index = LineIndex(text)
    for start, end, new in changes:
        text = text[:start] + new + text[end:]
        index.replace(start, end, new, text)
        assert starts(index) == starts(LineIndex(text))


@pytest.mark.parametrize(
    ("text", "start", "end", "new"),
    [
        pytest.param("a\r\nb", 2, 2, "x", id="parted"),
        pytest.param("a\rx\nb", 2, 3, "", id="met"),
        pytest.param("a\r\nb", 1, 2, "", id="cr-gone"),
        pytest.param("a\r\nb", 2, 3, "", id="lf-gone"),
        pytest.param("a\nb", 1, 1, "\r", id="cr-before-lf"),
        pytest.param("a\rb", 2, 2, "\n", id="lf-behind-cr"),
        pytest.param("a\r\nb\r\nc", 1, 6, "", id="all-between-gone"),
        pytest.param("a\nb\nc", 2, 4, "x\n", id="same-length"),
        pytest.param("a\n", 2, 2, "b", id="at-the-end"),
    ],
)
def test_carriage_returns_and_line_feeds_meet_and_part(text: str, start: int, end: int, new: str) -> None:
    index = LineIndex(text)
    after = text[:start] + new + text[end:]
    index.replace(start, end, new, after)
    assert starts(index) == starts(LineIndex(after))


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, encoding=st.sampled_from(sorted(ENCODINGS)), data=st.data())
def test_positions_are_the_oracles(text: str, encoding: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    lines = lines_of(text[:offset])
    if text[offset - 1 : offset + 1] == "\r\n":
        # Between the two there is no place of its own: it belongs to the line that they end.
        lines = [*lines[:-2], lines[-2]]
    expected = types.Position(len(lines) - 1, units(lines[-1], encoding))
    converted = positions(text, encoding)
    assert converted.position(offset) == expected
    if "\r" not in lines[-1]:
        assert converted.offset(expected) == offset


@pytest.mark.parametrize(
    ("line", "character", "offset"),
    [
        pytest.param(0, 0, 0, id="first"),
        pytest.param(0, 2, 2, id="end-of-line"),
        pytest.param(0, 3, 2, id="past-the-end-of-a-line"),
        pytest.param(0, 2**31 - 1, 2, id="far-past-the-end-of-a-line"),
        pytest.param(1, 0, 4, id="behind-crlf"),
        pytest.param(1, 1, 5, id="before-an-astral-character"),
        pytest.param(1, 2, 6, id="inside-an-astral-character"),
        pytest.param(1, 3, 6, id="behind-an-astral-character"),
        pytest.param(1, 99, 7, id="past-the-end-of-a-line-with-one"),
        pytest.param(2, 0, 8, id="empty-last-line"),
        pytest.param(2, 5, 8, id="past-the-end-of-the-last-line"),
        pytest.param(3, 0, 8, id="past-the-last-line"),
        pytest.param(2**31 - 1, 7, 8, id="far-past-the-last-line"),
    ],
)
def test_positions_outside_the_text_are_clamped(line: int, character: int, offset: int) -> None:
    position = types.Position(line, character)
    assert positions("ab\r\nc🥞d\n").offset(position) == offset
    assert position == types.Position(line, character)


@pytest.mark.parametrize(("offset", "expected"), [(-1, (0, 0)), (0, (0, 0)), (4, (1, 1)), (5, (1, 1)), (99, (1, 1))])
def test_offsets_outside_the_text_are_clamped(offset: int, expected: tuple[int, int]) -> None:
    assert positions("ab\nc").position(offset) == types.Position(*expected)


def test_ranges() -> None:
    converted = positions("ab\ncd\n")
    a_range = types.Range(types.Position(0, 1), types.Position(1, 2))
    assert converted.range(1, 5) == a_range
    assert converted.offsets(a_range) == (1, 5)
    assert converted.offsets(types.Range(a_range.end, a_range.start)) == (1, 5)


@given(text=TEXTS)
def test_a_cr_alone_is_a_line_end(text: str) -> None:
    assert has_lone_cr(text) == ("\r" in text.replace("\r\n", ""))
    assert not has_lone_cr(with_lf(text))
    assert starts(LineIndex(with_lf(text))) == starts(LineIndex(text))
