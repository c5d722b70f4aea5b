"""A draft on its way, shown in the place of the symbol that it rewrites."""

from typing import NamedTuple

import pytest

from pillion.edits.partial import partly_rewritten
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.syntax.selection import selected

PYTHON = "import os\n\n\nclass Shop:\n    def rate(self):\n        pass\n\n\nx = 1\n"
GO = "package a\n\nfunc Rate() int {\n\tpanic(1)\n}\n"


class Case(NamedTuple):
    language: str
    text: str
    name: str
    code: str
    after: str
    written: str


CASES = {
    "nothing yet": Case("python", PYTHON, "rate", "import math\n", PYTHON, "def rate(self):\n        pass"),
    "a header": Case(
        "python", PYTHON, "rate", "def rate(self):\n", PYTHON.replace(":\n        pass", ":"), "def rate(self):"
    ),
    "a method, as if at the margin": Case(
        "python",
        PYTHON,
        "rate",
        "import math\n\ndef rate(self):\n    x = 1\n    return",
        PYTHON.replace("        pass", "        x = 1\n        return"),
        "def rate(self):\n        x = 1\n        return",
    ),
    "a body without its end": Case(
        "go",
        GO,
        "Rate",
        "func Rate() int {\n    return 1\n",
        GO.replace("\tpanic(1)\n}", "\treturn 1"),
        "func Rate() int {\n\treturn 1",
    ),
    "the name inside another": Case(
        "python", PYTHON, "rate", "def rates():\n    pass\n", PYTHON, "def rate(self):\n        pass"
    ),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_partly_rewritten(case: Case, newline: str) -> None:
    language = language_by_id(case.language)
    assert language is not None
    document = ParsedText.of(language, case.text.replace("\n", newline))
    symbol = document.symbols.named(case.name)
    assert symbol is not None
    text, start, end = partly_rewritten(case.code, symbol, document)
    assert text == case.after.replace("\n", newline)
    assert text[start:end] == case.written.replace("\n", newline)


LOOP = "def f(a):\n    b = 0\n    for x in a:\n        b += x\n    return b\n"


@pytest.mark.parametrize(
    ("code", "after"),
    [
        ("b = sum(", "def f(a):\n    b = sum(\n    return b\n"),
        ("def f(a):\n    b = sum(", "def f(a):\n    b = sum(\n"),
    ],
    ids=["alone", "with the function around"],
)
def test_selected_statements(code: str, after: str) -> None:
    language = language_by_id("python")
    assert language is not None
    document = ParsedText.of(language, LOOP)
    found = selected(document, LOOP.index("b = 0"), LOOP.index("    return"))
    assert found is not None
    text, start, end = partly_rewritten(code, found, document)
    assert text == after
    assert text[start:end].endswith("b = sum(")
