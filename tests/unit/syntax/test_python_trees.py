"""Python's trees while others parse, too."""

import ast
import gc
from collections.abc import Iterator

import pytest

from pillion.syntax.python_trees import parse_expression, parse_literal, parse_module, tried_again

SOURCE = "def total(prices):\n" + "".join(f"    if prices > {n}:\n        return [{n}, (1, 2)]\n" for n in range(30))


@pytest.fixture
def _parsed_in_between() -> Iterator[None]:
    """Another tree is made in the middle of making one, as another thread may."""
    busy = False

    def parse(phase: str, info: dict[str, int]) -> None:
        nonlocal busy
        if phase == "stop" and not busy:
            busy = True
            compile("a = (1, [2])", "other", "exec", ast.PyCF_ONLY_AST)
            busy = False

    threshold = gc.get_threshold()
    gc.callbacks.append(parse)
    gc.set_threshold(150)
    yield
    gc.set_threshold(*threshold)
    gc.callbacks.remove(parse)


@pytest.mark.usefixtures("_parsed_in_between")
def test_trees_are_whole_whoever_else_parses() -> None:
    assert len(ast.dump(parse_module(SOURCE))) > 5_000
    assert ast.unparse(parse_expression("[1, (2, 3)]")) == "[1, (2, 3)]"
    assert parse_literal(" {'a': [1, None]}") == {"a": [1, None]}


def test_it_is_parsed_again_until_no_other_thread_disturbs() -> None:
    failures = [SystemError("AST constructor recursion depth mismatch (before=42, after=36)")] * 3

    def parse() -> str:
        if failures:
            raise failures.pop()
        return "parsed"

    assert tried_again(parse) == "parsed"


@pytest.mark.parametrize(("source", "error"), [("def", SyntaxError), ("a\0b", (ValueError, SyntaxError))])
def test_what_is_wrong_with_the_source_is_said(source: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_module(source)
