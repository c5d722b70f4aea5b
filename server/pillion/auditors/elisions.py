"""Finds lines that stand for code that a draft left out: “the rest stays as it is”, in any language.

It goes by structure: a new comment, or dots, in the place where statements were. A comment that explains stands before
new code, and a new comment in the place of a shorter line explains why that line is gone.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from tree_sitter import Node

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.passage_findings import Rule, finding
from pillion.auditors.trees import walk
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.plurals import counted
from pillion.syntax.document import ParsedText
from pillion.syntax.nodes import is_lone_string, is_symbol

_WORD = re.compile(r"[^\W\d]\w*")
_WORD_OR_DOTS = re.compile(r"\w|\.\.\.|…")
_BRACKETS = re.compile(r"[\s{}()\[\];,]*")
_DOTS = re.compile(r"[\[({<]?\s*(?:\.\.\.|…)[\s,;)\]}>]*")
# Dots at the beginning of a comment, or alone in it: nobody explains code like that.
_SPEAKS_OF_MORE = re.compile(r"^(?:[\W_]*?)(?:\.\.\.|…)")
_NOTHING_DONE = re.compile(r"pass;?")
_BINDS = re.compile(r"(?P<name>[^\W\d]\w*)(?:\s*:\s*[\w\[\], .]+)?\s*(?::?=(?!=)|\+=|-=|\bin\b)")
_LIKE = 0.6
_MOST_COMPARED = 200
_MOST_LINES = 4_000
# So much of what the lost lines do must be gone, too, if other code was written beside the comment.
_GONE = 0.5


class _Kind(Enum):
    CODE = auto()
    FILLER = auto()  # a comment or dots: there is nothing on the line that does anything
    NEUTRAL = auto()  # blank, or only brackets


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    kind: _Kind
    start: int

    @property
    def speaks_of_more(self) -> bool:
        """Whether it is dots, or a comment that begins with dots."""
        return self.kind is _Kind.FILLER and _SPEAKS_OF_MORE.match(self.text.strip()) is not None


class ElisionsAuditor:
    """Says where a comment or dots stand in the place of code."""

    name = "elisions"
    sees = Sees.EDIT
    _rule = Rule(name, "elision", "error")

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        if not passage.before.strip() or passage.before == passage.text:
            return ()
        found = [self._of(passage, each, lost) for each, lost in _Change(passage).elisions()]
        found += [self._emptied(passage, start, end, name) for start, end, name in _emptied(passage)]
        return tuple(each for each in found if each is not None)

    def _emptied(self, passage: Passage, start: int, end: int, name: str) -> Finding[InPassage] | None:
        number = passage.text.count("\n", 0, start) + 1
        message = f"“{name}” (line {number}) had code, and the draft leaves it without any."
        return finding(passage, self._rule, start, end, message)

    def _of(self, passage: Passage, line: _Line, lost: int) -> Finding[InPassage] | None:
        said = line.text.strip()
        shown = said if len(said) <= 60 else said[:59] + "…"
        were = f"{counted(lost, 'line')} of code {'was' if lost == 1 else 'were'}"
        number = passage.text.count("\n", 0, line.start) + 1
        message = f"“{shown}” (line {number}) stands where {were}: the draft seems to leave out the rest."
        start = line.start + len(line.text) - len(line.text.lstrip())
        return finding(passage, self._rule, start, start + len(said), message)


def _emptied(passage: Passage) -> Iterator[tuple[int, int, str]]:
    """The names of functions in the new part that were written before, and have only a placeholder now."""
    after = passage.parsed
    symbols = (node for node in walk(after.tree.root_node) if is_symbol(node, passage.language))
    stubs = [after.symbols.read(node) for node in symbols if after.symbols.is_stub(node)]
    inside = [each for each in stubs if passage.start <= each.end <= passage.end]
    if not inside:
        return
    before = ParsedText.of(passage.language, passage.before).symbols
    for each in inside:
        old = before.occurrences(each.path)
        if each.callable and old and not any(before.is_stub(node) for node in old):
            yield each.name_start, each.name_end, each.name


class _Change:
    """The lines of a document before and after an edit."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage

    @cached_property
    def _after(self) -> list[_Line]:
        return _lines(self._passage.parsed)

    @cached_property
    def _before(self) -> list[_Line]:
        return _lines(ParsedText.of(self._passage.language, self._passage.before))

    def elisions(self) -> Iterator[tuple[_Line, int]]:
        """Each line that stands for others, with the number of lines of code that it stands for."""
        before, after = self._before, self._after
        head = _same(before, after)
        tail = _same(before[head:][::-1], after[head:][::-1])
        old, new = before[head : len(before) - tail], after[head : len(after) - tail]
        if not any(each.kind is _Kind.FILLER for each in new) or max(len(old), len(new)) > _MOST_LINES:
            return
        kept = {line.text.strip() for line in new}
        words = set(_WORD.findall("\n".join(line.text for line in new if line.kind is _Kind.CODE)))
        one, two = ([line.text.rstrip() for line in lines] for lines in (old, new))
        for _, i, j, k, m in difflib.SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
            lost = [line for line in old[i:j] if line.kind is _Kind.CODE and line.text.strip() not in kept]
            if not lost or (m > k and old[i:j] == new[k:m]):
                continue
            part = new[k:m]
            follows = next((line for line in after[head + m :] if line.kind is not _Kind.NEUTRAL), None)
            filler = next((n for n in range(len(part)) if _stands_for(lost, part, n, words, follows)), None)
            if filler is not None and not self._was_unwritten(lost):
                yield part[filler], len(lost)

    def _was_unwritten(self, lost: Sequence[_Line]) -> bool:
        """Whether there was only a placeholder before."""
        text = " ".join(line.text.strip() for line in lost)
        return bool(text) and self._passage.language.stub.fullmatch(text) is not None


def _stands_for(lost: Sequence[_Line], part: Sequence[_Line], at: int, words: set[str], follows: _Line | None) -> bool:
    """Whether the line `at` of the new part stands for the lost lines. `follows`: the next line behind the part."""
    line = part[at]
    if line.kind is not _Kind.FILLER:
        return False
    alone = not any(each.kind is _Kind.CODE for each in part)
    if _DOTS.fullmatch(line.text.strip()):
        return True
    if line.speaks_of_more:
        return alone or _is_gone(lost, words)
    said = sum(len(each.text.strip()) for each in part if each.kind is _Kind.FILLER)
    below = next((each for each in part[at + 1 :] if each.kind is _Kind.CODE), None)
    if below is not None:
        skipped = _skipped(lost, part[:at], below)
        return sum(len(each.text.strip()) for each in skipped) > said
    if sum(len(each.text.strip()) for each in lost) <= said:
        return False
    return alone or _is_gone(lost, words) or _stood_last(lost[-1], line, words, follows)


def _stood_last(lost: _Line, line: _Line, words: set[str], follows: _Line | None) -> bool:
    """Whether the last lost line stood where the comment ends the block now, and did what nothing does any more."""
    ends_block = follows is None or _indent(follows) < _indent(line)
    return ends_block and _indent(lost) == _indent(line) and not set(_WORD.findall(lost.text)) <= words


def _indent(line: _Line) -> int:
    return len(line.text) - len(line.text.lstrip())


def _skipped(lost: Sequence[_Line], above: Sequence[_Line], below: _Line) -> Sequence[_Line]:
    """The lost lines between a comment and the old version of the line below it; none if that line is no old one, or
    does what the lost lines did."""
    old = _old_version(lost, below)
    if old is None:
        return ()
    start = 0
    for each in above:
        place = _old_version(lost, each) if each.kind is _Kind.CODE else None
        start = max(start, place + 1 if place is not None else 0)
    skipped = lost[start:old]
    added = set(_WORD.findall(below.text)) - set(_WORD.findall(lost[old].text))
    return () if any(added.intersection(_WORD.findall(each.text)) for each in skipped) else skipped


def _old_version(lost: Sequence[_Line], line: _Line) -> int | None:
    """The place of the line of which `line` is a new version; None if it is like none of them."""
    matcher = difflib.SequenceMatcher(None, "", line.text.strip(), autojunk=False)
    likest, place = _LIKE, None
    for number, each in enumerate(lost[:_MOST_COMPARED]):
        matcher.set_seq1(each.text.strip())
        if matcher.real_quick_ratio() >= likest and (ratio := matcher.ratio()) >= likest:
            likest, place = ratio, number
    return place


def _is_gone(lost: Sequence[_Line], words: set[str]) -> bool:
    """Whether the new code doesn't do what the lost lines did: most of what they name is gone, too."""
    text = "\n".join(each.text for each in lost)
    own = set(_WORD.findall(text)) - _bound_in(text)
    return bool(own) and len(own - words) / len(own) > _GONE


def _bound_in(text: str) -> set[str]:
    """The names that the lines themselves set: a shorter version does without them."""
    return {found["name"] for found in _BINDS.finditer(text)}


def _same(one: Sequence[_Line], other: Sequence[_Line]) -> int:
    """How many lines at the beginning are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((row for row, (a, b) in pairs if a.text.rstrip() != b.text.rstrip()), min(len(one), len(other)))


def _lines(parsed: ParsedText) -> list[_Line]:
    commented = _commented(parsed)
    lines: list[_Line] = []
    start = 0
    for row, text in enumerate(parsed.text.split("\n")):
        lines.append(_Line(text, _kind(text, commented.get(row, "")), start))
        start += len(text) + 1
    return lines


def _kind(text: str, comment: str) -> _Kind:
    """What is on a line. `comment`: what of it is in comments."""
    bare = text.strip()
    code = _without(bare, comment.strip()) if comment else bare
    if _BRACKETS.fullmatch(code):
        return _Kind.FILLER if comment and _WORD_OR_DOTS.search(comment) else _Kind.NEUTRAL
    if _DOTS.fullmatch(code) or (comment and _NOTHING_DONE.fullmatch(code.strip())):
        return _Kind.FILLER
    return _Kind.CODE


def _without(bare: str, comment: str) -> str:
    return bare.replace(comment, "", 1)


def _commented(parsed: ParsedText) -> dict[int, str]:
    """The part of each line that is in comments."""
    found: dict[int, str] = {}
    stack = [parsed.tree.root_node]
    while stack:
        node = stack.pop()
        if node.type in parsed.language.comments or is_lone_string(node):
            for row, text in _rows(node):
                found[row] = found.get(row, "") + text
        else:
            stack.extend(node.children)
    return found


def _rows(node: Node) -> Iterator[tuple[int, str]]:
    text = (node.text or b"").decode("utf-8", "surrogatepass")
    for number, line in enumerate(text.rstrip("\n").split("\n")):
        yield node.start_point.row + number, line.rstrip("\r")
