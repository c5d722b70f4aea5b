"""Jobs from a snapshot to an edit: what comes of good drafts and bad ones, and of engines that die."""

import asyncio
from itertools import repeat
from typing import Any, NamedTuple

import pytest

from pillion.actions.action_registry import action_by_id
from pillion.backends.backend import Text
from pillion.errors import EngineUnreachableError, NoEndpointError
from pillion.events import DraftEnded, DraftProgress, DraftStarted, DraftVoided
from pillion.fake_engine.dialects import tokens_of
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, RequestLog, Rule
from pillion.tiers import Lane
from tests.pipeline.jobs import rig, task
from tests.support.pools import ask, only_this_task
from tests.support.raw_server import delta, serving, sse
from tests.support.shop import SOURCE

FIELDS = '{"summary": "Take a percentage off a price.", "parameters": {"price": "the price"}, "returns": "the rest"}'
REFACTORED = "Shorter:\n```python\ndef total(prices):\n    return sum(prices)\n```\nDone."
IMPLEMENTED = "def rate(year: int) -> float:\n    return 0.16 if year < 2007 else 0.19\n"
UNCHANGED = SOURCE[SOURCE.index("def total") : SOURCE.index("def rate")]


class Good(NamedTuple):
    action: str
    symbol: str
    reply: str
    lines: str
    """What the edit puts into the file."""
    on: str


GOOD = {
    "docstring": Good("docstring", "discount", FIELDS, '    """Take a percentage off a price.', "gpu1"),
    "docstring in prose": Good("docstring", "discount", f"Sure!\n```json\n{FIELDS}\n```", "        price: the", "gpu1"),
    "refactor": Good("refactor", "total", REFACTORED, "def total(prices):\n    return sum(prices)\n", "gpu0"),
    "refactor with thoughts": Good("refactor", "total", f"<think>def total(x)</think>{REFACTORED}", "sum(", "gpu0"),
    "implement": Good("implement", "rate", IMPLEMENTED, '    """Return the tax rate of a year."""\n    ret', "gpu0"),
}


@pytest.mark.parametrize("good", GOOD.values(), ids=GOOD.keys())
async def test_a_good_draft_becomes_an_edit(engine: FakeEngine, auditing: FakeEngine, good: Good) -> None:
    engine.script(Rule(good.reply if good.on == "gpu0" else "no"))
    auditing.script(Rule(good.reply if good.on == "gpu1" else '{"findings": []}'))
    async with rig(engine, auditing) as jobs:
        outcome = await jobs.run(task(good.action, good.symbol))
    assert outcome.rejected == ""
    assert good.lines in outcome.after_text
    assert good.lines not in SOURCE
    assert (outcome.draft.endpoint, outcome.draft.text, outcome.draft.cut_off) == (good.on, good.reply, False)
    assert outcome.draft.tokens == len(tokens_of(good.reply))
    assert 0 <= outcome.draft.started_s <= outcome.draft.ended_s
    (started,), (ended,) = jobs.of(DraftStarted), jobs.of(DraftEnded)
    assert (started.endpoint, started.lane, ended.endpoint) == (good.on, action_by_id(good.action).tier.lane, good.on)
    assert "".join(event.text for event in jobs.of(DraftProgress)) == good.reply
    tokens = [event.tokens for event in jobs.of(DraftProgress)]
    assert (tokens[0], tokens[-1], tokens) == (1, ended.tokens, sorted(set(tokens))), (
        "what comes at once is told at once"
    )
    times = [event.at_s for event in jobs.events]
    assert times == sorted(times)
    await only_this_task()


async def test_an_explanation_edits_nothing(engine: FakeEngine, auditing: FakeEngine) -> None:
    auditing.script(Rule("<think>hm</think>It takes off\n a percentage.", thinking="so"))
    async with rig(engine, auditing) as jobs:
        outcome = await jobs.run(task("explain", "discount"))
    assert (outcome.prose, outcome.replacements, outcome.after_text) == ("It takes off\n a percentage.", (), "")
    assert engine.log() == []


async def test_the_users_own_words_reach_the_model(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.script(Rule(REFACTORED))
    async with rig(engine, auditing) as jobs:
        await jobs.run(task("refactor", "total", instruction="Use the builtin, ☃."))
    assert "Use the builtin, ☃." in engine.log()[0].messages[-1]["content"]


# Drafts that can't be used


class Bad(NamedTuple):
    action: str
    symbol: str
    reply: str
    reason: str


BAD = {
    "not the fields": Bad("docstring", "discount", "I can't.", "isn't the JSON it was asked for"),
    "no code": Bad("refactor", "total", "```python\n```", "without any code"),
    "another function": Bad("refactor", "total", "def other(): pass", "doesn't define “total”"),
    "another signature": Bad("refactor", "total", "def total(x):\n    return sum(x)", "signature of “total”"),
    "unchanged": Bad("refactor", "total", UNCHANGED, "back unchanged"),
    "broken": Bad("refactor", "total", "def total(prices):\n    return sum(prices))", "break the file's syntax"),
    "still a stub": Bad("implement", "rate", "def rate(year: int) -> float:\n    # soon\n    ...", "still be a stub"),
    "nothing": Bad("explain", "total", " <think>hm</think> ", "said nothing"),
}
SECOND_TRY = {"docstring": FIELDS, "refactor": REFACTORED, "implement": IMPLEMENTED, "explain": "It adds."}


def asked_again(log: list[RequestLog], bad: Bad) -> None:
    """The second request has the draft and the reason, behind the first request's messages."""
    *_, draft, reason = log[-1].messages
    assert draft == {"role": "assistant", "content": bad.reply}
    assert reason["role"] == "user"
    assert bad.reason in reason["content"]


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_a_rejected_draft_is_tried_again_one_lane_up(engine: FakeEngine, auditing: FakeEngine, bad: Bad) -> None:
    """SIMPLE work was on gpu1 and goes to gpu0; the rest is there already."""
    first_on_gpu1 = bad.action in ("docstring", "explain")
    again = Rule(SECOND_TRY[bad.action])
    engine.script(*([again] if first_on_gpu1 else [Rule(bad.reply, times=1), again]))
    auditing.script(Rule(bad.reply) if first_on_gpu1 else Rule('{"findings": []}'))
    async with rig(engine, auditing) as jobs:
        outcome = await jobs.run(task(bad.action, bad.symbol))
    assert outcome.rejected == ""
    assert bool(outcome.after_text) is (bad.action != "explain")
    assert outcome.draft.text == SECOND_TRY[bad.action]
    assert [event.endpoint for event in jobs.of(DraftStarted)] == ["gpu1" if first_on_gpu1 else "gpu0", "gpu0"]
    assert [event.lane for event in jobs.of(DraftStarted)] == [
        (lane := action_by_id(bad.action).tier.lane),
        lane.next_up,
    ]
    (voided,) = jobs.of(DraftVoided)
    assert bad.reason in voided.reason
    asked_again(engine.log(), bad)


@pytest.mark.parametrize(
    ("lanes", "tried"),
    [
        pytest.param({"moderate": ["gpu1"], "complex": ["gpu0"]}, ["gpu1", "gpu1"], id="only one lane up"),
        pytest.param({"moderate": ["gpu1"], "complex": ["gpu1", "gpu0"]}, ["gpu1", "gpu1"], id="behind another"),
        pytest.param({"moderate": ["gpu1", "gpu0"], "complex": ["gpu0"]}, ["gpu1", "gpu0"], id="in its own lane too"),
    ],
)
async def test_a_second_try_goes_to_no_cloud_that_its_lane_does_not_name(
    engine: FakeEngine, auditing: FakeEngine, lanes: dict[str, list[str]], tried: list[str]
) -> None:
    engine.script(Rule("I can't."))
    auditing.script(Rule("I can't."))
    async with rig(engine, auditing, lanes, gpu0={"location": "cloud"}) as jobs:
        outcome = await jobs.run(task("refactor", "total"))
    assert outcome.rejected
    assert [event.endpoint for event in jobs.of(DraftStarted)] == tried
    assert bool(engine.log()) is ("gpu0" in tried)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
async def test_after_a_second_failure_the_draft_is_kept(engine: FakeEngine, auditing: FakeEngine, bad: Bad) -> None:
    first_on_gpu1 = bad.action in ("docstring", "explain")
    engine.script(Rule(bad.reply))
    auditing.script(Rule(bad.reply) if first_on_gpu1 else Rule('{"findings": []}'))
    async with rig(engine, auditing) as jobs:
        outcome = await jobs.run(task(bad.action, bad.symbol))
    assert bad.reason in outcome.rejected
    assert outcome.draft.text == bad.reply
    assert (outcome.replacements, outcome.after_text, outcome.prose) == ((), "", "")
    assert len(jobs.of(DraftStarted)) == 2, "a third try is not what was agreed"


@pytest.mark.parametrize(
    ("lanes", "reason"),
    [
        pytest.param({"moderate": []}, "No endpoint is set up for “moderate”", id="nobody is there"),
        pytest.param({}, "gpu0 answered 500", id="it fails"),
    ],
)
async def test_where_the_second_try_is_impossible_the_draft_is_kept(
    engine: FakeEngine, auditing: FakeEngine, lanes: dict[str, Any], reason: str
) -> None:
    engine.script(Rule(fault=Fault("status")))
    auditing.script(Rule("I can't."))
    async with rig(engine, auditing, lanes) as jobs:
        outcome = await jobs.run(task("docstring", "discount"))
    assert outcome.rejected.startswith("the model's answer isn't the JSON it was asked for; a second try failed: ")
    assert reason in outcome.rejected
    assert (outcome.draft.text, outcome.after_text) == ("I can't.", "")


@pytest.mark.parametrize(
    ("action", "symbol", "limit", "rejected"),
    [
        pytest.param("docstring", "discount", 365, "cut off after 365 tokens", id="fields"),
        pytest.param("refactor", "total", 512, "cut off after 512 tokens", id="code"),
        pytest.param("explain", "total", 300, "", id="prose: as far as it goes"),
    ],
)
async def test_cut_off_by_the_limit(
    engine: FakeEngine, auditing: FakeEngine, action: str, symbol: str, limit: int, rejected: str
) -> None:
    for each in (engine, auditing):
        each.script(Rule("on and ", fault=Fault("endless")))
    async with rig(engine, auditing) as jobs:
        outcome = await jobs.run(task(action, symbol))
    assert outcome.draft.cut_off
    assert outcome.draft.tokens == limit
    assert rejected in outcome.rejected
    assert bool(outcome.rejected) is bool(rejected)
    assert bool(outcome.prose) is not bool(rejected)


@pytest.mark.parametrize(
    ("word", "tokens"),
    [
        pytest.param("a ", 601, id="twice as many tokens"),
        pytest.param("x" * 100, 41, id="more characters than tokens have"),
    ],
)
async def test_an_engine_that_ignores_the_limit_is_hung_up_on(
    engine: FakeEngine, auditing: FakeEngine, word: str, tokens: int
) -> None:
    async with serving(repeat(sse(delta(content=word)))) as url, rig(engine, auditing, gpu1={"url": url}) as jobs:
        outcome = await jobs.run(task("explain", "total"))
    assert (outcome.draft.tokens, outcome.draft.cut_off) == (tokens, True)
    assert outcome.prose == f"{(word * tokens)[:4096].strip()}…"


# Engines that die


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault("drop", 9), id="dropped"),
        pytest.param(Fault("error_line", 9), id="error line"),
        pytest.param(Fault("stall", 9), id="stalled"),
        pytest.param(Fault("status", status=503), id="at once"),
    ],
)
async def test_another_endpoint_starts_over(engine: FakeEngine, auditing: FakeEngine, fault: Fault) -> None:
    engine.script(Rule(IMPLEMENTED, fault=fault))
    auditing.script(Rule('{"findings": []}', match="You review code"), Rule(IMPLEMENTED))
    async with rig(engine, auditing, {"complex": ["gpu0", "gpu1"]}, gpu0={"stall_timeout_s": 0.2}) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert outcome.rejected == ""
    assert outcome.draft.text == IMPLEMENTED
    assert outcome.after_text.count("return 0.16") == 1
    assert (outcome.draft.endpoint, outcome.draft.tokens) == ("gpu1", len(tokens_of(IMPLEMENTED)))
    (voided,) = jobs.of(DraftVoided)
    assert voided.endpoint == "gpu0"
    at = jobs.events.index(voided)
    before, after = (
        "".join(event.text for event in part if isinstance(event, DraftProgress))
        for part in (jobs.events[:at], jobs.events[at:])
    )
    assert after == IMPLEMENTED
    assert IMPLEMENTED.startswith(before)
    await only_this_task()


@pytest.mark.parametrize(
    ("lane", "error"), [(["gpu0"], EngineUnreachableError), (["gpu0", "gpu1"], NoEndpointError)], ids=["one", "two"]
)
async def test_when_nobody_can_draft(
    engine: FakeEngine, auditing: FakeEngine, lane: list[str], error: type[Exception]
) -> None:
    """The job ends with the draft's error, whatever the audit does meanwhile."""
    auditing.script(Rule(fault=Fault("status")))
    async with rig(engine, auditing, {"complex": lane}, gpu0={"url": "http://127.0.0.1:9"}) as jobs:
        with pytest.raises(error) as caught:
            await jobs.run(task("implement", "rate"))
    assert type(caught.value) is error
    await only_this_task()


async def test_what_had_no_room_is_said(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.script(Rule(REFACTORED))
    long = SOURCE + "\n".join(f"LINE_{number} = {number}" for number in range(2000))
    async with rig(engine, auditing, gpu0={"num_ctx": 1024}) as jobs:
        outcome = await jobs.run(task("refactor", "total", source=long))
    assert outcome.rejected == ""
    (started,) = jobs.of(DraftStarted)
    assert "lines around “total”" in started.omitted
    assert "LINE_1999" not in engine.log()[0].messages[-1]["content"]


async def test_a_hover_goes_before_a_draft_that_waits(engine: FakeEngine, auditing: FakeEngine) -> None:
    """Not only in the pool's own tests: a job's draft really asks with its lane."""
    engine.change(tokens_per_s=100)
    engine.script(Rule(REFACTORED, match="Refactor"), Rule("hover"))
    async with rig(engine, auditing, {"hover": ["gpu0"]}) as jobs:
        first, second = (jobs.start(task("refactor", "total")) for _ in range(2))
        while not jobs.of(DraftProgress):
            await asyncio.sleep(0.005)
        said = [event async for event in jobs.pool.stream(Lane.HOVER, lambda *_: ask("what is it?"))]
        assert Text("hover") in said
        assert [(await job).rejected for job in (first, second)] == ["", ""]
    asked = [entry.messages[-1]["content"] for entry in engine.log()]
    assert ["what is it?" in text for text in asked] == [False, True, False]
