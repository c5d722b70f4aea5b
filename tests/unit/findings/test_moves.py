"""Wherever a finding is moved to, its quote stands there."""

from dataclasses import replace

import pytest

from pillion.findings.finding import Finding
from pillion.findings.moves import (
    after_more_edits,
    after_typing,
    edit_to,
    found_again,
    moved_to,
    passage_to_draft,
    passage_to_edit,
    region_to,
)
from pillion.findings.new_parts import NewParts
from pillion.findings.place import InDocument, InDraft, InEdit, InPassage, InPreview, P, Place
from pillion.findings.relocation import identified, relocate
from pillion.text.replacement import Replacement, apply_replacements, smallest_replacements

QUOTE = "return b"
TEXT = "import os\n\n\ndef f(a):\n    b = a\n    return b\n\n\ndef g(b):\n    return b\n"
FIRST, SECOND = TEXT.index(QUOTE), TEXT.rindex(QUOTE)
F = InEdit(TEXT.index("def f"), TEXT.index("\n\n\ndef g"))


def at(to: type[P], start: int, quote: str = QUOTE) -> Finding[P]:
    place = to(start, start + len(quote))
    return Finding(quote, "error", "names", "No.", place, "names", "of a line", ("import b",))


def text_at(text: str, place: Place) -> str:
    return text[place.start : place.end]


def test_only_the_place_changes() -> None:
    before, after = at(InEdit, 4), at(InDocument, 9)
    assert moved_to(before, after.place) == after
    in_texts: set[Place] = {InEdit(0, 1), InDocument(0, 1), InDocument(0, 1)}
    assert len(in_texts) == 2, "the same figures in another text are another place"


@pytest.mark.parametrize("text", ["", "ü🥞\n", TEXT])
def test_a_passage_is_a_part_of_the_draft_or_of_the_edit(text: str) -> None:
    found, whole = at(InPassage, FIRST), text + TEXT
    for there in (passage_to_draft(found, len(text)), passage_to_edit(found, len(text))):
        assert text_at(whole, there.place) == QUOTE
        assert there.start == FIRST + len(text)
    assert isinstance(passage_to_draft(found, 0).place, InDraft)
    assert passage_to_edit(found) == at(InEdit, FIRST)


@pytest.mark.parametrize(
    ("regions", "text"),
    [
        pytest.param([InEdit(0, 9), F], "import os\ndef f(a):\n    b = a\n    return b", id="in-order"),
        pytest.param([F, InEdit(0, 9)], "import os\ndef f(a):\n    b = a\n    return b", id="out-of-order"),
        pytest.param([InEdit(0, 10), F], "import os\ndef f(a):\n    b = a\n    return b", id="with-line-end"),
        pytest.param([InEdit(FIRST, F.end)], "    return b", id="indented-like-its-line"),
        pytest.param([InEdit(FIRST + 7, F.end)], "b", id="in-mid-line"),
        pytest.param([], "", id="nothing"),
    ],
)
def test_new_parts_are_one_text_whose_places_lead_back(regions: list[InEdit], text: str) -> None:
    new = NewParts.of(TEXT, regions)
    assert new.text == text
    for word in filter(str.strip, {*text.splitlines(), *text.split()}):
        found = new.to_edit(at(InPassage, new.text.index(word), word))
        assert text_at(TEXT, found.place) == word


@pytest.mark.parametrize(
    ("changes", "by"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([Replacement(0, 0, "import re\n")], 10, id="above"),
        pytest.param([Replacement(0, 9, "import re")], 0, id="above-as-long"),
        pytest.param([Replacement(0, 10, ""), Replacement(10, 11, "x = 1\n")], -5, id="two-above"),
        pytest.param([Replacement(FIRST, FIRST, "b = 2; ")], 7, id="just-before"),
        pytest.param([Replacement(FIRST + len(QUOTE), FIRST + len(QUOTE), "  # b")], 0, id="behind"),
    ],
)
def test_what_the_edit_gets_besides(changes: list[Replacement], by: int) -> None:
    found = after_more_edits(at(InEdit, FIRST), changes)
    assert found.start == FIRST + by
    assert text_at(apply_replacements(TEXT, changes), found.place) == QUOTE


PUSHED, SWAPPED = [Replacement(0, 0, "# ")], TEXT.replace("b = a\n    return b", "return b\n    b = a", 1)
ONLY_IN_G = TEXT.replace(QUOTE, "return a", 1)


@pytest.mark.parametrize(
    ("now", "changes", "part", "place"),
    [
        pytest.param(TEXT, [], None, FIRST, id="unchanged"),
        pytest.param(f"# {TEXT}", PUSHED, None, FIRST + 2, id="pushed"),
        pytest.param(SWAPPED, [], (0, F.end), SWAPPED.index(QUOTE), id="elsewhere-in-the-part"),
        pytest.param(ONLY_IN_G, [], (0, F.end), None, id="only-outside-the-part"),
        pytest.param(ONLY_IN_G, [], None, None, id="the-part-is-gone"),
    ],
)
@pytest.mark.parametrize("to", [InPreview, InDocument])
def test_the_edit_goes_on(
    now: str, changes: list[Replacement], part: tuple[int, int] | None, place: int | None, to: type[Place]
) -> None:
    found = edit_to(to, now, [at(InEdit, FIRST)], changes, lambda: to(*part) if part is not None else None)
    assert found == ([at(to, place)] if place is not None else [])


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(TEXT, "def f(a):\n    b = a\n    return b", id="unchanged"),
        pytest.param(f"# {TEXT}", "def f(a):\n    b = a\n    return b", id="pushed"),
        pytest.param(TEXT.replace("b = a", "b = 2 * a"), "def f(a):\n    b = 2 * a\n    return b", id="grown"),
    ],
)
def test_a_part_of_the_edit_goes_on(now: str, expected: str) -> None:
    assert text_at(now, region_to(InPreview, F, smallest_replacements(TEXT, now))) == expected


@pytest.mark.parametrize(
    ("start", "end", "new", "stays"),
    [
        pytest.param(0, 0, "x = 0\n", True, id="before"),
        pytest.param(0, 10, "", True, id="deleted-before"),
        pytest.param(FIRST, FIRST, "x; ", True, id="at-its-start"),
        pytest.param(FIRST + len(QUOTE), FIRST + len(QUOTE), "  # why", True, id="at-its-end"),
        pytest.param(FIRST + 3, FIRST + 3, "x", False, id="inside"),
        pytest.param(FIRST - 1, FIRST + 1, "", False, id="over-its-start"),
        pytest.param(FIRST, FIRST + len(QUOTE), QUOTE, False, id="typed-anew"),
    ],
)
def test_a_document_that_is_typed_in(start: int, end: int, new: str, stays: bool) -> None:
    found = after_typing(at(InDocument, FIRST), start, end, len(new))
    assert (found is not None) is stays
    assert found is None or text_at(TEXT[:start] + new + TEXT[end:], found.place) == QUOTE


@pytest.mark.parametrize(
    ("now", "place"),
    [
        pytest.param(TEXT, FIRST, id="the-same"),
        pytest.param(f"# on top\n{TEXT}", FIRST + 9, id="nearest"),
        pytest.param(TEXT.replace(QUOTE, "return a", 1), SECOND, id="only-the-other"),
        pytest.param("import os\n", None, id="gone"),
    ],
)
def test_a_document_that_was_sent_anew(now: str, place: int | None) -> None:
    assert found_again(at(InDocument, FIRST), now) == (at(InDocument, place) if place is not None else None)


@pytest.mark.parametrize("draft", [TEXT[F.start : F.end], TEXT[F.start :]], ids=["one-function", "both"])
@pytest.mark.parametrize("to", [InEdit, InPreview])
def test_the_draft_becomes_a_part_of_the_edit_or_of_the_preview(draft: str, to: type[Place]) -> None:
    start = draft.rindex(QUOTE)
    found = relocate([at(InDraft, start)], TEXT, [to(F.start, len(TEXT))], read_in=draft)
    assert found == (at(to, F.start + start),)


def test_the_line_is_a_part_of_what_a_finding_is_and_its_place_stays() -> None:
    longer = TEXT.replace(QUOTE, "return b + 1", 1)
    one, same, other = (identified(at(InEdit, start), longer) for start in (FIRST, FIRST, longer.rindex(QUOTE)))
    assert one == same
    assert one.identity != other.identity
    assert replace(one, identity="of a line") == at(InEdit, FIRST)
