"""The text of a new file of tests."""

import re
import sys
from collections.abc import Sequence

from pillion.edits.unit_tests.drafted_tests import DraftedTests
from pillion.edits.unit_tests.suite_facts import Suite, UnderTest
from pillion.edits.unit_tests.suite_items import Kind
from pillion.text.replacement import newline_of

_JAVASCRIPT = frozenset({"javascript", "typescript", "typescriptreact"})
_SIMPLE = re.compile(r"[^\n]*")


def new_text(drafted: DraftedTests, texts: Sequence[str], tested: UnderTest, suite: Suite) -> str:
    """The head, the imports, and the texts of the drafted items. With the line ends of the tested document."""
    language = tested.document.language.id
    imports = _imports(drafted.imports.statements, language, suite)
    gap = "\n\n\n" if language == "python" else "\n\n"
    body = ""
    for number, text in enumerate(texts):
        if number:
            simple = _SIMPLE.fullmatch(text) and _SIMPLE.fullmatch(texts[number - 1])
            both = drafted.items[number].kind is Kind.HELPER and drafted.items[number - 1].kind is Kind.HELPER
            body += "\n" if simple and both else gap
        body += text
    if language == "java":
        body = _in_named_class(body, suite.group)
    first = gap if language == "python" and not _SIMPLE.fullmatch(texts[0]) else "\n\n"
    head = "\n\n".join(filter(None, (suite.head.rstrip("\n"), imports)))
    whole = f"{head}{first if head else ''}{body}\n"
    return whole.replace("\n", newline_of(tested.document.text))


def _in_named_class(body: str, name: str) -> str:
    """Java: the class has the name of its file."""
    return re.sub(r"^((?:public\s+|final\s+)*class\s+)\w+", rf"\g<1>{name}", body, count=1, flags=re.MULTILINE)


def _imports(statements: Sequence[str], language: str, suite: Suite) -> str:
    if language == "python":
        return _python_imports(statements, suite)
    if language == "go":
        return _go_imports(statements)
    if language == "java":
        plain = [each for each in statements if not each.startswith("import static")]
        static = [each for each in statements if each.startswith("import static")]
        return "\n\n".join("\n".join(sorted(each)) for each in (plain, static) if each)
    return "\n".join(statements)


def _python_imports(statements: Sequence[str], suite: Suite) -> str:
    own = suite.module.partition(".")[0]
    groups: tuple[list[str], list[str], list[str], list[str]] = ([], [], [], [])
    for each in statements:
        top = (re.match(r"(?:from|import)\s+([\w]*)", each) or ["", ""])[1]
        place = 0 if top == "__future__" else 1 if top in sys.stdlib_module_names else 3 if top in {own, ""} else 2
        groups[place].append(each)
    ordered = (sorted(each, key=lambda line: (line.startswith("from"), line)) for each in groups)
    return "\n\n".join("\n".join(each) for each in ordered if each)


def _go_imports(statements: Sequence[str]) -> str:
    specs = sorted({each.removeprefix("import ").strip() for each in statements}, key=_address)
    if len(specs) < 2:
        return "".join(f"import {each}" for each in specs)
    standard = [each for each in specs if "." not in _address(each).partition("/")[0]]
    groups = ("\n".join(f"\t{each}" for each in some) for some in (standard, [e for e in specs if e not in standard]))
    return "import (\n" + "\n\n".join(filter(None, groups)) + "\n)"


def _address(spec: str) -> str:
    return spec.partition('"')[2].rstrip('"')
