"""Asks one endpoint how likely the tokens of a text are: within its slots, and until more urgent work comes."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from pillion.backends.backend import Done
from pillion.backends.likelihood import Likelihood, LikelihoodRequest, ReadsLikelihoods
from pillion.errors import ConfigError, EngineError, ModelError, RequestNotPossibleError
from pillion.pool.endpoint import Endpoint
from pillion.pool.pool_events import Preempted, Started
from pillion.pool.slots import SlotWantedError, while_held
from pillion.tiers import Lane

LikelihoodEvent = Started | Preempted | Likelihood | Done


async def likelihoods_of(
    endpoint: Endpoint, lane: Lane, request: LikelihoodRequest, tell: Callable[[], None]
) -> AsyncGenerator[LikelihoodEvent, None]:
    """See Pool.likelihoods. Calls `tell` whenever the endpoint begins or ends work, or fails."""
    backend = endpoint.backend
    if not isinstance(backend, ReadsLikelihoods):
        raise RequestNotPossibleError(f"{endpoint.name} can't say how likely a text is.")
    try:
        async with endpoint.slots.hold(lane.row.priority, yields=lane.row.yields) as held:
            tell()
            yield Started(endpoint.name, "")
            async with aclosing(while_held(held, backend.likelihoods(request))) as events:
                async for event in events:
                    yield event
    except SlotWantedError:
        yield Preempted(endpoint.name)
    except (EngineError, ModelError, ConfigError) as exc:
        endpoint.failed(exc)
        raise
    finally:
        tell()
