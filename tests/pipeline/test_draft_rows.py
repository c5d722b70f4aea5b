"""What `pillion bench drafts` counts: what became of a draft, whether it is right, and what of it was kept."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from pillion.auditors.auditor_registry import AUDITORS
from pillion.bench.draft_cases import DraftCase
from pillion.bench.draft_rows import Drafts, Row, answered, implemented
from pillion.config.schema import AuditConfig
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.pool import Pool
from pillion.sandbox.sandboxes import Sandboxes
from tests.support.pools import backend, open_pool

_POLICY = AuditPolicy(AuditConfig(enabled=False), AUDITORS, lambda endpoint: False)
_CASE = DraftCase(
    "double",
    "double.py",
    'def double(n: int) -> int:\n    """Twice the number."""\n',
    "double",
    "assert double(4) == 8\n",
)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeEngine]:
    with FakeEngine.start(model="fake-model") as engine:
        yield engine


@asynccontextmanager
async def _pool(engine: FakeEngine) -> AsyncIterator[Pool]:
    lanes = {"moderate": ["gpu0"], "complex": ["gpu0"]}
    async with open_pool(lanes, backend("openai", engine.url)) as pool:
        yield pool


def _code(body: str) -> str:
    return f"```python\ndef double(n: int) -> int:\n    {body}\n```\n"


@pytest.mark.parametrize(
    ("rules", "state", "reason", "passed", "draft_passed", "tries"),
    [
        pytest.param([Rule(_code("return 2 * n"))], "applied", "", True, None, 1, id="right"),
        pytest.param([Rule(_code("return n"))], "applied", "", False, None, 1, id="wrong"),
        pytest.param([Rule(_code("return twice(n)"))], "held", "twice", False, False, 1, id="held"),
        pytest.param([Rule("I can't.")], "refused", "without any code", False, False, 2, id="refused twice"),
        pytest.param(
            [Rule("I can't.", times=1), Rule(_code("return n + n"))], "applied", "", True, None, 2, id="a second try"
        ),
        pytest.param([Rule(fault=Fault("status"))], "failed", "500", None, None, 1, id="no engine"),
    ],
)
async def test_through_pillion(
    rules: list[Rule],
    state: str,
    reason: str,
    passed: bool | None,
    draft_passed: bool | None,
    tries: int,
    fake: FakeEngine,
) -> None:
    fake.script(*rules)
    async with _pool(fake) as pool:
        row = await implemented(_CASE, pool, _POLICY, run=True)
    assert (row.state, row.passed, row.draft_passed, row.tries) == (state, passed, draft_passed, tries), row
    assert reason in row.reason
    assert (0 < row.kept < row.tokens) == (state in {"applied", "held"})


@pytest.mark.parametrize(
    ("attempts", "state", "passed", "tries"),
    [
        pytest.param(1, "held", False, 1, id="without other drafts"),
        pytest.param(3, "applied", True, 3, id="with them"),
    ],
)
async def test_a_draft_that_fails_an_example(
    attempts: int, state: str, passed: bool, tries: int, fake: FakeEngine
) -> None:
    fake.script(Rule(_code("return n"), times=2), Rule(_code("return n + n")))
    document = _CASE.document.replace("number.", "number.\n\n    >>> double(2)\n    4\n    ")
    sandboxes = Sandboxes()
    policy = replace(_POLICY, attempts=attempts, sandboxes=sandboxes)
    try:
        async with _pool(fake) as pool:
            row = await implemented(replace(_CASE, document=document), pool, policy, run=True)
    finally:
        sandboxes.close()
    assert (row.state, row.passed, row.tries) == (state, passed, tries), row
    assert ("double(2) returns 2" in row.reason) is (state == "held")


@pytest.mark.parametrize(
    ("reply", "passed"),
    [
        pytest.param(_code("return 2 * n"), True, id="right"),
        pytest.param(f"Sure:\n{_code('return 2 * n')}It doubles.", True, id="with words around it"),
        pytest.param(_code("return n"), False, id="wrong"),
        pytest.param("It can't be done.", False, id="no code"),
    ],
)
async def test_asked_plainly(reply: str, passed: bool, fake: FakeEngine) -> None:
    fake.script(Rule(reply, match="write double, of which only a stub is there"))
    async with _pool(fake) as pool:
        row = await answered(_CASE, pool, run=True)
    assert (row.state, row.passed, row.kept == row.tokens > 0) == ("answered", passed, True)


async def test_nothing_is_run_unless_asked(fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pillion.bench.draft_rows.run_checks", lambda *_: pytest.fail("it was run"))
    fake.script(Rule(_code("return 2 * n")))
    async with _pool(fake) as pool:
        rows = [await implemented(_CASE, pool, _POLICY, run=False), await answered(_CASE, pool, run=False)]
    assert [row.passed for row in rows] == [None, None]


def test_the_totals() -> None:
    def row(state: str, passed: bool | None, draft_passed: bool | None, kept: int) -> Row:
        return Row("a", "python", state, "", passed, draft_passed, tokens=100, kept=kept, tries=1, seconds=2.0)

    rows = (row("applied", True, None, 40), row("refused", False, True, 0), row("held", False, False, 50))
    drafts = Drafts("m", "pillion", (*rows, row("failed", None, None, 0)))
    assert (drafts.passed, drafts.checked, drafts.lost, drafts.tokens, drafts.kept) == (1, 3, 1, 400, 90)
    data = drafts.as_data()
    assert data["states"] == {"applied": 1, "failed": 1, "held": 1, "refused": 1}
    assert (data["seconds_mean"], len(data["rows"])) == (2.0, 4)
