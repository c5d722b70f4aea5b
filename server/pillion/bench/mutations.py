"""Seeded bugs: one small change, made by a script in a function's own text, that still compiles."""

import ast
import random
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pillion.bench import mutation_expressions as expressions
from pillion.bench import mutation_names as names
from pillion.bench import mutation_statements as statements
from pillion.bench.function_source import Edit, FunctionSource


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of bug. `edits` yields an edit for every place where it fits, in the order of the text."""

    name: str
    summary: str
    edits: Callable[[FunctionSource], Iterator[Edit]]


KINDS: tuple[Kind, ...] = (
    Kind("off-by-one", "a range, slice or index goes one too far", expressions.off_by_one),
    Kind("wrong-comparison", "< for <=, == for !=, in for not in …", expressions.wrong_comparison),
    Kind("is-for-equals", "identity where equality is meant", expressions.is_for_equals),
    Kind("wrong-operator", "+ for -, * for + …", expressions.wrong_operator),
    Kind("wrong-division", "// for /, or / for //", expressions.wrong_division),
    Kind("swapped-arguments", "two neighbouring arguments change places", expressions.swapped_arguments),
    Kind("lost-return", "the value is computed and not returned", statements.lost_return),
    Kind("return-in-loop", "the return behind a loop slips into it", statements.return_in_loop),
    Kind("lost-guard", "a clause that returned, raised or went on early is gone", statements.lost_guard),
    Kind("mutable-default", "a default that all calls share", expressions.mutable_default),
    Kind("swallowed-exception", "a handler does nothing", statements.swallowed_exception),
    Kind("and-or", "and for or, or for and", expressions.swapped_and_or),
    Kind("negated-condition", "a condition is turned round", expressions.negated_condition),
    Kind("wrong-variable", "another local variable is read", names.wrong_variable),
    Kind("lost-await", "a coroutine is made and not awaited", expressions.lost_await),
    Kind("lost-update", "= for +=", statements.dropped_augmentation),
    Kind("inverted-boolean", "True for False, or False for True", expressions.inverted_boolean),
    Kind("wrong-constant", "0 for 1, or 1 for 0", expressions.wrong_constant),
    Kind("break-continue", "break for continue, or continue for break", statements.swapped_break),
    Kind("lost-call", "a strip(), lower(), sort() … is gone", expressions.lost_call),
    Kind("invented-function", "a call of a function that there isn't", names.invented_function),
    Kind("invented-method", "a call of a method that there isn't", names.invented_method),
    Kind("invented-import", "an import of something that there isn't", names.invented_import),
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A function with one bug. `lines` are the lines of `text` that the change touches, from 1, at least one.

    If text was removed, the line is the one that is there now.
    """

    kind: str
    text: str
    lines: tuple[int, ...]


def mutate(text: str, kind: Kind, seed: str) -> Mutant | None:
    """A mutant of one function (at column 0) by one kind of bug, or None if there is no place for it.

    The same text, kind and seed give the same mutant.

    Raises:
        ValueError: `text` isn't one function.
    """
    source = FunctionSource(text)
    edits = list(kind.edits(source))
    random.Random(f"{seed}:{kind.name}").shuffle(edits)  # noqa: S311 (nothing secret)
    before = ast.dump(ast.Module([source.function], []))
    for edit in edits:
        mutated = text[: edit.start] + edit.new + text[edit.end :]
        after = _compiled(mutated)
        if after is not None and after != before:  # equal if the change fell into a comment
            return Mutant(kind.name, mutated, _lines(mutated, edit))
    return None


def applicable_kinds(text: str) -> frozenset[Kind]:
    """The kinds of bug that seem to fit in one function; only `mutate` is certain.

    Raises:
        ValueError: `text` isn't one function.
    """
    source = FunctionSource(text)
    return frozenset(kind for kind in KINDS if next(kind.edits(source), None) is not None)


def _compiled(text: str) -> str | None:
    """The dump of a text's tree if it is one function that compiles. Nothing is run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `x is "a"` is seeded on purpose
        try:
            tree = ast.parse(text)
            compile(text, "<mutant>", "exec", dont_inherit=True)
        except SyntaxError:
            return None
    return ast.dump(tree) if len(tree.body) == 1 else None


def _lines(mutated: str, edit: Edit) -> tuple[int, ...]:
    first = mutated.count("\n", 0, edit.start) + 1
    last_line = mutated.removesuffix("\n").count("\n") + 1
    more = edit.new.rstrip().count("\n")
    return tuple(range(min(first, last_line), min(first + more, last_line) + 1))
