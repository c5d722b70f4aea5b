"""A request → what the classifier's model looks at: words, pieces of words, meanings, and the request's form."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from pillion.actions.own_words import is_question, wish
from pillion.actions.request_lexicon import MEANINGS

# Latin and other letters in words; Chinese characters in runs, which have no spaces.
_TOKEN = re.compile(r"[\u3400-\u9fff]+|[^\W\d_\u3400-\u9fff]+(?:['\u2019+#-]+[^\W\d_\u3400-\u9fff]+)*(?:\+\+)?")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[.!?;:。！？；](?:\s|$)|\n")
_LIST_ITEM = re.compile(r"^\s*(?:\d+[.)]|[-*+])\s", re.MULTILINE)
_IDENTIFIER = re.compile(r"\w+\(\)|\b[a-z]+_\w+|\b[a-z]+[A-Z]\w+|\w+\.(?:py|js|ts|go|rs|c|java|tsx|jsx|cpp)\b|`")
_FIRST_WORDS, _LAST_WORDS = 60, 40
_SHORTEST_STEM, _LONGEST_CHINESE = 2, 6
_PIECES = (3, 4, 5)
# Meanings that only glue a sentence together.
_GLUE = frozenset({"this", "you", "i", "must", "thanks", "also", "let", "we"})
_LENGTHS = (1, 2, 3, 5, 8, 12, 18, 28, 45)
# How much each kind counts: values of one kind form a vector of this length.
_SCALES = {"w": 1.0, "p": 1.0, "m": 1.6, "f": 1.0}


@dataclass(frozen=True, slots=True)
class Features:
    """The values by name, and for the names that come from words, these words as they stand in the request."""

    values: dict[str, float]
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Word:
    shown: str
    plain: str
    meanings: tuple[str, ...]


def features(text: str) -> Features:
    """The features of a request, from at most 100 of its own words."""
    wished = wish(text)
    words = list(_words(wished))
    if len(words) > _FIRST_WORDS + _LAST_WORDS:
        words = words[:_FIRST_WORDS] + words[-_LAST_WORDS:]
    shown: dict[str, str] = {}
    values: dict[str, float] = {}
    for kind, names in (
        ("w", _word_names(words, shown)),
        ("p", _piece_names(words)),
        ("m", _meaning_names(words, shown)),
        ("f", _form_names(text, wished, words)),
    ):
        found = {f"{kind}:{name}" for name in names}
        for name in found:
            values[name] = _SCALES[kind] / max(1, len(found)) ** 0.5
    return Features(values, shown)


def plain(word: str) -> str:
    """A word in lower case and without accents."""
    word = word.lower().replace("\u2019", "'")
    if word.isascii():
        return word
    return "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))


def _words(text: str) -> Iterator[_Word]:
    exact, begins, ends = _lexicon()
    for match in _TOKEN.finditer(text):
        token = match.group(0)
        if _CHINESE.match(token):
            yield from _chinese_words(token, exact)
            continue
        word = plain(token)
        yield _Word(token, word, _meanings(word, exact, begins, ends))


def _meanings(
    word: str, exact: dict[str, tuple[str, ...]], begins: dict[str, tuple[str, ...]], ends: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    if word in exact:
        return exact[word]
    for length in range(len(word), _SHORTEST_STEM, -1):
        if word[:length] in begins:
            return begins[word[:length]]
    for start in range(1, len(word) - _SHORTEST_STEM):
        if word[start:] in ends:
            return ends[word[start:]]
    if "-" in word:
        return tuple(each for part in word.split("-") if part for each in _meanings(part, exact, begins, ends))
    return ()


def _chinese_words(run: str, exact: dict[str, tuple[str, ...]]) -> Iterator[_Word]:
    """The words with a meaning, the longest first; between them, single characters."""
    place = 0
    while place < len(run):
        for length in range(min(_LONGEST_CHINESE, len(run) - place), 0, -1):
            word = run[place : place + length]
            if word in exact or length == 1:
                yield _Word(word, word, exact.get(word, ()))
                place += length
                break


def _telling(word: _Word) -> bool:
    """Whether a reason may quote it: glue explains nothing to a person."""
    return any(meaning not in _GLUE for meaning in word.meanings)


def _word_names(words: list[_Word], shown: dict[str, str]) -> Iterator[str]:
    for word in words:
        if _telling(word):
            shown.setdefault(f"w:{word.plain}", word.shown)
        yield word.plain
    for first, second in pairwise(words):
        name = f"{first.plain} {second.plain}"
        joint = "" if _CHINESE.match(second.shown) else " "
        if _telling(first) and _telling(second):
            shown.setdefault(f"w:{name}", f"{first.shown}{joint}{second.shown}")
        yield name
    if words:
        yield f"^{words[0].plain}"


def _piece_names(words: list[_Word]) -> Iterator[str]:
    for word in {each.plain for each in words}:
        marked = f"<{word}>"
        for length in _PIECES:
            for start in range(len(marked) - length + 1):
                yield marked[start : start + length]


def _meaning_names(words: list[_Word], shown: dict[str, str]) -> Iterator[str]:
    line: list[str] = []
    for word in words:
        for meaning in word.meanings:
            if meaning not in _GLUE:
                shown.setdefault(f"m:{meaning}", word.shown)
            yield meaning
            if meaning not in _GLUE:
                line.append(meaning)
    yield f"^{line[0] if line else ''}"
    yield f"^{' '.join(line[:2])}"
    yield f"first {words[0].meanings[0] if words and words[0].meanings else ''}"
    # Which meanings occur together, in this order: "write … game", "comment … class".
    for place, meaning in enumerate(line):
        for later in line[place + 1 : place + 4]:
            yield f"{meaning}>{later}"
    yield f"$ {line[-1] if line else ''}"


def _form_names(text: str, wished: str, words: list[_Word]) -> Iterator[str]:
    question = is_question(text)
    length = sum(1 for limit in _LENGTHS if len(words) > limit)
    yield f"length {length}"
    yield from (f"longer {step}" for step in range(length))
    yield f"question {question}"
    yield f"question {question} length {min(length, 6)}"
    yield f"mark {wished.rstrip().endswith(('?', '？'))}"
    yield f"sentences {min(4, sum(1 for _ in _SENTENCE_END.finditer(wished.strip() + ' ')))}"
    yield f"commas {min(4, wished.count(',') + wished.count('，') + wished.count('、'))}"
    yield f"items {min(3, sum(1 for _ in _LIST_ITEM.finditer(wished)))}"
    attached = len(text) - len(wished)
    yield f"attached {0 if attached < 20 else 1 if attached < 400 else 2}"
    yield f"traceback {'Traceback' in text or 'Error' in text}"
    yield f"names {_IDENTIFIER.search(wished) is not None}"
    yield f"colon {':' in wished}"


@cache
def _lexicon() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """The meanings of whole words, of beginnings and of endings."""
    tables: tuple[dict[str, tuple[str, ...]], ...] = ({}, {}, {})
    for meaning, listed in MEANINGS.items():
        for word in _plain_all(listed.split()):
            table = tables[1] if word.endswith("*") else tables[2] if word.startswith("*") else tables[0]
            key = word.strip("*")
            if meaning not in table.get(key, ()):
                table[key] = (*table.get(key, ()), meaning)
    return tables[0], tables[1], tables[2]


def _plain_all(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield plain(word)
