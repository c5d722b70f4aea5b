"""Jobs without an editor: every action, and what may become of an edit."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pillion.actions.action_registry import ACTIONS, action_by_id
from pillion.actions.action_row import Action
from pillion.cli.compose import load_runtime
from pillion.errors import NothingToDoError
from pillion.fake_engine.dialects import tokens_of
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from pillion.jobs.dismissal_service import DismissalService
from pillion.jobs.dismissals import Dismissals
from pillion.jobs.downloads import ModelDownloads
from pillion.jobs.engines import Engines
from pillion.jobs.explainer import Explainer
from pillion.jobs.finding_store import FindingStore
from pillion.jobs.job import Job
from pillion.jobs.job_preview import preview_of
from pillion.jobs.request import JobRequest
from pillion.jobs.sequels import Sequels
from pillion.jobs.service import JobService
from pillion.jobs.states import JobState
from pillion.pipeline.attempts import Attempt
from pillion.pipeline.draft_maker import DraftMaker
from pillion.pipeline.runtime import Runtime
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.prompt import Prompt
from pillion.state.draft_log import DraftLog
from pillion.state.kept_drafts import DraftFolder
from tests.jobs.plain_front import PlainDocument, PlainFront
from tests.support.shop import SOURCE
from tests.support.splitting import SPLIT

URI = "file:///shop.py"
SUMMED = "def total(prices):\n    return sum(prices)\n"
COMMENTED = "def total(prices):\n    result = 0  # in cents\n    for price in prices:\n        result = result + price\n    return result\n"
RATED = "def rate(year: int) -> float:\n    return 0.19\n"
PROSE = "It adds up the prices."


@dataclass
class House:
    """A front with one document, and all that its jobs need."""

    front: PlainFront
    jobs: JobService
    sequels: Sequels
    engines: Engines
    findings: FindingStore
    dismissals: Dismissals
    drafts: DraftFolder

    @property
    def text(self) -> str:
        """The document as it is."""
        return self.front.documents[URI].source

    def start(self, action: str | Action, symbol: str = "total", instruction: str = "") -> Job:
        """Starts an action on a function of the shop."""
        before, _, after = f"def {symbol}".partition("¦")  # with it, where in the definition
        at = self.text.index(before + after) + (len(before) if after else 0)
        version = self.front.documents[URI].version
        meant = action_by_id(action) if isinstance(action, str) else action
        return self.jobs.find(self.jobs.start(JobRequest(meant, URI, at, at, version, instruction)))

    async def run(self, action: str | Action, symbol: str = "total", instruction: str = "") -> Job:
        """The same, to the end of its work."""
        return await ended(self.start(action, symbol, instruction))


OpenHouse = Callable[..., Any]


@pytest.fixture
def open_house(two_gpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenHouse:
    @asynccontextmanager
    async def opened(settings: Mapping[str, Any] | None = None, **front: Any) -> AsyncIterator[House]:
        monkeypatch.setenv("PILLION_CONFIG", str(two_gpus))
        plain = PlainFront({URI: PlainDocument(URI, SOURCE)}, **front)
        engines = Engines(
            lambda: load_runtime(None, settings or {"review": "never"}),
            on_current=lambda runtime: None,
            on_failed=lambda error: plain.said.append(error.full_message),
        )
        drafts, log, dismissals = DraftFolder(tmp_path), DraftLog(tmp_path), Dismissals(tmp_path)
        findings = FindingStore(plain.publish)
        dismissal_service = DismissalService(plain, findings, dismissals)
        jobs = JobService(plain, engines.use, findings, dismissal_service, ModelDownloads(plain), drafts, log)
        try:
            yield House(plain, jobs, Sequels(plain, jobs), engines, findings, dismissals, drafts)
        finally:
            await jobs.finish_all()
            await log.close()
            await engines.close()

    return opened


async def ended(job: Job) -> Job:
    """The job, once its work is done."""
    assert job.running is not None
    await asyncio.wait([job.running])
    return job


def code(text: str) -> Rule:
    return Rule(f"```python\n{text}```")


# (action, symbol, instruction, what the drafting model says, what the document has then)
RUNS = {
    "docstring": ("total", "", Rule('{"summary": "Add up the prices."}'), '"""Add up the prices."""'),
    "comments": ("total", "", code(COMMENTED), "    result = 0  # in cents\n"),
    "explain": ("total", "", Rule(PROSE), "result = result + price"),
    "rename": ("total(¦prices", "", Rule('{"names": ["amounts"]}'), "for price in amounts:"),
    "refactor": ("total", "", code(SUMMED), "return sum(prices)"),
    "implement": ("rate", "", code(RATED), "return 0.19"),
    "ask": ("total", "what is it for?", Rule(PROSE), "result = result + price"),
    "answer": ("total", "what is it for?", Rule(PROSE), "result = result + price"),
    "change": ("total", "make it short", code(SUMMED), "return sum(prices)"),
    "debug": ("total", "it is slow", code(SUMMED), "return sum(prices)"),
    "tests": (
        "total",
        "",
        code("def test_total():\n    assert total([1]) == 1\n"),
        "from shop import total\n\n\ndef test_total",
    ),
    "lint": ("total", "ruff reports in line 3: PERF402", code(SUMMED), "return sum(prices)"),
}


@pytest.mark.parametrize("action", [each.id for each in ACTIONS if not each.makes_file])
async def test_every_action(open_house: OpenHouse, large: FakeEngine, small: FakeEngine, action: str) -> None:
    symbol, instruction, reply, expected = RUNS[action]
    for engine in (large, small):
        engine.script(Rule('{"criteria": [], "findings": [], "unmet": []}', match="auditor"), reply)
    async with open_house(answers=["amounts"]) as house:
        job = await house.run(action, symbol, instruction)
        follower = house.front.followers[job.id]
        prose = action_by_id(action).output.value == "prose"
        assert job.state is (JobState.READY if prose else JobState.APPLIED), house.front.said
        assert expected in "\n".join(texts(house).values())
        assert follower.over
        assert follower.states[:2] == [JobState.QUEUED, JobState.DRAFTING]
        asked = [f"Pillion: a new name for “{job.symbol}”"] if action == "rename" else []
        assert house.front.said == ([f"total: {PROSE}"] if prose else asked)
        assert house.drafts.kept() == [], "it became an edit, or was shown"


@pytest.mark.parametrize("ends", [True, False])
async def test_a_draft_that_another_endpoint_goes_on_with(
    open_house: OpenHouse,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
    ends: bool,
) -> None:
    make = DraftMaker.prompt

    def goes_on(maker: DraftMaker, limits: PromptLimits, so_far: str, attempt: Attempt) -> Prompt:
        return replace(make(maker, limits, so_far, attempt), continues=bool(so_far))

    monkeypatch.setattr(DraftMaker, "prompt", goes_on)
    text = two_gpus.read_text(encoding="utf-8").replace('moderate = ["gpu0"]', 'moderate = ["gpu0", "gpu1"]')
    two_gpus.write_text(text, encoding="utf-8")
    first, second = "```python\ndef total(prices):", "\n    known = [*prices]\n    return sum(known)"
    large.script(Rule(f"{first} lost", fault=Fault("error_line", len(tokens_of(first)))))
    small.script(Rule(f"{second}\n```", fault=None if ends else Fault("stall", len(tokens_of(second)))))
    async with open_house() as house:
        job = house.start("refactor")
        if not ends:
            async with asyncio.timeout(30):
                while job.record.text != first + second:
                    await asyncio.sleep(0.01)
            assert job.doing.startswith("drafting on gpu1")
            shown = await preview_of(job, house.front, house.dismissals)
            assert shown is not None
            assert "known = [*prices]" in shown[1].text
            house.jobs.cancel(job.id)
        await ended(job)
        events = house.front.followers[job.id].events
        assert [each for each in events if each not in {"DraftProgress", "ChecksStarted", "ChecksEnded"}][:3] == [
            "DraftStarted",
            "DraftInterrupted",
            "DraftContinued",
        ]
        assert "DraftVoided" not in events
        assert any("gpu1 goes on with the draft from character" in note for note in house.front.notes)
        if ends:
            assert job.state is JobState.APPLIED, house.front.said
            assert "return sum(known)" in house.text
            assert job.report.as_data()["endpoint"] == "gpu1"
        else:
            (kept,) = house.drafts.kept()
            assert Path(str(kept["path"])).read_text(encoding="utf-8").rstrip().endswith(first + second)


@pytest.mark.parametrize("answer", ["Apply anyway", "Discard", None])
async def test_an_offer_is_decided_by_the_user(open_house: OpenHouse, large: FakeEngine, answer: str | None) -> None:
    large.script(code(SUMMED))
    async with open_house({"review": "always"}, answers=[answer] if answer else []) as house:
        job = await house.run("refactor")
        assert job.asking is not None
        await job.asking
        assert "the edit is ready and was not applied" in house.front.said[0]
        states = {"Apply anyway": JobState.APPLIED, "Discard": JobState.REFUSED, None: JobState.OFFERED}
        assert job.state is states[answer]
        assert ("return sum(prices)" in house.text) is (answer == "Apply anyway")
        if answer is None:
            shown = await preview_of(job, house.front, house.dismissals)
            assert shown is not None
            assert "return sum(prices)" in shown[1].text
            assert await house.jobs.decisions.accept(job.id)
            assert "return sum(prices)" in house.text
        with pytest.raises(NothingToDoError):
            house.jobs.decisions.reject(job.id)


@pytest.mark.parametrize("review", ["never", "whenFlagged", "always"])
@pytest.mark.parametrize("shows_drafts", [True, False])
async def test_what_was_typed_meanwhile_stays_and_is_said_before_all_else(
    open_house: OpenHouse, large: FakeEngine, review: str, shows_drafts: bool
) -> None:
    large.script(code(SUMMED))
    large.change(tokens_per_s=50)
    async with open_house({"review": review}, shows_drafts=shows_drafts) as house:
        job = house.start("refactor")
        document = house.front.documents[URI]
        document.source, document.version = document.source.replace("    result = 0\n", "    result = 1\n"), 2
        await ended(job)
        assert job.state is JobState.OFFERED
        assert job.report.reason.startswith("you changed the code it would change")
        assert "result = 1" in house.text
        assert "return sum(prices)" in Path(str(house.drafts.kept()[0]["path"])).read_text(encoding="utf-8")


async def test_cancelling_keeps_what_was_drafted(open_house: OpenHouse, large: FakeEngine) -> None:
    large.script(code(SUMMED * 50))
    large.change(tokens_per_s=50)
    async with open_house() as house:
        job = house.start("refactor")
        while "DraftProgress" not in house.front.followers[job.id].events:
            await asyncio.sleep(0.01)
        house.jobs.closed(URI)
        await ended(job)
        assert job.state is JobState.CANCELLED
        assert house.text == SOURCE
        assert "the document was closed" in house.front.said[0]
        assert len(house.drafts.kept()) == 1


async def test_a_refused_draft_is_tried_again_and_an_applied_edit_taken_back(
    open_house: OpenHouse, large: FakeEngine
) -> None:
    large.script(Rule("I can't.", times=2), code(SUMMED))
    async with open_house() as house:
        job = await house.run("refactor")
        assert job.state is JobState.REFUSED
        assert [each["job"] for each in house.sequels.refused()] == [job.id]
        again = await ended(house.jobs.find(house.sequels.retry(job.id, "shorter")))
        assert again.state is JobState.APPLIED
        assert house.sequels.refused() == []
        undone = await house.sequels.undo(again.id)
        assert undone.done
        assert house.text == SOURCE


@pytest.mark.parametrize(
    ("symbol", "change", "says"),
    [
        pytest.param("total", {"version": 7}, "changed since", id="another version"),
        pytest.param("total", {"start": 0, "end": 0}, "no function or class", id="nothing there"),
        pytest.param("rate", {"finding_id": "0" * 32}, "The finding is gone", id="a finding that is gone"),
        pytest.param("total", {"uri": "file:///other.py"}, "isn't open", id="another document"),
    ],
)
async def test_what_makes_no_sense_is_said_by_the_job(
    open_house: OpenHouse, symbol: str, change: dict[str, Any], says: str
) -> None:
    async with open_house() as house:
        at = house.text.index(f"def {symbol}")
        given = {"uri": URI, "start": at, "end": at, "version": 1, "instruction": "", **change}
        job = await ended(house.jobs.find(house.jobs.start(JobRequest(action_by_id("refactor"), **given))))
        assert job.state is JobState.FAILED
        assert says in house.front.said[0]


async def test_an_explanation_is_asked_for_once(open_house: OpenHouse, small: FakeEngine) -> None:
    small.script(Rule(PROSE))

    async def nobody_waits(runtime: Runtime, lanes: Any) -> bool:
        return False

    async with open_house() as house:
        explainer = Explainer(house.engines.use, nobody_waits)
        parsed = house.front.documents[URI].parsed()
        assert parsed is not None
        symbol = parsed.symbols.named("total")
        assert symbol is not None
        for _ in range(2):
            explanation = await explainer.explain(symbol, parsed)
            assert explanation is not None
            assert (explanation.text, explanation.endpoint, explanation.complete) == (PROSE, "gpu1", True)
        assert len(small.log()) == 1


async def test_an_edit_that_is_only_to_be_shown_is_offered_and_changes_nothing(
    open_house: OpenHouse, large: FakeEngine
) -> None:
    large.script(code(SUMMED))
    async with open_house() as house:
        at = SOURCE.index("def total")
        request = JobRequest(action_by_id("refactor"), URI, at, at, 1, "", place="at the shop's till", only_shown=True)
        job = house.jobs.find(house.jobs.start(request))
        await job.ended()
        assert (job.state, house.text, house.drafts.kept()) == (JobState.OFFERED, SOURCE, [])
        assert job.outcome is not None
        assert "sum(prices)" in job.outcome.after_text
        house.jobs.decisions.reject(job.id)
        assert job.record.text == ""
        lost = house.jobs.find(house.jobs.start(replace(request, start=0, end=0)))
        await lost.ended()
        assert "at the shop's till" in lost.report.reason


SPLIT_UP = "create parts/tax.py RATE = 1\\n\nedit\nedit b.py 0 2\nrename c.py d.py"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace with files beside the document; two of them are open in the front."""
    folder = tmp_path / "shop"
    folder.mkdir()
    for name in "bc":
        (folder / f"{name}.py").write_text(f"{name} = 0\n")
    return folder


def opened(house: House, shop: Path) -> None:
    for name in "bc":
        uri = (shop / f"{name}.py").as_uri()
        house.front.documents[uri] = PlainDocument(uri, f"{name} = 0\n")


def texts(house: House) -> dict[str, str]:
    return {uri.rpartition("/")[2]: each.source for uri, each in house.front.documents.items()}


async def test_several_files_are_changed_at_once_and_taken_back_at_once(
    open_house: OpenHouse, large: FakeEngine, shop: Path
) -> None:
    large.script(Rule(SPLIT_UP))
    async with open_house(workspace=shop) as house:
        opened(house, shop)
        before = texts(house)
        job = await house.run(SPLIT)
        assert job.state is JobState.APPLIED, house.front.said
        after = {"shop.py": SOURCE.replace("result = 0", "result = 1"), "tax.py": "RATE = 1\n", "b.py": "b = 2\n"}
        assert texts(house) == {**after, "d.py": "c = 0\n"}
        assert [each["kind"] for each in job.report.as_data()["changes"]] == ["create", "edit", "edit", "rename"]
        tax = next(each for uri, each in house.front.documents.items() if uri.endswith("tax.py"))
        tax.source = "RATE = 2\n"
        assert not (await house.sequels.undo(job.id)).done, "somebody has worked on the new file"
        assert texts(house)["b.py"] == "b = 2\n"
        tax.source = "RATE = 1\n"
        assert (await house.sequels.undo(job.id)).done
        assert texts(house) == before


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("shop.py", "    result = 3\n", "you changed the code it would change"),
        ("b.py", "b = 0 + 1\n", "you changed the code it would change in b.py"),
        ("tax.py", "", "“tax.py” is there already"),
        ("b.py", None, "b.py isn't open"),
    ],
)
@pytest.mark.parametrize("shows_drafts", [True, False])
async def test_one_file_that_was_changed_meanwhile_holds_all_of_it_back(
    open_house: OpenHouse, large: FakeEngine, shop: Path, name: str, typed: str | None, says: str, shows_drafts: bool
) -> None:
    large.script(Rule(SPLIT_UP))
    large.change(tokens_per_s=50)
    async with open_house(workspace=shop, shows_drafts=shows_drafts) as house:
        opened(house, shop)
        job = house.start(SPLIT)
        uri = URI if name == "shop.py" else next((each for each in house.front.documents if each.endswith(name)), "")
        uri = uri or (shop / "parts" / name).as_uri()
        if typed is None:
            del house.front.documents[uri]
        else:
            text = SOURCE.replace("    result = 0\n", typed) if uri == URI else typed
            house.front.documents[uri] = PlainDocument(uri, text, 2)
        before = texts(house)
        await ended(job)
        assert job.state is JobState.OFFERED
        assert says in job.report.reason
        assert texts(house) == before
        assert str(house.drafts.kept()[0]["changes"]).startswith("create file:///")


async def test_what_no_check_has_looked_at_waits_for_a_yes(
    open_house: OpenHouse, large: FakeEngine, shop: Path
) -> None:
    large.script(Rule(SPLIT_UP))
    async with open_house({"review": "whenFlagged"}, workspace=shop) as house:
        opened(house, shop)
        job = await house.run(SPLIT)
        assert job.state is JobState.OFFERED
        assert job.report.reason == "no check has looked at d.py."  # which only gets another name
        shown = await preview_of(job, house.front, house.dismissals)
        assert shown is not None
        assert [(each.data["kind"], each.data.get("text")) for each in shown[1].others] == [
            ("create", "RATE = 1\n"),
            ("edit", "b = 2\n"),
            ("rename", None),
        ]
        assert await house.jobs.decisions.accept(job.id)
        assert texts(house)["tax.py"] == "RATE = 1\n"


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("tax.py", "create parts/tax.py RATE = undefined_rate", "undefined_rate"),
        ("b.py", "edit b.py 0 undefined_rate", "undefined_rate"),
        ("notes.md", "create notes.md pay\u202eme", "U+202E"),
        ("build.sh", "create build.sh make all", "no check has looked at build.sh"),
    ],
)
async def test_the_auditors_look_at_every_file_of_an_edit(
    open_house: OpenHouse, large: FakeEngine, shop: Path, name: str, answer: str, says: str
) -> None:
    large.script(Rule(f"edit\n{answer}"))
    async with open_house({"review": "whenFlagged"}, workspace=shop) as house:
        opened(house, shop)
        job = await house.run(SPLIT)
        assert job.state is JobState.OFFERED
        assert says in job.report.reason
        shown = await preview_of(job, house.front, house.dismissals)
        assert shown is not None
        (other,) = shown[1].others
        assert [says in each.message for each in other.findings] == [True][: name != "build.sh"]
        assert not shown[1].findings, "the finding isn't about the job's own document"
        assert await house.jobs.decisions.accept(job.id)
        uri = other.data["uri"]
        found = [each.finding.message for each in house.findings.of(uri)]
        assert [says in each for each in found] == [True][: name != "build.sh"]
        assert not house.findings.of(URI)


@pytest.mark.parametrize(("answer", "state"), [("create tax.py RATE = 1", "applied"), ("edit", "offered")])
async def test_a_client_that_confirms_edits_shows_those_of_other_files_by_itself(
    open_house: OpenHouse, large: FakeEngine, shop: Path, answer: str, state: str
) -> None:
    large.script(Rule(answer))
    async with open_house({"review": "always"}, workspace=shop, shows_drafts=True, confirms=True) as house:
        assert (await house.run(SPLIT)).state == state


async def test_what_was_found_in_a_closed_file_is_shown_once_it_is_opened(
    open_house: OpenHouse, large: FakeEngine, shop: Path
) -> None:
    large.script(Rule("edit\ncreate tax.py RATE = undefined_rate"))
    async with open_house({"review": "never"}, workspace=shop) as house:
        job = await house.run(SPLIT)
        assert job.state is JobState.APPLIED
        uri = (shop / "tax.py").as_uri()
        assert job.report.as_data()["severities"] == {"error": 1}
        document = house.front.documents.pop(uri)
        house.findings.closed(uri)
        document.source = f"# A rate.\n{document.source}"
        house.findings.opened(document)
        (placed,) = house.findings.of(uri)
        assert document.source[placed.start : placed.end] == "undefined_rate"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("create ../tax.py RATE = 1", "isn't in the workspace"),
        ("create .git/hooks/pre-commit exec", "hidden or odd"),
        ("create b.py RATE = 1", "is there already"),
        ("create tax.py RATE = (", "“tax.py” would have a mistake in its syntax"),
        ("rename nowhere.py d.py", "isn't there"),
    ],
)
async def test_a_models_word_on_where_a_file_goes_is_checked(
    open_house: OpenHouse, large: FakeEngine, shop: Path, answer: str, says: str
) -> None:
    large.script(Rule(f"edit\n{answer}"))
    async with open_house(workspace=shop) as house:
        job = await house.run(SPLIT)
        assert job.state is JobState.REFUSED
        assert says in job.report.reason
        assert house.text == SOURCE


async def test_only_a_new_file_leaves_the_document_as_it_is(
    open_house: OpenHouse, large: FakeEngine, shop: Path
) -> None:
    large.script(Rule("create tax.py RATE = 1"))
    async with open_house({"review": "always"}, workspace=shop) as house:
        job = await house.run(SPLIT)
        shown = await preview_of(job, house.front, house.dismissals)
        assert shown is not None
        assert (shown[1].text, shown[1].complete) == (SOURCE, True)
        assert await house.jobs.decisions.accept(job.id)
        assert texts(house) == {"shop.py": SOURCE, "tax.py": "RATE = 1"}
