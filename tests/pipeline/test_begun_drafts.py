"""A draft whose beginning Pillion writes, if the engine goes on from there: header and documentation as they stay."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pillion.backends.backend import Backend
from pillion.backends.chat_request import Prefill
from pillion.events import DraftEnded, DraftProgress, DraftStarted, DraftVoided, UnitClosed
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, RequestLog, Rule
from pillion.jobs.preview import DraftView
from pillion.models.prefill_store import PrefillStore
from pillion.pool.prefill import PROBE, Prefills
from pillion.prompts.prompt import Prompt
from pillion.text.begun_answer import END_OF_CODE
from pillion.tiers import Lane
from tests.pipeline.audits import BODY, DRAFT, HEADER, NOTHING, settles
from tests.pipeline.jobs import LANES, Rig, task
from tests.support.pools import ask, backend, collect, only_this_task, open_pool
from tests.support.shop import SOURCE

BEGINNING = f'```python\n{HEADER}\n    """Return the tax rate of a year."""\n'
# The engine stops at the closing fence, and Pillion writes that.
WHOLE = f"{BEGINNING}{BODY}```"
WORDS = len(BODY.split())


@asynccontextmanager
async def begun(
    engine: FakeEngine, auditing: FakeEngine, dialect: str = "ollama", *more: Backend, **settings: Any
) -> AsyncIterator[Rig]:
    """The usual two engines; answers are begun."""
    lanes = {**LANES, "complex": ["gpu0", *(each.name for each in more)]}
    drafter = backend(dialect, **{"url": engine.url, **settings})
    backends = (drafter, backend("openai", auditing.url, "gpu1"), *more)
    async with open_pool(lanes, *backends, prefills=Prefills()) as pool:
        yield Rig(pool)


def ends_begun(entry: RequestLog) -> bool:
    return entry.messages[-1] == {"role": "assistant", "content": f"{BEGINNING}   "}


class Reply(NamedTuple):
    """What the model writes behind the beginning, and what the draft is."""

    said: str
    draft: str


REPLIES = {
    "goes on": Reply(BODY, WHOLE),
    "goes on, and closes the fence": Reply(f"{BODY}```\n", f"{BEGINNING}{BODY}```\n"),
    "repeats all": Reply(BEGINNING + BODY, WHOLE),
    "repeats the header and the documentation": Reply(BEGINNING.partition("\n")[2] + BODY, WHOLE),
    "repeats the documentation": Reply('    """Return the tax rate of a year."""\n' + BODY, WHOLE),
    "starts over": Reply(DRAFT.partition("\n\n")[2], DRAFT.partition("\n\n")[2]),
    "starts over behind words": Reply(DRAFT, DRAFT),
    "starts over, and is stopped at its own fence": Reply(
        DRAFT.partition("\n\n")[2].removesuffix("```\n"), DRAFT.partition("\n\n")[2].removesuffix("\n")
    ),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES.keys())
@pytest.mark.parametrize("dialect", ["ollama", "openai"])
async def test_the_draft_is_the_beginning_and_what_the_model_writes(
    engine: FakeEngine, auditing: FakeEngine, dialect: str, reply: Reply
) -> None:
    engine.change(prefill="goes on")
    engine.script(Rule(reply.said))
    auditing.script(settles(), Rule(NOTHING))
    async with begun(engine, auditing, dialect) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert outcome.rejected == ""
    assert outcome.draft.text == reply.draft
    assert f'"""Return the tax rate of a year."""\n{BODY}' in outcome.after_text
    # Everybody who follows the job sees the same: the preview and the kept drafts, the audit, the figures.
    assert "".join(event.text for event in jobs.of(DraftProgress)) == reply.draft
    view = DraftView()
    for event in jobs.events:
        view.event(event)
    shown = view.so_far(task("implement", "rate"))
    assert shown is not None
    assert BODY.rstrip() in shown.text[shown.written.start : shown.written.end]
    code = "".join(event.unit.text for event in jobs.of(UnitClosed))
    assert code.startswith(HEADER)
    assert code.rstrip().endswith("return rounded")
    assert any(HEADER in entry.messages[-1]["content"] for entry in auditing.log()[1:])
    (draft,) = engine.log()
    assert ends_begun(draft)
    assert END_OF_CODE in [*draft.options.get("stop", ()), *draft.options.get("options", {}).get("stop", ())]
    (ended,) = jobs.of(DraftEnded)
    assert ended.tokens == outcome.draft.tokens == draft.tokens_sent, "only what the model writes counts"
    assert len(engine.probes()) == 1


class Engine(NamedTuple):
    """How an engine is, and how it is asked then."""

    dialect: str
    prefill: str
    way: Prefill | None
    probes: int


ENGINES = {
    "a template that continues": Engine("ollama", "goes on", Prefill.LAST, 1),
    "a template that doesn't": Engine("ollama", "new turn", None, 1),
    "Ollama, which knows no flags": Engine("ollama", "flagged", None, 1),
    "llama.cpp": Engine("openai", "goes on", Prefill.LAST, 1),
    "vLLM": Engine("openai", "flagged", Prefill.FLAGGED, 2),
    "a new message": Engine("openai", "new turn", None, 2),
    "it refuses": Engine("openai", "refuses", None, 2),
    "Ollama refuses": Engine("ollama", "refuses", None, 1),
}


@pytest.mark.parametrize("case", ENGINES.values(), ids=ENGINES.keys())
async def test_what_an_engine_can_is_found_out_once(
    engine: FakeEngine, auditing: FakeEngine, tmp_path: Path, case: Engine
) -> None:
    engine.change(prefill=case.prefill)
    engine.script(Rule(BODY if case.way else DRAFT))
    auditing.script(settles(), Rule(NOTHING))
    async with begun(engine, auditing, case.dialect) as jobs:
        for _ in range(2):
            outcome = await jobs.run(task("implement", "rate"))
            assert outcome.rejected == ""
        assert jobs.of(DraftVoided) == []
    assert len(engine.probes()) == case.probes
    assert [ends_begun(entry) for entry in engine.log()] == [case.way is not None] * 2
    flags = {"continue_final_message": True, "add_generation_prompt": False}
    for entry in engine.log():
        told = {name: entry.options[name] for name in flags if name in entry.options}
        assert told == (flags if case.way is Prefill.FLAGGED else {})
    # The next process knows it, and asks nobody.
    engine.clear_log()
    store = PrefillStore(tmp_path)
    async with open_backend_of(engine, case.dialect) as endpoint:
        assert await Prefills(store).way(endpoint) == case.way
        assert await Prefills(store).way(endpoint) == case.way
    assert len(engine.probes()) == case.probes


@asynccontextmanager
async def open_backend_of(engine: FakeEngine, dialect: str, **settings: Any) -> AsyncIterator[Backend]:
    endpoint = backend(dialect, engine.url, **settings)
    try:
        yield endpoint
    finally:
        await endpoint.aclose()


async def test_many_ask_and_one_finds_out(engine: FakeEngine, tmp_path: Path) -> None:
    engine.change(prefill="goes on")
    prefills = Prefills(PrefillStore(tmp_path))
    async with open_backend_of(engine, "ollama", slots=8) as endpoint:
        assert await asyncio.gather(*(prefills.way(endpoint) for _ in range(8))) == [Prefill.LAST] * 8
        assert len(engine.probes()) == 1
        await prefills.doubt(endpoint)  # the model was made anew, perhaps
        engine.change(prefill="new turn")
        assert await prefills.way(endpoint) is None
    assert len(engine.probes()) == 2


async def test_a_cloud_endpoint_is_asked_nothing(engine: FakeEngine) -> None:
    engine.change(prefill="goes on")
    async with open_backend_of(engine, "openai", location="cloud") as endpoint:
        assert await Prefills().way(endpoint) is None
    assert engine.probes() == []


async def test_what_a_failure_says_is_not_remembered(engine: FakeEngine, tmp_path: Path) -> None:
    """It is no answer to the question."""
    engine.change(prefill="goes on", api_key="key")
    prefills = Prefills(PrefillStore(tmp_path))
    async with open_backend_of(engine, "openai") as endpoint:
        assert await prefills.way(endpoint) is None, "without its key it refuses everything"
        engine.change(api_key=None)
        assert await prefills.way(endpoint) is Prefill.LAST


async def test_who_gives_up_leaves_it_to_the_next(engine: FakeEngine) -> None:
    engine.change(prefill="goes on")
    prefills = Prefills()
    async with open_backend_of(engine, "ollama") as endpoint:
        impatient = asyncio.create_task(prefills.way(endpoint))
        await asyncio.sleep(0)
        patient = asyncio.create_task(prefills.way(endpoint))
        await asyncio.sleep(0)
        impatient.cancel()
        assert await patient is Prefill.LAST
        assert impatient.cancelled() or impatient.done()
    await only_this_task()


ASKED_AGAIN = {
    "it refuses": Rule(fault=Fault("status", status=400), times=1),
    "it fails": Rule(fault=Fault("status", status=500), times=1),
    "it writes nothing": Rule("", times=1),
    "it ends the code at once": Rule(
        "```\n\nThis function returns a tax rate. " + "It is good. " * 50, times=1, tokens_per_s=300
    ),
}


@pytest.mark.parametrize("first", ASKED_AGAIN.values(), ids=ASKED_AGAIN.keys())
async def test_an_engine_that_makes_nothing_of_it_is_asked_for_the_whole(
    engine: FakeEngine, auditing: FakeEngine, first: Rule
) -> None:
    engine.change(prefill="goes on")
    engine.script(first, Rule(DRAFT))
    auditing.script(settles(), Rule(NOTHING))
    async with begun(engine, auditing) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
        assert (outcome.rejected, outcome.draft.text) == ("", DRAFT)
        assert len(jobs.of(DraftStarted)) == 1
        assert jobs.of(DraftVoided) == []
        log = engine.log()
        assert [ends_begun(entry) for entry in log] == [True, False]
        assert log[0].tokens_sent < 60, "what it says instead of code isn't listened to"
        if first.fault is not None and first.fault.status == 400:
            await jobs.run(task("implement", "rate"))
            assert [ends_begun(entry) for entry in engine.log()] == [True, False, False], "it isn't asked to again"


@pytest.mark.parametrize("prefill", ["goes on", "new turn"])
async def test_another_endpoint_begins_anew(engine: FakeEngine, auditing: FakeEngine, prefill: str) -> None:
    engine.change(prefill="goes on")
    engine.script(Rule(BODY, fault=Fault("drop", WORDS // 2)))
    auditing.script(settles(), Rule(NOTHING))
    with FakeEngine.start(model="fake-model", prefill=prefill) as second:
        second.script(Rule(BODY if prefill == "goes on" else DRAFT))
        async with begun(engine, auditing, "ollama", backend("openai", second.url, "gpu2")) as jobs:
            outcome = await jobs.run(task("implement", "rate"))
        assert [ends_begun(entry) for entry in second.log()] == [prefill == "goes on"]
    assert outcome.draft.endpoint == "gpu2"
    assert outcome.draft.text == (WHOLE if prefill == "goes on" else DRAFT)
    assert len(jobs.of(DraftVoided)) == 1
    last = next(number for number, event in enumerate(jobs.events) if isinstance(event, DraftVoided))
    after = "".join(event.text for event in jobs.events[last:] if isinstance(event, DraftProgress))
    assert after == outcome.draft.text


async def test_a_dead_engine_fails_once(engine: FakeEngine, auditing: FakeEngine) -> None:
    """Its probe's failure is the request's."""
    engine.script(Rule(DRAFT))
    auditing.script(settles(), Rule(NOTHING))
    with FakeEngine.start(model="fake-model") as dead:
        url = dead.url
    async with begun(engine, auditing, "ollama", backend("ollama", engine.url, "gpu2"), url=url) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert outcome.draft.endpoint == "gpu2"
    assert [event.endpoint for event in jobs.of(DraftVoided)] == ["gpu0"]


async def test_a_begun_rewrite_with_another_last_line_is_whole(engine: FakeEngine, auditing: FakeEngine) -> None:
    """Nobody sees the fence at which the engine was asked to stop, and yet the code doesn't break off."""
    engine.change(prefill="goes on")
    engine.script(Rule("    return sum(prices, 0)\n"))
    async with begun(engine, auditing) as jobs:
        outcome = await jobs.run(task("refactor", "total", source=SOURCE))
    assert outcome.rejected == ""
    assert "    return sum(prices, 0)\n" in outcome.after_text
    assert jobs.of(DraftVoided) == []
    (draft,) = engine.log()
    assert draft.messages[-1]["role"] == "assistant"


async def test_a_second_try_writes_everything(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.change(prefill="goes on")
    engine.script(Rule("    raise NotImplementedError\n", times=1), Rule(DRAFT))
    auditing.script(settles(), Rule(NOTHING))
    async with begun(engine, auditing) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert (outcome.rejected, outcome.draft.text) == ("", DRAFT)
    first, second = engine.log()
    assert ends_begun(first)
    assert second.messages[-2]["content"] == f"{BEGINNING}    raise NotImplementedError\n```", "as all saw it"
    assert second.messages[-1]["role"] == "user"


async def test_a_prompt_without_a_beginning_asks_nothing(engine: FakeEngine) -> None:
    engine.change(prefill="goes on")
    async with open_pool({"simple": ["gpu0"]}, backend("ollama", engine.url), prefills=Prefills()) as pool:
        await collect(pool.stream(Lane.SIMPLE, lambda *_: ask()))
        await collect(pool.stream(Lane.SIMPLE, lambda *_: Prompt(ask().messages, None, 5, continues=True)))
    assert engine.probes() == []


async def test_a_client_that_leaves_in_the_probe_leaves_nothing(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.change(prefill="goes on")
    async with begun(engine, auditing) as jobs:
        job = jobs.start(task("implement", "rate"))
        while not jobs.of(DraftStarted):
            await asyncio.sleep(0)
        job.cancel()
        await asyncio.wait([job])
        assert job.cancelled()
    await only_this_task()


def test_the_probe_shows_the_difference() -> None:
    """It ends in the middle of a number, which only a model that goes on would complete."""
    assert PROBE.messages[-1].content.endswith("9, 1")
    assert PROBE.max_tokens < 9
