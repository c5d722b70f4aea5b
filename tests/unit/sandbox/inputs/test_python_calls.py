"""The calls that are made up for a Python function."""

import ast
from random import Random

import pytest

from pillion.sandbox.inputs.hints import Hints
from pillion.sandbox.inputs.python_arguments import Argument
from pillion.sandbox.inputs.python_calls import python_calls
from pillion.sandbox.inputs.shared_values import with_shared_value
from pillion.sandbox.inputs.smaller_python import smaller_calls
from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice

NO_HINTS = Hints()


def slice_of(text: str) -> Slice:
    return Slice(text, text[text.rindex("def ") + 4 :].partition("(")[0], text[text.rindex("def ") :])


def shown(text: str, hints: Hints = NO_HINTS) -> list[str]:
    return [each.shown for each in python_calls(slice_of(text), hints)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("def f(age: int):\n    return age < 18\n", {"f(17)", "f(18)", "f(19)"}),
        ("def f(mode):\n    return mode == 'fast'\n", {"f('fast')"}),
        ("def f(x: bool):\n    return x\n", {"f(True)", "f(False)"}),
        ("from typing import Literal\ndef f(x: Literal['a', 'b']):\n    return x\n", {"f('a')", "f('b')"}),
        ("def f(x: str | None):\n    return x\n", {"f(None)", "f('')"}),
        ("def f(xs: list[tuple[int, str]]):\n    return xs\n", {"f([])"}),
        ("def f(text):\n    return text.split(';')\n", {"f('a;b')"}),
        ("class C:\n    RED = 1\n\ndef f(n):\n    'f(41) is one'\n    return n\n", {"f(41)"}),
    ],
)
def test_types_comparisons_and_uses_give_inputs(text: str, wanted: set[str]) -> None:
    assert wanted <= set(shown(text))


def test_records_have_the_keys_and_objects_the_attributes_that_are_read() -> None:
    assert any("{'price': " in each for each in shown("def f(row):\n    return row['price'] * 2\n"))
    assert any("_Thing(name=" in each for each in shown("def f(one):\n    return one.name\n"))


def test_calls_are_distinct_and_always_the_same() -> None:
    text = "def f(a, b, c=0):\n    return a + b if c else a\n"
    assert shown(text) == shown(text)
    assert len(set(shown(text))) == len(shown(text))


@pytest.mark.parametrize(
    ("hint", "is_taken"),
    [
        ("f([77])", True),
        ("assert f([77]) == 1", True),
        ("f(open('x'))", False),
        ("f(*[77])", False),
        ("f([77 for _ in range(9)])", False),
        ("g([77])", False),
        ("f([77", False),
    ],
)
def test_only_literal_arguments_of_what_others_wrote_are_taken(hint: str, is_taken: bool) -> None:
    text = "def f(a):\n    return a\n"
    for hints in (Hints(calls=(hint,)), Hints(proposals=(hint,))):
        assert any("77" in each for each in shown(text, hints)) == is_taken


def test_later_calls_are_new() -> None:
    old = slice_of("def f(text):\n    return text.upper()\n")
    first = python_calls(old, Hints())
    later = python_calls(old, Hints(returned=tuple(first)))
    assert later
    assert not {each.shown for each in first} & {each.shown for each in later}


@pytest.mark.parametrize("text", ["def f(", "def f():\n    return 1\n", "x = 1\ndef f(a=lambda: 1):\n    return a\n"])
def test_any_text_gives_calls_or_none(text: str) -> None:
    assert all(isinstance(each, Call) for each in python_calls(slice_of(text), Hints()))


def test_nested_text_gives_no_calls() -> None:
    assert python_calls(slice_of(f"def f(a):\n    return {'(' * 5000}a{')' * 5000}\n"), Hints()) == []


def test_smaller_calls_have_less_in_them() -> None:
    old = slice_of("def f(a):\n    return a\n")
    (call,) = [each for each in python_calls(old, Hints(calls=("f([5, 'abc'])",))) if each.shown == "f([5, 'abc'])"]
    smaller = smaller_calls(old, call)
    assert {"f([5])", "f(['abc'])", "f([0, 'abc'])"} <= {each.shown for each in smaller}
    assert all(isinstance(ast.parse(each.shown, mode="eval").body, ast.Call) for each in smaller)


LISTED = """class List:
    def __init__(self):
        self.items = []

    def add(self, title, tags=None):
        self.items.append({"title": title, "tags": list(tags or []), "done": False})

    def finish(self, at):
        self.items[at]["done"] = True

    def find(self, tag=None, done=None):
        return [each for each in self.items if done is None or each["done"] == done]
"""


def of_object(text: str, entry: str) -> list[str]:
    """The calls of a method of an object that is empty when it is made."""
    name = entry.rpartition(".")[2]
    method = text[text.index(f"def {name}(") :].partition("\n\n")[0]
    calls = python_calls(Slice(text, f"_receiver.{name}", f"    {method}", "_receiver = List()"), NO_HINTS)
    for each in calls:
        ast.parse(each.setup)
    return [each.shown for each in calls]


@pytest.mark.parametrize("wanted", ["find(done=True)", "find(done=False)", "find(tag="])
def test_each_filter_is_tried_alone_on_an_object_that_has_something_to_find(wanted: str) -> None:
    filled = [each for each in of_object(LISTED, "List.find") if each.startswith("add(") and "tags=" in each]
    assert [each for each in filled if f"), then {wanted}" in each]


@pytest.mark.parametrize(
    ("before", "arguments", "shared"),
    [
        (("add('a')",), ("'b'",), ("add('b')",)),
        (("add('a')",), ("3",), ("add('a')",)),
        (("take('a', 2)",), ("7",), ("take('a', 7)",)),
        (("add(['a'])",), ("['b']",), ("add(['b'])",)),
        (("add('a')",), ("''",), ("add('a')",)),
        (("add('a')",), ("_Thing(",), ("add('a')",)),
        (("add(",), ("'b'",), ("add(",)),
    ],
)
def test_an_earlier_call_takes_a_value_of_the_call_that_counts(
    before: tuple[str, ...], arguments: tuple[str, ...], shared: tuple[str, ...]
) -> None:
    chance = Random(1)  # noqa: S311 (nothing secret)
    assert with_shared_value(before, [Argument(each) for each in arguments], chance) == shared
