"""initialize, shutdown, settings."""

import asyncio

from lsprotocol import types

from pillion.lsp.diagnostics import DiagnosticStore
from pillion.lsp.documents import Document
from pillion.lsp.downloads import ModelDownloads
from pillion.lsp.endpoints import EndpointWatch
from pillion.lsp.jobs import Jobs
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session


def register(
    server: PillionServer,
    session: Session,
    jobs: Jobs,
    diagnostics: DiagnosticStore,
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

    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        session.load_soon()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        await session.change_settings(params.settings)

    async def end() -> None:
        await jobs.finish_all()  # first: they keep their drafts
        await asyncio.gather(downloads.finish(), endpoints.finish(), session.close())

    server.when_ending(end)

    @server.feature(types.SHUTDOWN)
    async def shutdown(params: None) -> None:
        await server.end()
