"""The new parts of an edit as one text for auditors, and the way back for what they find."""

from collections.abc import Sequence
from dataclasses import dataclass

from pillion.findings.finding import Finding
from pillion.findings.moves import passage_to_edit
from pillion.findings.place import InEdit, InPassage


@dataclass(frozen=True, slots=True)
class NewParts:
    """The new regions of an edit, one after the other: `text`, and where each part begins there and in the edit."""

    text: str
    starts: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, edited: str, regions: Sequence[InEdit]) -> "NewParts":
        """The regions in the order of the edited text; their first lines are indented like the others."""
        text, starts = "", []
        for region in sorted(regions, key=lambda each: (each.start, each.end)):
            start = edited.rfind("\n", 0, region.start) + 1
            if edited[start : region.start].strip():
                start = region.start
            text += "\n" if text and not text.endswith("\n") else ""
            starts.append((len(text), start))
            text += edited[start : region.end]
        return cls(text, tuple(starts))

    def to_edit(self, finding: Finding[InPassage]) -> Finding[InEdit]:
        """A finding in `text`, placed in the edit."""
        begins, there = max((each for each in self.starts if each[0] <= finding.start), default=(0, 0))
        return passage_to_edit(finding, there - begins)
