"""Replies about functions of Python's own library, in the forms that models give them: applied right, held or refused."""

import ast
import random
import re
from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.errors import DraftRejectedError
from pillion.pipeline.draft import Draft
from pillion.pipeline.outcome import Task, make_outcome
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol
from pillion.syntax.target import Target
from tests.support.reply_cases import findings_of
from tests.support.standard_library import functions

FUNCTIONS = 300
MARK = "pillion_was_here = 1"

Form = Callable[[str, str, random.Random], str]


def fenced(code: str) -> str:
    """A fence that is longer than those in the code."""
    longest = max((len(each) for each in re.findall(r"`{3,}", code)), default=2)
    marks = "`" * max(3, longest + 1)
    return f"{marks}python\n{code}{marks}\n"


def prose_around(new: str, old: str, choice: random.Random) -> str:
    return f"Sure! Here is the code:\n\n{fenced(new)}\nI added `{MARK}`, because you asked for it.\n"


def without_fence(new: str, old: str, choice: random.Random) -> str:
    return new


def nested_fence(new: str, old: str, choice: random.Random) -> str:
    return f"````markdown\n{fenced(new)}````\n"


def thoughts_first(new: str, old: str, choice: random.Random) -> str:
    return f"<think>\nThe old code is\n{fenced(old)}</think>\n{fenced(new)}"


def before_and_after(new: str, old: str, choice: random.Random) -> str:
    return f"Before:\n{fenced(old)}\nAfter:\n{fenced(new)}"


def other_symbol_first(new: str, old: str, choice: random.Random) -> str:
    return fenced(f"def unrelated_helper():\n    return 1\n\n\n{new}")


def in_a_class(new: str, old: str, choice: random.Random) -> str:
    return fenced(f"class Unrelated:\n{indent(new, '    ')}")


def as_a_diff(new: str, old: str, choice: random.Random) -> str:
    at = next(n for n, (a, b) in enumerate(zip(old.splitlines(), new.splitlines(), strict=False)) if a != b)
    lines = old.splitlines()
    shown = [*(f" {each}" for each in lines[max(0, at - 2) : at]), "+" + new.splitlines()[at]]
    shown += [f" {each}" for each in lines[at : at + 2]]
    return "```diff\n--- a/code.py\n+++ b/code.py\n@@ -1,4 +1,5 @@\n" + "\n".join(shown) + "\n```\n"


def elided(new: str, old: str, choice: random.Random) -> str:
    lines = new.splitlines()
    at = next(n for n, line in enumerate(lines) if MARK in line)
    spaces = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    return fenced("\n".join([*lines[: at + 1], f"{spaces}# ... the rest of the code stays as it is"]) + "\n")


def truncated(new: str, old: str, choice: random.Random) -> str:
    return f"```python\n{new[: choice.randint(len(new) // 3, len(new) - 2)]}"


FORMS: dict[str, Form] = {
    each.__name__: each
    for each in (
        prose_around,
        without_fence,
        nested_fence,
        thoughts_first,
        before_and_after,
        other_symbol_first,
        in_a_class,
        as_a_diff,
        elided,
        truncated,
    )
}
# These must be applied: nothing is unclear about them.
PLAIN = {"prose_around", "without_fence", "thoughts_first", "other_symbol_first"}


def with_mark(symbol: Symbol, document: ParsedText) -> str | None:
    """The document with one more statement at the end of the function's first block; None if it has no own lines."""
    lines = document.text[symbol.body_start : symbol.end]
    before = document.text[document.text.rfind("\n", 0, symbol.body_start) + 1 : symbol.body_start]
    if before.strip() or symbol.is_stub or "\t" in before or "\f" in document.text:
        return None
    at = symbol.body_start
    if symbol.docstring is not None:
        at += lines.index(symbol.docstring) + len(symbol.docstring)
        return f"{document.text[:at]}\n{before}{MARK}{document.text[at:]}"
    return f"{document.text[:at]}{MARK}\n{before}{document.text[at:]}"


def of(symbol: Symbol, text: str, added: int) -> str:
    """The function at the margin, in a text that has `added` characters more in it."""
    start = text.rfind("\n", 0, symbol.start) + 1
    return dedent(text[start : symbol.end + added]) + "\n"


@pytest.mark.parametrize("form", FORMS)
def test_a_reply_in_this_form_is_applied_right_or_not_at_all(form: str) -> None:
    choice, tried, applied = random.Random(form), 0, 0  # noqa: S311
    for document, symbol in functions(seed=41):
        wanted = with_mark(symbol, document)
        if wanted is None:
            continue
        old, new = of(symbol, document.text, 0), of(symbol, wanted, len(wanted) - len(document.text))
        reply = FORMS[form](new, old, choice)
        task = Task("untitled:a.py", action_by_id("refactor"), Target.of(symbol), document)
        tried += 1
        try:
            outcome = make_outcome(task, Draft(reply, "gpu0", 9, 0.0, 1.0, cut_off=False))
        except DraftRejectedError:
            outcome = None
        held = outcome is not None and any(each.severity == "error" for each in findings_of(task, outcome))
        if outcome is not None and not held:
            applied += 1
            assert ast.dump(ast.parse(outcome.after_text)) == ast.dump(ast.parse(wanted)), reply
        if tried == FUNCTIONS // len(FORMS):
            break
    assert tried == FUNCTIONS // len(FORMS)
    if form in PLAIN:
        assert applied >= 0.95 * tried
