"""`pillion.classify`: what *Ask Pillion…* would do with the user's words on the selection, and the other choices.

The client shows the choices, and runs the user's choice with `pillion.run`.
"""

from collections.abc import Mapping
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from pillion.actions.scopes import TOLD
from pillion.errors import DocumentError
from pillion.jobs.choices import proposal
from pillion.jobs.targets import words_for_place
from pillion.lsp.features.commands import checked_range
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

CLASSIFY = "pillion.classify"
# Enough for the user's own words and a pasted traceback.
_LONGEST_TEXT = 50_000


def register(server: PillionServer, session: Session) -> None:
    """Registers the handler."""

    @server.command(CLASSIFY)
    async def classify_words(*arguments: Any) -> dict[str, Any]:
        given = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], Mapping) else {}
        text, uri = given.get("text"), given.get("uri")
        if not isinstance(text, str) or len(text.strip()) > _LONGEST_TEXT or not isinstance(uri, str):
            raise JsonRpcInvalidParams(f"{CLASSIFY} takes one object: text, uri, range")
        place = checked_range(given.get("range"), CLASSIFY)
        try:
            document, parsed = session.readable(uri)
        except DocumentError as exc:
            return {"symbol": None, "reason": exc.full_message, "choice": 0, "choices": []}
        start, end = document.positions.offsets(place)
        target = TOLD.target(parsed, start, end)
        name = target.name if TOLD.applies(target) else None
        if not text.strip():
            return {"symbol": name, "reason": "", "choice": 0, "choices": []}
        async with session.engines() as runtime:
            proposed = proposal(text, target, runtime.pool)
        reason = f"There is no function or class {words_for_place(start, end)}."
        return {"symbol": name, **(proposed or {"reason": reason, "choice": 0, "choices": []})}
