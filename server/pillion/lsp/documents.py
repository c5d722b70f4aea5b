"""Open documents: the text as the client has it, and the texts that callers wait for.

pygls' own document splits lines at U+2028 and the form feed, which shifts line numbers, and copies every line for
every change. The document here has a LiveText, which replaces only the changed part.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lsprotocol import types
from pygls.workspace import PositionCodec, TextDocument, Workspace

from pillion.errors import DocumentError
from pillion.lsp.convert import Positions
from pillion.syntax.live_text import LiveText
from pillion.text.lines import LineIndex

if TYPE_CHECKING:  # tree-sitter is loaded with the first document that needs it
    from pillion.syntax.document import ParsedText

# (document, start, end, length of the new text): what changed.
EditObserver = Callable[["Document", int, int, int], None]


@dataclass(slots=True)
class Awaited:
    """A text that a document should get, and whether it had it for a moment at least. `arrived` is called then."""

    text: str
    arrived: Callable[[], None]
    seen: bool = False


class Document(TextDocument):
    """An open document. `changed` is set when its text changes, and when it is closed."""

    def __init__(
        self,
        uri: str,
        source: str | None,
        version: int | None,
        language_id: str | None,
        codec: PositionCodec,
        observer: EditObserver | None,
    ) -> None:
        super().__init__(uri, source, version, language_id, position_codec=codec)
        self.changed = asyncio.Event()
        # Held while an edit without a version is sent: the client would apply it to any version.
        self.being_edited = asyncio.Lock()
        self._observer = observer
        self._awaited: list[Awaited] = []

    @cached_property
    def _live(self) -> LiveText:
        return LiveText(self.source, self.language_id or "")

    @property
    def index(self) -> LineIndex:
        """Where its lines begin."""
        return self._live.index

    @property
    def positions(self) -> Positions:
        """Converts positions in the text as it is now."""
        return Positions(self.source, self.index, self.position_codec)

    @property
    def is_readable_language(self) -> bool:
        """Whether Pillion has a grammar for its language."""
        return self._live.language is not None

    def parsed(self) -> "ParsedText | None":
        """The syntax tree of the text as it is now, or None in a language Pillion doesn't read."""
        return self._live.parsed()

    async def parsed_in_thread(self) -> "ParsedText | None":
        """The same, but parsed in a thread; see LiveText."""
        return await self._live.parsed_in_thread()

    @contextmanager
    def awaiting(self, text: str, arrived: Callable[[], None] = lambda: None) -> Iterator[Awaited]:
        """Watches for this text while the block runs, and calls `arrived` when the document has just this text. A
        client may send an edit and the typing after it at once, so a look afterwards isn't enough."""
        awaited = Awaited(text, arrived)
        self._awaited.append(awaited)
        try:
            yield awaited
        finally:
            self._awaited.remove(awaited)

    def _apply_incremental_change(self, change: types.TextDocumentContentChangePartial) -> None:
        start, end = self.positions.offsets(change.range)
        self._live.replace(start, end, change.text)
        self._source = self._live.text
        self._tell(start, end, len(change.text))

    def _apply_full_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        before = len(self.source)
        self._live.replace_all(change.text)
        self._source = change.text
        self._tell(0, before, len(change.text))

    def _tell(self, start: int, end: int, new_length: int) -> None:
        self.changed.set()
        # First the observer, which follows the change: `arrived` uses places in the text after the change.
        if self._observer is not None:
            self._observer(self, start, end, new_length)
        for awaited in self._awaited:
            if not awaited.seen and self._source == awaited.text:
                awaited.seen = True
                awaited.arrived()


def open_document(workspace: Workspace, uri: str) -> Document | None:
    """The document if the client has it open."""
    document = workspace.text_documents.get(unquote(uri))
    return document if isinstance(document, Document) else None


class DocumentWorkspace(Workspace):
    """A workspace whose documents are `Document`s that report their edits to `observer`."""

    observer: EditObserver | None = None

    @classmethod
    def in_place_of(cls, workspace: Workspace, observer: EditObserver) -> "DocumentWorkspace":
        """The same workspace, before any document is open."""
        replaced = cls(
            workspace.root_uri,
            types.TextDocumentSyncKind.Incremental,
            list(workspace.folders.values()),
            workspace.position_encoding,
        )
        replaced.observer = observer
        return replaced

    def put_text_document(self, text_document: types.TextDocumentItem, notebook_uri: str | None = None) -> None:
        """Opens a document. If a document with this URI is open, it is closed.

        Raises:
            DocumentError: its URI can't be read.
        """
        self._leave(text_document.uri)
        try:
            super().put_text_document(text_document, notebook_uri)
        except ValueError as exc:
            raise DocumentError(f"A document was opened whose URI is none: {exc}.") from exc

    def remove_text_document(self, doc_uri: str) -> None:
        """Closes a document."""
        self._leave(doc_uri)
        super().remove_text_document(doc_uri)

    def update_text_document(
        self, text_doc: types.VersionedTextDocumentIdentifier, change: types.TextDocumentContentChangeEvent
    ) -> None:
        """Changes a document.

        Raises:
            DocumentError: it isn't open.
        """
        if open_document(self, text_doc.uri) is None:
            raise DocumentError("A document that isn't open was changed.")
        super().update_text_document(text_doc, change)

    def _leave(self, uri: str) -> None:
        if (left := open_document(self, uri)) is not None:
            left.changed.set()

    def _create_text_document(
        self, doc_uri: str, source: str | None = None, version: int | None = None, language_id: str | None = None
    ) -> Document:
        return Document(doc_uri, source, version, language_id, self._position_codec, self.observer)
