"""How fast the embedded engine reads and writes: alone, beside busy programs, and when two seats share a machine."""

import asyncio
import os
import statistics
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from time import perf_counter

from pillion.backends.backend import Done
from pillion.backends.chat_request import ChatRequest, Message
from pillion.backends.embedded import EmbeddedBackend
from pillion.backends.embedded_engine import SPIN_COUNT, EmbeddedEngine, Seat
from pillion.bench.busy import busy
from pillion.config.schema import EndpointConfig, Protocol
from pillion.models.cores import shared_out, usable_cores
from pillion.models.store import ModelStore

# How often libgomp looks whether the other threads are done before it sleeps: with Pillion's setting, and without any
# (https://gcc.gnu.org/onlinedocs/libgomp/GOMP_005fSPINCOUNT.html).
((_SETTING, _PILLIONS),) = SPIN_COUNT.items()
WAITING: Mapping[str, str] = {"Pillion's": _PILLIONS, "OpenMP's own": "300000"}
_CONTEXT_TOKENS = 4096
WRITTEN_TOKENS = 64
_IDLE_TIMEOUT_S = 600.0
_SHORTEST_S = 1e-6
_CODE = '''\
def merge_intervals(intervals):
    """Merges overlapping intervals."""
    if len(intervals) == 0:
        return []
    ordered = sorted(intervals, key=lambda interval: interval[0])
    merged = [list(ordered[0])]
    for index in range(1, len(ordered)):
        current = ordered[index]
        last = merged[len(merged) - 1]
        if current[0] <= last[1]:
            if current[1] > last[1]:
                last[1] = current[1]
            else:
                pass
        else:
            merged.append(list(current))
    return [tuple(interval) for interval in merged]
'''


@dataclass(frozen=True, slots=True)
class Rates:
    """Tokens per second, as the engine itself counts them."""

    reads_per_s: float
    writes_per_s: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """One way in which threads wait for each other: `setting` is a key of WAITING."""

    setting: str
    idle: Rates
    beside_busy: Rates


@dataclass(frozen=True, slots=True)
class Seats:
    """A draft and a question about it at once: the seconds until both have ended, and the draft's own speed."""

    arrangement: str
    together_s: float
    draft: Rates


async def measure_waiting(store: ModelStore, model: str, rounds: int, tokens: int = WRITTEN_TOKENS) -> list[Waiting]:
    """Each setting in turns, on idle cores and beside as many busy programs as there are cores. Medians."""
    idle: dict[str, list[Rates]] = {name: [] for name in WAITING}
    beside: dict[str, list[Rates]] = {name: [] for name in WAITING}
    for _ in range(rounds):
        for name, turns in WAITING.items():
            with _environment(_SETTING, turns):
                async with _engine(store, model, threads=usable_cores()) as engine:
                    await _spoken(engine, _question("Say hello."), 4)
                    idle[name].append(await _spoken(engine, _refactor(), tokens))
                    with busy(usable_cores()):
                        beside[name].append(await _spoken(engine, _refactor("again"), tokens))
    return [Waiting(name, _median(idle[name]), _median(beside[name])) for name in WAITING]


async def measure_seats(store: ModelStore, model: str, rounds: int, tokens: int = WRITTEN_TOKENS) -> list[Seats]:
    """Both seats with one model: as two processes that share the cores, as two that don't, and as two slots of one."""
    cores = usable_cores()
    arrangements: dict[str, tuple[tuple[int, int], ...]] = {
        "two processes, the cores shared out": tuple((threads, 1) for threads in shared_out(cores, 2)),
        "two processes, all cores each": ((cores, 1), (cores, 1)),
        "one process with two slots": ((cores, 2),),
    }
    found: dict[str, list[tuple[float, Rates]]] = {name: [] for name in arrangements}
    for _ in range(rounds):
        for name, engines in arrangements.items():
            found[name].append(await _both(store, model, engines, tokens))
    return [
        Seats(name, statistics.median(s for s, _ in each), _median([rates for _, rates in each]))
        for name, each in found.items()
    ]


async def _both(
    store: ModelStore, model: str, engines: tuple[tuple[int, int], ...], tokens: int
) -> tuple[float, Rates]:
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(_engine(store, model, threads=threads, slots=slots))
            for threads, slots in engines
        ]
        driver, passenger = opened[0], opened[-1]
        for each in (driver, passenger):
            await _spoken(each, _question("Say hello."), 4)
        began_s = perf_counter()
        draft, _ = await asyncio.gather(
            _spoken(driver, _refactor(), tokens),
            _spoken(passenger, _question(f"What is wrong in this function?\n{_CODE}"), tokens),
        )
        return perf_counter() - began_s, draft


@asynccontextmanager
async def _engine(store: ModelStore, model: str, *, threads: int, slots: int = 1) -> AsyncIterator[EmbeddedBackend]:
    config = EndpointConfig(
        protocol=Protocol.EMBEDDED, model=model, num_ctx=_CONTEXT_TOKENS, threads=threads, slots=slots
    )
    seat = Seat("bench", config.num_ctx, config.slots)
    engine = EmbeddedEngine(model, (seat,), store=store, threads=threads, idle_timeout_s=_IDLE_TIMEOUT_S)
    backend = EmbeddedBackend("bench", config, engine)
    try:
        yield backend
    finally:
        await backend.aclose()


async def _spoken(engine: EmbeddedBackend, messages: tuple[Message, ...], tokens: int) -> Rates:
    *_, done = [event async for event in engine.stream(ChatRequest(messages, tokens))]
    assert isinstance(done, Done)  # noqa: S101  (every stream ends so)
    return Rates(
        (done.prompt_tokens - done.cached_tokens) / max(_SHORTEST_S, done.prompt_s),
        done.completion_tokens / max(_SHORTEST_S, done.decode_s),
    )


def _refactor(more: str = "") -> tuple[Message, ...]:
    # The first words differ, so that a second request isn't read from the cache.
    return _question(f"{more}\nRefactor this function so that it is shorter. Answer with the code only.\n{_CODE}")


def _question(text: str) -> tuple[Message, ...]:
    return (Message("user", text),)


def _median(rates: list[Rates]) -> Rates:
    return Rates(
        statistics.median(each.reads_per_s for each in rates), statistics.median(each.writes_per_s for each in rates)
    )


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Sets a variable for the processes that are started meanwhile."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
