"""`pillion.dismiss`: the user doesn't want to see a finding again, in this session or a later one."""

from collections.abc import Mapping
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from pillion.lsp.diagnostics import DiagnosticStore
from pillion.lsp.dismissals import Dismissals, is_finding_id
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

DISMISS = "pillion.dismiss"


def register(server: PillionServer, session: Session, diagnostics: DiagnosticStore, dismissals: Dismissals) -> None:
    """Registers the handler."""

    @server.command(DISMISS)
    async def dismiss(*arguments: Any) -> None:
        uri, finding_id = _checked(arguments)
        ids = [finding_id] if finding_id is not None else [each.id for each in diagnostics.of(uri)]
        dismissals.hold(ids)
        diagnostics.remove(ids)
        if problem := await dismissals.save(ids):
            session.note(problem)


def _checked(arguments: tuple[Any, ...]) -> tuple[str, str | None]:
    """The document's URI, and the finding's id or None for all of the document's.

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
