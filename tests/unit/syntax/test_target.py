"""A target: a range, and the symbols in it."""

import pytest

from pillion.errors import NothingToDoError
from pillion.syntax.target import Target
from tests.support.texts import parsed

TEXT = '''"""A shop."""

class A:
    def f(self):
        return 1

    @property
    def g(self):
        return 2


def one():
    pass


def two():
    def inner():
        return 3
    return inner


async def three():
    pass
'''
# (the first word that is selected, the last, the symbol around it, the symbols in it, its name)
PLACES = {
    "a cursor": ("return 1", "", "f", ["f"], "f"),
    "a cursor on top": ('"""A', "", None, [], ""),
    "a line": ("return 2", "return 2", "g", ["g"], "g"),
    "a whole function": ("def one", "pass", "one", ["one"], "one"),
    "two methods": ("def f", "return 2", "A", ["f", "g"], "A"),
    "two functions": ("def one", "return inner", None, ["one", "two"], "one and two"),
    "with half a function": ("def one", "def inner", None, ["one"], "one"),
    "all of it": ('"""A', "three():\n    pass", None, ["A", "one", "two", "three"], "A, one and 2 more"),
    "from above a function": ("def two", "return inner", "two", ["two"], "two"),
}


@pytest.mark.parametrize(("first", "last", "around", "names", "name"), PLACES.values(), ids=PLACES)
def test_the_symbols_of_a_range(first: str, last: str, around: str | None, names: list[str], name: str) -> None:
    start = TEXT.index(first)
    end = TEXT.index(last, start) + len(last) if last else start
    target = Target.at(parsed("python", TEXT), start, end)
    assert [each.name for each in target.symbols] == names
    assert target.name == name
    if around is not None:
        assert target.symbol.name == around
    else:
        with pytest.raises(NothingToDoError):
            _ = target.symbol
