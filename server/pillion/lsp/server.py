"""Puts the language server together from its features."""

from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import converters

from pillion import __version__
from pillion.lsp.diagnostics import DiagnosticStore
from pillion.lsp.drafts import DraftFolder
from pillion.lsp.features import code_action, commands, documents, hover, lifecycle
from pillion.lsp.jobs import Jobs
from pillion.lsp.protocol import PillionProtocol
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

if TYPE_CHECKING:
    from pillion.pipeline.runtime import LoadRuntime


def build_server(load_runtime: "LoadRuntime", drafts_folder: Path | None = None) -> PillionServer:
    """A server that is ready to be started. `load_runtime` is called when the first job or hover needs engines."""
    server = PillionServer(
        "pillion", __version__, protocol_cls=PillionProtocol, converter_factory=converters.get_converter
    )
    session = Session(server.protocol, load_runtime)
    diagnostics = DiagnosticStore(server.protocol)
    jobs = Jobs(session, diagnostics, DraftFolder(drafts_folder))
    lifecycle.register(server, session, jobs, diagnostics)
    documents.register(server, session, jobs, diagnostics)
    code_action.register(server, session)
    hover.register(server, session)
    commands.register(server, jobs)
    return server
