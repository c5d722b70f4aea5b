"""What is left of a text that breaks off: its whole sentences."""

import pytest

from pillion.text.sentences import whole_sentences


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Adds two numbers. It returns the", "Adds two numbers."),
        ("Adds two numbers. It returns the sum.", "Adds two numbers. It returns the sum."),
        ("Adds two numbers.", "Adds two numbers."),
        ("Adds two numbers", "Adds two numbers…"),
        ("Really? It does! And the", "Really? It does!"),
        ("Calls `f.` Then (perhaps.) it", "Calls `f.` Then (perhaps.)"),
        ("Reads a.b and 3.5, e.g. from a file, i.e. what", "Reads a.b and 3.5, e.g. from a file, i.e. what…"),
        ("Does this:\n1. reads\n2. writes", "Does this:\n1. reads\n2. writes…"),
        ("It says “no.” And then", "It says “no.”"),
        ("Fine.\n\n```python\nx = 1. \n", "Fine.\n\n```python\nx = 1.…"),
        ("", ""),
        ("Liest Dateien…  und", "Liest Dateien…"),
    ],
)
def test_whole_sentences(text: str, kept: str) -> None:
    assert whole_sentences(text) == kept
