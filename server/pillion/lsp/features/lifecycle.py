"""initialize, shutdown, settings."""

from lsprotocol import types

from pillion.lsp.diagnostics import DiagnosticStore
from pillion.lsp.documents import Document
from pillion.lsp.downloads import ModelDownloads
from pillion.lsp.draft_log import DraftLog
from pillion.lsp.endpoints import EndpointWatch
from pillion.lsp.features.dismiss import Dismissing
from pillion.lsp.jobs import Jobs
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session


def register(
    server: PillionServer,
    session: Session,
    jobs: Jobs,
    draft_log: DraftLog,
    diagnostics: DiagnosticStore,
    dismissing: Dismissing,
    downloads: ModelDownloads,
    endpoints: EndpointWatch,
) -> None:
    """Registers the handlers."""

    def edited(document: Document, start: int, end: int, new_length: int) -> None:
        diagnostics.edited(document, start, end, new_length)
        session.tracked.edited(document, start, end, new_length)

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.protocol.use_own_documents(edited)
        session.begin(params.initialization_options)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        await session.change_settings(params.settings)

    @server.feature(types.SHUTDOWN)
    async def shutdown(params: None) -> None:
        await jobs.finish_all()
        await draft_log.close()
        dismissing.finish()
        await downloads.finish()
        await endpoints.finish()
        await session.close()
