"""Adds the imports that new tests certainly need and that neither the model nor the file has."""

import re
from dataclasses import replace

from pillion.auditors.names.go_selectors import certain_packages
from pillion.auditors.names.standard_imports import certain_imports
from pillion.edits.file_change import FileChange, FileCreation, FileEdit, FileRename
from pillion.edits.file_places import file_of
from pillion.edits.imports.go_imports import with_packages
from pillion.edits.imports.python_imports import with_imports
from pillion.edits.unit_tests.java_suite import JUNIT5
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.syntax.document import ParsedText
from pillion.text.replacement import Replacement, apply_replacements, composed, newline_of

_JUNIT_NAMES = frozenset(
    {"Test", "BeforeEach", "AfterEach", "BeforeAll", "AfterAll", "DisplayName", "Nested", "Disabled"}
)
_JUNIT4_NAMES = frozenset({"Test", "Before", "After", "BeforeClass", "AfterClass", "Ignore"})
_ASSERT_CALL = re.compile(r"(?<![\w.])(?:assert\w+|fail)\(")


def completed(change: FileChange, tested: UnderTest, suite: Suite) -> FileChange:
    """The change, with the runner's import and those of the standard library."""
    if isinstance(change, FileRename):
        return change
    text = change.after_text if isinstance(change, FileEdit) else change.text
    before = change.before_text if isinstance(change, FileEdit) else ""
    more = _missing(ParsedText.of(tested.document.language, text), before, tested, suite)
    if not more:
        return change
    after = apply_replacements(text, more)
    if isinstance(change, FileCreation):
        return replace(change, text=after)
    return replace(change, replacements=composed(change.replacements, more), after_text=after)


def _missing(after: ParsedText, before: str, tested: UnderTest, suite: Suite) -> tuple[Replacement, ...]:
    match tested.document.language.id:
        case "python":
            return with_imports(after, certain_imports(after.text, before))
        case "go":
            known = ParsedText.of(after.language, before)
            packages = set(certain_packages(after, known, after.text, file_of(suite.uri)))
            if re.search(r"\btesting\.", after.text) and not re.search(r"\"testing\"", after.text):
                packages.add("testing")
            return with_packages(after, sorted(packages)) if packages else ()
        case "java":
            return _missing_junit(after, suite)
        case _:
            return _missing_assert(after, suite)


def _missing_junit(after: ParsedText, suite: Suite) -> tuple[Replacement, ...]:
    five = suite.runner == JUNIT5
    package, asserts = ("org.junit.jupiter.api", "Assertions") if five else ("org.junit", "Assert")
    text = after.text
    known = {*re.findall(rf"^import\s+{re.escape(package)}\.(\w+|\*)\s*;", text, re.MULTILINE)}
    used = set(re.findall(r"@(\w+)", text))
    names = sorted(each for each in (_JUNIT_NAMES if five else _JUNIT4_NAMES) if each in used - known)
    lines = [f"import {package}.{each};" for each in names if "*" not in known]
    if _ASSERT_CALL.search(text) and "import static" not in text:
        lines.append(f"import static {package}.{asserts}.*;")
    if not lines:
        return ()
    newline = newline_of(text)
    found = list(re.finditer(r"^import\s[^\n]*;", text, re.MULTILINE)) or list(
        re.finditer(r"^package\s[^\n]*;", text, re.M)
    )
    at = found[-1].end() if found else 0
    gap = newline if found and found[-1][0].startswith("import") else newline * 2
    block = newline.join(lines)
    return (Replacement(at, at, f"{gap}{block}" if found else f"{block}{newline * 2}"),)


def _missing_assert(after: ParsedText, suite: Suite) -> tuple[Replacement, ...]:
    """JavaScript: Node's own assert, which isn't global."""
    if suite.runner not in {"node:test", "mocha"} or "assert" not in {each.name for each in after.names.unbound()}:
        return ()
    requires = re.search(r"\brequire\(", after.text) is not None and not re.search(
        r"^import\b", after.text, re.MULTILINE
    )
    quote = "'" if "'" in after.text and '"' not in after.text.partition("\n")[0] else '"'
    source = f"{quote}node:assert/strict{quote}"
    end = ";" if re.search(r";[ \t]*$", after.text, re.MULTILINE) else ""
    line = f"const assert = require({source}){end}" if requires else f"import assert from {source}{end}"
    return (Replacement(0, 0, f"{line}{newline_of(after.text)}"),)
