"""Small models answer with a prompt's own example. Finds such copies, also if a word or a number was changed."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

_WORD = re.compile(r"\w+")
# One word of six changed is still a copy.
_ALIKE = 0.8
_MOST_WORDS = 100


def is_copy(sentence: str, examples: Iterable[str]) -> bool:
    """Whether a sentence repeats one of the examples."""
    words = _words(sentence)
    return any(SequenceMatcher(None, words, _words(each), autojunk=False).ratio() >= _ALIKE for each in examples)


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence.casefold())[:_MOST_WORDS]
