"""A new name for a local variable changes no code: on Python's own library, by its own compiler."""

import dis
import json
import random
import types
import warnings
from collections.abc import Iterator

from pillion.actions.action_registry import action_by_id
from pillion.errors import DraftRejectedError
from pillion.pipeline.draft import Draft
from pillion.pipeline.outcome import Task, make_outcome
from pillion.syntax.document import ParsedText
from pillion.syntax.scopes.resolution import Resolution
from pillion.syntax.symbols import Symbol
from tests.support.standard_library import functions

RENAMED, OF_A_FUNCTION = 150, 2
NEW = "qqq"
# Their order follows the names, and so does whether a call is one of a method: not if a module imports such a name.
LEFT_OUT = frozenset({"MAKE_CELL", "COPY_FREE_VARS", "LOAD_CLOSURE", "EXTENDED_ARG", "PUSH_NULL"})
ALIKE = {"LOAD_METHOD": "LOAD_ATTR"}


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield from codes(each)


def instructions(text: str) -> list[tuple[str, object]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = compile(text, "file.py", "exec", dont_inherit=True)
    found: list[tuple[str, object]] = []
    for code in codes(compiled):
        for each in dis.get_instructions(code):
            if each.opname not in LEFT_OUT:
                named = isinstance(each.argval, str) and each.opname != "LOAD_CONST"
                found.append((ALIKE.get(each.opname, each.opname), each.argval if named else None))
    return found


def locals_of(document: ParsedText, symbol: Symbol, choice: random.Random) -> Iterator[int]:
    """Places of some local names of a function."""
    found: dict[int, int] = {}
    for each in Resolution(document.tree.root_node, "python").occurrences():
        at = document.offsets.to_char(each.node.start_byte)
        if each.variable is not None and each.variable.scope.parent is not None and symbol.start <= at < symbol.end:
            found.setdefault(id(each.variable), at)
    yield from choice.sample(list(found.values()), min(OF_A_FUNCTION, len(found)))


def test_the_code_of_the_standard_library_does_what_it_did() -> None:
    action, tried, handed = action_by_id("rename"), 0, 0
    choice = random.Random(14)  # noqa: S311
    reply = Draft(json.dumps({"names": [NEW]}), "gpu0", 1, 0.0, 1.0, cut_off=False)
    for document, symbol in functions(seed=14):
        for at in locals_of(document, symbol, choice):
            target = action.scope.target(document, at, at)
            if not action.scope.applies(target):
                continue
            old, before = target.name, document.text
            try:
                outcome = make_outcome(Task("untitled:a.py", action, target, document), reply)
            except DraftRejectedError as exc:
                raise AssertionError(f"{symbol.name}: {old}: {exc}") from exc
            if outcome.handed:
                handed += 1
                continue
            tried += 1
            was, now = instructions(before), instructions(outcome.after_text)
            assert len(was) == len(now), (symbol.name, old)
            for (operation, name), (other, new) in zip(was, now, strict=True):
                assert operation == other, (symbol.name, old)
                is_renamed = (
                    name == old and str(new).strip("_").lower() == NEW and operation.endswith(("_FAST", "_DEREF"))
                )
                assert name == new or is_renamed, (symbol.name, old, operation, name, new)
            if tried == RENAMED:
                assert handed < tried
                return
    raise AssertionError(f"only {tried} names were tried")
