"""`pillion.preview`: for clients that show drafts and let the user decide on them."""

from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.workspace import PositionCodec

from pillion.errors import UsageError
from pillion.jobs.dismissals import Dismissals
from pillion.jobs.front import Front
from pillion.jobs.job_preview import preview_of
from pillion.jobs.preview import OtherFile, Preview
from pillion.jobs.service import JobService
from pillion.lsp.convert import Positions
from pillion.lsp.diagnostics import as_diagnostic
from pillion.lsp.features.commands import job_id_of
from pillion.lsp.server_type import PillionServer
from pillion.text.lines import LineIndex

if TYPE_CHECKING:
    from pillion.edits.hunks import Change

PREVIEW = "pillion.preview"


def register(server: PillionServer, front: Front, jobs: JobService, dismissals: Dismissals) -> None:
    """Registers the handler."""

    @server.command(PREVIEW)
    async def preview(*arguments: Any) -> dict[str, Any] | None:
        job_id = job_id_of(arguments)
        try:
            job = jobs.find(job_id)
        except UsageError as exc:
            raise JsonRpcInvalidParams(exc.full_message) from exc
        found = await preview_of(job, front, dismissals)
        if found is None:
            return None
        version, shown = found
        return {
            "job": job_id,
            "uri": job.request.uri,
            "version": version,
            **_plain(shown, server.workspace.position_encoding),
        }


def _plain(preview: Preview, encoding: types.PositionEncodingKind | str | None) -> dict[str, Any]:
    positions = _positions(preview.text, encoding)
    others = [_other(each, encoding) for each in preview.others]
    return {
        "text": preview.text,
        "complete": preview.complete,
        **({"changes": others} if others else {}),
        "hunks": _plain_hunks(preview, positions, encoding),
        "changed": positions.range(preview.written.start, preview.written.end),
        "diagnostics": [as_diagnostic(each, positions.range(each.start, each.end)) for each in preview.findings],
    }


def _other(file: OtherFile, encoding: types.PositionEncodingKind | str | None) -> dict[str, Any]:
    positions = _positions(file.data.get("text", ""), encoding)
    found = [as_diagnostic(each, positions.range(each.start, each.end)) for each in file.findings]
    return {**file.data, **({"diagnostics": found} if found else {})}


def _positions(text: str, encoding: types.PositionEncodingKind | str | None) -> Positions:
    return Positions(text, LineIndex(text), PositionCodec(encoding))


def _plain_hunks(
    preview: Preview, written: Positions, encoding: types.PositionEncodingKind | str | None
) -> list[dict[str, Any]]:
    document = _positions(preview.before, encoding)

    def plain(change: "Change") -> dict[str, Any]:
        replaced = change.replacement
        return {
            "range": document.range(replaced.start, replaced.end),
            "oldText": preview.before[replaced.start : replaced.end],
            "newText": replaced.new_text,
            "written": written.range(change.start, change.end),
        }

    return [
        {"id": each.id, "changes": [plain(one) for one in each.own], "brings": [plain(one) for one in each.brings]}
        for each in preview.hunks
    ]
