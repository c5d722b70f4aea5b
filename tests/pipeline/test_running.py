"""Drafts are run before anybody sees them: what becomes of what that shows."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from pillion.auditors.running.run_check import RunCheck, RunReport, RunSubject
from pillion.config.schema import Review
from pillion.events import CodeRan, DraftChosen, DraftEnded, DraftStarted, DraftVoided, FindingRaised, FunctionRan
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.jobs.edit_plans import objection_to
from pillion.pipeline.outcome import Outcome, Task
from pillion.sandbox.sandboxes import Sandboxes
from tests.pipeline.jobs import Rig, rig, task
from tests.support.pools import only_this_task
from tests.support.shop import SOURCE
from tests.support.small_run_checks import small_checks

CALLS = ("total([])", "total([1, 2])", "total([3])", "discount(100, 20)")
EQUAL = "```python\ndef total(prices):\n    return sum(prices)\n```"
WRONG = "```python\ndef total(prices):\n    return sum(prices) + 1\n```"
WRONG_FOR_TWO = "```python\ndef total(prices):\n    return sum(prices[:1])\n```"
HUNGRY = "```python\ndef total(prices):\n    return sum([0] * 10**9)\n```"
ENDLESS = "```python\ndef total(prices):\n    while True:\n        prices = [*prices]\n```"
SHOWN = "total([]) returned 1; it must return 0"
DOUBLED = 'def doubled(number: int) -> int:\n    """Twice a number.\n\n    >>> doubled(2)\n    4\n    >>> doubled(3)\n    6\n    """\n    raise NotImplementedError\n'
DOUBLES, SQUARES, FAILS_BOTH = (
    f"```python\ndef doubled(number: int) -> int:\n    return {body}\n```" for body in ("2 * number", "number**2", "1")
)
SAYS_NOTHING = Rule('{"findings": []}')


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[Sandboxes]:
    made = Sandboxes()
    yield made
    made.close()


@asynccontextmanager
async def running(
    engine: FakeEngine,
    auditing: FakeEngine,
    sandboxes: Sandboxes,
    checks: Callable[[Sandboxes], tuple[RunCheck, ...]] = lambda boxes: small_checks(boxes, *CALLS),
) -> AsyncIterator[Rig]:
    auditing.script(SAYS_NOTHING)
    async with rig(engine, auditing) as jobs:
        jobs.sandboxes, jobs.run_checks = sandboxes, checks
        yield jobs


def objection(task: Task, outcome: Outcome) -> str:
    return objection_to(task.action, outcome, Review.WHEN_FLAGGED)


@pytest.mark.parametrize(
    ("source", "enabled", "objected", "words"),
    [
        pytest.param(SOURCE, True, "", "behaviour compared on 3 inputs", id="equal"),
        pytest.param(
            f"import socket\n{SOURCE}",
            True,
            "behaviour not compared: No module named 'socket'",
            "could not be run: No module named 'socket'",
            id="can't be run",
        ),
        pytest.param(
            SOURCE,
            False,
            "behaviour not compared: running is turned off (sandbox.enabled)",
            "could not be run: running is turned off (sandbox.enabled)",
            id="off",
        ),
    ],
)
async def test_a_refactoring_is_applied_if_it_was_compared(
    engine: FakeEngine,
    auditing: FakeEngine,
    sandboxes: Sandboxes,
    source: str,
    enabled: bool,
    objected: str,
    words: str,
) -> None:
    engine.script(Rule(EQUAL))
    work = task("refactor", "total", source=source)
    async with running(engine, auditing, sandboxes if enabled else Sandboxes(enabled=False)) as jobs:
        outcome = await jobs.run(work)
    assert "return sum(prices)" in outcome.after_text
    assert objection(work, outcome) == objected
    assert [event.words for event in jobs.of(CodeRan)] == [words]
    assert (len(jobs.of(DraftStarted)), jobs.of(DraftChosen), outcome.set_aside) == (1, [], None)
    await only_this_task()


@pytest.mark.parametrize(
    ("action", "symbol", "source", "drafts", "shown", "chosen", "failures"),
    [
        pytest.param(
            "refactor", "total", SOURCE, (WRONG, EQUAL), SHOWN, f"the first draft failed ({SHOWN}); the second doesn't", 0,
            id="refactor: right at last",
        ),
        pytest.param(
            "refactor", "total", SOURCE, (WRONG, WRONG_FOR_TWO), SHOWN,
            f"a second draft fails as well, so the first one stays, although {SHOWN}", 1,
            id="refactor: wrong twice",
        ),
        pytest.param(
            "refactor", "total", SOURCE, (WRONG, "I can't."), SHOWN,
            f"a second draft can't be used (the model answered without any code), so the first one stays, although {SHOWN}",
            1,
            id="refactor: then no code",
        ),
        pytest.param(
            "implement", "doubled", DOUBLED, (SQUARES, DOUBLES), "doubled(3) returned 9; it must return 6",
            "the first draft failed (doubled(3) returned 9; it must return 6); the second doesn't", 0,
            id="implement: right at last",
        ),
        pytest.param(
            "implement", "doubled", DOUBLED, (FAILS_BOTH, SQUARES), "doubled(2) returned 1; it must return 4",
            "the first draft failed (doubled(2) returned 1; it must return 4); the second fails less", 1,
            id="implement: better",
        ),
        pytest.param(
            "implement", "doubled", DOUBLED, (SQUARES, FAILS_BOTH), "doubled(3) returned 9; it must return 6",
            "a second draft fails as well, so the first one stays, although doubled(3) returned 9; it must return 6", 1,
            id="implement: worse",
        ),
        pytest.param(
            "implement", "doubled", DOUBLED, (SQUARES, FAILS_BOTH, "I can't.", DOUBLES),
            "doubled(3) returned 9; it must return 6",
            "the first draft failed (doubled(3) returned 9; it must return 6); the fourth doesn't", 0,
            id="implement: right at last, the fourth",
        ),
        pytest.param(
            "implement", "doubled", DOUBLED, (FAILS_BOTH, SQUARES, FAILS_BOTH), "doubled(2) returned 1; it must return 4",
            "the first draft failed (doubled(2) returned 1; it must return 4); the second fails less", 1,
            id="implement: better in between",
        ),
        pytest.param(
            "implement", "doubled", DOUBLED, (SQUARES, FAILS_BOTH, "I can't."), "doubled(3) returned 9; it must return 6",
            "2 more drafts fail as well, or can't be used, so the first one stays, although doubled(3) returned 9; it "
            "must return 6", 1,
            id="implement: never right",
        ),
    ],
)  # fmt: skip
async def test_a_draft_that_fails_is_drafted_again_and_the_best_one_is_taken(
    engine: FakeEngine,
    auditing: FakeEngine,
    sandboxes: Sandboxes,
    action: str,
    symbol: str,
    source: str,
    drafts: tuple[str, str],
    shown: str,
    chosen: str,
    failures: int,
) -> None:
    engine.script(*(Rule(each, times=1) for each in drafts))
    work = task(action, symbol, source=source)
    async with running(engine, auditing, sandboxes) as jobs:
        jobs.attempts = len(drafts) if failures else 8
        outcome = await jobs.run(work)
    taken = drafts[0] if "first one stays" in chosen else drafts[1] if "second" in chosen else drafts[-1]
    assert (outcome.draft.text, outcome.chosen, outcome.failures) == (taken, chosen, failures)
    assert outcome.set_aside is not None
    assert outcome.set_aside.text == (drafts[0] if taken != drafts[0] else drafts[1])
    assert bool(objection(work, outcome)) is bool(failures)
    errors = [each for each in outcome.findings if each.severity == "error"]
    assert (len(errors), all(outcome.after_text[each.start : each.end] == each.quote for each in errors)) == (
        failures,
        True,
    )
    assert jobs.of(DraftVoided)[0].reason == shown
    assert len(jobs.of(DraftVoided)) == len(drafts) - 1
    assert [event.words for event in jobs.of(DraftChosen)] == [chosen]
    told = jobs.events[jobs.events.index(jobs.of(DraftVoided)[-1]) :]
    if taken != drafts[-1]:
        told = told[told.index(jobs.of(DraftChosen)[0]) :]
    assert sum(isinstance(event, FindingRaised) for event in told) == failures, "what counts is told last"
    assert len(jobs.of(DraftEnded)) == len(drafts)
    await only_this_task()


async def test_each_other_draft_begins_anew_with_words_of_its_own(
    engine: FakeEngine, auditing: FakeEngine, sandboxes: Sandboxes
) -> None:
    engine.script(Rule(SQUARES))
    async with running(engine, auditing, sandboxes) as jobs:
        jobs.attempts = 7
        await jobs.run(task("implement", "doubled", source=DOUBLED))
    first, *others = engine.log()
    sampled = [
        (each.options["options"]["temperature"], each.options["options"].get("seed")) for each in (first, *others)
    ]
    assert sampled == [(0.0, None), *((0.8, number) for number in range(1, 7))]
    asked = first.messages[-1]["content"]
    said = [each.messages[-1]["content"] for each in others]
    assert said[1] == said[2] == said[3] == said[4] == asked
    assert said[0] == said[5] != asked
    assert "An earlier answer was wrong: doubled(3) returned 9; it must return 6." in said[0]
    assert not any("number**2" in each for each in said), "what a small model sees it writes once more"


async def test_in_the_cloud_there_is_only_one_other_draft(
    engine: FakeEngine, auditing: FakeEngine, sandboxes: Sandboxes
) -> None:
    engine.script(Rule(SQUARES))
    auditing.script(SAYS_NOTHING)
    async with rig(engine, auditing, gpu0={"location": "cloud"}) as jobs:
        jobs.sandboxes, jobs.run_checks = sandboxes, lambda boxes: small_checks(boxes, *CALLS)
        jobs.attempts = 8
        outcome = await jobs.run(task("implement", "doubled", source=DOUBLED))
    assert (len(jobs.of(DraftEnded)), outcome.failures) == (2, 1)


async def test_no_other_draft_begins_after_a_while(
    engine: FakeEngine, auditing: FakeEngine, sandboxes: Sandboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pillion.pipeline.job_run._FURTHER_WITHIN_S", 0.0)
    engine.script(Rule(SQUARES))
    async with running(engine, auditing, sandboxes) as jobs:
        jobs.attempts = 8
        outcome = await jobs.run(task("implement", "doubled", source=DOUBLED))
    assert (len(jobs.of(DraftEnded)), outcome.failures) == (2, 1)


async def test_a_second_try_that_is_impossible_leaves_the_first(
    engine: FakeEngine, auditing: FakeEngine, sandboxes: Sandboxes
) -> None:
    engine.script(Rule(WRONG))
    work = task("refactor", "total")
    async with running(engine, auditing, sandboxes) as jobs, rig(engine, auditing, {"complex": []}) as narrow:
        narrow.sandboxes, narrow.run_checks = jobs.sandboxes, jobs.run_checks
        outcome = await narrow.run(work)
    assert outcome.chosen.startswith("a second draft can't be used (No endpoint is set up for “complex”")
    (choice,) = narrow.of(DraftChosen)
    assert choice.is_earlier, "its findings are told again, since they were void meanwhile"
    assert sum(isinstance(each, FindingRaised) for each in narrow.events[narrow.events.index(choice) :]) == 1
    assert (outcome.draft.text, outcome.failures) == (WRONG, 1)
    assert objection(work, outcome).startswith("the audit found: total([]) returned 1; it must return 0")


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        pytest.param(HUNGRY, "total([]) ran out of memory; it must return 0", id="memory"),
        pytest.param(ENDLESS, "total([]) ran out of time; it must return 0", id="time"),
    ],
)
async def test_a_draft_that_eats_all_it_gets_harms_nothing_else(
    engine: FakeEngine, auditing: FakeEngine, sandboxes: Sandboxes, draft: str, shown: str
) -> None:
    engine.script(Rule(draft, times=1), Rule(EQUAL))
    async with running(engine, auditing, sandboxes) as jobs:
        late: list[float] = []
        watching = asyncio.create_task(_watch(late))
        outcome = await jobs.run(task("refactor", "total"))
        watching.cancel()
    assert [event.reason for event in jobs.of(DraftVoided)] == [shown]
    assert (outcome.draft.text, outcome.findings, outcome.ran.compared) == (EQUAL, (), 3)
    assert max(late) < 0.2, "the event loop goes on"


async def _watch(late: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due_s = loop.time() + 0.01
        await asyncio.sleep(0.01)
        late.append(loop.time() - due_s)


class Slow:
    """A check that takes long."""

    name = "slow"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.begun = 0

    def report(self, subject: RunSubject) -> RunReport:
        import time

        self.begun += 1
        time.sleep(self._seconds)
        return RunReport(compared=1)


async def test_running_ends_in_time(engine: FakeEngine, auditing: FakeEngine, sandboxes: Sandboxes) -> None:
    engine.script(Rule(EQUAL))
    work = task("refactor", "total")
    async with running(engine, auditing, sandboxes, lambda _: (Slow(1.0),)) as jobs:
        jobs.run_limit_s = 0.1
        outcome = await jobs.run(work)
    assert outcome.ran.not_run == "there was no time left"
    assert objection(work, outcome) == "behaviour not compared: there was no time left"


async def test_cancelling_waits_for_no_check(engine: FakeEngine, auditing: FakeEngine, sandboxes: Sandboxes) -> None:
    slow = Slow(1.0)
    engine.script(Rule(EQUAL))
    async with running(engine, auditing, sandboxes, lambda _: (slow,)) as jobs:
        job = jobs.start(task("refactor", "total"))
        while not slow.begun:
            await asyncio.sleep(0.005)
        began_s = asyncio.get_running_loop().time()
        job.cancel()
        await asyncio.wait([job])
        assert asyncio.get_running_loop().time() - began_s < 0.5
    assert job.cancelled()
    await only_this_task()


async def test_a_check_that_fails_itself_is_no_check(
    engine: FakeEngine, auditing: FakeEngine, sandboxes: Sandboxes
) -> None:
    class Broken:
        name = "broken"

        def report(self, subject: RunSubject) -> RunReport:
            raise ValueError("a mistake in Pillion")

    engine.script(Rule(EQUAL))
    work = task("refactor", "total")
    async with running(engine, auditing, sandboxes, lambda boxes: (Broken(), *small_checks(boxes, *CALLS))) as jobs:
        outcome = await jobs.run(work)
    assert objection(work, outcome) == "behaviour not compared: the check “broken” did not get to its end"


# While the draft streams

TWO = f"""{DOUBLED}

def other():
    raise NotImplementedError
"""
WITH_HELPER = """```python
def doubled(number: int) -> int:
    return number**2


def _unused(number):
    if number == 1:
        return 2
    if number == 2:
        return 3
    if number == 3:
        return 4
    if number == 4:
        return 5
    return number
```"""
USES_LATER = """```python
def doubled(number: int) -> int:
    return _twice(number)


def _twice(number):
    return number * 2


def _more():
    return 1
```"""


async def test_a_function_is_run_as_soon_as_it_is_complete(
    engine: FakeEngine, auditing: FakeEngine, sandboxes: Sandboxes
) -> None:
    engine.change(tokens_per_s=40)
    engine.script(Rule(WITH_HELPER, times=1), Rule(DOUBLES))
    async with running(engine, auditing, sandboxes) as jobs:
        outcome = await jobs.run(task("implement", "doubled", source=DOUBLED))
    raised, ended = jobs.of(FindingRaised)[0], jobs.of(DraftEnded)[0]
    assert raised.at_s < ended.at_s
    (ran,) = jobs.of(FunctionRan)
    assert (ran.name, 0 < ran.waited_s < 1) == ("doubled", True)
    assert (raised.finding.quote, raised.edited) == ("def doubled(number: int) -> int:", "")
    assert len(jobs.of(FindingRaised)) == 1, "the finished edit says it no second time"
    assert outcome.draft.text == DOUBLES


async def test_a_function_that_needs_what_is_still_to_come_accuses_nobody(
    engine: FakeEngine, auditing: FakeEngine, sandboxes: Sandboxes
) -> None:
    engine.change(tokens_per_s=60)
    engine.script(Rule(USES_LATER))
    async with running(engine, auditing, sandboxes) as jobs:
        outcome = await jobs.run(task("implement", "doubled", source=DOUBLED))
    assert (jobs.of(FindingRaised), outcome.ran.examples, len(jobs.of(DraftStarted))) == ([], 2, 1)


async def test_nothing_is_run_twice(engine: FakeEngine, auditing: FakeEngine, sandboxes: Sandboxes) -> None:
    class Counting:
        name = "counting"

        def __init__(self) -> None:
            self.seen: list[tuple[str, ...]] = []

        def report(self, subject: RunSubject) -> RunReport:
            self.seen.append(subject.path)
            return RunReport(tried=1)

    counting = Counting()
    source = TWO.replace("def other", "def third")
    reply = "```python\ndef doubled(number: int) -> int:\n    return 2 * number\n\n\ndef _one():\n    return 1\n```"
    engine.change(tokens_per_s=60)
    engine.script(Rule(reply))
    async with running(engine, auditing, sandboxes, lambda _: (counting,)) as jobs:
        outcome = await jobs.run(task("implement", "doubled", source=source))
    assert counting.seen == [("doubled",)]
    assert (outcome.ran.tried, outcome.rejected) == (1, "")
