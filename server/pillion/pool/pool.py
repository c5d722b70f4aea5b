"""The pool: a lane's work goes to the first of its endpoints that can do it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass

from pillion.backends.base import Backend, Done, StreamEvent, Text, limits_of
from pillion.config.schema import EndpointConfig, LanesConfig, LimitsConfig, Location
from pillion.errors import (
    ConfigError,
    ContextTooLongError,
    EngineError,
    EngineInterruptedError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnreachableError,
    ModelError,
    ModelMissingError,
    ModelNotHereError,
    NoEndpointError,
    PillionError,
)
from pillion.pool.breaker import Breaker
from pillion.pool.endpoint_status import EndpointState, EndpointStatus
from pillion.pool.health import HealthWatch
from pillion.pool.look import Look, Seen, look_at
from pillion.pool.slots import Lease, OverdueError, Slots, SlotWantedError
from pillion.pool.watch import AnswerWatch, Objection, no_objection
from pillion.prompts.prompt import Prompt, PromptLimits
from pillion.tiers import Lane


@dataclass(frozen=True, slots=True)
class Started:
    """An endpoint has a slot for the request and is being asked; `omitted` is what its prompt had no room for."""

    endpoint: str
    omitted: str


@dataclass(frozen=True, slots=True)
class EndpointFailed:
    """An endpoint failed, or its answer won't do. What it sent is void: the next one starts over."""

    endpoint: str
    reason: str


@dataclass(frozen=True, slots=True)
class Preempted:
    """Somebody more urgent needed the endpoint: the stream is closed. What it sent is void; ask again."""

    endpoint: str


PoolEvent = Started | EndpointFailed | Preempted | StreamEvent
PromptFactory = Callable[[PromptLimits], Prompt]

# The next endpoint of the lane may do better after these. (A ConfigError is of this endpoint: a key that isn't set.)
_WORTH_ANOTHER_ENDPOINT = (EngineError, ModelError, ContextTooLongError, ConfigError)
_FATAL = (EngineUnreachableError, ModelMissingError, ModelError, ConfigError)
_FEWEST_TIMED_TOKENS, _SHORTEST_TIMED_S = 5, 0.02
_SEEN_BY_A_CHECK = (EngineUnreachableError, ModelError, ConfigError)


@dataclass(slots=True)
class _Endpoint:
    backend: Backend
    slots: Slots
    breaker: Breaker
    down: PillionError | None = None
    doubtful: bool = False
    """It broke off: whether it is still there is to be seen."""
    tokens_per_s: float = 0.0

    @property
    def state(self) -> EndpointState:
        if self.down is not None:
            return EndpointState.DOWN
        return EndpointState.WORKING if self.slots.load else EndpointState.IDLE

    def is_back(self) -> None:
        """It is there again, and tried first again."""
        self.breaker.succeeded()
        self.down, self.doubtful = None, False


class Pool:
    """All endpoints and the lanes they serve."""

    def __init__(
        self,
        backends: Mapping[str, Backend],
        lanes: LanesConfig,
        clock: Callable[[], float] = time.monotonic,
        *,
        limits: LimitsConfig | None = None,
    ) -> None:
        self._lanes = lanes
        self._limits = limits or LimitsConfig()
        self._listeners: list[Callable[[], None]] = []
        self._endpoints = {
            name: _Endpoint(backend, Slots(backend.config.slots), Breaker(clock)) for name, backend in backends.items()
        }
        self._health = HealthWatch(self._to_look_at, self.look_again)

    async def stream(
        self, lane: Lane, make_prompt: PromptFactory, objection: Objection = no_objection
    ) -> AsyncGenerator[PoolEvent, None]:
        """Answers the prompt on the lane's first endpoint that can: Started, the stream, at last Done.

        A failing endpoint is left for the next one, with EndpointFailed and a new Started between them; so is one that
        went round in circles, took too long, or gave an answer with an `objection`. Where no other endpoint does
        better, such an answer is what there is: the last one stands, or is given again. On a lane that yields the
        stream may also end with Preempted.

        Raises:
            NoEndpointError: the lane has no endpoint, or several and all failed.
            PillionError: what the lane's only endpoint failed with.
        """
        errors: list[PillionError] = []
        second_best: list[PoolEvent] = []
        ordered = self._in_order(lane)
        for number, endpoint in enumerate(ordered, 1):
            name = endpoint.backend.name
            try:
                prompt = make_prompt(limits_of(endpoint.backend.config))
                started, answer, done = Started(name, prompt.omitted), AnswerWatch(prompt.max_tokens), Done()
                async with endpoint.slots.hold(lane.row.priority, yields=lane.row.yields) as held:
                    self._tell()
                    yield started
                    async with aclosing(self._answered_by(endpoint, held, prompt, lane, answer)) as events:
                        async for event in events:
                            if isinstance(event, Done):
                                done = event
                            else:
                                yield event
                reason = done.stopped or objection(answer.text, done)
                says_something = bool(answer.text.strip())
                if not reason or (number == len(ordered) and (says_something or not second_best)):
                    yield done
                    return
                if says_something:
                    second_best = [started, Text(answer.text), done]
                errors.append(EngineError(f"{name} {reason}."))
                yield EndpointFailed(name, f"{name} {reason}.")
            except SlotWantedError:
                yield Preempted(name)
                return
            except _WORTH_ANOTHER_ENDPOINT as exc:
                if not isinstance(exc, ContextTooLongError):
                    self._failed(endpoint, exc)
                errors.append(exc)
                yield EndpointFailed(name, str(exc))
            finally:
                self._tell()
        if not second_best:
            raise _no_endpoint(lane, errors)
        for again in second_best:
            yield again

    async def _answered_by(
        self, endpoint: _Endpoint, held: Lease, prompt: Prompt, lane: Lane, answer: AnswerWatch
    ) -> AsyncGenerator[StreamEvent, None]:
        """What the endpoint says, as far as it may go on: until it is done, goes round in circles or takes too long."""
        until_s = asyncio.get_running_loop().time() + self._limits.answer_s(lane)
        try:
            async with aclosing(_while_held(held, endpoint.backend.stream(prompt), until_s)) as events:
                async for event in events:
                    if endpoint.down is not None:
                        endpoint.down = None
                        self._tell()
                    if isinstance(event, Done):
                        self._answered(endpoint, event)
                        yield event
                        return
                    yield answer.heard(event)
                    if (ending := answer.ending) is not None:
                        yield ending
                        return
        except OverdueError:
            key = self._limits.key_of(lane)
            why = f"was stopped after {self._limits.answer_s(lane):g} s, all that limits.{key} gives it for one answer"
            error = EngineTimeoutError(f"{endpoint.backend.name} {why}.")
            self._failed(endpoint, error)
            if not answer.text.strip():
                raise error from None
            yield answer.stopped(why)

    def watch(self, listener: Callable[[], None]) -> None:
        """Has `listener` called whenever an endpoint begins or ends work, goes down or comes back."""
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
        """What can be seen of each endpoint now, all looked at side by side; nothing is generated or started. One that
        nobody can reach is down from now on, and one that was, and can be used again, isn't any more."""
        looks = list(await asyncio.gather(*(look_at(each.backend, within_s) for each in self._endpoints.values())))
        for look in looks:
            endpoint = self._endpoints[look.endpoint]
            if look.seen is Seen.UNREACHABLE and endpoint.down is None and not endpoint.slots.load:
                endpoint.down = EngineUnreachableError(look.message, hint=look.hint)
            elif look.good and isinstance(endpoint.down, _SEEN_BY_A_CHECK):
                endpoint.is_back()
        self._tell()
        return looks

    async def look_again(self, name: str) -> None:
        """Whether an endpoint that is down is back, and whether one that broke off is still there.

        One that nobody could reach is asked for a sign of life, and then tried first again. What other failures were
        about, only the next request can tell: such an endpoint is taken for well when its breaker's rest is over.
        """
        endpoint = self._endpoints[name]
        if endpoint.down is None and endpoint.doubtful:
            await self._look_after_a_break(endpoint)
        elif isinstance(endpoint.down, _SEEN_BY_A_CHECK):
            try:
                await endpoint.backend.check()
            except PillionError as exc:
                if endpoint.down is not None:  # else it has answered somebody meanwhile
                    endpoint.down = exc
            else:
                endpoint.is_back()
        elif not endpoint.breaker.resting:
            endpoint.down = None
        self._tell()

    async def _look_after_a_break(self, endpoint: _Endpoint) -> None:
        try:
            await endpoint.backend.check()
        except PillionError as exc:
            if endpoint.doubtful:  # else it has answered somebody meanwhile
                self._failed(endpoint, exc)
        endpoint.doubtful = False

    def preferred(self, lane: Lane) -> Backend | None:
        """The endpoint that the lane's next request tries first; None if the lane has none."""
        ordered = self._in_order(lane)
        return ordered[0].backend if ordered else None

    def stays_as_near(self, lane: Lane, other: Lane) -> bool:
        """Whether work of `lane` may be done on `other`: it has no endpoint in the cloud that `lane` doesn't have. Code
        goes to the cloud only where the user has written it into a lane."""
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

    def _answered(self, endpoint: _Endpoint, done: Done) -> None:
        endpoint.breaker.succeeded()
        endpoint.doubtful = False
        # A few tokens that came in one piece say nothing.
        if done.completion_tokens >= _FEWEST_TIMED_TOKENS and done.decode_s >= _SHORTEST_TIMED_S:
            endpoint.tokens_per_s = done.completion_tokens / done.decode_s

    def _failed(self, endpoint: _Endpoint, error: PillionError) -> None:
        asked_s = error.retry_after_s if isinstance(error, EngineRefusedError) else 0.0
        endpoint.breaker.failed(fatal=isinstance(error, _FATAL), asked_s=asked_s)
        if endpoint.breaker.resting:
            endpoint.down = error
        elif isinstance(error, EngineInterruptedError):
            endpoint.doubtful = True

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
        self._health.notice()

    def _to_look_at(self) -> list[str]:
        return [name for name, each in self._endpoints.items() if each.down is not None or each.doubtful]

    def _in_order(self, lane: Lane) -> list[_Endpoint]:
        """The lane's endpoints: in order of preference, the idle ones of a pool first, those at rest last."""
        ordered = [
            endpoint
            for names in self._lanes.of(lane)
            for endpoint in sorted((self._endpoints[name] for name in names), key=lambda each: each.slots.load)
        ]
        return sorted(ordered, key=lambda each: each.breaker.resting)


async def _while_held(
    held: Lease, events: AsyncGenerator[StreamEvent, None], until_s: float
) -> AsyncGenerator[StreamEvent, None]:
    """The events, until the slot is wanted back or the time is over. Closes them at the end."""
    async with aclosing(events):
        while True:
            try:
                event = await held.unless_wanted(events.__anext__, until_s)
            except StopAsyncIteration:
                return
            yield event


def _no_endpoint(lane: Lane, errors: list[PillionError]) -> PillionError:
    if not errors:
        return NoEndpointError(
            f"No endpoint is set up for “{lane.value}”.", hint="Name one for it under [lanes] in the configuration."
        )
    if len(errors) == 1 or all(isinstance(each, ModelNotHereError) for each in errors):
        return errors[0]
    reasons = " ".join(dict.fromkeys(str(error) for error in errors))
    return NoEndpointError(f"No engine answered. {reasons}", hint=errors[0].hint)
