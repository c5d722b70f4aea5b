"""The pool: a lane's work goes to the first of its endpoints that can do it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping

from pillion.backends.backend import Backend
from pillion.backends.likelihood import LikelihoodRequest, ReadsLikelihoods
from pillion.config.schema import EndpointConfig, LanesConfig, LimitsConfig, Location
from pillion.pool.breaker import Breaker
from pillion.pool.endpoint import Endpoint
from pillion.pool.endpoint_status import EndpointStatus
from pillion.pool.failover import Failover
from pillion.pool.health import HealthWatch
from pillion.pool.likelihood_events import LikelihoodEvent, likelihoods_of
from pillion.pool.look import Look, look_at
from pillion.pool.pool_events import PoolEvent
from pillion.pool.prefill import Prefills
from pillion.pool.prompt_factory import PromptFactory
from pillion.pool.slots import Slots
from pillion.pool.waiting import Waits
from pillion.pool.watch import Objection, no_objection
from pillion.tiers import Lane


class Pool:
    """All endpoints and the lanes they serve. `prefills` knows which endpoints go on from the beginning of an answer;
    without it, no answer is begun."""

    def __init__(
        self,
        backends: Mapping[str, Backend],
        lanes: LanesConfig,
        clock: Callable[[], float] = time.monotonic,
        *,
        limits: LimitsConfig | None = None,
        prefills: Prefills | None = None,
        waits: Waits | None = None,
    ) -> None:
        self._lanes = lanes
        self._limits = limits or LimitsConfig()
        self._prefills = prefills
        self._waits = waits or Waits(clock)
        self._listeners: list[Callable[[], None]] = []
        self._endpoints = {
            name: Endpoint(backend, Slots(backend.config.slots), Breaker(clock)) for name, backend in backends.items()
        }
        self._health = HealthWatch(self._to_look_at, self.look_again)

    def stream(
        self, lane: Lane, make_prompt: PromptFactory, objection: Objection = no_objection
    ) -> AsyncGenerator[PoolEvent, None]:
        """Answers the prompt on the lane's first endpoint that can: Started, the stream, at last Done.

        If an endpoint fails, the next one is asked, with EndpointFailed and a new Started between them. The same
        happens if an endpoint repeats itself, takes too long, or gives an answer with an `objection`. If no other
        endpoint does better, the last of these answers stands, or is given again. If an endpoint breaks off, the next
        prompt gets its words. If that prompt goes on from them, nothing is void, and Continued comes instead of
        Started. On a lane that yields, the stream may also end with Preempted. If an endpoint has no room now, and no
        other one can do the work, it is asked again within the lane's limit, with Waiting before.

        Raises:
            NoEndpointError: the lane has no endpoint, or it has several and all failed.
            PillionError: the lane's only endpoint failed with this.
        """
        ordered = self._in_order(lane)
        return Failover(
            lane, ordered, make_prompt, objection, self._limits, self._tell, self._prefills, self._waits
        ).events()

    def reads_likelihoods(self, endpoint: str) -> bool:
        """Whether this endpoint may be able to say how likely the tokens of a text are."""
        return isinstance(self._endpoints[endpoint].backend, ReadsLikelihoods)

    def likelihoods(
        self, lane: Lane, endpoint: str, request: LikelihoodRequest
    ) -> AsyncGenerator[LikelihoodEvent, None]:
        """What this endpoint finds likely, as work of `lane`. No other endpoint is asked: the answer is about its
        model. On a lane that yields, the last event may be Preempted.

        Raises:
            RequestNotPossibleError: the endpoint can't say it.
            PillionError: the endpoint failed.
        """
        return likelihoods_of(self._endpoints[endpoint], lane, request, self._tell)

    def watch(self, listener: Callable[[], None]) -> None:
        """Calls `listener` from now on whenever an endpoint begins or ends work, goes down or comes back."""
        self._listeners.append(listener)

    def status(self) -> list[EndpointStatus]:
        """All endpoints as they are now, in the configuration's order."""
        return [
            EndpointStatus(
                name,
                endpoint.backend.config,
                tuple(lane for lane in Lane if any(name in names for names in self._lanes.of(lane))),
                tuple(lane for lane in Lane if any(name in names for names in self._lanes.of(lane)[:1])),
                endpoint.state,
                str(endpoint.down or ""),
                endpoint.tokens_per_s,
            )
            for name, endpoint in self._endpoints.items()
        ]

    async def look_at_all(self, within_s: float = 10.0) -> list[Look]:
        """Looks at all endpoints at the same time, without generating or starting anything. The results change the
        endpoints' states; see Endpoint.seen."""
        looks = list(await asyncio.gather(*(look_at(each.backend, within_s) for each in self._endpoints.values())))
        for look in looks:
            self._endpoints[look.endpoint].seen(look)
        self._tell()
        return looks

    async def look_again(self, name: str) -> None:
        """Finds out whether a down endpoint is back, or whether an endpoint that broke off is still there."""
        await self._endpoints[name].look_again()
        self._tell()

    def preferred(self, lane: Lane) -> Backend | None:
        """The endpoint that the lane's next request tries first; None if the lane has none."""
        ordered = self._in_order(lane)
        return ordered[0].backend if ordered else None

    def stays_as_near(self, lane: Lane, other: Lane) -> bool:
        """Whether `other` may do work of `lane`: `other` has no cloud endpoint that `lane` doesn't have. Code goes only
        to the cloud endpoints that the user has put into its lane."""
        return self._in_the_cloud(other) <= self._in_the_cloud(lane)

    def _in_the_cloud(self, lane: Lane) -> set[str]:
        names = {name for pool in self._lanes.of(lane) for name in pool}
        return {name for name in names if self.config_of(name).location is Location.CLOUD}

    def config_of(self, endpoint: str) -> EndpointConfig:
        """The settings of an endpoint, by its name."""
        return self._endpoints[endpoint].backend.config

    async def aclose(self) -> None:
        """Stops the engines and closes the connections."""
        await self._health.aclose()
        await asyncio.gather(*(endpoint.backend.aclose() for endpoint in self._endpoints.values()))

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
        self._health.notice()

    def _to_look_at(self) -> list[str]:
        return [name for name, each in self._endpoints.items() if each.needs_a_look]

    def _in_order(self, lane: Lane) -> list[Endpoint]:
        """The lane's endpoints in order of preference; in a pool the least busy one is first. Resting ones are last."""
        ordered = [
            endpoint
            for names in self._lanes.of(lane)
            for endpoint in sorted((self._endpoints[name] for name in names), key=lambda each: each.slots.load)
        ]
        return sorted(ordered, key=lambda each: each.breaker.resting)
