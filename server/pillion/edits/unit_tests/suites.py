"""The suite of a symbol in any language, what a model is told about it, and what the model's answer becomes."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from pillion.edits.file_change import FileChange
from pillion.edits.imports.import_places import top_level_imports
from pillion.edits.unit_tests import javascript_suite, python_suite
from pillion.edits.unit_tests.drafted_tests import DraftedTests, drafted_tests
from pillion.edits.unit_tests.go_suite import go_suite
from pillion.edits.unit_tests.java_suite import java_suite, runner_in
from pillion.edits.unit_tests.rust_suite import rust_suite, test_module
from pillion.edits.unit_tests.suite_edits import suite_changes
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest, symbol_to_test
from pillion.edits.unit_tests.suite_items import Kind, items_of
from pillion.errors import DraftRejectedError, NothingToDoError
from pillion.syntax.check import first_error
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import text_of
from pillion.syntax.symbols import Symbol

_SUITES: Mapping[str, Callable[[UnderTest], Suite]] = MappingProxyType(
    {
        "python": python_suite.python_suite,
        "javascript": javascript_suite.javascript_suite,
        "typescript": javascript_suite.javascript_suite,
        "typescriptreact": javascript_suite.javascript_suite,
        "go": go_suite,
        "rust": rust_suite,
        "java": java_suite,
    }
)
_CHAI = re.compile(r"[\"']chai[\"']")
_MATCHERS = re.compile(r"\bexpect\([^\n]*\)\s*\.(?:not\.)?to[A-Z]\w*\(")
# How much of a file of tests a model is shown.
_MOST_CHARACTERS = 1_600


def suite_of(
    symbol: Symbol, document: ParsedText, uri: str, workspace: Path | None, told: str = ""
) -> tuple[UnderTest, Suite]:
    """The symbol to test, and its suite. Reads the disk.

    Raises:
        NothingToDoError: no convention says where its tests go.
    """
    names = _defined(document)
    found = symbol_to_test(symbol, document, uri, workspace, names, told)
    read = _SUITES.get(document.language.id)
    if read is None:
        raise NothingToDoError(f"Pillion knows no convention for tests in {document.language.title}.")
    suite = read(found)
    if suite.text is not None and (error := first_error(ParsedText.of(document.language, suite.text))) is not None:
        raise NothingToDoError(f"{suite.name} has a mistake in its syntax ({error}).", hint="Mend it first.")
    return found, suite


def _defined(document: ParsedText) -> frozenset[str]:
    """What the document defines at its top level, without what it imports."""
    scopes = document.names
    imported = {
        name for node in top_level_imports(document) for name in scopes.bound_in(node.start_byte, node.end_byte)
    }
    return frozenset(scopes.top.names - imported)


def with_tests(reply: str, found: UnderTest, suite: Suite) -> tuple[FileChange, ...]:
    """The changes that bring a reply's tests into the suite.

    Raises:
        DraftRejectedError: the reply has no tests of the symbol, or they don't fit.
    """
    drafted = drafted_tests(reply, found, suite)
    refuse_another_runner(drafted, found, suite)
    return suite_changes(drafted, found, suite)


def refuse_another_runner(drafted: DraftedTests, found: UnderTest, suite: Suite) -> None:
    """Checks that the suite's runner runs the tests.

    Raises:
        DraftRejectedError: it doesn't.
    """
    code, language = drafted.parsed.text, found.document.language.id
    other = ""
    if language == "python" and suite.certain:
        kinds = {each.kind for each in drafted.items}
        runners = set(python_suite.runners_in(code))
        if suite.runner == python_suite.UNITTEST and Kind.TEST in kinds:
            runners = {python_suite.PYTEST}
        other = next((each for each in runners if each != suite.runner), "")
    elif language == "java":
        other = runner_in(code)
    elif language in {"javascript", "typescript", "typescriptreact"}:
        other = _another_javascript(code, suite.runner)
    if other and other != suite.runner:
        reason = f"the model's tests are for {other}, and {suite.name} is for {suite.runner}"
        raise DraftRejectedError(reason, code="runner")


def _another_javascript(code: str, runner: str) -> str:
    if re.search(r"\bjest\.\w+\(", code) and runner != javascript_suite.JEST:
        return javascript_suite.JEST
    if re.search(r"\bvi\.\w+\(", code) and runner != javascript_suite.VITEST:
        return javascript_suite.VITEST
    if runner in {javascript_suite.MOCHA, javascript_suite.NODE} and _MATCHERS.search(code):
        return javascript_suite.JEST
    if _CHAI.search(code) and runner == javascript_suite.JEST:
        return javascript_suite.MOCHA
    return ""


def example_of(suite: Suite, found: UnderTest) -> str:
    """The imports of a suite, what its tests share, and its first test: an example of how the project tests."""
    if suite.text is None:
        return ""
    parsed = ParsedText.of(found.document.language, suite.text)
    if found.document.language.id == "rust" and test_module(parsed) is None:
        return ""
    parts: list[str] = []
    length = 0
    seen_test = False
    for item in items_of(parsed):
        text = text_of(item.node)
        is_test = item.kind in {Kind.TEST, Kind.GROUP}
        if item.kind is Kind.OTHER or (is_test and seen_test):
            continue
        if found.document.language.id == "rust" and item.node.parent == parsed.tree.root_node:
            continue
        if length + len(text) > _MOST_CHARACTERS:
            text = text[: max(0, _MOST_CHARACTERS - length)].rpartition("\n")[0]
        seen_test |= is_test
        length += len(text)
        if text:
            parts.append(text)
    return "\n".join(parts)
