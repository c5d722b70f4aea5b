"""Finds characters that are invisible, or that make code read differently from how it runs (“Trojan Source”)."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.passage_findings import MAX_QUOTE_CHARACTERS, Rule, identity_of
from pillion.auditors.trees import Tree
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.text.hidden import STEERING, code_point

_JOINERS = "\u200c\u200d"
_SELECTORS = "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_SUSPECT = re.compile(f"[{STEERING}{_JOINERS}{_SELECTORS}]")
# The expression above asks its ranges one by one; this one leaves out quickly what most of a text is made of.
_UNUSUAL = re.compile("[^\n -~]")
_LINE = re.compile("[^\n\r]+")
_SEEN = re.compile(f"[^\n\r{STEERING}{_JOINERS}{_SELECTORS}]+")
# Characters that end a line or a page; allowed if the document already uses them.
_LINE_ENDS = {"\r": re.compile("\r(?!\n)"), "\f": re.compile("\f")}
_KEYS = "#*0123456789"
# This many characters on either side distinguish one place of a character from another.
_CONTEXT = 4
_ENDS_OF_WORDS = "\"'`\n"
_END_OF_WORDS = re.compile(f"[{_ENDS_OF_WORDS}]")
_MOST_FINDINGS = 3
_MOST_NAMED = 4
# The flags of England, Scotland and Wales, the only ones that are spelled with tags.
_FLAG = re.compile(
    "\U0001f3f4\U000e0067\U000e0062"
    "(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
_WORDS = re.compile("string|comment|char_literal|raw_text")
_CODE_IN_WORDS = frozenset({"interpolation", "template_substitution"})
# Scripts whose words need joiners: Arabic, Syriac, Mongolian and those of India, Sri Lanka, Tibet, Myanmar and Khmer.
_JOINED_SCRIPT = re.compile(
    "[\u0620-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc]"
)
_EMOJI = re.compile(
    "[#*0-9\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff]"
)
_IDEOGRAPH = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class CharactersAuditor:
    """Reports invisible characters that a draft adds: direction overrides, controls, zero-width characters, tags.

    It looks at words, strings and comments as well as code. Characters that a script or an emoji needs are allowed, and
    so are those that the document has in the same place.
    """

    name = "characters"
    sees = Sees.WORDS
    _rule = Rule(name, "hidden-character", "error")

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        by_quote: dict[tuple[int, int], list[int]] = {}
        quotes: _Quotes | None = None
        for at in _added(passage):
            quotes = quotes or _Quotes(passage)
            place = quotes.near(at)
            if place is not None:
                by_quote.setdefault(place, []).append(at)
        return [self._finding(passage, *each) for each in list(by_quote.items())[:_MOST_FINDINGS]]

    def _finding(self, passage: Passage, place: tuple[int, int], places: Sequence[int]) -> Finding[InPassage]:
        (start, end), text, rule = place, passage.text, self._rule
        named = _named(text[at] for at in places)
        message = f"The draft adds {named}. If it is meant, write it as an escape; otherwise leave it out."
        identity = identity_of("".join(map(partial(_around, text), places)))
        return Finding(
            text[start:end], rule.severity, rule.category, message, InPassage(start, end), rule.source, identity
        )


def _added(passage: Passage) -> Iterator[int]:
    """Where the new part has a character that the document doesn't have in the same place."""
    text, before, words = passage.text, passage.before, _Words(passage)
    usual = {each for each, pattern in _LINE_ENDS.items() if pattern.search(before)}
    flags = {at for flag in _FLAG.finditer(text) for at in range(*flag.span())}
    for match in _UNUSUAL.finditer(text, passage.start, passage.end):
        at, character = match.start(), match[0]
        if (
            not _SUSPECT.match(character)
            or at in flags
            or character in usual
            or _belongs(text, at)
            or (_is_of_script(text, at) and words.hold(at))
        ):
            continue
        if character == "\ufeff" and at == 0 and before.startswith(character):
            continue
        if _around(text, at) not in before:
            yield at


def _around(text: str, at: int) -> str:
    """A character with its neighbours in the same string: the text outside that string may change."""
    before, after = text[max(0, at - _CONTEXT) : at], text[at + 1 : at + 1 + _CONTEXT]
    start = max(map(before.rfind, _ENDS_OF_WORDS))
    end = _END_OF_WORDS.search(after)
    return before[max(0, start) :] + text[at] + (after[: end.end()] if end is not None else after)


def _belongs(text: str, at: int) -> bool:
    """Whether the character is half of a line end, or a part of an emoji or an ideograph."""
    character, previous, following = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    match character:
        case "\r":
            return following in {"\n", ""}
        case "\u200d":
            drawn = _EMOJI.match(previous) and previous not in _KEYS
            return bool(drawn) and _EMOJI.match(following) is not None and following not in _KEYS
        case "\ufe0e" | "\ufe0f":
            return _EMOJI.match(previous) is not None and (previous not in _KEYS + "\ufe0f" or following == "\u20e3")
        case _ if character in _SELECTORS:
            return _IDEOGRAPH.match(previous) is not None
    return False


def _is_of_script(text: str, at: int) -> bool:
    """Whether it is a joiner in a word of a script that needs it."""
    previous, following = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if text[at] not in _JOINERS or not _JOINED_SCRIPT.match(previous):
        return False
    return _JOINED_SCRIPT.match(following) is not None or not following.isalnum()


class _Words:
    """The passage's strings and comments; parsed on first use."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage

    @cached_property
    def _tree(self) -> Tree | None:
        return Tree.of(self._passage)

    def hold(self, at: int) -> bool:
        """Whether `at` is in one of them; False if the passage is too long to be parsed."""
        if self._tree is None:
            return False
        byte = self._tree.offsets.to_byte(at)
        node = self._tree.root.descendant_for_byte_range(byte, byte + 1)
        while node is not None and not _WORDS.search(node.type):
            node = node.parent if node.type not in _CODE_IN_WORDS else None
        return node is not None


class _Quotes:
    """The parts of a passage that can be quoted: the longest visible part of each line."""

    def __init__(self, passage: Passage) -> None:
        self._parts: list[tuple[int, int]] = []
        self._lines: list[int] = []
        for line in _LINE.finditer(passage.text, passage.start, passage.end):
            parts = [_stripped(match) for match in _SEEN.finditer(passage.text, *line.span())]
            start, end = max(parts, key=lambda part: part[1] - part[0], default=(0, 0))
            if start < end:
                self._lines.append(line.start())
                self._parts.append((start, end))

    def near(self, at: int) -> tuple[int, int] | None:
        """A part in the line of `at`, or else in a line above or below it."""
        index = bisect_right(self._lines, at) - 1
        return self._parts[max(0, index)] if self._parts else None


def _stripped(match: re.Match[str]) -> tuple[int, int]:
    start = match.end() - len(match[0].lstrip())
    return start, min(match.start() + len(match[0].rstrip()), start + MAX_QUOTE_CHARACTERS)


def _named(characters: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(characters))
    named = [f"{code_point(each)} ({unicodedata.name(each, 'a control character').lower()})" for each in distinct]
    shown = ", ".join(named[:_MOST_NAMED])
    if len(named) > _MOST_NAMED:
        shown += f" and {len(named) - _MOST_NAMED} more"
    return f"{'a character' if len(named) == 1 else 'characters'} that nobody sees: {shown}"
