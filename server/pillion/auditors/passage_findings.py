"""Makes findings at a place of a passage, if that place is new."""

import hashlib
import re
from dataclasses import dataclass

from pillion.auditors.auditor import Passage
from pillion.findings.finding import Finding, Severity
from pillion.findings.place import InPassage

MAX_QUOTE_CHARACTERS = 200
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Rule:
    """The name of one kind of finding, and how much it matters."""

    source: str
    category: str
    severity: Severity


def finding(
    passage: Passage, rule: Rule, start: int, end: int, message: str, *, hidden: str = ""
) -> Finding[InPassage] | None:
    """A finding that quotes [start, end) of the passage: its first line, or the line around an empty range.

    `hidden` is the text that the finding is about, if the quote must not contain it. None if there is nothing to
    quote or the place isn't new: the draft isn't to blame for the document's old code.
    """
    whole = passage.text[start:end]
    start, end = _one_line(passage.text, start, end)
    if start >= end or end <= passage.start or start >= passage.end:
        return None
    quote = passage.text[start:end]
    identity = identity_of(hidden or whole) if hidden or whole.strip() != quote else ""
    return Finding(quote, rule.severity, rule.category, message, InPassage(start, end), rule.source, identity)


def identity_of(text: str) -> str:
    """A hash that distinguishes texts without revealing them."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def line_starts(text: str) -> list[int]:
    """The offset of each line; lines end with LF, CRLF or CR, as Python's compiler and most linters count them."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def first_new_line(passage: Passage) -> tuple[int, int]:
    """The first line of the new part that isn't blank."""
    part = passage.text[passage.start : passage.end]
    start = passage.start + len(part) - len(part.lstrip())
    return _one_line(passage.text, start, passage.end)


def mentions(text: str, name: str) -> bool:
    """Whether `name` stands in `text` as a word of its own."""
    at = text.find(name)
    while at >= 0:
        around = text[max(0, at - 1) : at] + text[at + len(name) : at + len(name) + 1]
        if not any(each.isalnum() or each == "_" for each in around):
            return True
        at = text.find(name, at + 1)
    return False


def _one_line(text: str, start: int, end: int) -> tuple[int, int]:
    start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
    if not text[start:end].strip():
        start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        end = len(text)
        if (following := _LINE_END.search(text, start)) is not None:
            end = following.start()
    start = end - len(text[start:end].lstrip()) if text[start:end].strip() else end
    broken = _LINE_END.search(text, start, end)
    end = min(broken.start() if broken is not None else end, start + MAX_QUOTE_CHARACTERS)
    return start, start + len(text[start:end].rstrip())
