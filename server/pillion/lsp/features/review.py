"""`pillion.preview` and `pillion.drafts`: for clients that show drafts and have the user decide on them."""

from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.workspace import PositionCodec

from pillion.errors import UsageError
from pillion.lsp.convert import Positions
from pillion.lsp.diagnostics import as_diagnostic
from pillion.lsp.drafts import DraftFolder
from pillion.lsp.features.commands import job_id_of
from pillion.lsp.jobs import Jobs
from pillion.lsp.lines import LineIndex
from pillion.lsp.preview import Preview
from pillion.lsp.server_type import PillionServer

PREVIEW, DRAFTS = "pillion.preview", "pillion.drafts"


def register(server: PillionServer, jobs: Jobs, drafts: DraftFolder) -> None:
    """Registers the handlers."""

    @server.command(PREVIEW)
    async def preview(*arguments: Any) -> dict[str, Any] | None:
        job_id = job_id_of(arguments)
        try:
            found = await jobs.preview(job_id)
        except UsageError as exc:
            raise JsonRpcInvalidParams(exc.full_message) from exc
        if found is None:
            return None
        uri, version, shown = found
        return {"job": job_id, "uri": uri, "version": version, **_plain(shown, server.workspace.position_encoding)}

    @server.command(DRAFTS)
    def kept_drafts(*_: Any) -> dict[str, Any]:
        return {"drafts": drafts.kept(), "unfinished": drafts.unfinished(), "offered": jobs.offered()}


def _plain(preview: Preview, encoding: types.PositionEncodingKind | str | None) -> dict[str, Any]:
    positions = Positions(preview.text, LineIndex(preview.text), PositionCodec(encoding))
    return {
        "text": preview.text,
        "complete": preview.complete,
        "changed": positions.range(preview.start, preview.end),
        "diagnostics": [as_diagnostic(each, positions.range(each.start, each.end)) for each in preview.findings],
    }
