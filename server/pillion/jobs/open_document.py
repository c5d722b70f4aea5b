"""What a job sees of a document that the user has open."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pillion.errors import FileError, FileTooLargeError
from pillion.files.bounded_read import MIB, read_text

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText

_LARGEST_CHECKED_BYTES = 2 * MIB
_CHECKED_WITHIN_S = 0.5


class OpenDocument(Protocol):
    """A document that the user has open. `version` counts its changes."""

    @property
    def uri(self) -> str:
        """The document's URI."""

    @property
    def version(self) -> int | None:
        """The version's number; None if the front doesn't count versions."""

    @property
    def source(self) -> str:
        """Its text now."""

    def parsed(self) -> "ParsedText | None":
        """Its tree now; None in a language that Pillion doesn't read."""

    async def parsed_in_thread(self) -> "ParsedText | None":
        """The same, but parsed in a thread. If the text changes meanwhile, it is the tree of the text before."""


class TextNow(Protocol):
    """A document's text at the moment for which an edit is made."""

    @property
    def text(self) -> str:
        """The whole text."""

    @property
    def parsed(self) -> "ParsedText | None":
        """Its tree; None in a language that Pillion doesn't read."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A TextNow as a plain value."""

    text: str
    parsed: "ParsedText | None"


def why_not_open(name: str, path: str | None) -> str:
    """Why Pillion can't work on a document that isn't open; `path` is the path of its file."""
    if path is None:
        return f"{name} isn't a file."
    try:
        read_text(Path(path), _LARGEST_CHECKED_BYTES, within_s=_CHECKED_WITHIN_S)
    except FileTooLargeError:
        pass  # the last message holds for a file of any size
    except FileError as exc:
        return f"{name} {exc.reason}."
    return f"{name} isn't open. Open it first: Pillion edits open documents only."
