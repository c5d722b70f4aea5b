"""didOpen, didChange, didClose. pygls keeps the documents; these handlers do the rest."""

from lsprotocol import types

from pillion.jobs.finding_store import FindingStore
from pillion.jobs.service import JobService
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session


def register(server: PillionServer, session: Session, jobs: JobService, findings: FindingStore) -> None:
    """Registers the handlers."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        document = session.open_document(params.text_document.uri)
        session.tracked.closed(params.text_document.uri)  # a client may open an open document again
        if document is not None:
            findings.opened(document)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        if (document := session.open_document(params.text_document.uri)) is not None:
            findings.flush(document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        findings.closed(params.text_document.uri)
        session.tracked.closed(params.text_document.uri)
        jobs.closed(params.text_document.uri)
