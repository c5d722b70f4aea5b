"""`pillion.fix`: settles a finding without a model, in the document or in a draft that waits for the user."""

from collections.abc import Mapping
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from pillion.errors import UsageError
from pillion.jobs.dismissals import is_finding_id
from pillion.jobs.import_fixes import ImportFixes
from pillion.lsp.server_type import PillionServer

FIX = "pillion.fix"


def register(server: PillionServer, fixes: ImportFixes) -> None:
    """Registers the handler."""

    @server.command(FIX)
    async def fix(*arguments: Any) -> dict[str, Any]:
        given = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], Mapping) else {}
        wanted, statement = given.get("finding"), given.get("import") or ""
        job_id, uri = given.get("job"), given.get("uri")
        if not isinstance(wanted, str) or not is_finding_id(wanted) or not isinstance(statement, str):
            raise JsonRpcInvalidParams(f"{FIX}: “finding” isn't the id of a finding, or “import” isn't text")
        try:
            if isinstance(job_id, str) and job_id:
                unfixed = await fixes.in_draft(job_id, wanted, statement)
            elif isinstance(uri, str) and uri:
                unfixed = await fixes.in_document(uri, wanted, statement)
            else:
                raise JsonRpcInvalidParams(f"{FIX} takes one object: finding, and job or uri; import?")
        except UsageError as exc:
            raise JsonRpcInvalidParams(exc.full_message) from exc
        return {"fixed": False, "reason": unfixed} if unfixed else {"fixed": True}
