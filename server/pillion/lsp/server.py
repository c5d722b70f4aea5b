"""Puts the language server together from its features."""

from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import converters

from pillion import __version__
from pillion.jobs.dismissals import Dismissals
from pillion.jobs.downloads import ModelDownloads
from pillion.jobs.endpoint_watch import EndpointWatch
from pillion.jobs.sequels import Sequels
from pillion.jobs.service import JobService
from pillion.lsp.diagnostics import DiagnosticStore
from pillion.lsp.features import (
    again,
    ask,
    code_action,
    commands,
    dismiss,
    documents,
    engines,
    fix,
    hover,
    lifecycle,
    review,
    stats,
)
from pillion.lsp.front import EditorFront
from pillion.lsp.protocol import PillionProtocol
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session
from pillion.state.draft_log import DraftLog
from pillion.state.kept_drafts import DraftFolder

if TYPE_CHECKING:
    from pillion.pipeline.runtime import LoadRuntime


def build_server(load_runtime: "LoadRuntime", state_folder: Path | None = None) -> PillionServer:
    """A server that is ready to be started. `load_runtime` is called when the first job or hover needs engines;
    drafts and dismissals are kept in `state_folder` (default: the user's own)."""
    server = PillionServer(
        "pillion", __version__, protocol_cls=PillionProtocol, converter_factory=converters.get_converter
    )
    session = Session(server.protocol, load_runtime)
    diagnostics = DiagnosticStore(server.protocol)
    dismissals = Dismissals(state_folder)
    endpoints = EndpointWatch(lambda told: server.protocol.notify(engines.ENDPOINTS_NOTIFICATION, told))
    draft_folder = DraftFolder(state_folder)
    draft_log = DraftLog(state_folder)
    front = EditorFront(session, diagnostics)
    downloads = ModelDownloads(front)
    jobs = JobService(front, session.engines, dismissals, downloads, draft_folder, draft_log)
    sequels = Sequels(front, jobs)
    dismissing = dismiss.Dismissing(session, diagnostics, dismissals)
    lifecycle.register(server, session, jobs, draft_folder, draft_log, diagnostics, dismissing, downloads, endpoints)
    documents.register(server, session, jobs, diagnostics)
    code_action.register(server, session, diagnostics)
    hover.register(server, session, downloads)
    commands.register(server, session, jobs, downloads)
    ask.register(server, session)
    again.register(server, sequels)
    review.register(server, front, jobs, sequels, draft_folder, dismissals)
    engines.register(server, session, downloads, endpoints)
    fix.register(server, session, jobs, diagnostics)
    dismiss.register(server, dismissing)
    stats.register(server, session)
    return server
