"""`pillion.stats`: the figures of the session's jobs, as JSON data or as text for Prometheus."""

from collections.abc import Mapping
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams

from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session

STATS = "pillion.stats"


def register(server: PillionServer, session: Session) -> None:
    """Registers the handler."""

    @server.command(STATS)
    async def stats(*arguments: Any) -> Any:
        wanted = _format(arguments)
        async with session.engines() as runtime:
            return runtime.telemetry.exposition() if wanted == "prometheus" else runtime.telemetry.snapshot()


def _format(arguments: tuple[Any, ...]) -> str:
    """`json`, or what the one argument `{"format": …}` says.

    Raises:
        JsonRpcInvalidParams: the argument says something else.
    """
    given = arguments[0] if arguments else None
    wanted = given.get("format", "json") if isinstance(given, Mapping) else "json"
    if wanted not in ("json", "prometheus"):  # it may be any value, also an unhashable one
        raise JsonRpcInvalidParams(f"{STATS}: “format” is json or prometheus")
    return str(wanted)
