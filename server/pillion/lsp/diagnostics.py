"""Findings as diagnostics."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pillion.jobs.dismissals import finding_id
from pillion.jobs.finding_store import Placed
from pillion.jobs.import_fixes import import_title
from pillion.lsp.documents import Document
from pillion.lsp.protocol import PillionProtocol
from pillion.text.plain import plain_line

if TYPE_CHECKING:
    from pillion.findings.finding import Finding
    from pillion.findings.place import Place

SOURCE = "pillion"
_SEVERITIES = {
    "information": types.DiagnosticSeverity.Information,
    "warning": types.DiagnosticSeverity.Warning,
    "error": types.DiagnosticSeverity.Error,
}


def publish(protocol: PillionProtocol, uri: str, findings: Sequence[Placed]) -> None:
    """Shows these findings, and no others, in the document. A document that isn't open has none."""
    document = protocol.open_document(uri)
    if document is None:
        params = types.PublishDiagnosticsParams(uri, [])
    else:
        shown = [placed_diagnostic(document, each) for each in findings]
        params = types.PublishDiagnosticsParams(document.uri, shown, document.version)
    protocol.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)


def placed_diagnostic(document: Document, placed: Placed) -> types.Diagnostic:
    """The diagnostic that is published for a finding."""
    return as_diagnostic(placed.finding, document.positions.range(placed.start, placed.end))


def as_diagnostic(finding: "Finding[Place]", a_range: types.Range) -> types.Diagnostic:
    """A finding as a client shows it."""
    return types.Diagnostic(
        range=a_range,
        message=plain_line(finding.message),  # the client sends it back when it asks for quick fixes
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source=SOURCE,
        data={"id": finding_id(finding), **_fixes_of(finding)},
    )


def _fixes_of(finding: "Finding[Place]") -> dict[str, Any]:
    """The fixes without a model: `fixes`, of which any one settles the finding; `fix`, the title of the only fix."""
    fixes = [{"title": import_title(each), "import": each} for each in finding.imports]
    return {**({"fixes": fixes} if fixes else {}), **({"fix": fixes[0]["title"]} if len(fixes) == 1 else {})}
