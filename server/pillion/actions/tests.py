"""Writes tests of a function, a method or a class, into the file that has them by the language's conventions."""

from pathlib import Path
from typing import TYPE_CHECKING

from pillion.actions.action_row import Action, Output
from pillion.actions.scopes import Scope
from pillion.edits.file_change import FileChange, FileCreation, FileEdit
from pillion.edits.invariants import PARSES, Checked, Invariant
from pillion.edits.strategies import Answered, Brief
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText
    from pillion.syntax.symbols import Symbol
    from pillion.syntax.target import Target


def _testable_at(parsed: "ParsedText", start: int, end: int) -> "Target":
    from pillion.edits.unit_tests.testable import testable_at

    return testable_at(parsed, start, end)


def _is_written(target: "Target") -> bool:
    return not target.symbol.is_stub


def _with_tests(answered: Answered) -> tuple[FileChange, ...]:
    """The answer's tests in their file."""
    from pillion.actions.missing_test_imports import completed
    from pillion.edits.unit_tests.suites import suite_of, with_tests

    symbol, document = answered.symbol, answered.document
    found, suite = suite_of(symbol, document, answered.uri, answered.workspace, answered.told)
    return tuple(completed(each, found, suite) for each in with_tests(answered.reply, found, suite))


def _where_they_go(symbol: "Symbol", document: "ParsedText", uri: str, workspace: Path | None, told: str) -> Brief:
    """What the model is told about the file of tests."""
    from pillion.edits.unit_tests.briefing import brief_on
    from pillion.edits.unit_tests.suites import suite_of

    return brief_on(*suite_of(symbol, document, uri, workspace, told))


def _removes(checked: Checked) -> str | None:
    lost = [(checked.before.text, checked.after.text)]
    lost += [(each.before_text, each.after_text) for each in checked.others if isinstance(each, FileEdit)]
    for before, after in lost:
        rest = iter(after)
        if not all(character in rest for character in before):
            return "it would remove something, and tests only add"
    if any(not isinstance(each, FileEdit | FileCreation) for each in checked.others):
        return "it would rename a file, and tests only add"
    return None


ONLY_ADDS = Invariant("only_adds", _removes)
TESTABLE = Scope("testable", _is_written, at=_testable_at, missing="function or class that a test can call")

TESTS = Action(
    id="tests",
    title="Write tests for {name}",
    family="source",
    tier=Tier.MODERATE,
    scope=TESTABLE,
    output=Output.TESTS,
    becomes=_with_tests,
    invariants=(PARSES, ONLY_ADDS),
    audited=False,
    max_tokens=2048,
    help="Write tests into the test file that belongs to the code, which is created if need be; nothing else changes.",
    ask="Write two to four short tests of this {title} {kind}, each of one thing and with few assertions: what it does "
    "for usual input, for special cases, and its errors. Work out each expected value before you write it.",
    words=r"(?:unit-?)?test(?:s|ed|ing)?",
    briefing=_where_they_go,
    unchecked="nobody has run the new tests",
)
