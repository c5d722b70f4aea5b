"""Edits as data, the smallest of them, and moving them onto the text as it is now."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.text.rebase import Rebased, rebase
from pillion.text.replacement import Replacement, apply_replacements, smallest_replacements

TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "\n", "c\r\n", "d\r", "e\u2028", "é🥞\n", "f"]), max_size=9).map(
    "".join
)


@settings(max_examples=60, deadline=None)
@given(before=TEXTS, after=TEXTS)
def test_the_smallest_replacements_make_the_text(before: str, after: str) -> None:
    replacements = smallest_replacements(before, after)
    assert apply_replacements(before, replacements) == after
    assert bool(replacements) == (before != after)
    assert list(replacements) == sorted(replacements)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("a\nb\nc\n", "a\nB\nc\n", [Replacement(2, 4, "B\n")], id="one-line"),
        pytest.param("a\nc\n", "a\nb\nc\n", [Replacement(2, 2, "b\n")], id="insertion"),
        pytest.param("a\nb\nc\n", "a\nc\n", [Replacement(2, 4, "")], id="deletion"),
        pytest.param("a\nb\nc\n", "A\nb\nC\n", [Replacement(0, 2, "A\n"), Replacement(4, 6, "C\n")], id="two-places"),
        pytest.param("a\nb", "a\nb\nc", [Replacement(2, 3, "b\nc")], id="last-line-without-end"),
        pytest.param("a\nb\n", "a\nb\n", [], id="nothing"),
        pytest.param("", "a", [Replacement(0, 0, "a")], id="from-nothing"),
        pytest.param("x\nx\nx\n", "x\nx\n", [Replacement(4, 6, "")], id="repeated-lines"),
    ],
)
def test_lines_that_stay_are_in_no_replacement(before: str, after: str, expected: list[Replacement]) -> None:
    assert list(smallest_replacements(before, after)) == expected


@pytest.mark.parametrize(
    ("replacements", "result"),
    [
        ([], "0123456789"),
        ([Replacement(2, 4, "x")], "01x456789"),
        ([Replacement(8, 9, "y"), Replacement(2, 4, "x")], "01x4567y9"),
        ([Replacement(2, 4, "x"), Replacement(4, 4, "y")], "01xy456789"),
        ([Replacement(0, 0, "x"), Replacement(10, 10, "y")], "x0123456789y"),
    ],
)
def test_replacements_are_made(replacements: list[Replacement], result: str) -> None:
    assert apply_replacements("0123456789", replacements) == result


def test_replacements_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_replacements("0123456789", [Replacement(2, 5, "x"), Replacement(4, 6, "y")])


SNAPSHOT = "".join(f"line {n}\n" for n in range(10))
LINE = len("line 0\n")


def of_line(number: int, text: str, lines: int = 1) -> Replacement:
    return Replacement(number * LINE, (number + lines) * LINE, text)


@pytest.mark.parametrize(
    ("theirs", "mine", "result"),
    [
        pytest.param([], of_line(4, "mine\n"), "012345678 4=mine", id="nothing-changed"),
        pytest.param([of_line(1, "more\nmore\n")], of_line(4, "mine\n"), "mine", id="change-above"),
        pytest.param([of_line(8, "")], of_line(4, "mine\n"), "mine", id="change-below"),
        pytest.param([of_line(0, ""), of_line(9, "x\n")], of_line(4, "mine\n"), "mine", id="changes-around"),
        pytest.param([of_line(4, "theirs\n")], of_line(4, "mine\n"), None, id="same-line"),
        pytest.param([of_line(3, "theirs\n")], of_line(4, "mine\n"), None, id="touching-above"),
        pytest.param([of_line(5, "theirs\n")], of_line(4, "mine\n"), None, id="touching-below"),
        pytest.param([of_line(4, "new\n", 0)], of_line(4, "mine\n"), None, id="insertion-right-above"),
        pytest.param([of_line(5, "new\n", 0)], of_line(4, "mine\n"), None, id="insertion-right-below"),
        pytest.param([of_line(4, "new\n", 0)], of_line(4, "mine\n", 0), None, id="two-insertions"),
        pytest.param([of_line(0, "", 10)], of_line(4, "mine\n"), None, id="all-is-gone"),
        pytest.param([of_line(2, "x\n"), of_line(6, "x\n")], of_line(4, "mine\n"), "mine", id="a-line-between"),
    ],
)
def test_an_edit_is_moved_or_conflicts(theirs: list[Replacement], mine: Replacement, result: str | None) -> None:
    current = apply_replacements(SNAPSHOT, theirs)
    rebased = rebase([mine], SNAPSHOT, current)
    if result is None:
        assert rebased == Rebased((), conflict=True)
    else:
        both = apply_replacements(SNAPSHOT, [*theirs, mine])
        assert (rebased.conflict, apply_replacements(current, rebased.replacements)) == (False, both)


def test_one_conflict_holds_the_whole_edit_back() -> None:
    current = apply_replacements(SNAPSHOT, [of_line(8, "theirs\n")])
    assert rebase([of_line(2, "mine\n"), of_line(8, "mine\n")], SNAPSHOT, current).conflict


@st.composite
def two_edits(draw: st.DrawFn) -> tuple[list[Replacement], list[Replacement]]:
    """Somebody's changes and an edit, each of whole lines, with all lines of the text different from each other."""

    def changes(name: str) -> list[Replacement]:
        places = sorted(draw(st.sets(st.integers(0, 10), max_size=4)))
        found = []
        for start, end in zip(places[::2], places[1::2], strict=False):
            text = "".join(f"{name} {start} {n}\n" for n in range(draw(st.integers(0, 2))))
            found.append(of_line(start, text, end - start))
        return found

    return changes("theirs"), changes("mine")


@settings(max_examples=60, deadline=None)
@given(edits=two_edits())
def test_rebasing_is_making_both_edits_or_a_conflict(edits: tuple[list[Replacement], list[Replacement]]) -> None:
    theirs, mine = edits
    current = apply_replacements(SNAPSHOT, theirs)
    rebased = rebase(mine, SNAPSHOT, current)
    touching = any(a.start <= b.end and b.start <= a.end for a in theirs for b in mine)
    assert rebased.conflict == touching
    if not touching:
        assert apply_replacements(current, rebased.replacements) == apply_replacements(SNAPSHOT, [*theirs, *mine])


def test_changes_at_both_ends_of_a_large_text_are_compared_in_a_moment() -> None:
    lines = [f"    value_{n} = {n % 97}\n" if n % 4 else "\n" for n in range(40_000)]
    before = "first\n" + "".join(lines) + "last\n"
    after = "1st\n" + "".join(lines) + "end\n"
    began = time.process_time()
    assert [each.new_text for each in smallest_replacements(before, after)] == ["1st\n", "end\n"]
    assert time.process_time() - began < 5
