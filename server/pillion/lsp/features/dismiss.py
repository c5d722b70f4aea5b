"""`pillion.dismiss`, `pillion.undismiss`, `pillion.dismissed`: hides findings, brings them back, and
lists the hidden ones."""

from collections.abc import Mapping
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from pillion.jobs.dismissal_service import DismissalService
from pillion.jobs.dismissals import is_finding_id
from pillion.lsp.server_type import PillionServer

DISMISS, UNDISMISS, DISMISSED = "pillion.dismiss", "pillion.undismiss", "pillion.dismissed"


def register(server: PillionServer, dismissals: DismissalService) -> None:
    """Registers the handlers."""

    @server.command(DISMISS)
    async def dismiss(*arguments: Any) -> dict[str, Any]:
        return await dismissals.dismiss(*_checked(arguments))

    @server.command(UNDISMISS)
    async def undismiss(*arguments: Any) -> dict[str, int]:
        return {"shown": await dismissals.undo(_checked_ids(arguments))}

    @server.command(DISMISSED)
    async def dismissed(*_: Any) -> dict[str, Any]:
        return {"dismissed": await dismissals.listed()}


def _checked(arguments: tuple[Any, ...]) -> tuple[str, str | None]:
    """The document's URI, and the finding's id, or None for all findings of the document.

    Raises:
        JsonRpcInvalidParams: it isn't what the contract says; the message names the part.
    """
    if len(arguments) != 1 or not isinstance(arguments[0], Mapping):
        raise JsonRpcInvalidParams(f"{DISMISS} takes one object: uri, and id or all")
    uri, finding_id, everything = (arguments[0].get(name) for name in ("uri", "id", "all"))
    if not isinstance(uri, str) or not uri:
        raise JsonRpcInvalidParams(f"{DISMISS}: “uri” is missing")
    if everything is not None and not isinstance(everything, bool):
        raise JsonRpcInvalidParams(f"{DISMISS}: “all” isn't true or false")
    if everything:
        if finding_id is not None:
            raise JsonRpcInvalidParams(f"{DISMISS} takes “id” or “all”, not both")
        return uri, None
    if not isinstance(finding_id, str) or not is_finding_id(finding_id):
        raise JsonRpcInvalidParams(f"{DISMISS}: “id” isn't the id of a finding")
    return uri, finding_id


def _checked_ids(arguments: tuple[Any, ...]) -> list[str]:
    """The findings to bring back.

    Raises:
        JsonRpcInvalidParams: it isn't what the contract says.
    """
    given = arguments[0].get("ids") if len(arguments) == 1 and isinstance(arguments[0], Mapping) else None
    if not isinstance(given, list) or not all(isinstance(each, str) and is_finding_id(each) for each in given):
        raise JsonRpcInvalidParams(f"{UNDISMISS} takes one object: ids, a list of findings' ids")
    return given
