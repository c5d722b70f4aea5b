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
from pillion.syntax.target import Target
from tests.support.standard_library import functions

FUNCTIONS = 500
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


def fields_for(schema: Mapping[str, Any], choice: random.Random) -> dict[str, Any]:
    """What a model may say under this schema."""
    words = " ".join(choice.choices(WORDS, k=choice.randint(2, 8)))
    return {
        name: fields_for(each, choice) if each["type"] == "object" else f"{words[: each['maxLength'] - 1]}."
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
