"""Numbers with their nouns."""

import re
from pathlib import Path

import pytest

import pillion
from pillion.plurals import counted, token_rate


@pytest.mark.parametrize(
    ("number", "one", "many", "expected"),
    [
        (0, "token", "", "0 tokens"),
        (1, "token", "", "1 token"),
        (2, "finding", "", "2 findings"),
        (1.2, "token", "", "1 token"),
        (1200, "line", "", "1,200 lines"),
        (1, "try", "tries", "1 try"),
        (3, "try", "tries", "3 tries"),
    ],
)
def test_a_number_and_its_noun(number: float, one: str, many: str, expected: str) -> None:
    assert counted(number, one, many) == expected


@pytest.mark.parametrize(("rate", "expected"), [(0.0, "0 tokens/s"), (1.4, "1 token/s"), (45.2, "45 tokens/s")])
def test_a_rate(rate: float, expected: str) -> None:
    assert token_rate(rate) == expected


# A number in braces and a plural behind it: “1 tokens” when the number is one.
_PLURAL = re.compile(
    r"\{[^{}]+\} (?:(?:more|other|prompt) )?"
    r"(?:tokens|findings|jobs|lines|files|units|problems|mistakes|prompts|functions|endpoints|engines)\b"
)
# Of several: the number before the noun isn't what the sentence counts by.
_ALWAYS_MANY = ("_LINES:,} lines", "prompt tokens ", "lines around")


def test_nobody_counts_by_hand() -> None:
    package = Path(pillion.__file__).parent
    found = [
        f"{path.relative_to(package)}:{number}: {line.strip()}"
        for path in package.rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _PLURAL.search(line) and not any(each in line for each in _ALWAYS_MANY)
    ]
    assert found == []
