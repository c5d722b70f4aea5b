"""A docstring changes no code: on 500 functions of Python's own library, and no byte outside of it."""

import ast
import json
import random
from collections.abc import Mapping
from typing import Any

from pillion.actions.action_registry import action_by_id
from pillion.pipeline.draft import Draft
from pillion.pipeline.outcome import Task, make_outcome
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.build import build_prompt
from pillion.syntax.document import ParsedText
from pillion.syntax.target import Target
from tests.support.standard_library import functions

FUNCTIONS, COMPLETED = 500, 300
WORDS = (
    "Takes it all,",
    "“as it is”",
    'says "why"',
    "and \\n no more",
    "in C:\\new",
    "'''",
    '"""',
    "{x}",
    "é🥞",
    "%s.",
)


def fields_for(schema: Mapping[str, Any], choice: random.Random, first: str = "") -> dict[str, Any]:
    """What a model may say under this schema."""
    words = first + " ".join(choice.choices(WORDS, k=choice.randint(2, 8)))
    return {
        name: fields_for(each, choice, first) if each["type"] == "object" else f"{words[: each['maxLength'] - 1]}."
        for name, each in schema["properties"].items()
    }


def stripped(text: str) -> str:
    """The tree without docstrings."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module) and (
            ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:]
    return ast.dump(tree)


def test_the_code_of_the_standard_library_stays_as_it_is() -> None:
    action, tried = action_by_id("docstring"), 0
    for document, symbol in functions(seed=14):
        if not symbol.documented:
            prompt = build_prompt(action, symbol, document, PromptLimits(8192, 0))
            assert prompt.schema is not None
            reply = json.dumps(fields_for(prompt.schema, random.Random(tried)))  # noqa: S311
            draft = Draft(reply, "gpu0", 1, 0.0, 1.0, cut_off=False)
            outcome = make_outcome(Task("untitled:a.py", action, Target.of(symbol), document), draft)
            (change,) = outcome.replacements
            after, before = outcome.after_text, document.text
            assert stripped(after) == stripped(before)
            # A body on the header's line moves to a line of its own.
            replaced = before[change.start : change.end]
            assert not replaced.strip(" \t:"), replaced
            assert after == before[: change.start] + change.new_text + before[change.end :]
            assert ast.parse(after) is not None
            tried += 1
            if tried == FUNCTIONS:
                return
    raise AssertionError(f"only {tried} functions were found")


def test_what_the_docstrings_of_the_standard_library_say_stays() -> None:
    action, tried = action_by_id("docstring"), 0
    for document, symbol in functions(seed=15):
        target = Target.of(symbol)
        if symbol.docstring is None or not action.scope.applies(target):
            continue
        prompt = build_prompt(action, symbol, document, PromptLimits(8192, 0))
        assert prompt.schema is not None
        assert "summary" not in prompt.schema["properties"]
        # An answer that only says what the signature says would be refused.
        reply = json.dumps(fields_for(prompt.schema, random.Random(tried), "What it is: "))  # noqa: S311
        draft = Draft(reply, "gpu0", 1, 0.0, 1.0, cut_off=False)
        outcome = make_outcome(Task("untitled:a.py", action, target, document), draft)
        after, before = outcome.after_text, document.text
        assert stripped(after) == stripped(before)
        assert all(each.start == each.end for each in outcome.replacements), "it only adds"
        start = before.index(symbol.docstring, symbol.body_start)
        assert all(start <= each.start <= start + len(symbol.docstring) for each in outcome.replacements)
        rewritten = ParsedText.of(document.language, after)
        node = document.symbols.same_in(rewritten.symbols, symbol)
        assert node is not None
        assert not action.scope.applies(Target.of(rewritten.symbols.read(node))), "nothing is missing any more"
        tried += 1
        if tried == COMPLETED:
            return
    raise AssertionError(f"only {tried} functions were found")
