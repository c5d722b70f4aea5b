"""What a job sees of a document that the user has open."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pillion.syntax.document import ParsedText


class OpenDocument(Protocol):
    """A document that the user has open. `version` counts its changes."""

    @property
    def uri(self) -> str:
        """Its name."""

    @property
    def version(self) -> int | None:
        """None if the front doesn't count."""

    @property
    def source(self) -> str:
        """Its text now."""

    def parsed(self) -> "ParsedText | None":
        """Its tree now; None in a language that Pillion doesn't read."""


class TextNow(Protocol):
    """A document's text at the moment for which an edit is made."""

    @property
    def text(self) -> str:
        """All of it."""

    @property
    def parsed(self) -> "ParsedText | None":
        """Its tree; None in a language that Pillion doesn't read."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The same as a value; see TextNow."""

    text: str
    parsed: "ParsedText | None"


def document_name(uri: str) -> str:
    """The last part of a URI, for messages."""
    return uri.rstrip("/").rsplit("/", 1)[-1]
