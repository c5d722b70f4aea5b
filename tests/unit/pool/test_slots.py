"""An endpoint's slots: who gets the next one, who has to give his back, and that none is ever lost."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pillion.pool.slots import Lease, Slots, SlotWantedError

URGENT, DRAFT, AUDIT = 0, 2, 3


@asynccontextmanager
async def within(seconds: float = 5.0) -> AsyncIterator[None]:
    async with asyncio.timeout(seconds):
        yield


async def settle() -> None:
    """Lets all others run until they wait."""
    for _ in range(10):
        await asyncio.sleep(0)


class Case(NamedTuple):
    slots: int
    held: list[tuple[int, bool]]
    """Priority, and whether it yields."""
    arrive: list[int]
    wanted: list[int]
    """Which of the holders are asked for their slots."""


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Case(1, [(AUDIT, True)], [URGENT], [0]), id="an audit gives way"),
        pytest.param(Case(1, [(AUDIT, True)], [DRAFT], [0]), id="to a draft as well"),
        pytest.param(Case(1, [(AUDIT, True)], [AUDIT], []), id="not to an audit"),
        pytest.param(Case(1, [(DRAFT, False)], [URGENT], []), id="a draft doesn't"),
        pytest.param(Case(2, [(AUDIT, True)], [URGENT], []), id="where there is room nobody has to"),
        pytest.param(Case(2, [(DRAFT, False), (AUDIT, True)], [URGENT], [1]), id="who yields"),
        pytest.param(Case(2, [(DRAFT, True), (AUDIT, True)], [URGENT], [1]), id="the least urgent"),
        pytest.param(Case(2, [(AUDIT, True), (AUDIT, True)], [URGENT], [0]), id="one of two"),
        pytest.param(Case(2, [(AUDIT, True), (AUDIT, True)], [URGENT, DRAFT], [0, 1]), id="two for two"),
        pytest.param(Case(1, [(AUDIT, True)], [URGENT, URGENT, DRAFT], [0]), id="once is enough"),
    ],
)
async def test_who_is_asked_for_a_slot(case: Case) -> None:
    slots = Slots(case.slots)
    holders: list[Lease] = []
    free = asyncio.Event()

    async def hold(priority: int, yields: bool) -> None:
        async with slots.hold(priority, yields=yields) as held:
            holders.append(held)
            await free.wait()

    async with within(), asyncio.TaskGroup() as group:
        for priority, yields in case.held:
            group.create_task(hold(priority, yields))
        await settle()
        first = list(holders)
        for priority in case.arrive:
            group.create_task(hold(priority, False))
        await settle()
        assert [number for number, held in enumerate(first) if held.wanted] == case.wanted
        free.set()
    assert slots.load == 0


async def test_the_wait_is_broken_off_at_once() -> None:
    slots = Slots(1)
    told: list[str] = []

    async def audit() -> None:
        async with slots.hold(AUDIT, yields=True) as held:
            with pytest.raises(SlotWantedError):
                await held.unless_wanted(asyncio.Event().wait)
            told.append("given back")
            with pytest.raises(SlotWantedError):  # it stays wanted: there is nothing to wait for any more
                await held.unless_wanted(asyncio.Event().wait)

    async with within(), asyncio.TaskGroup() as group:
        group.create_task(audit())
        await settle()
        async with slots.hold(URGENT):
            told.append("urgent")
    assert told == ["given back", "urgent"]


async def test_what_comes_in_time_is_given() -> None:
    async def value() -> int:
        await asyncio.sleep(0)
        return 7

    async def late() -> int:
        raise TimeoutError

    async with Slots(1).hold(AUDIT, yields=True) as held:
        assert await held.unless_wanted(value) == 7
        with pytest.raises(TimeoutError):  # somebody else's, which means nothing here
            await held.unless_wanted(late)


async def test_a_cancelled_holder_is_cancelled_also_when_its_slot_is_wanted() -> None:
    slots = Slots(1)

    async def audit() -> None:
        async with slots.hold(AUDIT, yields=True) as held:
            await held.unless_wanted(asyncio.Event().wait)

    auditing = asyncio.create_task(audit())
    await settle()
    async with within():
        urgent = asyncio.create_task(slots.hold(URGENT).__aenter__())
        await asyncio.sleep(0)
        auditing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await auditing
        await urgent


async def test_who_comes_while_a_slot_is_handed_over_is_not_kept_waiting() -> None:
    """The audit has its slot and doesn't know it yet: whoever comes just then must not wait for its end."""
    slots = Slots(1)

    async def audit() -> None:
        async with slots.hold(AUDIT, yields=True) as held:
            await held.unless_wanted(asyncio.Event().wait)

    async with within():
        async with slots.hold(DRAFT):
            auditing = asyncio.create_task(audit())
            await settle()
        assert slots.load == 1, "a slot on its way is in use"
        async with slots.hold(URGENT):
            with pytest.raises(SlotWantedError):
                await auditing


async def test_who_leaves_asks_for_no_second_slot() -> None:
    slots = Slots(2)
    holders: list[Lease] = []
    free = asyncio.Event()

    async def audit() -> None:
        async with slots.hold(AUDIT, yields=True) as held:
            holders.append(held)
            await free.wait()

    async def urgent() -> None:
        async with slots.hold(URGENT):
            pass

    async with within(), asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(audit())
        await settle()
        leaving = group.create_task(urgent())
        await settle()
        leaving.cancel()
        await settle()
        group.create_task(urgent())
        await settle()
        assert [held.wanted for held in holders] == [True, False], "a slot is on its way already"
        free.set()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 3), st.integers(0, 2**32), st.integers(1, 25))
def test_no_slot_is_lost_or_given_twice(count: int, seed: int, people: int) -> None:
    """Any number of people who come, work, are asked for their slots and are cancelled at any moment."""
    asyncio.run(_schedule(count, random.Random(seed), people))  # noqa: S311 - a schedule, no secret


async def _schedule(count: int, chance: random.Random, people: int) -> None:
    slots = Slots(count)
    inside = 0

    async def person(priority: int, turns: int) -> None:
        nonlocal inside
        while True:
            async with slots.hold(priority, yields=priority == AUDIT) as held:
                inside += 1
                try:
                    assert inside <= count
                    for _ in range(turns):
                        await held.unless_wanted(lambda: asyncio.sleep(0))
                    return
                except SlotWantedError:
                    assert priority == AUDIT, "only an audit is asked"
                finally:
                    inside -= 1

    tasks: list[asyncio.Task[None]] = []
    for _ in range(people):
        tasks.append(asyncio.create_task(person(chance.choice((URGENT, DRAFT, AUDIT)), chance.randrange(6))))
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0)
        if chance.random() < 0.4:
            chance.choice(tasks).cancel()
    async with within():
        results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(result is None or isinstance(result, asyncio.CancelledError) for result in results), results
    assert (inside, slots.load) == (0, 0)
    async with within():
        for _ in range(count):
            await slots.hold(URGENT).__aenter__()  # all of them are free again
    assert slots.load == count
