"""The findings' diagnostics: on the edit's own lines, moving with the text, gone with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lsprotocol import types

from pillion.lsp.documents import Document
from pillion.lsp.protocol import PillionProtocol

if TYPE_CHECKING:
    from pillion.findings import Finding

SOURCE = "pillion"
_SEVERITIES = {
    "information": types.DiagnosticSeverity.Information,
    "warning": types.DiagnosticSeverity.Warning,
    "error": types.DiagnosticSeverity.Error,
}


@dataclass(frozen=True, slots=True)
class _Placed:
    finding: "Finding"
    start: int
    end: int


class DiagnosticStore:
    """All findings of the session, by document."""

    def __init__(self, protocol: PillionProtocol) -> None:
        self._protocol = protocol
        self._placed: dict[str, list[_Placed]] = {}
        self._moved: set[str] = set()

    def show(self, document: Document, findings: Sequence["Finding"]) -> None:
        """Adds findings whose offsets are of the document as it is now."""
        if findings:
            placed = self._placed.setdefault(document.uri, [])
            placed += [_Placed(finding, finding.start, finding.end) for finding in findings]
            self._publish(document)

    def edited(self, document: Document, start: int, end: int, new_length: int) -> None:
        """Follows an edit: findings behind it move, findings whose text it changes go."""
        placed = self._placed.get(document.uri)
        if not placed:
            return
        grown = new_length - (end - start)
        kept = [
            replace(each, start=each.start + grown, end=each.end + grown) if end <= each.start else each
            for each in placed
            if end <= each.start or start >= each.end
        ]
        if kept != placed:
            self._placed[document.uri] = kept
            self._moved.add(document.uri)

    def flush(self, document: Document) -> None:
        """Publishes what `edited` changed, once a whole didChange is in and the document has its new version."""
        if document.uri in self._moved:
            self._moved.discard(document.uri)
            self._publish(document)

    def forget(self, uri: str) -> None:
        """The document was closed: its diagnostics go."""
        if self._placed.pop(uri, None):
            self._send(uri, None, [])

    def _publish(self, document: Document) -> None:
        positions = document.positions
        diagnostics = [
            types.Diagnostic(
                range=positions.range(each.start, each.end),
                message=each.finding.message,
                severity=_SEVERITIES[each.finding.severity],
                code=each.finding.code,
                source=SOURCE,
            )
            for each in self._placed[document.uri]
        ]
        self._send(document.uri, document.version, diagnostics)

    def _send(self, uri: str, version: int | None, diagnostics: list[types.Diagnostic]) -> None:
        params = types.PublishDiagnosticsParams(uri=uri, version=version, diagnostics=diagnostics)
        self._protocol.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)
