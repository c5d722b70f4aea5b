"""What auditors are judged on: this Python's own functions, each clean and with one bug."""

import ast
import sys
import warnings
from collections import Counter
from pathlib import Path

import pytest

from pillion.bench.mutations import KINDS
from pillion.bench.suite import DEFAULT_FUNCTIONS, MAX_LINES, MIN_LINES, Suite, build_suite, library_functions
from pillion.errors import UsageError

FEW = ("textwrap", "heapq", "shlex")


@pytest.fixture(scope="module")
def suite() -> Suite:
    return build_suite()


def test_each_function_is_there_clean_and_with_one_bug(suite: Suite) -> None:
    clean, mutants = suite.samples[::2], suite.samples[1::2]
    assert len(clean) == len(mutants) == len({sample.name for sample in clean}) == DEFAULT_FUNCTIONS
    for twin, mutant in zip(clean, mutants, strict=True):
        assert twin.function is mutant.function
        assert (twin.clean, twin.mutated_lines, mutant.clean) == (True, (), False)
        assert mutant.mutated_lines
        assert set(mutant.mutated_lines) <= set(range(1, mutant.source.count("\n") + 1))
        assert ast.dump(ast.parse(twin.source)) != ast.dump(ast.parse(mutant.source))


def test_kinds_and_modules_are_about_as_frequent_as_each_other(suite: Suite) -> None:
    kinds = Counter(sample.kind for sample in suite.samples if not sample.clean)
    assert set(kinds) == {kind.name for kind in KINDS}
    assert max(kinds.values()) - min(kinds.values()) <= 1
    assert max(Counter(sample.function.module for sample in suite.samples).values()) <= 4


def test_a_sample_stands_in_its_module(suite: Suite) -> None:
    for sample in suite.samples:
        place = sample.function.start
        assert sample.document[place : place + len(sample.indented)] == sample.indented
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # `is` with a literal is one of the bugs
            compile(sample.document, sample.name, "exec", dont_inherit=True)
        if sample.clean:
            assert sample.document == sample.function.module_text


def test_functions_are_of_the_wanted_size_and_kind() -> None:
    functions = library_functions(FEW)
    places = [(FEW.index(each.module), each.start) for each in functions]
    assert places == sorted(places), "in the order of the text"
    assert len({each.name for each in functions}) == len(functions) > 20
    for each in functions:
        assert MIN_LINES <= each.source.count("\n") <= MAX_LINES
        node = ast.parse(each.source).body[0]
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        assert node.name == each.name.rsplit(".", 1)[1]


def test_a_stub_keeps_the_header_and_the_docstring() -> None:
    fill = next(each for each in library_functions(["textwrap"]) if each.name == "textwrap.indent")
    before, stub = (ast.parse(text) for text in (fill.module_text, fill.document_with_stub))
    changed = [(a, b) for a, b in zip(before.body, stub.body, strict=True) if ast.dump(a) != ast.dump(b)]
    ((old, new),) = changed
    assert isinstance(old, ast.FunctionDef)
    assert isinstance(new, ast.FunctionDef)
    assert (new.name, ast.dump(new.args)) == ("indent", ast.dump(old.args))
    assert ast.get_docstring(new) == ast.get_docstring(old) != ""
    assert [type(each) for each in new.body] == [ast.Expr, ast.Raise]


def test_the_same_arguments_give_the_same_suite() -> None:
    assert build_suite(9, modules=FEW).samples == build_suite(9, modules=FEW).samples
    prints = {build_suite(count, seed, FEW).fingerprint for count in (8, 9) for seed in (0, 1)}
    assert len(prints) == 4
    assert all(len(each) == 12 for each in prints)


def test_a_seed_picks_other_functions() -> None:
    first, second = ({each.name for each in build_suite(9, seed, FEW).samples} for seed in (0, 1))
    assert first != second


@pytest.mark.parametrize(
    ("functions", "modules", "words", "hint"),
    [
        pytest.param(0, FEW, "0 functions measures nothing", "at least 1", id="none"),
        pytest.param(-1, FEW, "-1 functions measures nothing", "at least 1", id="less"),
        pytest.param(10_000, ("heapq",), r"gives \d+ functions to judge by; 10000 were", "fewer", id="too many"),
        pytest.param(
            1, ("no.such.module", "math"), "gives 0 functions", "without their library's source", id="no source"
        ),
    ],
)
def test_what_cant_be_measured_is_said(functions: int, modules: tuple[str, ...], words: str, hint: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        build_suite(functions, modules=modules)
    assert hint in caught.value.hint


# A module as others write them, with what can't be moved or is no plain function.
MODULE = '''\
class Box:
    @property
    def size(self):
        """Doc."""
        total = 0
        for each in self:
            total += 1
        return total

    @size.setter
    def size(self, value):
        total = 0
        for each in value:
            total += 1
        self.all = total

    def text(self):
        found = """
left
"""
        if found:
            return found
        return 0


async def later(a,
                b=None):
    # é
    @a
    def inner():
        return b
    await inner()\x0c
    return 0


def short(a):
    return a
'''


def test_what_cant_be_moved_or_is_half_a_property_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd_functions.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    functions = library_functions(["odd_functions"])
    monkeypatch.delitem(sys.modules, "odd_functions")
    assert [(each.name, each.indentation) for each in functions] == [
        ("odd_functions.Box.size", "    "),
        ("odd_functions.later", ""),
    ]
    assert functions[0].source.startswith("@property\ndef size(self):\n")
    assert functions[1].header == "async def later(a,\n                b=None):\n    # é\n"
    for each in functions:
        assert each.document(each.source) == MODULE
        ast.parse(each.document_with_stub)
