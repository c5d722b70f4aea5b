"""A draft is cut into units while it streams: complete pieces, in order, and together the draft."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.syntax.languages import language_by_id
from pillion.syntax.units import Unit, UnitStream
from tests.unit.texts import SOURCES, parsed

# A line that units have to end before; it and what follows may be in any later unit.
BAR = "▁▁\n"


def stream(language_id: str) -> UnitStream:
    language = language_by_id(language_id)
    assert language is not None
    return UnitStream(language)


def cut(language_id: str, chunks: list[str]) -> list[Unit]:
    units = stream(language_id)
    return [unit for chunk in chunks for unit in units.feed(chunk)] + units.finish()


@st.composite
def chunked(draw: st.DrawFn) -> tuple[str, list[str]]:
    language = draw(st.sampled_from(sorted(SOURCES)))
    text = SOURCES[language]
    first, last = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    if draw(st.booleans()):
        text = text[:first] + text[last:]  # a draft that went wrong
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    places = sorted(draw(st.sets(st.integers(0, len(text)), max_size=25)))
    return language, [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]


@settings(max_examples=60, deadline=None)
@given(draft=chunked())
def test_units_are_the_draft_however_it_is_chunked(draft: tuple[str, list[str]]) -> None:
    language, chunks = draft
    text = "".join(chunks)
    units = cut(language, chunks)
    assert "".join(unit.text for unit in units) == text
    assert units == cut(language, [text])
    assert [unit.index for unit in units] == list(range(len(units)))
    assert all(text[unit.start : unit.end] == unit.text for unit in units)


@pytest.mark.parametrize("language", SOURCES)
def test_token_by_token(language: str) -> None:
    assert cut(language, list(SOURCES[language])) == cut(language, [SOURCES[language]])


# What is cut where, and after how many lines of the second unit the first is closed.
CUTS = {
    "functions": ("python", 1, "def f():\n    return 1\n\n\n▁▁\ndef g():\n    return 2\n"),
    "imports and functions": ("python", 1, "import os\n▁▁\nimport re  # why\n\n▁▁\ndef f():\n    pass\n▁▁\nx = 1\n"),
    "comments stick to what follows": ("python", 3, "x = 1  # x\n▁▁\n# of f\n# more\ndef f():\n    pass\n"),
    "decorators stick to what follows": (
        "python",
        4,
        "x = 1\n▁▁\n@a\n# why\n@b\ndef f():\n    pass\n▁▁\ny = 1\n",
    ),
    "methods": (
        "python",
        2,
        "class A:\n    x = 1\n\n    def f(self):\n        pass\n\n▁▁\n    # of g\n    def g(self):\n        pass\n",
    ),
    "groups of statements": (
        "python",
        1,
        "def f():\n    a = 1\n    b = 1\n    c = 1\n    d = 1\n    e = 1\n▁▁\n    g = (\n        1,\n    )\n    return a\n",
    ),
    "methods of a long class": (
        "javascript",
        2,
        "class A {\n  a() {\n    return 1;\n  }\n\n▁▁\n  // of b\n  b() {\n    return 2;\n  }\n\n▁▁\n"
        "  c() {\n    return 3;\n  }\n}\n▁▁\nconst x = 1;\n",
    ),
    "exported functions": (
        "javascript",
        2,
        "export function f() {\n}\n▁▁\n/** Of g. */\nexport const g = () => {\n};\n",
    ),
    "decorated methods": (
        "typescript",
        2,
        "class A {\n  f(): void {\n  }\n▁▁\n  @In()\n  g(): void {\n  }\n}\n▁▁\ninterface B {\n}\n",
    ),
    "functions of go": ("go", 2, "package a\n\n▁▁\n// F does.\nfunc F() {\n\tg()\n}\n\n▁▁\nfunc G() {\n}\n"),
    "attributes stick to what follows": (
        "rust",
        3,
        "use a::b;\n\n▁▁\n/// Of A.\n#[derive(Debug)]\nstruct A {\n}\n\n▁▁\nimpl A {\n    /// Of f.\n    fn f() {\n    }\n\n▁▁\n"
        "    #[inline]\n    fn g() {\n    }\n}\n",
    ),
}


@pytest.mark.parametrize(("language", "lines", "draft"), CUTS.values(), ids=CUTS.keys())
def test_what_is_complete_is_closed_as_soon_as_that_shows(language: str, lines: int, draft: str) -> None:
    expected = draft.split(BAR)
    assert [unit.text for unit in cut(language, ["".join(expected)])] == expected
    units = stream(language)
    assert units.feed(expected[0]) == []
    following = "".join(expected[1:]).splitlines(keepends=True)
    closed = [[unit.text for unit in units.feed(line)] for line in following[:lines]]
    assert closed == [[]] * (lines - 1) + [[expected[0]]]


@pytest.mark.parametrize(
    ("language", "draft"),
    [
        pytest.param("python", "def f(:\n    x = = 1\n\n" * 60, id="broken"),
        pytest.param("python", "Sure, here is what it does.\nIt isn't code.\n\n" * 60, id="prose"),
        pytest.param("python", "Sure, here is what it does.\nIt isn't code {\n" * 65, id="prose-without-blank-lines"),
        pytest.param("javascript", "const s = `\n" + "text\n" * 200, id="string-that-never-ends"),
    ],
)
def test_text_that_never_parses_is_cut_all_the_same(language: str, draft: str) -> None:
    units = cut(language, [draft])
    assert "".join(unit.text for unit in units) == draft
    assert max(unit.text.count("\n") for unit in units) <= 120


@pytest.mark.parametrize("text", ["", "\n", "x = 1", "\ud800\n"])
def test_small_drafts(text: str) -> None:
    assert "".join(unit.text for unit in cut("python", [text])) == text


def test_blank_units_are_told_apart() -> None:
    assert [unit.blank for unit in cut("python", ["\n \n"])] == [True]
    assert [unit.blank for unit in cut("python", ["x\n"])] == [False]


def test_sources_parse() -> None:
    assert not [language for language, text in SOURCES.items() if parsed(language, text).tree.root_node.has_error]
