"""Answers that won't do: another endpoint is asked where there is one, and what there was is never lost."""

import time
from typing import Any, NamedTuple

import pytest

from pillion.backends.backend import Done, Text
from pillion.config.schema import LimitsConfig
from pillion.errors import EngineTimeoutError, NoEndpointError
from pillion.events import AuditAnswered, AuditFailed, AuditInterrupted, DraftVoided
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from pillion.pool.objections import is_no_whole, says_nothing
from pillion.pool.pool_events import EndpointFailed, PoolEvent, Started
from pillion.pool.watch import Objection, no_objection
from pillion.tiers import Lane
from tests.pipeline.audits import ASKS_VERDICT, DRAFT, NOTHING, answer, assert_done, finding, settles
from tests.pipeline.jobs import rig, task
from tests.support.flood_server import flooding
from tests.support.pools import ask, backend, collect, open_pool
from tests.support.raw_server import delta, ndjson, said, serving, sse

IMPLEMENTED = "def rate(year: int) -> float:\n    return 0.16 if year < 2007 else 0.19\n"
LOOP = Rule("It goes on and on. ", fault=Fault("loop"))


class Poor(NamedTuple):
    rule: Rule
    objection: Objection
    reason: str
    text: str = ""


POOR = {
    "nothing": Poor(Rule(""), says_nothing, "gpu0 said nothing."),
    "white space": Poor(Rule(" \n\n  "), says_nothing, "gpu0 said nothing in 1 token."),
    "only thoughts": Poor(Rule("", thinking="hm hm hm"), says_nothing, "gpu0 said nothing in 3 tokens."),
    "only thoughts in the text": Poor(Rule("<think>hm hm</think>\n"), says_nothing, "gpu0 said nothing in 3 tokens."),
    "thoughts that never end": Poor(Rule("<think>well", fault=Fault("endless")), says_nothing, "gpu0 said nothing in"),
    "cut off": Poor(
        Rule("a b c d", fault=Fault("endless")), is_no_whole, "gpu0 was cut off after 100 tokens.", "a b c d"
    ),
    "cut off among thoughts": Poor(
        Rule("", thinking="hm ", fault=Fault("endless")), is_no_whole, "gpu0 said nothing in 100 tokens."
    ),
    "a loop": Poor(LOOP, no_objection, "gpu0 repeated itself and was stopped after ", "It goes on and on."),
    "a loop of thoughts": Poor(
        Rule("", thinking="I have to look at it again. ", fault=Fault("loop")), no_objection, "gpu0 repeated itself and"
    ),
}


async def heard(pool: Any, objection: Objection, max_tokens: int = 100) -> list[PoolEvent]:
    return await collect(pool.stream(Lane.SIMPLE, lambda *_: ask(max_tokens=max_tokens), objection))


def of_last(events: list[PoolEvent]) -> tuple[str, str]:
    """Who was asked last, and what it said."""
    at = max(number for number, event in enumerate(events) if isinstance(event, Started))
    started = events[at]
    assert isinstance(started, Started)
    return started.endpoint, "".join(event.text for event in events[at:] if isinstance(event, Text))


@pytest.mark.parametrize("poor", POOR.values(), ids=POOR)
async def test_another_endpoint_is_asked(engine: FakeEngine, auditing: FakeEngine, poor: Poor) -> None:
    engine.script(poor.rule)
    auditing.script(Rule("a good answer"))
    endpoints = backend("ollama", engine.url, "gpu0"), backend("openai", auditing.url, "gpu1")
    tokens = 1000 if "loop" in str(poor.rule.fault) else 100
    async with open_pool({"simple": ["gpu0", "gpu1"]}, *endpoints) as pool:
        for _ in range(4):  # it isn't the engine that failed, so it is asked first again
            events = await heard(pool, poor.objection, tokens)
            (failed,) = (event for event in events if isinstance(event, EndpointFailed))
            assert failed.reason.startswith(poor.reason)
            assert of_last(events) == ("gpu1", "a good answer")
            assert sum(isinstance(event, Done) for event in events) == 1


@pytest.mark.parametrize("poor", POOR.values(), ids=POOR)
@pytest.mark.parametrize("lane", [["gpu0"], ["gpu0", "gpu1"]], ids=["the only one", "the other is down"])
async def test_what_there_is_is_not_lost(engine: FakeEngine, poor: Poor, lane: list[str]) -> None:
    engine.script(poor.rule)
    endpoints = backend("ollama", engine.url, "gpu0"), backend("openai", "http://127.0.0.1:9", "gpu1")
    tokens = 1000 if "loop" in str(poor.rule.fault) else 100
    async with open_pool({"simple": lane}, *endpoints) as pool:
        if not poor.rule.reply.strip() and len(lane) > 1:
            with pytest.raises(NoEndpointError, match=r"gpu0 .* Nobody answers at"):
                await heard(pool, poor.objection, tokens)
            return
        events = await heard(pool, poor.objection, tokens)
    endpoint, text = of_last(events)
    assert endpoint == "gpu0"
    assert text.lstrip("\n").startswith(poor.text)
    assert isinstance(events[-1], Done)
    assert sum(isinstance(event, Done) for event in events) == 1


async def test_a_stream_that_closes_without_its_end_is_left(engine: FakeEngine) -> None:
    engine.script(Rule("a good answer"))
    for dialect, stream in (("ollama", ndjson(said("half"))), ("openai", sse(delta(content="half")))):
        async with serving([stream]) as url:
            endpoints = backend(dialect, url, "gpu0"), backend("openai", engine.url, "gpu1")
            async with open_pool({"simple": ["gpu0", "gpu1"]}, *endpoints) as pool:
                assert of_last(await heard(pool, no_objection)) == ("gpu1", "a good answer")


@pytest.mark.parametrize("speaks", [True, False], ids=["a word now and then", "a thought now and then"])
async def test_an_answer_has_a_time(engine: FakeEngine, speaks: bool) -> None:
    """Each word is progress, so only the time for all of it ends such an answer."""
    engine.script(Rule("a good answer"))
    event = said("a ") if speaks else {"message": {"thinking": "hm "}}
    limits = LimitsConfig(simple_s=1.0)
    with flooding(lambda: [ndjson(event)] * 1000, every_s=0.05) as url:
        endpoints = backend("ollama", url, "gpu0"), backend("openai", engine.url, "gpu1")
        async with open_pool({"simple": ["gpu0", "gpu1"], "hover": ["gpu0"]}, *endpoints, limits=limits) as pool:
            began_s = time.monotonic()
            events = await heard(pool, no_objection)
            assert time.monotonic() - began_s < 30
            (failed,) = (event for event in events if isinstance(event, EndpointFailed))
            assert "gpu0 was stopped after 1 s, all that limits.simple_s gives it for one answer" in failed.reason
            assert of_last(events) == ("gpu1", "a good answer")
            alone = pool.stream(Lane.HOVER, lambda *_: ask())
            if speaks:  # what the only endpoint has said so far is an answer
                *_, done = await collect(alone)
                assert isinstance(done, Done)
                assert (done.cut_off, done.stopped[:17]) == (True, "was stopped after")
            else:
                with pytest.raises(EngineTimeoutError, match="was stopped after"):
                    await collect(alone)


async def test_the_time_is_the_lanes_own(engine: FakeEngine) -> None:
    limits = LimitsConfig(simple_s=1.0, moderate_s=30)
    engine.change(tokens_per_s=4)
    engine.script(Rule("a b c d e f g h"))
    async with open_pool(
        {"simple": ["gpu0"], "moderate": ["gpu0"]}, backend("ollama", engine.url), limits=limits
    ) as pool:
        *_, done = await heard(pool, no_objection)
        assert isinstance(done, Done)
        assert done.stopped
        *_, done = await collect(pool.stream(Lane.MODERATE, lambda *_: ask()))
        assert isinstance(done, Done)
        assert not done.stopped


# Jobs


async def test_a_draft_in_a_loop_goes_to_the_next_endpoint(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.script(Rule("```python\ndef rate(year):\n    x = 1\n", fault=Fault("loop")))
    auditing.script(Rule('{"findings": []}', match="You review code"), Rule(IMPLEMENTED))
    async with rig(engine, auditing, {"complex": ["gpu0", "gpu1"]}) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert outcome.rejected == ""
    assert outcome.draft.text == IMPLEMENTED
    (voided,) = jobs.of(DraftVoided)
    assert voided.reason.startswith("gpu0 repeated itself and was stopped after ")


@pytest.mark.parametrize("action", ["docstring", "refactor", "implement"])
async def test_a_draft_in_a_loop_on_the_only_endpoint_is_no_edit(
    engine: FakeEngine, auditing: FakeEngine, action: str
) -> None:
    engine.script(
        Rule('{"summary": "It goes', match="nothing has this"), Rule("```python\nx = y\n", fault=Fault("loop"))
    )
    async with rig(engine, auditing, {"simple": ["gpu0"]}) as jobs:
        outcome = await jobs.run(
            task(action, {"docstring": "discount", "refactor": "total", "implement": "rate"}[action])
        )
    assert "repeated itself and was stopped after " in outcome.rejected
    assert outcome.replacements == ()
    assert outcome.draft.text


async def test_an_explanation_in_a_loop_says_so(engine: FakeEngine, auditing: FakeEngine) -> None:
    auditing.script(LOOP)
    async with rig(engine, auditing) as jobs:
        outcome = await jobs.run(task("explain", "total"))
    assert outcome.prose.startswith("It goes on and on.")
    assert f"\n\n(gpu1 repeated itself and was stopped after {outcome.draft.tokens} tokens.)" in outcome.prose
    assert outcome.draft.tokens < 300


async def test_an_audit_that_says_nothing_goes_to_the_next_endpoint(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.change(tokens_per_s=400)
    engine.script(
        settles(), Rule(answer(unmet=[1]), match_last=ASKS_VERDICT), Rule(NOTHING, match="You review"), Rule(DRAFT)
    )
    auditing.script(Rule("", thinking="hm"))
    async with rig(engine, auditing, {"audit": ["gpu1", "gpu0"]}) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    assert jobs.of(AuditFailed) == []
    assert any(event.reason.startswith("gpu1 said nothing") for event in jobs.of(AuditInterrupted))
    assert "gpu0" in {event.endpoint for event in jobs.of(AuditAnswered)}


@pytest.mark.parametrize("escaped", ["\\ud800", "\\udfff \\ud83d", "a\\udc00"])
async def test_half_a_surrogate_pair_ends_no_audit(engine: FakeEngine, auditing: FakeEngine, escaped: str) -> None:
    """Spelt out in the answer's own JSON, and by the engine in its."""
    engine.change(tokens_per_s=400)
    engine.script(Rule(DRAFT))
    found = answer(finding("if year < 2007:", message="Look PLACE")).replace("PLACE", escaped)
    auditing.script(
        settles(),
        Rule(answer(unmet=[1]), match_last=ASKS_VERDICT),
        Rule(found, match_last="year < 2007"),
        Rule(NOTHING),
    )
    async with rig(engine, auditing) as jobs:
        outcome = await jobs.run(task("implement", "rate"))
    assert_done(outcome)
    assert jobs.of(AuditFailed) == []
    assert all(each.message.encode() for each in outcome.findings)
