"""Which parts of the edited document are new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.edits.code import code_replacements
from pillion.edits.new_regions import new_regions
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.text.replacement import Replacement, apply_replacements
from tests.support.texts import symbol_in

SOURCE = '"""A shop."""\n\nimport os\n\n\ndef rate(year):\n    return 0\n\n\ndef other():\n    return os\n'


def parts(reply: str, source: str = SOURCE, name: str = "rate") -> list[str]:
    language = language_by_id("python")
    assert language is not None
    document = ParsedText.of(language, source)
    symbol = document.symbols.named(name)
    assert symbol is not None
    replacements = code_replacements(reply, symbol, document)
    after = apply_replacements(source, replacements)
    regions = new_regions(symbol, replacements, after)
    return [after[each.start : each.end] for each in regions]


RATE = "def rate(year):\n    return math, re"
HELPER = "def _of(year):\n    return 2"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        pytest.param(RATE, [RATE], id="the symbol"),
        pytest.param(f"import math\n\n\n{RATE}", [RATE, "import math\n"], id="with an import"),
        pytest.param(f"import math\nimport re\n\n\n{RATE}", [RATE, "import math\nimport re\n"], id="with two"),
        pytest.param(f"import os\n\n\n{RATE}", [RATE], id="with one that is there"),
        pytest.param("def rate(year):\n    if year:\n        return 1\n    return 2", None, id="longer"),
        pytest.param("def rate(year): pass", None, id="shorter"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_regions(reply: str, expected: list[str] | None, newline: str) -> None:
    found = parts(reply, SOURCE.replace("\n", newline))
    assert [part.replace("\r\n", "\n") for part in found] == ([reply] if expected is None else expected)


def test_a_helper_comes_along() -> None:
    symbol, *others = parts(f"import math\n\n\n{HELPER}\n\n\ndef rate(year):\n    return math.ceil(_of(year))")
    together = "".join([symbol, *others])
    assert HELPER in together
    assert "import math" in "".join(others)
    assert "def other" not in together
    assert "A shop" not in together


def test_a_method_in_its_class() -> None:
    source = "class A:\n    @property\n    def rate(self):\n        return 0\n\n    def b(self):\n        return 1\n"
    assert parts("def rate(self):\n    return 2", source) == ["@property\n    def rate(self):\n        return 2"]


@given(st.data())
def test_the_symbol_is_found_whatever_was_replaced_around_it(data: st.DataObject) -> None:
    """Lines inserted, removed and replaced above, in and below the symbol; none of them reaches over its edge."""
    before, inside, after = "import a\nimport b\n\n", "def f():\n    x = 1\n    return x", "\n\ny = 2\nz = 3\n"
    source = before + inside + after
    symbol = symbol_in("python", source, "f")
    assert (symbol.start, symbol.end) == (len(before), len(before) + len(inside))
    parts = {
        "above": (0, len(before) - 1),
        "in": (len(before) + 1, len(before) + len(inside) - 1),
        "below": (len(before) + len(inside) + 1, len(source)),
    }
    texts = {"above": "A", "in": "I", "below": "B"}
    replacements: list[Replacement] = []
    for name, (low, high) in parts.items():
        places = sorted(data.draw(st.lists(st.integers(low, high), max_size=4, unique=True), label=name))
        for start, end in zip(places[::2], places[1::2], strict=False):
            replacements.append(Replacement(start, end, texts[name] * data.draw(st.integers(0, 30))))
    edited = apply_replacements(source, replacements)
    written, *others = new_regions(symbol, replacements, edited)
    head = apply_replacements(before, [each for each in replacements if each.end < len(before)])
    tail = apply_replacements(after, [each.moved(-symbol.end) for each in replacements if each.start > symbol.end])
    assert (edited[: written.start], edited[written.end :]) == (head, tail)
    for each in others:
        assert 0 <= each.start < each.end <= len(edited)
        assert {"A", "B"} & set(edited[each.start : each.end])


@pytest.mark.parametrize("hidden", ["\x1f", "\x85", "\u2028", "\u2003"])
def test_what_looks_blank_is_new_too(hidden: str) -> None:
    language = language_by_id("python")
    assert language is not None
    document = ParsedText.of(language, SOURCE)
    symbol = document.symbols.named("rate")
    assert symbol is not None
    replacements = (Replacement(0, 0, f"{hidden}\n"), Replacement(symbol.end, symbol.end, "  # x"))
    after = apply_replacements(SOURCE, replacements)
    regions = new_regions(symbol, replacements, after)
    assert any(hidden in after[each.start : each.end] for each in regions)
