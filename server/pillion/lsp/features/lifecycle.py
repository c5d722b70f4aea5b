"""initialize, shutdown, settings."""

import asyncio

from lsprotocol import types

from pillion.jobs.dismissal_service import DismissalService
from pillion.jobs.downloads import ModelDownloads
from pillion.jobs.endpoint_watch import EndpointWatch
from pillion.jobs.finding_store import FindingStore
from pillion.jobs.service import JobService
from pillion.jobs.unfinished_notice import tell_of_unfinished
from pillion.lsp.documents import Document
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session
from pillion.state.draft_log import DraftLog
from pillion.state.kept_drafts import DraftFolder


def register(
    server: PillionServer,
    session: Session,
    jobs: JobService,
    drafts: DraftFolder,
    draft_log: DraftLog,
    findings: FindingStore,
    dismissals: DismissalService,
    downloads: ModelDownloads,
    endpoints: EndpointWatch,
) -> None:
    """Registers the handlers."""

    def edited(document: Document, start: int, end: int, new_length: int) -> None:
        findings.edited(document, start, end, new_length)
        session.tracked.edited(document, start, end, new_length)

    telling: list[asyncio.Task[None]] = []

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.protocol.use_own_documents(edited)
        session.begin(params.initialization_options)

    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        session.load_soon()
        telling.append(asyncio.create_task(tell_of_unfinished(session.show, drafts), name="tell of unfinished drafts"))

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        await session.change_settings(params.settings)

    async def end() -> None:
        for each in telling:
            each.cancel()
        await jobs.finish_all()  # first: the jobs keep their drafts
        dismissals.finish()
        await asyncio.gather(draft_log.close(), downloads.finish(), endpoints.finish(), session.close())

    server.when_ending(end)

    @server.feature(types.SHUTDOWN)
    async def shutdown(params: None) -> None:
        await server.end()
