"""Statements that are selected in Python's own library: whatever the reply, nothing around them changes."""

import ast
import random
from collections.abc import Callable, Iterator
from textwrap import dedent

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.errors import DraftRejectedError
from pillion.pipeline.draft import Draft
from pillion.pipeline.outcome import Outcome, Task, make_outcome
from pillion.syntax.document import ParsedText
from pillion.syntax.selection import selected
from pillion.syntax.symbols import STATEMENTS, Symbol
from pillion.syntax.target import Target
from tests.support.standard_library import functions
from tests.unit.pipeline.test_mutated_replies import fenced

TRIED = 20
MARK = "pillion_was_here = 1"
MORE = "pillion_was_there = 1"


def targets(seed: int) -> Iterator[tuple[ParsedText, Symbol]]:
    """Some statements of functions of the library."""
    choice = random.Random(seed)  # noqa: S311
    for document, symbol in functions(seed=seed):
        lines = document.text[: symbol.end].count("\n")
        first = document.text.count("\n", 0, symbol.body_start)
        if lines - first < 4:
            continue
        rows = sorted(choice.sample(range(first, lines + 1), 2))
        starts = [0, *(at + 1 for at, each in enumerate(document.text) if each == "\n")]
        found = selected(document, starts[rows[0]], starts[min(rows[1], len(starts) - 1)])
        if found is None or found.kind != STATEMENTS or found.inside is None or "\f" in document.text:
            continue
        line = document.text[document.text.rfind("\n", 0, found.start) + 1 : found.start]
        if not line.strip() and "\t" not in line:
            yield document, found


def marked(document: ParsedText, found: Symbol) -> str:
    """The statements, at the margin, with one more before them."""
    line = document.text[document.text.rfind("\n", 0, found.start) + 1 : found.start]
    return f"{MARK}\n{dedent(line + found.text)}\n"


def whole(document: ParsedText, found: Symbol, *, more: str = "") -> str:
    """The function around them, with one more statement before them; and `more` at its beginning."""
    inside = found.inside
    assert inside is not None
    text, start = document.text, document.text.rfind("\n", 0, inside.start) + 1
    line = text[text.rfind("\n", 0, found.start) + 1 : found.start]
    first = text[text.rfind("\n", 0, inside.body_start) + 1 : inside.body_start]
    head = text[start : inside.body_start] + (f"{more}\n{first}" if more else "")
    return dedent(f"{head}{text[inside.body_start : found.start]}{MARK}\n{line}{text[found.start : inside.end]}\n")


Form = Callable[[ParsedText, Symbol, random.Random], str]
FORMS: dict[str, Form] = {
    "alone": lambda document, found, choice: fenced(marked(document, found)),
    "words around": lambda document, found, choice: f"Sure!\n\n{fenced(marked(document, found))}\nIt is better.",
    "without a fence": lambda document, found, choice: marked(document, found),
    "before and after": lambda document, found, choice: (
        f"Before:\n{fenced(marked(document, found).partition(chr(10))[2])}\nAfter:\n{fenced(marked(document, found))}"
    ),
    "the whole function": lambda document, found, choice: fenced(whole(document, found)),
    "more than what is selected": lambda document, found, choice: fenced(whole(document, found, more=MORE)),
    "with an import": lambda document, found, choice: fenced(f"import fractions\n{marked(document, found)}fractions\n"),
    "cut off": lambda document, found, choice: f"```python\n{whole(document, found)[: choice.randint(9, 400)]}",
    "other lines": lambda document, found, choice: fenced(
        "\n".join(choice.sample(document.text.splitlines(), 6)) + "\n"
    ),
    "the next lines": lambda document, found, choice: fenced(
        marked(document, found) + dedent("\n".join(document.text[found.end :].splitlines()[:3])) + "\n"
    ),
    "a return": lambda document, found, choice: fenced(f"{marked(document, found)}return pillion\n"),
    "closed and opened again": lambda document, found, choice: fenced(f"{MARK}\n\n\ndef f():\n    pass\n"),
}
# These must be applied: nothing is unclear about them.
PLAIN = {"alone", "words around", "before and after", "the whole function", "with an import"}


def outcome_of(document: ParsedText, found: Symbol, reply: str) -> Outcome | None:
    task = Task("untitled:a.py", action_by_id("refactor"), Target.of(found), document)
    try:
        return make_outcome(task, Draft(reply, "gpu0", 9, 0.0, 1.0, cut_off=False))
    except DraftRejectedError:
        return None


@pytest.mark.parametrize("form", FORMS)
def test_nothing_around_the_statements_changes(form: str) -> None:
    choice, tried, applied = random.Random(form), 0, 0  # noqa: S311
    for document, found in targets(seed=43):
        assert found.inside is not None
        if form == "more than what is selected" and (found.inside.docstring or found.start == found.inside.body_start):
            continue  # what is more would be in what is selected
        outcome = outcome_of(document, found, FORMS[form](document, found, choice))
        tried += 1
        if outcome is not None:
            applied += 1
            for each in outcome.replacements:
                within = found.start <= each.start and each.end <= found.end
                assert within or document.text[each.start : each.end] in each.new_text, each
            ast.parse(outcome.after_text)
            assert MORE not in outcome.after_text
            if form in PLAIN:
                added = {"import fractions", "fractions"} if form == "with an import" else set()
                lines = [line.strip() for line in outcome.after_text.splitlines()]
                kept = [each for each in lines if each != MARK and each not in added]
                assert [each for each in kept if each] == [
                    line.strip() for line in document.text.splitlines() if line.strip() and line.strip() not in added
                ]
        if tried == TRIED:
            break
    assert tried == TRIED
    if form in PLAIN:
        assert applied >= 0.95 * tried, f"{applied} of {tried}"
