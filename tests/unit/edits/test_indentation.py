"""A draft stands where its symbol stands: depth, unit, and every string as it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.edits.indentation import base_of, indent_unit, leading, reindent, unit_of
from pillion.syntax.languages import language_by_id
from tests.support.texts import SOURCES, parsed, symbol_in

FOUR = "def f(a):\n    if a:\n        return 1\n\n    return 2"
TWO = FOUR.replace("    ", "  ")
TABS = FOUR.replace("    ", "\t")


def moved(language_id: str, draft: str, base: str, unit: str) -> str:
    language = language_by_id(language_id)
    assert language is not None
    return reindent(draft, base=base, unit=unit, language=language)


def shifted(text: str, by: str) -> str:
    """Every line but the first `by` further in."""
    return "\n".join(by + line if line and number else line for number, line in enumerate(text.split("\n")))


@pytest.mark.parametrize(
    ("draft", "drafted_at"),
    [(FOUR, ""), (FOUR, "  "), (FOUR, "    "), (TWO, ""), (TWO, "  "), (TWO, "    "), (TABS, ""), (TABS, "\t")],
    ids=["four", "four-2-in", "four-4-in", "two", "two-2-in", "two-4-in", "tabs", "tabs-in"],
)
@pytest.mark.parametrize(
    ("base", "unit", "expected"),
    [
        pytest.param("", "    ", FOUR, id="to-four"),
        pytest.param("", "  ", TWO, id="to-two"),
        pytest.param("", "\t", TABS, id="to-tabs"),
        pytest.param("    ", "    ", shifted(FOUR, "    "), id="to-four-in"),
        pytest.param("\t\t", "\t", shifted(TABS, "\t\t"), id="to-tabs-in"),
    ],
)
def test_any_draft_anywhere(draft: str, drafted_at: str, base: str, unit: str, expected: str) -> None:
    whole = drafted_at + shifted(draft, drafted_at)
    assert moved("python", whole, base, unit) == expected
    assert moved("python", f"\n\n{whole}  \n\n", base, unit) == expected


CASES = {
    "first line at the margin, the rest in the class": (
        "python",
        "def f(self):\n        if self.a:\n            return 1\n        return 2",
        "def f(self):\n        if self.a:\n            return 1\n        return 2",
    ),
    "first line at the margin, one level in the class": (
        "python",
        "def f(self):\n        return 1",
        "def f(self):\n        return 1",
    ),
    "decorator at the margin, the rest in the class": (
        "python",
        "@property\n    def f(self):\n        return 1",
        "@property\n    def f(self):\n        return 1",
    ),
    "decorator and all at the margin": (
        "python",
        "@property\ndef f(self):\n    return 1",
        "@property\n    def f(self):\n        return 1",
    ),
    "header on several lines": (
        "python",
        "def f(\n    self,\n    a,\n):\n    return 1",
        "def f(\n        self,\n        a,\n    ):\n        return 1",
    ),
    "header on several lines, the rest in the class": (
        "python",
        "def f(\n        self,\n    ):\n        return 1",
        "def f(\n        self,\n    ):\n        return 1",
    ),
    "python that ends in a bracket": (
        "python",
        "def f():\n    return g(\n        1,\n    )",
        "def f():\n        return g(\n            1,\n        )",
    ),
    "python that ends in brackets": (
        "python",
        "def f():\n    return {\n        1: [\n            2,\n        ]\n    }",
        "def f():\n        return {\n            1: [\n                2,\n            ]\n        }",
    ),
    "aligned arguments": (
        "python",
        "def f(a,\n      b):\n    return g(a,\n             b)",
        "def f(a,\n          b):\n        return g(a,\n                 b)",
    ),
    "comment at the margin": ("python", "def f():\n# why\n    return 1", "def f():\n    # why\n        return 1"),
    "strings keep their lines": (
        "python",
        'def f():\n    x = """\n  a\n\n"""\n    return x',
        'def f():\n        x = """\n  a\n\n"""\n        return x',
    ),
    "docstrings move along": (
        "python",
        'def f():\n    """Doc.\n\n    More:\n        x\n    """\n    return 1',
        'def f():\n        """Doc.\n\n        More:\n            x\n        """\n        return 1',
    ),
    "line separators in strings": (
        "python",
        'def f():\n    x = "a\u2028b\x0cc"\n    y = """\n  a"""',
        'def f():\n        x = "a\u2028b\x0cc"\n        y = """\n  a"""',
    ),
    "lines of blanks": ("python", "def f():\n    a\n      \n    b", "def f():\n        a\n\n        b"),
    "one line": ("python", "   def f(): return 1", "def f(): return 1"),
    "nothing": ("python", "\n", ""),
    "braces": ("javascript", "f() {\n  return 1;\n}", "f() {\n        return 1;\n    }"),
    "braces, the rest in the class": ("javascript", "f() {\n    return 1;\n  }", "f() {\n        return 1;\n    }"),
    "templates keep their lines": (
        "javascript",
        "function f() {\n  return `\n a\n`;\n}",
        "function f() {\n        return `\n a\n`;\n    }",
    ),
    "where clause": (
        "rust",
        "fn f<T>(x: T)\nwhere\n    T: A,\n{\n    g(x)\n}",
        "fn f<T>(x: T)\n    where\n        T: A,\n    {\n        g(x)\n    }",
    ),
    "raw strings of go": (
        "go",
        "func f() {\n\tx(`\na\n`)\n}",
        "func f() {\n        x(`\na\n`)\n    }",
    ),
}


@pytest.mark.parametrize(("language", "draft", "expected"), CASES.values(), ids=CASES.keys())
def test_a_draft_moves_four_blanks_in(language: str, draft: str, expected: str) -> None:
    assert moved(language, draft, "    ", "    ") == expected


@pytest.mark.parametrize("language", SOURCES)
def test_what_stands_right_stays_as_it_is(language: str) -> None:
    document = parsed(language, SOURCES[language])
    for symbol in map(document.symbols.read, document.symbols.walk()):
        base, unit = base_of(symbol, document.text), unit_of(symbol, document.text)
        assert moved(language, symbol.text, base, unit) == symbol.text


@st.composite
def python_function(draw: st.DrawFn) -> str:
    """A function with the given depths of statements, in steps of four."""
    lines, depth = ["def f():"], 1
    for _ in range(draw(st.integers(1, 6))):
        opens = draw(st.booleans())
        lines.append("    " * depth + ("if a:" if opens else "b()"))
        depth = depth + 1 if opens else draw(st.integers(1, depth))
    lines.append("    " * depth + "c()")
    return "\n".join(lines)


@settings(max_examples=60, deadline=None)
@given(
    text=python_function(),
    own=st.sampled_from(["", "    ", "        "]),
    own_unit=st.sampled_from(["  ", "    ", "\t"]),
    first_at_margin=st.booleans(),
)
def test_depths_are_kept(text: str, own: str, own_unit: str, first_at_margin: bool) -> None:
    base = own.replace("    ", own_unit)
    draft = base + shifted(text.replace("    ", own_unit), base)
    if first_at_margin and len(own) <= 4:
        draft = draft.lstrip()
    assert moved("python", draft, "", "    ") == text


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", "default"),
        ("a\nb\n", "default"),
        (FOUR, "    "),
        (TWO, "  "),
        (TABS, "\t"),
        ("    def f():\n      return 1\n", "  "),
        ("class A:\n  def f(self,\n         a):\n    return 1\n  x = 1\n", "  "),
        ("/**\n * a\n */\n", "default"),
        ("a:\n\n    b\n", "    "),
    ],
)
def test_the_unit_of_a_text(text: str, unit: str) -> None:
    assert indent_unit(text, "default") == unit


@pytest.mark.parametrize(
    ("language", "text", "name", "base", "unit"),
    [
        ("python", "class A:\n    def f(self):\n        return 1\n", "f", "    ", "    "),
        ("python", "class A:\n  def f(self):\n    return 1\n", "f", "  ", "  "),
        ("python", "class A:\n\tdef f(self):\n\t\treturn 1\n", "f", "\t", "\t"),
        ("python", "class A:\n  x = 1\ndef f():\n    return 1\n", "f", "", "    "),
        ("python", "class A:\n  def f(self): pass\n", "f", "  ", "  "),
        ("javascript", "class A {\n  f(a,\n    b) {\n    return 1;\n  }\n}\n", "f", "  ", "  "),
        ("javascript", "function f()\n{\n  return 1;\n}\n", "f", "", "  "),
        ("go", "func f() {\n\treturn\n}\n", "f", "", "\t"),
        ("rust", "impl A {\n    #[inline]\n    fn f() {\n        g()\n    }\n}\n", "f", "    ", "    "),
    ],
)
def test_base_and_unit_of_a_symbol(language: str, text: str, name: str, base: str, unit: str) -> None:
    symbol = symbol_in(language, text, name)
    assert (base_of(symbol, text), unit_of(symbol, text)) == (base, unit)


@pytest.mark.parametrize(("line", "white"), [("", ""), ("a", ""), (" \ta b", " \t"), ("\n", ""), ("\u3000a", "")])
def test_leading(line: str, white: str) -> None:
    assert leading(line) == white
