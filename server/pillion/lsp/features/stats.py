"""`pillion.stats`: what the session's jobs came to, as JSON data; the gateway's /stats has the same form."""

from typing import Any

from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

STATS = "pillion.stats"


def register(server: PillionServer, session: Session) -> None:
    """Registers the handler."""

    @server.command(STATS)
    async def stats(*arguments: Any) -> dict[str, Any]:
        async with session.engines() as runtime:
            return runtime.telemetry.snapshot()
