"""The state of the engines as JSON data, on request and whenever it changes."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pillion.pipeline.runtime import Runtime
    from pillion.pool.endpoint_status import EndpointStatus
    from pillion.pool.pool import Pool

# While an audit reads along, work begins and ends many times a second.
_SHORTEST_INTERVAL_S = 0.2
# The state is sent often, and a workspace's file may have any number of mistakes of any length.
_MOST_PROBLEMS, _LONGEST_PROBLEM = 10, 300
_LIVE_WITHIN_S = 5.0


class EndpointWatch:
    """Follows a runtime's pool, and calls `tell` when its state has changed."""

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self._tell_of = tell
        self._pool: Pool | None = None
        self._told: dict[str, Any] = {}
        self._telling: asyncio.Task[None] | None = None

    def follow(self, runtime: "Runtime | None") -> None:
        """Follows this runtime's pool and no other; with None, follows no pool."""
        if self._telling is not None:
            self._telling.cancel()
        self._pool = self._telling = None
        if runtime is None:
            return
        self._pool = runtime.pool
        runtime.pool.watch(lambda: self._changed(runtime))
        self._changed(runtime)

    async def finish(self) -> None:
        """Stops telling."""
        telling = self._telling
        self.follow(None)
        if telling is not None:
            await asyncio.wait([telling])

    def _changed(self, runtime: "Runtime") -> None:
        if runtime.pool is self._pool and self._telling is None:
            self._telling = asyncio.create_task(self._tell(runtime), name="tell of the endpoints")

    async def _tell(self, runtime: "Runtime") -> None:
        await asyncio.sleep(_SHORTEST_INTERVAL_S)
        missing = await _missing_models(runtime)
        self._telling = None
        plain = _plain(runtime, missing)
        if plain != self._told:
            self._told = plain
            self._tell_of(plain)


async def plain_endpoints(runtime: "Runtime", *, live: bool = False) -> dict[str, Any]:
    """The endpoints and the mistakes in their configuration, as JSON data. With `live`, each endpoint is looked at
    first, and an endpoint that can't be used is down."""
    looks = {each.endpoint: each for each in await runtime.pool.look_at_all(_LIVE_WITHIN_S)} if live else {}
    plain = _plain(runtime, await _missing_models(runtime))
    for each in plain["endpoints"]:
        look = looks.get(each["name"])
        if look is not None and not look.good:
            each["state"], each["reason"] = "down", f"{look.message} {look.hint}".strip()
    return plain


async def _missing_models(runtime: "Runtime") -> list[str]:
    """Looks in a thread, because a model's file that isn't verified yet has to be read."""
    return [model.name for model in await asyncio.to_thread(runtime.missing_models)]


def _plain(runtime: "Runtime", missing_models: list[str]) -> dict[str, Any]:
    return {
        "endpoints": [_plain_endpoint(each) for each in runtime.pool.status()],
        "problems": [each.brief[:_LONGEST_PROBLEM] for each in runtime.problems[:_MOST_PROBLEMS]],
        "missing_models": missing_models,
        "found": runtime.discovery.chosen_in_words or None,
        "max_document_lines": runtime.config.limits.max_document_lines,
    }


def _plain_endpoint(endpoint: "EndpointStatus") -> dict[str, Any]:
    from pillion.config.schema import without_secrets

    config = endpoint.config
    return {
        "name": endpoint.name,
        "protocol": config.protocol.value,
        "model": config.model,
        "location": config.location.value,
        "url": without_secrets(str(config.url)) if config.url is not None else None,
        "api_key_env": config.api_key_env,
        "lanes": [lane.value for lane in endpoint.lanes],
        "first_in": [lane.value for lane in endpoint.first_in],
        "state": endpoint.state.value,
        "reason": endpoint.reason or None,
        "tokens_per_s": round(endpoint.tokens_per_s, 1) or None,
    }
