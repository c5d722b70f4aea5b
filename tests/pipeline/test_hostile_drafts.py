"""A draft that eats time or memory, or can't be read, changes nothing but what is said of itself."""

from collections.abc import Iterator

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.events import DraftProgress, FunctionRan
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.pipeline.outcome import Task
from pillion.sandbox.sandboxes import Sandboxes
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from tests.pipeline.jobs import rig
from tests.support.pools import only_this_task

FIRST = "def total(prices: list[int]) -> int:\n    return {}\n\n\n"
LAST = "def clamp(number: int, low: int = 0, high: int = 10) -> int:\n    return {}\n"
SPIN = "def spin{}(number: int) -> int:\n    {}\n    return {}\n\n\n"
ENDLESS = "while True:\n        number = number + 1"


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[Sandboxes]:
    made = Sandboxes()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("between", "drafted", "accused"),
    [
        pytest.param(SPIN.format("", "", "number"), SPIN.format("", ENDLESS, "number"), {"spin"}, id="time"),
        pytest.param(
            "".join(SPIN.format(n, "", "number") for n in range(3)),
            "".join(SPIN.format(n, ENDLESS, "number") for n in range(3)),
            {"spin0", "spin1", "spin2"},
            id="time, three times",
        ),
        pytest.param(
            SPIN.format("", "", "number"), SPIN.format("", "", "len([number] * 10**9)"), {"spin"}, id="memory"
        ),
        pytest.param("", "STARTED = 0\nwhile STARTED >= 0:\n    STARTED = STARTED + 1\n\n\n", set(), id="at import"),
    ],
)
async def test_the_others_are_compared(
    engine: FakeEngine,
    auditing: FakeEngine,
    sandboxes: Sandboxes,
    between: str,
    drafted: str,
    accused: set[str],
) -> None:
    source = FIRST.format("sum(prices)") + between + LAST.format("max(low, min(number, high))")
    draft = FIRST.format("(sum(prices))") + drafted + LAST.format("(max(low, min(number, high)))")
    language = language_by_id("python")
    assert language is not None
    document, action = ParsedText.of(language, source), action_by_id("refactor")
    task = Task("file:///numbers.py", action, action.scope.target(document, 0, len(source)), document)
    engine.change(tokens_per_s=200)
    engine.script(Rule(f"```python\n{draft}```"))
    async with rig(engine, auditing) as jobs:
        jobs.sandboxes = sandboxes
        outcome = await jobs.run(task)
    errors = [each for each in outcome.findings if each.severity == "error"]
    assert {each.quote.partition("(")[0].removeprefix("def ") for each in errors} <= accused
    assert outcome.ran.compared >= 2 * 20, "both of the others"
    assert "total" in {each.name for each in jobs.of(FunctionRan)}
    assert "def clamp" in "".join(each.text for each in jobs.of(DraftProgress))
    await only_this_task()
