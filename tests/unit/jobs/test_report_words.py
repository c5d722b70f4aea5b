"""Foreign words for the model: what a linter says, and what a program printed."""

import pytest

from pillion.jobs.report_words import pasted_output, report_words

WORDS = {
    "all of it": (("It's wrong", "ruff", "F1", 3, "a = b"), "ruff reports in line 3, at “a = b”: “It's wrong” (F1)."),
    "only a message": (("It's wrong", "", "", 1, " "), "A check reports in line 1: “It's wrong”."),
    "several lines": (("no\n  good\r\n", "go\nvet", "", 2, "x"), "go vet reports in line 2, at “x”: “no good”."),
    "steering": (("\x1b[2Jgone\u202e", "r", "", 1, ""), "r reports in line 1: “\\x1b[2Jgone\\u202e”."),
}


@pytest.mark.parametrize(("given", "words"), WORDS.values(), ids=WORDS)
def test_a_diagnostic(given: tuple[str, str, str, int, str], words: str) -> None:
    message, source, code, line, quote = given
    assert report_words(message, source=source, code=code, line=line, quote=quote) == words


def test_a_flood_of_words_is_bounded() -> None:
    flood = "word " * 100_000
    assert len(report_words(flood, source=flood, code=flood, line=1, quote=flood)) < 1_000


def test_of_a_long_output_the_end_stays() -> None:
    output = "  File “a.py”\n" * 10_000 + "ValueError: \x1b[31mno\n"
    shown = pasted_output(output)
    assert shown.startswith("…")
    assert shown.endswith("ValueError: \\x1b[31mno")
    assert len(shown) < 9_000
    assert pasted_output("a\n\tb\n") == "a\n\tb"
