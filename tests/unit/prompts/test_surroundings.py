"""What a prompt says of the file around a symbol: its class and what its header names come first, bodies last."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillion.prompts.prompt import estimate_tokens
from pillion.prompts.surroundings import surroundings
from tests.support.texts import SOURCES, parsed

_LATER = "".join(f"\n\ndef later_{n}(x):\n    y = x + {n}\n    return y * y\n" for n in range(40))
PYTHON = f'''\
"""Shapes."""
import math

LIMIT = 3


class Point:
    """A place."""

    def __init__(self, x, y):
        self.x = x
        self.y = y


class Shape:
    """Points in order."""

    kind = "polygon"

    def __init__(self, *points):
        self.points = points

    @property
    def closed(self):
        return bool(self.points) and self.points[0] == self.points[-1]

    def length(self, to: Point) -> float:
        """How long it is."""

    def moved(self, dx):
        return Shape(*(Point(p.x + dx, p.y) for p in self.points))
{_LATER}'''
GO = """\
package shapes

import "math"

// Ring is round.
type Ring struct {
	radius float64
}

func (r *Ring) Area() float64 {
	return math.Pi * r.radius * r.radius
}

func (r *Ring) Grow(by float64) {
}
""" + "".join(f"\nfunc Later{n}(x int) int {{\n\ty := x + {n}\n\treturn y\n}}\n" for n in range(40))
RUST = """\
use std::fmt;

/// Keeps numbers.
pub struct Bag {
    items: Vec<i32>,
}

impl Bag {
    pub fn new() -> Self {
        Bag { items: Vec::new() }
    }

    pub fn push(&mut self, item: i32) {
        self.items.push(item);
        self.items.sort();
    }

    pub fn largest(&self) -> Option<i32> {
        todo!()
    }
}
""" + "".join(f"\nfn later_{n}(x: i32) -> i32 {{\n    let y = x + {n};\n    y\n}}\n" for n in range(40))


def _around(language: str, text: str, name: str, budget_tokens: int) -> tuple[list[str], str]:
    document = parsed(language, text)
    symbol = document.symbols.named(name)
    assert symbol is not None
    shown, omitted = surroundings(symbol, document, budget_tokens)
    return shown.splitlines()[1:-1], omitted


def test_the_class_comes_first_with_its_fields_and_signatures() -> None:
    shown, omitted = _around("python", PYTHON, "length", 74)
    assert shown == [
        "…",
        "class Shape:",
        '    """Points in order."""',
        "",
        '    kind = "polygon"',
        "",
        "    def __init__(self, *points):",
        "        self.points = points",
        "",
        "    @property",
        "    def closed(self):",
        "        …",
        "",
        "    …",
        "",
        "    def moved(self, dx):",
        "        …",
    ]
    assert omitted.endswith("lines around “length”")


@pytest.mark.parametrize(
    ("language", "text", "name", "budget_tokens", "there", "not_there"),
    [
        pytest.param("python", PYTHON, "length", 30, ["class Shape:"], ["def later", "class Point"], id="little room"),
        pytest.param("python", PYTHON, "length", 130, ["class Shape:", "class Point:"], ["later_9"], id="a named type"),
        pytest.param("python", PYTHON, "length", 150, ["class Point:", "import math", "LIMIT"], ["y = x"], id="the head"),
        pytest.param("python", PYTHON, "length", 300, ["def later_0(x):"], ["later_39"], id="the nearest"),
        pytest.param(
            "python", PYTHON, "length", 900, ["return Shape(*(Point(", "def later_39"], [], id="bodies, nearest first"
        ),
        pytest.param("python", PYTHON, "later_20", 60, ["import math", "LIMIT"], ["class Shape"], id="a function"),
        pytest.param("go", GO, "Grow", 60, ["type Ring struct {", "radius float64"], ["Later9"], id="Go's receiver"),
        pytest.param("rust", RUST, "largest", 90, ["impl Bag {", "fn push(&mut self, item: i32) …", "pub struct Bag {"],
                     ["later_9", "sort"], id="Rust's struct"),
    ],
)  # fmt: skip
def test_what_comes_is_what_the_code_may_use(
    language: str, text: str, name: str, budget_tokens: int, there: list[str], not_there: list[str]
) -> None:
    shown = "\n".join(_around(language, text, name, budget_tokens)[0])
    assert [part for part in there if part not in shown] == []
    assert [part for part in not_there if part in shown] == []


def test_a_file_for_which_there_is_room_comes_whole() -> None:
    shown, omitted = _around("python", PYTHON, "length", 5000)
    assert omitted == ""
    assert "    y = x + 39" in shown
    assert "…" not in "\n".join(shown)


@settings(max_examples=80, deadline=None)
@given(language=st.sampled_from(sorted(SOURCES)), pick=st.integers(0, 30), budget_tokens=st.integers(1, 400))
def test_the_budget_is_kept_and_the_symbol_itself_never_comes(language: str, pick: int, budget_tokens: int) -> None:
    document = parsed(language, SOURCES[language] * 3)
    symbols = [document.symbols.read(node) for node in document.symbols.walk()]
    symbol = symbols[pick % len(symbols)]
    shown, _ = surroundings(symbol, document, budget_tokens)
    gaps = shown.count("…")
    assert estimate_tokens(shown) <= budget_tokens + 10 + 2 * gaps
