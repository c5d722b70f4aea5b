"""Places in texts. Each says which text it is a place in, so that mypy refuses a place in one text for another text."""

from dataclasses import dataclass
from typing import Self, TypeVar


@dataclass(frozen=True, slots=True)
class Place:
    """[start, end) code points of some text. Only its subclasses are made, because they name the text."""

    start: int
    end: int

    def touches(self, other: Self) -> bool:
        """Whether both overlap, or one begins where the other ends. Either may be empty."""
        return self.start <= other.end and other.start <= self.end


P = TypeVar("P", bound=Place)


class InPassage(Place):
    """A place in the code that an auditor is shown: units of a draft, the new parts of an edit, or the whole edit."""

    __slots__ = ()


class InDraft(Place):
    """A place in the code of a draft: without thoughts and fences, and perhaps still streaming."""

    __slots__ = ()


class InEdit(Place):
    """A place in a document's text as the edit makes it from the snapshot."""

    __slots__ = ()


class InPreview(Place):
    """A place in a preview: the document as it would be with the draft so far, or with the edit."""

    __slots__ = ()


class InDocument(Place):
    """A place in an open document as it is now."""

    __slots__ = ()
