"""`pillion.retry` and `pillion.undo`: another try for a refused draft, and taking an applied edit back."""

from collections.abc import Mapping
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from pillion.errors import UsageError
from pillion.jobs.sequels import Sequels
from pillion.lsp.features.commands import checked_tier, job_id_of
from pillion.lsp.server_type import PillionServer

RETRY, UNDO = "pillion.retry", "pillion.undo"


def register(server: PillionServer, sequels: Sequels) -> None:
    """Registers the handlers."""

    @server.command(RETRY)
    def retry(*arguments: Any) -> dict[str, str]:
        job_id = job_id_of(arguments)
        given = arguments[0] if isinstance(arguments[0], Mapping) else {}
        instruction = given.get("instruction") or ""
        if not isinstance(instruction, str):
            raise JsonRpcInvalidParams(f"{RETRY}: “instruction” isn't text")
        try:
            return {"job": sequels.retry(job_id, instruction, checked_tier(given.get("tier"), RETRY))}
        except UsageError as exc:
            raise JsonRpcInvalidParams(exc.full_message) from exc

    @server.command(UNDO)
    async def undo(*arguments: Any) -> dict[str, bool | str]:
        try:
            undone = await sequels.undo(job_id_of(arguments))
        except UsageError as exc:
            raise JsonRpcInvalidParams(exc.full_message) from exc
        return {"undone": True} if undone.done else {"undone": False, "reason": undone.reason}
