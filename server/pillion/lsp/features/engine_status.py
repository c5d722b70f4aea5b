"""The engines behind the session and their models: `pillion.endpoints`, `.reload`, `.pull`, and `pillion/endpoints`."""

from collections.abc import Mapping
from typing import Any

from pillion.jobs.downloads import ModelDownloads
from pillion.jobs.endpoint_watch import EndpointWatch, plain_endpoints
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

ENDPOINTS_NOTIFICATION = "pillion/endpoints"
ENDPOINTS, PULL, RELOAD = "pillion.endpoints", "pillion.pull", "pillion.reload"


def register(server: PillionServer, session: Session, downloads: ModelDownloads, watch: EndpointWatch) -> None:
    """Registers the handlers; a client that asks for events is told whenever an endpoint changes."""
    session.when_loaded(lambda runtime: watch.follow(runtime if session.wants_events else None))

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
