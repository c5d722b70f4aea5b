"""Small models answer with a prompt's own example. Finds such copies, also if a word or a number was changed."""

import json
import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import cache

from pillion.backends.chat_request import Message

_WORD = re.compile(r"\w+")
# One word of six changed is still a copy.
_ALIKE = 0.8


def is_copy(sentence: str, prefix: tuple[Message, ...]) -> bool:
    """Whether a sentence repeats a criterion of the examples in a prompt's prefix."""
    words = _words(sentence)
    return any(SequenceMatcher(None, words, each, autojunk=False).ratio() >= _ALIKE for each in _examples(prefix))


@cache
def _examples(prefix: tuple[Message, ...]) -> tuple[list[str], ...]:
    answers = (message.content for message in prefix if message.role == "assistant")
    return tuple(_words(each) for each in _criteria(answers))


def _criteria(answers: Iterable[str]) -> Iterator[str]:
    for answer in answers:
        yield from json.loads(answer).get("criteria", ())


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence.casefold())[:100]
