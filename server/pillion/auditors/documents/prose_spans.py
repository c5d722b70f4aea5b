"""The code in the sentences of a Markdown document, and whether a sentence speaks of what is there or what is new."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pillion.text.fences import Fences, Place

_SPAN = re.compile(r"(?<!`)`([^`\n]{1,200})`(?!`)")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+")
# A sentence with one of these isn't surely about what is there. “It adds prices” is, and so is “it creates a list”.
_NEW = (
    r"new|add(?:ed|ing)?|creat(?:e|ed|ing|ion)|introduc\w*|propos\w*|will|would|should|could|may|might|must|"
    r"implement(?:ed|ing)?|plan\w*|build|extend(?:ed|ing)?|suggest\w*|recommend\w*|renam\w*|extract(?:ed|ing)?|"
    r"mov(?:e|ed|ing)|split|replac(?:e|ed|ing)|future|later|need\w*|example|instance|such as|e\.g|let's|alternativ\w*|"
    r"option\w*|no|not|without|missing|lacks?"
)
_NEW_SENTENCE = re.compile(rf"\b(?:{_NEW})\b", re.IGNORECASE)
# The same for all of a section, by its heading.
_NEW_SECTION = re.compile(
    rf"\b(?:{_NEW}|api|design|detailed|goals?|improv\w*|interfaces?|migrat\w*|next|refactor\w*|requir\w*|roadmap|"
    r"roll-?out|scope|solution|steps?|target|tests?|testing|tasks?|work)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Code between backticks. `new`: its sentence or its section speaks of what isn't there yet."""

    code: str
    start: int
    end: int
    new: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says in its sentences, and what is in its code blocks."""

    spans: tuple[Span, ...]
    blocks: str


def said_in(text: str) -> Said:
    """Reads a Markdown text."""
    spans: list[Span] = []
    blocks: list[str] = []
    fences, at = Fences(), 0
    above: list[bool] = []  # for each level of headings: whether the section is about what is new
    for line in text.splitlines(keepends=True):
        place = fences.take(line.rstrip("\r\n"))
        heading = _HEADING.match(line) if place is Place.OUTSIDE else None
        if heading is not None:
            level = len(heading[1])
            # The title names the whole document, and says nothing of its sections.
            new = level > 1 and _NEW_SECTION.search(heading[2]) is not None
            above = [*above[: level - 1], *[False] * (level - 1 - len(above)), new]
        if place is Place.OUTSIDE:
            title = heading is not None and len(heading[1]) == 1  # it names what the document is about
            spans += _in_line(line, at, title or any(above))
        elif place is Place.INSIDE:
            blocks.append(line)
        at += len(line)
    return Said(tuple(spans), "".join(blocks))


def _in_line(line: str, at: int, section_is_new: bool) -> Iterator[Span]:
    start = 0
    for end in [*(each.start() for each in _SENTENCE.finditer(line)), len(line)]:
        sentence = line[start:end]
        bare = _SPAN.sub(" ", sentence)
        new = section_is_new or _NEW_SENTENCE.search(bare) is not None
        for each in _SPAN.finditer(sentence):
            yield Span(each[1], at + start + each.start(1), at + start + each.end(1), new)
        start = end
