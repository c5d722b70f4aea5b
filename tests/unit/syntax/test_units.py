"""A draft is cut into units while it streams: complete pieces, in order, and together the draft."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pillion
from pillion.syntax import boundaries
from pillion.syntax.languages import LANGUAGES, Language, language_by_id, language_by_path, parse
from pillion.syntax.units import Unit, UnitStream
from tests.support.texts import SOURCES, parsed

# A line that units have to end before; it and what follows may be in any later unit.
BAR = "▁▁\n"
ROOT = Path(__file__).parents[3]
PACKAGE = Path(pillion.__file__).parent
FIXTURES = [*sorted((ROOT / "fixtures" / "units").iterdir()), ROOT / "fixtures" / "demo" / "shop.py"]
FILES = [*FIXTURES, PACKAGE / "pool" / "pool.py", PACKAGE / "syntax" / "symbols.py"]


def cut(language: Language | None, chunks: list[str]) -> list[Unit]:
    units = UnitStream(language)
    return [unit for chunk in chunks for unit in units.feed(chunk)] + units.finish()


@st.composite
def chunked(draw: st.DrawFn) -> tuple[Language | None, list[str]]:
    file = draw(st.sampled_from(FILES))
    text = file.read_text(encoding="utf-8")
    first, last = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    if draw(st.booleans()):
        text = text[:first] + text[last:]  # a draft that went wrong
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    places = sorted(draw(st.sets(st.integers(0, len(text)), max_size=25)))
    return language_by_path(str(file)), [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]


@settings(max_examples=60, deadline=None)
@given(draft=chunked())
def test_units_are_the_draft_however_it_is_chunked(draft: tuple[Language | None, list[str]]) -> None:
    language, chunks = draft
    text = "".join(chunks)
    units = cut(language, chunks)
    assert "".join(unit.text for unit in units) == text
    assert units == cut(language, [text])
    assert [unit.index for unit in units] == list(range(len(units)))
    assert all(text[unit.start : unit.end] == unit.text for unit in units)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_character_by_character(file: Path, newline: str) -> None:
    language, text = language_by_path(str(file)), file.read_text(encoding="utf-8").replace("\n", newline)
    units = cut(language, list(text))
    assert units == cut(language, [text])
    assert "".join(unit.text for unit in units) == text


def test_there_is_a_file_in_every_language_and_one_in_none() -> None:
    assert {language_by_path(str(file)) for file in FILES} == {*LANGUAGES, None}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("file", FIXTURES, ids=lambda file: file.name)
def test_real_files_come_in_small_units_without_delay(file: Path, newline: str) -> None:
    """The line that closes a unit is its own last one, or the next."""
    units = UnitStream(language_by_path(str(file)))
    lines = file.read_text(encoding="utf-8").replace("\n", newline).splitlines(keepends=True)
    done = 0
    for arrived, line in enumerate(lines, 1):
        for unit in units.feed(line):
            done += unit.text.count("\n")
            assert done >= arrived - 1, unit.text
            assert not unit.blank
            assert unit.text.count("\n") <= 20, unit.text
    assert sum(unit.text.count("\n") for unit in units.finish()) <= 8


# What is cut where, and after how many lines of the second unit the first is closed.
CUTS = {
    "functions": ("python", 1, "def f():\n    return 1\n\n\n▁▁\ndef g():\n    return 2\n"),
    "imports and functions": ("python", 0, "import os\n▁▁\nimport re  # why\n▁▁\n\ndef f():\n    pass\n▁▁\nx = 1\n"),
    "comments stick to what follows": ("python", 0, "x = 1  # x\n▁▁\n# of f\n# more\ndef f():\n    pass\n"),
    "decorators stick to what follows": (
        "python",
        0,
        "x = 1\n▁▁\n@a\n# why\n@b\ndef f():\n    pass\n▁▁\ny = 1\n",
    ),
    "methods": (
        "python",
        1,
        "class A:\n    x = 1\n\n    def f(self):\n        pass\n\n▁▁\n    # of g\n    def g(self):\n        pass\n",
    ),
    "groups of statements": (
        "python",
        0,
        "def f():\n    a = 1\n    b = 1\n    c = 1\n    d = 1\n    e = 1\n▁▁\n    g = (\n        1,\n    )\n    return a\n",
    ),
    "decorators begin what is next": ("python", 1, "class A:\n    def f(self):\n        pass\n\n▁▁\n    @a\n    def g(self):\n        pass\n"),
    "headers of several lines": ("python", 1, "def f():\n    pass\n\n▁▁\ndef g(\n    a,\n):\n    pass\n"),
    "comments begin what is next": ("python", 1, "def f():\n    pass\n\n▁▁\n# of g\ndef g():\n    pass\n"),
    "groups deep inside": (
        "python",
        0,
        "def f():\n    for x in y:\n        if x:\n" + "            g(x)\n" * 9 + "▁▁\n        elif y:\n            h(x)\n    return y\n▁▁\nx = 1\n",
    ),
    "groups in a loop": (
        "python",
        0,
        "def f():\n    for x in y:\n" + "        g(x)\n" * 10 + "▁▁\n        h(x)\n        h(x)\n",
    ),
    "groups behind else": (
        "python",
        0,
        "if a:\n    b()\n    c()\nelse:\n" + "    g()\n" * 8 + "▁▁\n    h()\n    h()\n",
    ),
    "methods of a long class": (
        "javascript",
        0,
        "class A {\n  a() {\n    return 1;\n  }\n▁▁\n\n  // of b\n  b() {\n    return 2;\n  }\n▁▁\n\n"
        "  c() {\n    return 3;\n  }\n▁▁\n}\nconst x = 1;\n",
    ),
    "exported functions": ("javascript", 0, "export function f() {\n}\n▁▁\n/** Of g. */\nexport const g = () => {\n};\n"),
    "what may go on": ("javascript", 1, "const f = () => {\n}\n▁▁\nif (a) {\n}\nelse {\n}\n▁▁\ng();\n"),
    "constants in a function are no symbols": (
        "javascript",
        0,
        "function f() {\n" + "  const a = 1;\n" * 5 + "▁▁\n  const b = 1;\n  return b;\n}\n",
    ),
    "decorated methods": (
        "typescript",
        0,
        "class A {\n  f(): void {\n  }\n▁▁\n  @In()\n  g(): void {\n  }\n▁▁\n}\ninterface B {\n}\n",
    ),
    "elements": (
        "typescriptreact",
        0,
        "const A = () => (\n  <ul>\n" + "    <li>{a}</li>\n" * 10 + "▁▁\n    <li></li>\n  </ul>\n);\n",
    ),
    "behind else": (
        "javascript",
        0,
        "function f() {\n  if (a) {\n    b();\n  } else {\n" + "    g();\n" * 8 + "▁▁\n    h();\n  }\n  return b;\n}\n▁▁\nf();\n",
    ),
    "one element in parentheses": ("typescriptreact", 0, "const A = () => (\n  <B\n" + "    c={1}\n" * 12 + "  />\n);\n▁▁\nconst b = 1;\n"),
    "functions of go": ("go", 0, "package a\n▁▁\n\n// F does.\nfunc F() {\n\tg()\n}\n▁▁\n\nfunc G() {\n}\n"),
    "groups of go": ("go", 0, "func F() {\n" + "\tg()\n" * 5 + "▁▁\n\th()\n\treturn\n}\n"),
    "branches of go": ("go", 0, "func F() {\n\tswitch a {\n" + "\tcase 1:\n\t\tg()\n" * 5 + "▁▁\n\tcase 2:\n\t\tg()\n\t}\n}\n"),
    "attributes stick to what follows": (
        "rust",
        0,
        "use a::b;\n▁▁\n\n/// Of A.\n#[derive(Debug)]\nstruct A {\n}\n▁▁\n\nimpl A {\n    /// Of f.\n    fn f() {\n    }\n▁▁\n"
        "\n    #[inline]\n    fn g() {\n    }\n▁▁\n}\n",
    ),
    "tests of rust": ("rust", 0, "mod tests {\n    #[test]\n    fn f() {\n    }\n▁▁\n    fn g() {}\n▁▁\n}\n"),
    "members of java": (
        "java",
        0,
        "class A {\n    int f() {\n        return 1;\n    }\n▁▁\n\n    @Override\n    public A() {\n    }\n▁▁\n}\n",
    ),
    "try of java": (
        "java",
        0,
        "class A {\n  void f() {\n    try {\n" + "      g();\n" * 9 + "▁▁\n      h();\n    } catch (E e) {\n    }\n  }\n▁▁\n}\n",
    ),
    "functions of c": ("c", 0, "#include <a.h>\n▁▁\nstatic int\nf(void)\n{\n    return 1;\n}\n▁▁\nstruct s {\n    int a;\n};\n"),
    "else of c": (
        "c",
        1,
        "int f(void) {\n" + "    g();\n" * 4 + "    if (a)\n        h();\n    else\n        k();\n▁▁\n    return 1;\n}\n",
    ),
    "guards of c": ("c", 0, "#ifndef A_H\n#define A_H\nint f(void) {\n}\n▁▁\nint g(void) {\n}\n▁▁\n#endif\n"),
    "macros of several lines": ("c", 0, "#define A \\\n    1\n▁▁\nint a;\n"),
    "branches of c": (
        "c",
        0,
        "int f(void) {\n    switch (a) {\n    case 1:\n" + "        g();\n" * 9 + "▁▁\n        h();\n        break;\n    }\n}\n",
    ),
    "members of c++": (
        "cpp",
        0,
        "namespace n {\nclass A {\npublic:\n    A() : a_(1) {}\n▁▁\n    int a() {\n        return a_;\n    }\n▁▁\n"
        "    int a_;\n};\n▁▁\ntemplate <typename T>\nT g() {\n}\n▁▁\n}\n",
    ),
    "try of c++": ("cpp", 0, "void f() {\n  try {\n" + "    g();\n" * 10 + "▁▁\n    h();\n  } catch (...) {\n  }\n}\n"),
    "behind an error": ("c", 0, "int = f(;\nint f(void) {\n}\n▁▁\nint g(void) {\n}\n"),
    "blocks without a grammar": ("lua", 1, "a = 1\nb = 1\n\n\n▁▁\nc = 1\n \n▁▁\nd = 1\n"),
}  # fmt: skip


@pytest.mark.parametrize(("language_id", "lines", "draft"), CUTS.values(), ids=CUTS.keys())
def test_what_is_complete_is_closed_as_soon_as_that_shows(language_id: str, lines: int, draft: str) -> None:
    """`lines`: how many lines behind the first unit have to be there before it closes."""
    language = language_by_id(language_id)
    expected = draft.split(BAR)
    assert [unit.text for unit in cut(language, ["".join(expected)])] == expected
    units = UnitStream(language)
    following = "".join(expected[1:]).splitlines(keepends=True)
    closed = [[unit.text for unit in units.feed(line)] for line in (expected[0], *following[:lines])]
    assert closed == [[]] * lines + [[expected[0]]]


@pytest.mark.parametrize(
    ("language", "draft"),
    [
        pytest.param("python", "def f(:\n    x = = 1\n\n" * 60, id="broken"),
        pytest.param("python", "Sure, here is what it does.\nIt isn't code.\n\n" * 60, id="prose"),
        pytest.param("python", "Sure, here is what it does.\nIt isn't code {\n" * 65, id="prose-without-blank-lines"),
        pytest.param("javascript", "const s = `\n" + "text\n" * 200, id="string-that-never-ends"),
        pytest.param("lua", "x = 1\n" * 400, id="no-grammar-and-no-blank-line"),
        pytest.param("python", "\n" * 400, id="blank-lines"),
        pytest.param("c", "}\n" * 400, id="closing-brackets"),
    ],
)
def test_text_that_never_parses_is_cut_all_the_same(language: str, draft: str) -> None:
    units = cut(language_by_id(language), [draft])
    assert "".join(unit.text for unit in units) == draft
    assert max(unit.text.count("\n") for unit in units) <= 120


def statements(count: int, ending: str = "") -> str:
    return "".join(f"    value_{n} = compute(value_{n - 1}, {n}){ending}\n" for n in range(1, count + 1))


ENDLESS = {
    "function": ("python", "def f(value_0):\n" + statements(2000)),
    "function of go": ("go", "func f(value_0 int) {\n" + statements(2000)),
    "function of c": ("c", "int f(int value_0)\n{\n" + statements(2000, ";")),
    "class": ("java", "class A {\n" + "    int f(int a) {\n        g(a);\n        return a;\n    }\n" * 500),
    "class of python": ("python", "class A:\n" + "    def f(self, a):\n        b = a\n        return b\n\n" * 500),
    "dict": ("python", "X = {\n" + "    'key': [1, 2, 3],\n" * 3000),
    "array": ("c", "static const int x[] = {\n" + "    1, 2, 3, 4,\n" * 3000),
    "functions": ("rust", "fn f(a: i32) -> i32 {\n    a\n}\n\n" * 400),
    "chain": ("javascript", "const x = a\n" + "  .then(f)\n" * 1000),
    "branches": ("python", "if a == 0:\n    b()\n" + "elif a == 1:\n    c()\n" * 500),
    "depth": ("c", "int f(void) {\n" + "".join("  " * min(n, 30) + "if (a) {\n" for n in range(300))),
    "string": ("javascript", "const s = `\n" + "text that goes on\n" * 1000),
    "prose": ("python", "Sure, here is (what it does\nIt isn't code {\n" * 200),
    "no grammar": ("lua", "x = 1\n" * 2000),
}


@pytest.mark.parametrize(("language_id", "draft"), ENDLESS.values(), ids=ENDLESS.keys())
def test_a_line_costs_the_same_however_long_the_draft_is(
    language_id: str, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in bytes parsed: time would say little on a busy machine."""
    costs: list[int] = []

    def counting(language: Language, source: bytes) -> object:
        costs[-1] += len(source)
        return parse(language, source)

    monkeypatch.setattr(boundaries, "parse", counting)
    units = UnitStream(language_by_id(language_id))
    for line in draft.splitlines(keepends=True):
        costs.append(0)
        units.feed(line)
    half = len(costs) // 2
    assert max(costs) <= 30_000
    assert sum(costs[half:]) <= 1.5 * sum(costs[:half])
    assert sum(costs) <= 65 * len(draft)


def test_a_very_long_line_is_parsed_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def measuring(language: Language, source: bytes) -> object:
        sizes.append(len(source))
        return parse(language, source)

    monkeypatch.setattr(boundaries, "parse", measuring)
    draft = "x = '" + "a" * 100_000 + "'\n"
    units = UnitStream(language_by_id("python"))
    assert [unit.text for character in draft for unit in units.feed(character)] == [draft]
    assert max(sizes, default=0) < 100


def test_what_a_very_long_line_stands_in_is_not_forgotten() -> None:
    long = "    a = '" + "a" * 10_000 + "';\n"
    head, tail = "  f() {\n  }\n", "    return a;\n  }\n"
    units = cut(language_by_id("javascript"), [f"class A {{\n{head}  g() {{\n{long}{tail}{head}}}\n"])
    assert [unit.text for unit in units] == [f"class A {{\n{head}", f"  g() {{\n{long}", tail, head, "}\n"]


@pytest.mark.parametrize("text", ["", "\n", "x = 1", "\ud800\n"])
def test_small_drafts(text: str) -> None:
    assert "".join(unit.text for unit in cut(language_by_id("python"), [text])) == text


@pytest.mark.parametrize(("text", "blank"), [("\n \n", True), ("}\n\n);\n", True), ("x\n", False), ("é\n", False)])
def test_blank_units_are_told_apart(text: str, blank: bool) -> None:
    assert [unit.blank for unit in cut(language_by_id("python"), [text])] == [blank]


def test_a_line_may_close_two_units() -> None:
    units = UnitStream(language_by_id("javascript"))
    assert units.feed("const f = () => {\n}\n") == []
    closed = units.feed("const g = 1;\n")
    assert [unit.text for unit in closed] == ["const f = () => {\n}\n", "const g = 1;\n"]


def test_closing_brackets_go_with_what_follows() -> None:
    draft = "class A {\n  f() {\n  }\n}\n\nfunction g() {\n}\n"
    units = cut(language_by_id("javascript"), [draft])
    assert [unit.text for unit in units] == ["class A {\n  f() {\n  }\n", "}\n\nfunction g() {\n}\n"]


def test_sources_parse() -> None:
    assert not [language for language, text in SOURCES.items() if parsed(language, text).tree.root_node.has_error]
