"""Puts the language server together from its features."""

from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import converters

from pillion import __version__
from pillion.jobs.dismissal_service import DismissalService
from pillion.jobs.dismissals import Dismissals
from pillion.jobs.downloads import ModelDownloads
from pillion.jobs.endpoint_watch import EndpointWatch
from pillion.jobs.finding_store import FindingStore
from pillion.jobs.import_fixes import ImportFixes
from pillion.jobs.sequels import Sequels
from pillion.jobs.service import JobService
from pillion.lsp.editor_front import EditorFront
from pillion.lsp.features import (
    again,
    ask_choices,
    code_action,
    commands,
    dismiss,
    document_sync,
    draft_commands,
    engine_status,
    fix,
    hover,
    lifecycle,
    review,
    stats,
)
from pillion.lsp.protocol import PillionProtocol
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session
from pillion.state.draft_log import DraftLog
from pillion.state.kept_drafts import DraftFolder

if TYPE_CHECKING:
    from pillion.pipeline.runtime import LoadRuntime


def build_server(load_runtime: "LoadRuntime", state_folder: Path | None = None) -> PillionServer:
    """A server that is ready to start. `load_runtime` is called when the first job or hover needs engines;
    drafts and dismissals are kept in `state_folder` (default: the user's own)."""
    server = PillionServer(
        "pillion", __version__, protocol_cls=PillionProtocol, converter_factory=converters.get_converter
    )
    session = Session(server.protocol, load_runtime)
    front = EditorFront(session)
    findings = FindingStore(front.publish)
    dismissals = Dismissals(state_folder)
    dismissal_service = DismissalService(front, findings, dismissals)
    downloads = ModelDownloads(front)
    endpoints = EndpointWatch(lambda told: server.protocol.notify(engine_status.ENDPOINTS_NOTIFICATION, told))
    draft_folder = DraftFolder(state_folder)
    draft_log = DraftLog(state_folder)
    jobs = JobService(front, session.engines, findings, dismissal_service, downloads, draft_folder, draft_log)
    sequels = Sequels(front, jobs)
    lifecycle.register(
        server, session, jobs, draft_folder, draft_log, findings, dismissal_service, downloads, endpoints
    )
    document_sync.register(server, session, jobs, findings)
    code_action.register(server, session, findings)
    hover.register(server, session, downloads)
    commands.register(server, session, jobs, downloads)
    ask_choices.register(server, session)
    again.register(server, sequels)
    review.register(server, front, jobs, dismissals)
    draft_commands.register(server, front, jobs, sequels, draft_folder)
    engine_status.register(server, session, downloads, endpoints)
    fix.register(server, ImportFixes(front, jobs, findings))
    dismiss.register(server, dismissal_service)
    stats.register(server, session)
    return server
