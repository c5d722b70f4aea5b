"""A document at one moment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document's text, version and language at one moment; jobs read these, never live documents.

    `version` is None for a file that no editor has open. `language_id` is LSP's language identifier.
    """

    uri: str
    text: str
    version: int | None
    language_id: str

    @property
    def name(self) -> str:
        """The last part of the URI, for messages."""
        return self.uri.rstrip("/").rsplit("/", 1)[-1]
