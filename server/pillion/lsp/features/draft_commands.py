"""`pillion.drafts`, `pillion.applyDraft`, `pillion.dropDraft`: what waits for the user, and drafts that were kept."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from pillion.errors import UsageError
from pillion.jobs.draft_list import drop_draft, request_of, row_of
from pillion.jobs.front import Front
from pillion.jobs.sequels import Sequels
from pillion.jobs.service import JobService
from pillion.lsp.server_type import PillionServer
from pillion.state.kept_drafts import DraftFolder

DRAFTS, APPLY, DROP = "pillion.drafts", "pillion.applyDraft", "pillion.dropDraft"


def register(server: PillionServer, front: Front, jobs: JobService, sequels: Sequels, drafts: DraftFolder) -> None:
    """Registers the handlers."""

    @server.command(DRAFTS)
    def kept_drafts(*_: Any) -> dict[str, Any]:
        kept = {"drafts": drafts.kept(), "unfinished": drafts.unfinished()}
        return {**kept, "offered": sequels.offered(), "refused": sequels.refused()}

    @server.command(APPLY)
    def apply(*arguments: Any) -> dict[str, str]:
        return {"job": jobs.start(request_of(_row(arguments, APPLY, drafts), front))}

    @server.command(DROP)
    async def drop(*arguments: Any) -> None:
        await asyncio.to_thread(drop_draft, Path(_row(arguments, DROP, drafts)["path"]))


def _row(arguments: tuple[Any, ...], command: str, drafts: DraftFolder) -> dict[str, Any]:
    given = arguments[0].get("path") if len(arguments) == 1 and isinstance(arguments[0], Mapping) else None
    if not isinstance(given, str) or not given:
        raise JsonRpcInvalidParams(f"{command} takes one object: path")
    try:
        return row_of(given, drafts)
    except UsageError as exc:
        raise JsonRpcInvalidParams(exc.full_message) from exc
