"""While one endpoint drafts, the other one proposes calls; nobody waits for them."""

import json
from typing import Any

import pytest

from pillion.auditors.running.run_check import RunReport, RunSubject
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from pillion.sandbox.sandboxes import Sandboxes
from tests.pipeline.jobs import rig, task
from tests.support.pools import only_this_task

EQUAL = "```python\ndef total(prices):\n    return sum(prices)\n```"
PROPOSED = Rule(json.dumps({"calls": ["total([1])", "nonsense("]}), match="careful tester")


class Seen:
    """A check that keeps what it was told to try."""

    name = "seen"

    def __init__(self) -> None:
        self.proposals: list[tuple[str, ...]] = []

    def report(self, subject: RunSubject) -> RunReport:
        self.proposals.append(subject.proposals)
        return RunReport(compared=1)


@pytest.mark.parametrize(
    ("on", "enabled", "lanes", "answer", "asked", "proposals"),
    [
        pytest.param(True, True, {}, PROPOSED, True, ("total([1])", "nonsense("), id="asked"),
        pytest.param(False, True, {}, PROPOSED, False, (), id="not wanted"),
        pytest.param(True, False, {}, PROPOSED, False, None, id="nothing is run"),
        pytest.param(True, True, {"audit": ["gpu0"]}, PROPOSED, False, (), id="one endpoint"),
        pytest.param(True, True, {}, Rule(fault=Fault("status")), True, (), id="it fails"),
        pytest.param(True, True, {}, Rule("No.", match="careful tester"), True, (), id="no answer"),
    ],
)
async def test_the_other_endpoint_is_asked_once(
    engine: FakeEngine,
    auditing: FakeEngine,
    on: bool,
    enabled: bool,
    lanes: dict[str, Any],
    answer: Rule,
    asked: bool,
    proposals: tuple[str, ...] | None,
) -> None:
    engine.change(tokens_per_s=30)
    engine.script(Rule(EQUAL))
    auditing.script(answer)
    seen = Seen()
    async with rig(engine, auditing, lanes) as jobs:
        jobs.sandboxes, jobs.run_checks = Sandboxes(enabled=enabled), lambda _: (seen,)
        outcome = await jobs.run(task("refactor", "total"), proposals=on)
    assert outcome.rejected == ""
    assert seen.proposals == ([proposals] if proposals is not None else [])
    assert bool(auditing.log()) is asked
    await only_this_task()


async def test_an_answer_that_is_late_is_not_waited_for(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.script(Rule(EQUAL))
    auditing.change(tokens_per_s=1)
    auditing.script(PROPOSED)
    seen = Seen()
    async with rig(engine, auditing) as jobs:
        jobs.sandboxes, jobs.run_checks = Sandboxes(), lambda _: (seen,)
        await jobs.run(task("refactor", "total"), proposals=True)
        await only_this_task()
    assert seen.proposals == [()]
