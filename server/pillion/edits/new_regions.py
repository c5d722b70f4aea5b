"""Finds the parts of the document that a draft's edit wrote."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pillion.edits.file_change import Region
from pillion.findings.finding import Finding
from pillion.syntax.symbols import Symbol
from pillion.text.replacement import Replacement


@dataclass(frozen=True, slots=True)
class NewParts:
    """The new regions of a document, one after the other: `text`, and where each part begins there and in the
    document."""

    text: str
    starts: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, document: str, regions: Sequence[Region]) -> "NewParts":
        """The regions in the order of the document; their first lines are indented like the others."""
        text, starts = "", []
        for start, end in sorted(regions):
            line_start = document.rfind("\n", 0, start) + 1
            if not document[line_start:start].strip():
                start = line_start
            text += "\n" if text and not text.endswith("\n") else ""
            starts.append((len(text), start))
            text += document[start:end]
        return cls(text, tuple(starts))

    def placed(self, finding: Finding) -> Finding:
        """A finding in `text`, placed in the document."""
        begins, there = max((each for each in self.starts if each[0] <= finding.start), default=(0, 0))
        moved = there - begins
        return replace(finding, start=finding.start + moved, end=finding.end + moved)


def new_regions(symbol: Symbol, replacements: Sequence[Replacement], after_text: str) -> tuple[Region, ...]:
    """The [start, end) code points of `after_text` that the edit wrote: the symbol, then added imports and helpers.

    Added imports and helpers count as whole lines. `replacements` are of the text before.
    """
    start, end = symbol.start, symbol.end
    others: list[Region] = []
    grown = 0
    for each in sorted(replacements):
        added = len(each.new_text) - (each.end - each.start)
        if each.end <= symbol.start and not (each.start == each.end == symbol.start):
            start += added
        if each.start < symbol.end or each.start == each.end == symbol.end:
            end += added
        if not (symbol.start <= each.start and each.end <= symbol.end) and each.new_text.strip(" \t\r\n"):
            # A line end at its beginning is that of the line above, which is the user's.
            skipped = len(each.new_text) - len(each.new_text.lstrip("\r\n"))
            written = each.new_text.strip("\r\n")
            at = each.start + grown + skipped
            others.append(_whole_lines(after_text, at, at + len(written)))
        grown += added
    return ((start, end), *others)


def _whole_lines(text: str, start: int, end: int) -> Region:
    line_end = text.find("\n", max(start, end - 1))
    return text.rfind("\n", 0, start) + 1, len(text) if line_end < 0 else line_end + 1
