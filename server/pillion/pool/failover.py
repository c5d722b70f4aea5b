"""One request on a lane's endpoints: which endpoint is asked, and what happens when it fails."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, replace

from pillion.backends.backend import Done, StreamEvent, Text
from pillion.backends.chat_request import ChatRequest
from pillion.config.schema import LimitsConfig
from pillion.errors import (
    ConfigError,
    ContextTooLongError,
    EngineError,
    EngineRefusedError,
    EngineTimeoutError,
    ModelError,
    ModelNotHereError,
    NoEndpointError,
    PillionError,
    RequestNotPossibleError,
)
from pillion.pool.endpoint import Endpoint
from pillion.pool.pool_events import Continued, EndpointFailed, PoolEvent, Preempted, Started, Waiting
from pillion.pool.prefill import Prefills
from pillion.pool.prompt_factory import PromptFactory, PromptLimits
from pillion.pool.slots import Lease, OverdueError, SlotWantedError, while_held
from pillion.pool.waiting import Patience, Wait, Waits
from pillion.pool.watch import AnswerWatch, Objection
from pillion.text.begun_answer import END_OF_CODE, prefilled
from pillion.tiers import Lane

# These are no failures of the endpoint: another endpoint reads more, or can do more.
NOBODYS_FAILURE = (ContextTooLongError, RequestNotPossibleError)
# After these, the lane's next endpoint may do better. (A ConfigError here is about one endpoint: its key isn't set.)
_WORTH_ANOTHER_ENDPOINT = (EngineError, ModelError, ConfigError, *NOBODYS_FAILURE)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One endpoint's turn. If it `continues`, `answer` already has the beginning, from another endpoint. `beginning`:
    Pillion's own, for an endpoint that goes on from one. `wait`: before its turn."""

    endpoint: Endpoint
    request: ChatRequest
    omitted: str
    answer: AnswerWatch
    continues: bool
    beginning: str = ""
    wait: Wait | None = None

    def begun(self) -> Started | Continued:
        name = self.endpoint.name
        return Continued(name, self.omitted, self.answer.text) if self.continues else Started(name, self.omitted)


class Failover:
    """Answers one request; see Pool.stream. Calls `tell` whenever an endpoint begins or ends work, or fails. Without
    `prefills`, endpoints write all of their answers."""

    def __init__(
        self,
        lane: Lane,
        ordered: Iterable[Endpoint],
        make_prompt: PromptFactory,
        objection: Objection,
        limits: LimitsConfig,
        tell: Callable[[], None],
        prefills: Prefills | None = None,
        waits: Waits | None = None,
    ) -> None:
        self._lane = lane
        self._left = deque(ordered)
        self._make_prompt = make_prompt
        self._objection = objection
        self._limits = limits
        self._tell = tell
        self._prefills = prefills
        self._patience = Patience.of(lane, limits.answer_s(lane), waits or Waits())
        self._errors: dict[str, PillionError] = {}

    async def events(self) -> AsyncGenerator[PoolEvent, None]:
        """All that happens. The caller closes this generator."""
        second_best: list[PoolEvent] = []
        attempt, failures = self._next(None)
        for failure in failures:
            yield failure
        while attempt is not None:
            name, answer, done = attempt.endpoint.name, attempt.answer, Done()
            broken_off: AnswerWatch | None = None
            if (wait := attempt.wait) is not None:
                left_s = self._patience.left_s(wait)
                yield Waiting(name, left_s, f"{wait.why} {max(1, round(left_s))} s")
                await self._patience.out(wait)
            try:
                row = self._lane.row
                async with attempt.endpoint.slots.hold(row.priority, yields=row.yields) as held:
                    self._tell()
                    yield attempt.begun()
                    async with aclosing(self._asked(attempt, held)) as events:
                        async for event in events:
                            if isinstance(event, Done):
                                done = event
                            else:
                                yield event
                reason = done.stopped or self._objection(answer.words, done)
                if not reason or (not self._left and (answer.says_something or not second_best)):
                    yield done
                    return
                if answer.says_something:
                    second_best = [Started(name, attempt.omitted), Text(answer.text), *answer.calls, done]
                error: PillionError = EngineError(f"{name} {reason}.")
            except SlotWantedError:
                yield Preempted(name)
                return
            except _WORTH_ANOTHER_ENDPOINT as exc:
                if not isinstance(exc, NOBODYS_FAILURE):
                    attempt.endpoint.failed(exc)
                error, broken_off = exc, answer
            finally:
                self._tell()
            self._errors[name] = error
            self._patience.failed(attempt.endpoint, error)
            attempt, failures = self._next(broken_off)
            void = attempt is None or not attempt.continues
            asked_again = attempt is not None and attempt.wait is not None and attempt.endpoint.name == name
            for failure in (*([] if asked_again else [EndpointFailed(name, str(error))]), *failures):
                yield replace(failure, void=void)
        if not second_best:
            raise _no_endpoint(self._lane, list(self._errors.values()))
        for again in second_best:
            yield again

    def _next(self, broken_off: AnswerWatch | None) -> tuple[_Attempt | None, list[EndpointFailed]]:
        """The next endpoint for which a prompt can be made, and a failure for each endpoint before it that has no
        prompt. The prompt may go on from an answer that broke off. An endpoint that has no room now comes last."""
        failures: list[EndpointFailed] = []
        so_far = broken_off.text if broken_off is not None else ""
        while (found := self._ready() or self._patience.soonest()) is not None:
            endpoint, wait = (found.endpoint, found) if isinstance(found, Wait) else (found, None)
            try:
                prompt = self._make_prompt(PromptLimits.of(endpoint.backend.config, endpoint.tokens_per_s), so_far)
            except _WORTH_ANOTHER_ENDPOINT as exc:
                if not isinstance(exc, NOBODYS_FAILURE):
                    endpoint.failed(exc)
                    self._tell()
                self._errors[endpoint.name] = exc
                failures.append(EndpointFailed(endpoint.name, str(exc)))
                continue
            request, omitted = prompt.request, prompt.omitted
            continues = prompt.continues and bool(so_far.strip())
            if broken_off is not None and continues:
                broken_off.goes_on()
                return _Attempt(endpoint, request, omitted, broken_off, True, wait=wait), failures
            answer = AnswerWatch(request.max_tokens)
            return _Attempt(endpoint, request, omitted, answer, False, prompt.beginning, wait), failures
        return None, failures

    def _ready(self) -> Endpoint | None:
        """The next endpoint that can be asked now."""
        while self._left:
            endpoint = self._left.popleft()
            if not self._patience.rests(endpoint):
                return endpoint
        return None

    async def _asked(self, attempt: _Attempt, held: Lease) -> AsyncGenerator[StreamEvent, None]:
        """The endpoint's answer. If the endpoint goes on from a beginning, the answer is begun for it. If it refuses
        that, or writes nothing, it is asked for the whole answer."""
        backend, answer, prefills = attempt.endpoint.backend, attempt.answer, self._prefills
        way = None
        if attempt.beginning and prefills is not None:
            way = await held.unless_wanted(lambda: prefills.way(backend))
        if way is not None and prefills is not None:
            answer.begin(attempt.beginning)
            begun = attempt.request.begun(way, prefilled(attempt.beginning), END_OF_CODE)
            try:
                async with aclosing(self._answered_in(replace(attempt, request=begun), held)) as events:
                    async for event in events:
                        if isinstance(event, Done) and not (answer.says_something or event.cut_off):
                            break
                        yield event
                    else:
                        if answer.started_over:
                            await prefills.doubt(backend)
                        return
            except EngineRefusedError as exc:
                if answer.says_something or not await prefills.refused(backend, exc):
                    raise
            answer.begin("")
        async with aclosing(self._answered_in(attempt, held)) as events:
            async for event in events:
                yield event

    async def _answered_in(self, attempt: _Attempt, held: Lease) -> AsyncGenerator[StreamEvent, None]:
        """The endpoint's answer, until the endpoint is done, repeats itself, says too much or takes too long."""
        endpoint, answer = attempt.endpoint, attempt.answer
        limit_s = self._limits.answer_s(self._lane)
        until_s = asyncio.get_running_loop().time() + limit_s
        said_before = answer.words
        try:
            async with aclosing(while_held(held, endpoint.backend.stream(attempt.request), until_s)) as events:
                async for event in events:
                    if endpoint.down is not None:
                        endpoint.down = None
                        self._tell()
                    if isinstance(event, Done):
                        endpoint.answered(event)
                        for last in answer.closed(answer.whole(event)):
                            yield last
                        return
                    yield answer.heard(event)
                    if (ending := answer.ending) is not None:
                        for last in answer.closed(ending):
                            yield last
                        return
        except OverdueError:
            key = self._limits.key_of(self._lane)
            why = f"was stopped after {limit_s:g} s, all that limits.{key} gives it for one answer"
            error = EngineTimeoutError(f"{endpoint.name} {why}.")
            endpoint.failed(error)
            if not answer.words.removeprefix(said_before).strip():
                raise error from None
            for last in answer.closed(answer.stopped(why)):
                yield last


def _no_endpoint(lane: Lane, errors: list[PillionError]) -> PillionError:
    if not errors:
        return NoEndpointError(
            f"No endpoint is set up for “{lane.value}”.", hint="Name one for it under [lanes] in the configuration."
        )
    if len(errors) == 1 or all(isinstance(each, ModelNotHereError) for each in errors):
        return errors[0]
    reasons = " ".join(dict.fromkeys(str(error) for error in errors))
    return NoEndpointError(f"No engine answered. {reasons}", hint=errors[0].hint)
