"""The engines' life: what loading, reloading, using and closing come to, in every order that was found to matter."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pillion.cli.compose import load_runtime
from pillion.config.schema import LanesConfig
from pillion.config.stamp import ConfigStamp
from pillion.errors import ConfigError, NotLoadedError
from pillion.jobs.engines import Engines
from pillion.pipeline.runtime import Runtime
from pillion.pool.pool import Pool

WITHIN_S = 30.0


class CountingPool(Pool):
    """A pool that knows how often it was closed."""

    def __init__(self) -> None:
        super().__init__({}, LanesConfig())
        self.closed = 0

    async def aclose(self) -> None:
        self.closed += 1
        await super().aclose()


@dataclass
class Rig:
    """Engines whose loads the test lets through one by one, each with what it shall come to."""

    home: Path
    loads: list["Load"] = field(default_factory=list)
    heard: list[Runtime | None] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    changed: threading.Event = field(default_factory=threading.Event)

    def load(self) -> Runtime:
        """Runs in the thread that loads."""
        load = Load()
        self.loads.append(load)
        self.changed.set()
        assert load.gate.wait(WITHIN_S)
        if load.error is not None:
            raise load.error
        stamp = ConfigStamp.taken({"PILLION_CONFIG": str(self.home / "config.toml")}, None)
        real = load_runtime(None, {})
        stamp = load.stamp or stamp
        return Runtime(real.config, (), load.pool, real.policy, real.telemetry, real.store, real.speeds, stamp)

    async def begun(self, count: int) -> "Load":
        """The load of this number, as soon as it has begun."""
        await until(lambda: len(self.loads) >= count)
        return self.loads[count - 1]

    def heard_pools(self) -> list[Pool | None]:
        """What `on_current` was told."""
        return [runtime.pool if runtime is not None else None for runtime in self.heard]


@dataclass
class Load:
    """One load."""

    gate: threading.Event = field(default_factory=threading.Event)
    pool: CountingPool = field(default_factory=CountingPool)
    error: Exception | None = None
    stamp: ConfigStamp | None = None

    def arrives(self) -> None:
        """Lets it come."""
        self.gate.set()

    def fails(self, error: Exception) -> None:
        """Lets it fail."""
        self.error = error
        self.gate.set()


class Caller:
    """Somebody who uses the engines until told to stop."""

    def __init__(self, engines: Engines) -> None:
        self.pool: Pool | None = None
        self.done = asyncio.Event()
        self.task = asyncio.create_task(self._use(engines))

    async def _use(self, engines: Engines) -> None:
        async with engines.use() as runtime:
            self.pool = runtime.pool
            await self.done.wait()

    async def has(self, pool: Pool) -> None:
        """Waits until it has these engines, or has failed."""
        await until(lambda: self.pool is not None or self.task.done())
        assert self.pool is pool

    async def leaves(self) -> None:
        """It has had enough."""
        self.done.set()
        await self.task


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not condition():
            await asyncio.sleep(0.001)


async def at_work(rig: Rig, engines: Engines, number: int) -> tuple[Caller, Load]:
    """A caller that has the engines of the load of this number."""
    caller = Caller(engines)
    load = await rig.begun(number)
    load.arrives()
    await caller.has(load.pool)
    return caller, load


async def two_at_work(rig: Rig, engines: Engines) -> tuple[Caller, Load, Caller, Load]:
    """A caller that has the first engines, and, after a reload, one that has the second."""
    early, first = await at_work(rig, engines, 1)
    engines.reload()
    return early, first, *await at_work(rig, engines, 2)


async def gone_before_it_came(rig: Rig) -> None:
    """Engines that were closed while their first load went on."""
    engines = Engines(rig.load, on_current=rig.heard.append, on_failed=lambda error: pytest.fail(str(error)))
    caller = Caller(engines)
    await rig.begun(1)
    await engines.close()
    with pytest.raises(NotLoadedError):
        await caller.task


async def settle() -> None:
    """Lets everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def running(name: str) -> list[threading.Thread]:
    """The threads of this name."""
    return [thread for thread in threading.enumerate() if thread.name == name]


@asynccontextmanager
async def rigged(tmp_path: Path, looks_every_s: float = 3600.0) -> AsyncIterator[tuple[Rig, Engines]]:
    rig = Rig(tmp_path)
    engines = Engines(
        rig.load,
        on_current=rig.heard.append,
        on_failed=lambda error: rig.failures.append(error.full_message),
        looks_every_s=looks_every_s,
    )
    try:
        yield rig, engines
    finally:
        await engines.close()
        for load in rig.loads:
            load.arrives()
        await until(lambda: not running("load the engines"))
        await settle()
        await until(lambda: not running("close engines"))
        came = [load.pool.closed for load in rig.loads if load.error is None]
        assert came == [1] * len(came), "every runtime that came is closed, and once"


async def test_those_who_come_first_share_one_load(tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        callers = [Caller(engines) for _ in range(3)]
        load = await rig.begun(1)
        assert engines.current is None
        load.arrives()
        for caller in callers:
            await caller.has(load.pool)
            await caller.leaves()
        assert (len(rig.loads), load.pool.closed) == (1, 0), "engines that nobody uses just now stay for the next"
        assert rig.heard_pools() == [load.pool]


async def test_settings_that_change_during_the_first_load_hold_for_who_waits(tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        caller = Caller(engines)
        first = await rig.begun(1)
        engines.reload()
        second = await rig.begun(2)
        second.arrives()
        await caller.has(second.pool)
        assert second.pool.closed == 0
        first.arrives()
        await until(lambda: first.pool.closed)
        assert second.pool.closed == 0
        assert rig.heard_pools() == [second.pool], "a runtime that came too late is nobody's"
        await caller.leaves()


async def test_a_reload_at_the_moment_of_arrival_leaves_who_waited_with_working_engines(tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        caller = Caller(engines)
        first = await rig.begun(1)
        first.arrives()
        await until(lambda: engines.current)
        engines.reload()  # before the caller has had a turn, or just after
        await caller.has(first.pool)
        await settle()
        assert first.pool.closed == 0
        await caller.leaves()
        await until(lambda: first.pool.closed)


async def test_who_has_engines_keeps_them_over_a_reload(tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        early, first, late, second = await two_at_work(rig, engines)
        assert first.pool.closed == 0
        await early.leaves()
        await until(lambda: first.pool.closed)
        assert rig.heard_pools() == [first.pool, None, second.pool]
        await late.leaves()


@pytest.mark.parametrize("used", [True, False])
async def test_reloads_in_a_row_close_a_runtime_once(used: bool, tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        caller, first = await at_work(rig, engines, 1)
        if not used:
            await caller.leaves()
        for _ in range(3):
            engines.reload()
        if used:
            await settle()
            assert first.pool.closed == 0
            await caller.leaves()
        await until(lambda: first.pool.closed)
        await settle()
        assert first.pool.closed == 1
        assert rig.heard_pools() == [first.pool, None]
        assert len(rig.loads) == 1, "nothing is loaded that nobody asked for"


async def test_a_failed_load_is_tried_again_for_the_next_and_said_once(tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        for number, error in enumerate(
            [OSError("the disk is gone"), OSError("the disk is gone"), ValueError("odd")], 1
        ):
            callers = [Caller(engines) for _ in range(2)]
            (await rig.begun(number)).fails(error)
            for caller in callers:
                with pytest.raises(NotLoadedError, match=str(error)):
                    await caller.task
            assert engines.current is None
        assert [each.split(":")[1].split(".")[0].strip() for each in rig.failures] == ["the disk is gone", "odd"]
        caller, _ = await at_work(rig, engines, 4)
        await caller.leaves()
        engines.reload()
        caller = Caller(engines)
        (await rig.begun(5)).fails(ValueError("odd"))
        with pytest.raises(NotLoadedError):
            await caller.task
        assert len(rig.failures) == 3, "after a success it is news again"


async def test_an_error_with_words_of_its_own_keeps_them(tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        caller = Caller(engines)
        (await rig.begun(1)).fails(ConfigError("No key.", hint="Set it."))
        with pytest.raises(ConfigError):
            await caller.task
        assert rig.failures == ["No key. Set it."]


async def test_a_failure_that_nobody_waits_for_any_more_is_no_failure(tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        caller = Caller(engines)
        first = await rig.begun(1)
        engines.reload()
        second = await rig.begun(2)
        first.fails(OSError("late"))
        second.arrives()
        await caller.has(second.pool)
        assert rig.failures == []
        await caller.leaves()


async def test_who_is_cancelled_while_waiting_costs_the_others_nothing(tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        gone, stays = Caller(engines), Caller(engines)
        load = await rig.begun(1)
        gone.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone.task
        load.arrives()
        await stays.has(load.pool)
        engines.reload()
        await settle()
        assert load.pool.closed == 0
        await stays.leaves()


async def test_a_reload_closes_what_all_who_waited_for_have_left(tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        caller = Caller(engines)
        load = await rig.begun(1)
        caller.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller.task
        engines.reload()
        load.arrives()
        await until(lambda: load.pool.closed)
        assert rig.heard_pools() == []


async def test_closing_never_waits_for_a_load(tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        caller = Caller(engines)
        load = await rig.begun(1)
        async with asyncio.timeout(WITHIN_S / 3):
            await engines.close()
        with pytest.raises(NotLoadedError):
            await caller.task
        load.arrives()
        await until(lambda: load.pool.closed)
        with pytest.raises(NotLoadedError):
            await Caller(engines).task
        assert rig.heard_pools() == []
        assert len(rig.loads) == 1


async def test_closing_takes_the_engines_from_who_uses_them(tmp_path: Path) -> None:
    async with rigged(tmp_path) as (rig, engines):
        old, first, new, second = await two_at_work(rig, engines)
        await engines.close()
        assert (first.pool.closed, second.pool.closed) == (1, 1)
        await engines.close()
        await old.leaves()
        await new.leaves()
        await settle()
        assert (first.pool.closed, second.pool.closed) == (1, 1)


def test_a_runtime_that_comes_after_the_loop_has_ended_is_closed(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    asyncio.run(gone_before_it_came(rig))
    rig.loads[0].arrives()
    for thread in running("load the engines"):
        thread.join(WITHIN_S)
    assert rig.loads[0].pool.closed == 1


def test_a_runtime_that_comes_as_the_loop_ends_is_closed(tmp_path: Path) -> None:
    """It comes in the loop's last step: whatever is left to a task then never begins."""
    rig = Rig(tmp_path)

    async def session() -> None:
        await gone_before_it_came(rig)
        rig.loads[0].arrives()
        for thread in running("load the engines"):
            thread.join(WITHIN_S)  # blocks the loop: what the thread asked of it is its very next step

    asyncio.run(session())
    for thread in running("close engines"):
        thread.join(WITHIN_S)
    assert rig.loads[0].pool.closed == 1


class BrokenStamp(ConfigStamp):
    """Configuration files that can't even be looked at."""

    def holds(self) -> bool:
        raise ValueError("embedded null byte")


class OldStamp(ConfigStamp):
    """Configuration files that were saved since."""

    def holds(self) -> bool:
        return False


async def test_the_watch_survives_what_it_finds(tmp_path: Path) -> None:
    async with rigged(tmp_path, looks_every_s=0.01) as (rig, engines):
        caller = Caller(engines)
        first = await rig.begun(1)
        first.stamp = BrokenStamp({})
        first.arrives()
        await caller.has(first.pool)
        await caller.leaves()
        await asyncio.sleep(0.05)  # it has looked, and found what can't be looked at
        assert len(rig.loads) == 1
        engines.reload()
        caller = Caller(engines)
        second = await rig.begun(2)
        second.stamp = OldStamp({})
        second.arrives()
        third = await rig.begun(3)  # by the watch, which still looks
        third.fails(OSError("half written"))
        await until(lambda: rig.failures)
        await caller.leaves()
        caller = Caller(engines)
        fourth = await rig.begun(4)
        fourth.stamp = OldStamp({})
        fourth.arrives()
        fifth = await rig.begun(5)  # by the watch again, after a failure of its own
        fifth.arrives()
        await until(lambda: engines.current)
        await caller.leaves()


async def test_what_a_listener_does_never_keeps_callers_waiting(tmp_path: Path) -> None:
    def breaks(runtime: Runtime | None) -> None:
        raise RuntimeError("a listener of ours is broken")

    rig = Rig(tmp_path)
    engines = Engines(rig.load, on_current=breaks, on_failed=lambda error: None)
    seen: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: seen.append(str(context["exception"])))
    caller, _ = await at_work(rig, engines, 1)
    await caller.leaves()
    assert seen == ["a listener of ours is broken"]
