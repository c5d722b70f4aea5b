"""The engines behind the session and their models: `pillion.endpoints`, `.reload`, `.pull`, `.model`, and
`pillion/endpoints`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from pillion.errors import ConfigError, ModelError
from pillion.jobs.downloads import ModelDownloads
from pillion.jobs.endpoint_watch import EndpointWatch, plain_endpoints
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

ENDPOINTS_NOTIFICATION = "pillion/endpoints"
ENDPOINTS, PULL, RELOAD, MODEL = "pillion.endpoints", "pillion.pull", "pillion.reload", "pillion.model"


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

    @server.command(MODEL)
    async def model(*arguments: Any) -> dict[str, Any]:
        chosen = _chosen(arguments)
        async with session.engines() as runtime:
            if chosen is None:
                choices = [
                    {**asdict(each), "speed": each.speed_in_words} for each in await downloads.expectations(runtime)
                ]
                own = runtime.config.names_endpoints
                return {"chosen": runtime.config.models, "own_endpoints": own, "choices": choices}
            try:
                return await downloads.use(runtime, chosen)
            except (ConfigError, ModelError) as exc:
                return {"state": "failed", "reason": exc.full_message}


def _chosen(arguments: tuple[Any, ...]) -> str | None:
    """The models that the one argument `{"use": …}` names; None if it names none.

    Raises:
        JsonRpcInvalidParams: the argument says something else.
    """
    given = arguments[0] if arguments else None
    chosen = given.get("use") if isinstance(given, Mapping) else None
    if chosen is not None and not (isinstance(chosen, str) and chosen.strip()):
        raise JsonRpcInvalidParams(f"{MODEL}: “use” isn't the name of a model")
    return chosen
