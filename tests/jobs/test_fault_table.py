"""Every way in which an endpoint fails, at every place in the lanes, in both dialects: how the job ends is what the table
says, the message names the endpoint and what to do, and the document's text is right.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.cli.compose import load_runtime
from pillion.errors import PillionError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.jobs.dismissal_service import DismissalService
from pillion.jobs.dismissals import Dismissals
from pillion.jobs.downloads import ModelDownloads
from pillion.jobs.engines import Engines
from pillion.jobs.explainer import Explainer
from pillion.jobs.finding_store import FindingStore
from pillion.jobs.job import Job
from pillion.jobs.request import JobRequest
from pillion.jobs.service import JobService
from pillion.state.draft_log import DraftLog
from pillion.state.kept_drafts import DraftFolder
from tests.jobs.fault_table import CODE, ROWS, Row, documented
from tests.jobs.plain_front import PlainDocument, PlainFront
from tests.support.shop import SOURCE

URI = "file:///shop.py"
DOCS = Path(__file__).parents[2] / "docs" / "endpoints.md"
CERTIFICATE = Path(__file__).parents[1] / "support" / "certificates" / "server.pem"
# The document's own functions, and what the endpoint that works makes of them.
TOTAL = "def total(prices):\n    return sum(prices)\n"
OTHER = "def total(prices):\n    return sum([*prices])\n"
RATE = "def rate(year: int) -> float:\n    return 0.19\n"
LANES = {
    "alone": 'moderate = ["gpu0"]\ncomplex = ["gpu0"]',
    "first of two": 'moderate = ["gpu0", "gpu1"]\ncomplex = ["gpu0", "gpu1"]',
    "audit": 'complex = ["gpu1"]\naudit = ["gpu0"]',
    "hover": 'hover = ["gpu0"]',
}
DIALECTS = ["ollama", "openai"]


class Table:
    """Two engines, of which the first one fails; jobs without an editor."""

    def __init__(self, folder: Path, failing: FakeEngine, good: FakeEngine, secure: FakeEngine) -> None:
        self.config = folder / "config.toml"
        self.failing = failing
        self._good = good
        self._secure = secure
        self.front = PlainFront({URI: PlainDocument(URI, SOURCE)})
        self.engines = Engines(
            lambda: load_runtime(None, {"review": "never"}),
            on_current=lambda runtime: None,
            on_failed=lambda error: self.front.said.append(error.full_message),
        )
        self._drafts, self._log, dismissals = DraftFolder(folder), DraftLog(folder), Dismissals(folder)
        findings = FindingStore(self.front.publish)
        service = DismissalService(self.front, findings, dismissals)
        self._jobs = JobService(
            self.front, self.engines.use, findings, service, ModelDownloads(self.front), self._drafts, self._log
        )

    def set_up(self, row: Row, place: str, dialect: str, good: str) -> None:
        """The configuration of this cell, and what the engines say."""
        url = {"": self.failing.url, "secure": self._secure.url}.get(row.url, row.url)
        settings = "\n".join(f"{key} = {value}" for key, value in row.settings.items())
        self.config.write_text(f"""
[sandbox]
enabled = false
[drafts]
begin_answers = false
[endpoints.gpu0]
protocol = "{dialect}"
url = "{url}{"/v1" if dialect == "openai" else ""}"
model = "fake-model"
{settings}
[endpoints.gpu1]
protocol = "ollama"
url = "{self._good.url}"
model = "fake-model"
[lanes]
{LANES[place]}
""")
        self.failing.script(*row.rules)
        self._good.script(Rule(f"```python\n{good}```"))

    @property
    def text(self) -> str:
        """The document as it is."""
        return self.front.documents[URI].source

    @property
    def told(self) -> str:
        """All that anybody was told."""
        return "\n".join([*self.front.said, *self.front.notes])

    async def run(self, action: str, symbol: str) -> Job:
        """An action on a function, to its end."""
        at = SOURCE.index(f"def {symbol}")
        job = self._jobs.find(self._jobs.start(JobRequest(action_by_id(action), URI, at, at, 1, "")))
        assert job.running is not None
        async with asyncio.timeout(30):
            await asyncio.wait([job.running])
        return job

    async def close(self) -> None:
        """Ends what is left."""
        await self._jobs.finish_all()
        await self._log.close()
        await self.engines.close()


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[FakeEngine, FakeEngine, FakeEngine]]:
    """One that fails, one that works, and one with a certificate that nobody trusts."""
    with (
        FakeEngine.start(slots=4) as failing,
        FakeEngine.start(slots=4) as good,
        FakeEngine.start(certificate=str(CERTIFICATE)) as secure,
    ):
        yield failing, good, secure


@pytest.fixture
async def table(
    engines: tuple[FakeEngine, FakeEngine, FakeEngine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Table]:
    table = Table(tmp_path, *engines)
    table.failing.clear_log()
    monkeypatch.setenv("PILLION_CONFIG", str(table.config))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    yield table
    await table.close()


def changed(new: str) -> str:
    """The document with this function in place of its own."""
    name = new.partition("(")[0]
    before, _, rest = SOURCE.partition(name)
    _, _, after = rest.partition("\n\n\n")
    return f"{before}{new}\n\n{after}"


each_cell = pytest.mark.parametrize(
    ("row", "dialect"),
    [pytest.param(row, dialect, id=f"{row.name}, {dialect}") for row in ROWS for dialect in DIALECTS],
)


@each_cell
async def test_alone(table: Table, row: Row, dialect: str) -> None:
    table.set_up(row, "alone", dialect, OTHER)
    job = await table.run("refactor", "total")
    assert job.state == row.ends, table.told
    assert table.text == (changed(TOTAL) if row.ends == "applied" else SOURCE)
    if row.ends != "applied":
        (message,) = table.front.said
        assert row.says.format(url=table.failing.url) in message
        assert "gpu0" in message
        assert row.do in message


@each_cell
async def test_first_of_two(table: Table, row: Row, dialect: str) -> None:
    table.set_up(row, "first of two", dialect, OTHER)
    job = await table.run("refactor", "total")
    assert job.state == "applied", table.told
    assert table.text == changed(OTHER)
    assert any("tokens on gpu1" in note for note in table.front.notes)
    failed = [note for note in table.front.notes if note.startswith("gpu0's draft is void: ")]
    assert len(failed) == 1
    assert row.says in failed[0]


@each_cell
async def test_audit_lane(table: Table, row: Row, dialect: str) -> None:
    table.set_up(row, "audit", dialect, RATE)
    job = await table.run("implement", "rate")
    assert job.state == "applied", table.told
    assert "return 0.19" in table.text
    assert table.text.startswith(SOURCE[: SOURCE.index("def rate")])
    says = row.says if row.ends == "failed" else "its answer is not what it was asked for"
    assert any("the audit of implement" in each and "gpu0" in each and says in each for each in table.front.notes)
    if row.ends == "failed":
        assert any(row.do in note for note in table.front.notes)


@each_cell
async def test_hover(table: Table, row: Row, dialect: str) -> None:
    async def nobody_waits(*_: object) -> bool:
        return False

    table.set_up(row, "hover", dialect, OTHER)
    parsed = table.front.documents[URI].parsed()
    assert parsed is not None
    symbol = parsed.symbols.named("total")
    assert symbol is not None
    explainer = Explainer(table.engines.use, nobody_waits)
    async with asyncio.timeout(30):
        if row.hovers:
            explanation = await explainer.explain(symbol, parsed)
            assert explanation is not None
            assert explanation.endpoint == "gpu0"
            assert explanation.text
        else:
            with pytest.raises(PillionError) as caught:
                await explainer.explain(symbol, parsed)
            assert row.says.partition(" in ")[0] in caught.value.full_message
            assert "gpu0" in caught.value.full_message
            assert caught.value.hint
            assert row.do in caught.value.full_message
    assert table.text == SOURCE


def test_the_table_is_documented() -> None:
    assert documented() in DOCS.read_text(encoding="utf-8")


def test_the_code_is_the_one_that_is_looked_for() -> None:
    assert f"```python\n{TOTAL}```" == CODE
