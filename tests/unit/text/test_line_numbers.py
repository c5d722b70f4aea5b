"""Numbers before the lines of code are taken off, and no number that belongs to the code."""

import pytest

from pillion.text.line_numbers import NumberedLines, without_line_numbers

CASES = {
    "colons": ("1: a\n2:   b\n3: c\n", "a\n  b\nc\n"),
    "bars": ("  9 | a\n 10 |   b\n 11 | c", "a\n  b\nc"),
    "tabs": ("     1\ta\n     2\t\tb\n", "a\n\tb\n"),
    "arrows": ("12→a\n13→  b", "a\n  b"),
    "dots": ("1. a\n2.   b\n", "a\n  b\n"),
    "brackets": ("[1] a\n[2]   b\n", "a\n  b\n"),
    "letters": ("L1: a\nL2: b\n", "a\nb\n"),
    "zeros": ("001: a\n002: b\n", "a\nb\n"),
    "a column": ("1 a\n2     b\n3 c", "a\n    b\nc"),
    "a blank line with its number": ("1: a\n2:\n3: c\n", "a\n\nc\n"),
    "a blank line without": ("1: a\n\n2: c\n", "a\n\nc\n"),
    "counted with the blank lines": ("1: a\n\n3: c\n", "a\n\nc\n"),
    "one line": ("1: a\n", None),
    "not all lines": ("1: a\nb\n2: c\n", None),
    "not in order": ("1: a\n3: b\n", None),
    "a dictionary": ('x = {\n1: "a",\n2: "b",\n}\n', None),
    "no numbers": ("a\nb\n", None),
    "different marks": ("1: a\n2 | b\n", None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("code", "bare"), CASES.values(), ids=CASES)
def test_numbers_before_lines(code: str, bare: str | None) -> None:
    assert without_line_numbers(code) == (code if bare is None else bare)


@pytest.mark.parametrize("name", ["colons", "bars", "arrows", "dots", "a dictionary", "one line", "no numbers"])
def test_numbers_while_the_code_streams(name: str) -> None:
    code, bare = CASES[name]
    numbers = NumberedLines()
    streamed = "".join([numbers.feed(line) for line in code.splitlines(keepends=True)]) + numbers.finish()
    assert streamed == (code if bare is None else bare)
