"""`pillion.endpoints`, `pillion.reload` and `pillion.pull`: the engines behind the session, and their models."""

from collections.abc import Mapping
from typing import Any

from pillion.jobs.downloads import ModelDownloads
from pillion.lsp.endpoints import plain_endpoints
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

ENDPOINTS, PULL, RELOAD = "pillion.endpoints", "pillion.pull", "pillion.reload"


def register(server: PillionServer, session: Session, downloads: ModelDownloads) -> None:
    """Registers the handlers."""

    @server.command(ENDPOINTS)
    async def endpoints(*arguments: Any) -> dict[str, Any]:
        given = arguments[0] if arguments else None
        live = isinstance(given, Mapping) and given.get("live") is True
        async with session.engines() as runtime:
            return await plain_endpoints(runtime, live=live)

    @server.command(RELOAD)
    async def reload(*_: Any) -> dict[str, Any]:
        await session.reload()
        return await endpoints()

    @server.command(PULL)
    async def pull(*_: Any) -> dict[str, str]:
        async with session.engines() as runtime:
            return await downloads.pull(runtime)
