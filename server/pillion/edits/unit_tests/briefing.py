"""What a model is told about the suite that its tests go into."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from pillion.edits.strategies import Brief
from pillion.edits.unit_tests.go_suite import is_outside
from pillion.edits.unit_tests.java_suite import JUNIT5
from pillion.edits.unit_tests.javascript_suite import VITEST, runner_imports
from pillion.edits.unit_tests.python_suite import UNITTEST
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.edits.unit_tests.suites import example_of

_RUNNERS: Mapping[str, str] = MappingProxyType(
    {
        "pytest": "Use pytest: functions named test_…, plain assert, and pytest.raises for errors.",
        "unittest": "Use unittest: a class of unittest.TestCase with methods named test_….",
        "vitest": "Use vitest: describe, it and expect.",
        "jest": "Use jest: describe, it and expect.",
        "mocha": "Use mocha with describe and it, and assert of node:assert.",
        "node:test": "Use node:test with describe and it, and assert of node:assert/strict.",
        "go test": "Use the package testing: functions named Test…, with t.Errorf for wrong results.",
        "cargo test": "Use functions with #[test], assert! and assert_eq!.",
        "JUnit 4": "Use JUnit 4: methods with @Test of org.junit.Test, and org.junit.Assert.",
        "JUnit 5": "Use JUnit 5: methods with @Test of org.junit.jupiter.api, and its Assertions.",
    }
)


def brief_on(tested: UnderTest, suite: Suite) -> Brief:
    """The runner, the import that is there already, and an example of the tests that are there."""
    words = [_RUNNERS[suite.runner], _reach(tested, suite)]
    shown = example_of(suite, tested)
    if shown:
        words.append(f"{suite.name} has this already; write only what is new:\n{_fenced(shown, tested)}\n")
    words.append("Answer with the tests only, and don't repeat the code that they test.")
    return Brief(" ".join(filter(None, words)), f"```{tested.document.language.id}\n{_beginning(tested, suite)}")


def _beginning(tested: UnderTest, suite: Suite) -> str:
    """The imports, and the header of a test: small models repeat the code otherwise, and write no test."""
    name, runner = tested.symbol.name.strip("_"), suite.runner
    imports = "\n".join(suite.imports([tested.top]))
    match tested.document.language.id:
        case "python":
            snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
            if runner == UNITTEST:
                case = f"class Test{_camel(name)}(unittest.TestCase):\n    def test_{snake}(self):"
                return f"import unittest\n\n{imports}\n\n\n{case}\n        "
            return f"{imports}\n\n\ndef test_{snake}():\n    "
        case "go":
            package = suite.head.strip() or f"package {suite.module}"
            lines = "\n".join(filter(None, ('import "testing"', suite.whole(suite.module))))
            return f"{package}\n\n{lines}\n\nfunc Test{_camel(name)}(t *testing.T) {{\n\t"
        case "rust":
            head = "#[cfg(test)]\nmod tests {\n    use super::*;\n\n"
            return f"{head}    #[test]\n    fn test_{name.lower()}() {{\n        "
        case "java":
            api, asserts = ("org.junit.jupiter.api", "Assertions") if runner == JUNIT5 else ("org.junit", "Assert")
            public = "" if runner == JUNIT5 else "public "
            lines = f"import {api}.Test;\n\nimport static {api}.{asserts}.*;"
            method = f"    @Test\n    {public}void {name[:1].lower()}{name[1:]}() {{"
            return f"{suite.head}\n{lines}\n\n{public}class {suite.group} {{\n{method}\n        "
        case _:
            names = ["describe", "expect", "it"] if runner == VITEST else ["describe", "it"]
            own = runner_imports(replace(suite, text=None), names, requires="require(" in imports, like=imports)
            return "\n".join([*own, imports]) + f'\n\ndescribe("{name}", () => {{\n  '


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _reach(tested: UnderTest, suite: Suite) -> str:
    language = tested.document.language.id
    statements = [] if language == "rust" else list(suite.imports([tested.top]))
    if language == "go" and is_outside(suite):
        statements = [suite.whole(suite.module)]
        return f"The tests are outside of the package, which they import: `{statements[0]}`."
    if language == "go":
        return f"The tests are in the same package, {suite.module}, and import nothing for that."
    if language == "java":
        return f"The tests are in the class {suite.group}, in the same package."
    if language == "rust":
        return "They go into the module tests of the same file, which has `use super::*;`."
    return f"{suite.name} has this import: `{statements[0]}`." if statements else ""


def _fenced(code: str, tested: UnderTest) -> str:
    ticks = "````" if "```" in code else "```"
    return f"{ticks}{tested.document.language.id}\n{code}\n{ticks}"
