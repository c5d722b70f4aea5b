"""The draft's endpoint dies in mid-stream, and the next one goes on from what it wrote: nothing is void.

No factory of Pillion's own goes on yet, so these have one that does.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from pillion.backends.chat_request import Message
from pillion.events import (
    AuditInterrupted,
    CriteriaSettled,
    DraftContinued,
    DraftEnded,
    DraftInterrupted,
    DraftProgress,
    DraftStarted,
    DraftVoided,
    FindingRaised,
    JobMeasured,
    UnitClosed,
)
from pillion.fake_engine.dialects import tokens_of
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, FaultKind, Rule
from pillion.jobs.preview import DraftView
from pillion.pipeline.attempts import Attempt
from pillion.pipeline.draft_maker import DraftMaker
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.prompt import Prompt
from tests.pipeline.audits import (
    ASKS_VERDICT,
    BODY,
    DRAFT,
    HEADER,
    NOTHING,
    answer,
    assert_done,
    finding,
    settles,
    step_of,
    steps,
)
from tests.pipeline.jobs import Rig, task
from tests.support.pools import backend, only_this_task, open_pool

TOKENS = tokens_of(DRAFT)
SEAM = 45  # behind “surcharge = -0.03”, in the midst of the function
FIRST, SECOND = "".join(TOKENS[:SEAM]), "".join(TOKENS[SEAM:])


@pytest.fixture
def goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafts are continued: the text so far is the beginning of the answer."""
    make = DraftMaker.prompt

    def prompt(maker: DraftMaker, limits: PromptLimits, so_far: str, attempt: Attempt) -> Prompt:
        made = make(maker, limits, so_far, attempt)
        if not so_far:
            return made
        return replace(made, messages=(*made.messages, Message("assistant", so_far)), continues=True)

    monkeypatch.setattr(DraftMaker, "prompt", prompt)


@asynccontextmanager
async def three(engine: FakeEngine, auditing: FakeEngine, second: FakeEngine) -> AsyncIterator[Rig]:
    """gpu0 drafts, gpu2 where it fails, and gpu1 audits."""
    lanes = {"complex": ["gpu0", "gpu2"], "audit": ["gpu1"]}
    backends = (
        backend("ollama", engine.url, stall_timeout_s=1.0),
        backend("openai", auditing.url, "gpu1"),
        backend("openai", second.url, "gpu2"),
    )
    async with open_pool(lanes, *backends) as pool:
        yield Rig(pool)


@pytest.mark.usefixtures("goes_on")
@pytest.mark.parametrize("kind", ["drop", "stall", "error_line"])
async def test_the_draft_goes_on(engine: FakeEngine, auditing: FakeEngine, kind: FaultKind) -> None:
    engine.change(tokens_per_s=200)
    engine.script(Rule(DRAFT, fault=Fault(kind, SEAM)))
    auditing.script(
        settles(),
        # On a busy machine the first part may only be judged with the last one.
        Rule(answer(finding("if year < 1968:"), unmet=[2]), match_last=ASKS_VERDICT),
        Rule(answer(finding("if year < 1968:")), match_last="1968"),
        Rule(NOTHING),
    )
    with FakeEngine.start(tokens_per_s=200) as second:
        second.script(Rule(SECOND, match_last=FIRST))
        async with three(engine, auditing, second) as jobs:
            outcome = await jobs.run(task("implement", "rate"))
        (asked,) = second.log()
    assert_done(outcome)
    assert (outcome.draft.text, outcome.draft.endpoint) == (DRAFT, "gpu2")
    assert asked.messages[-1] == {"role": "assistant", "content": FIRST}
    # What is told of it.
    assert [event.endpoint for event in jobs.of(DraftStarted)] == ["gpu0"]
    (broken,), (on,) = jobs.of(DraftInterrupted), jobs.of(DraftContinued)
    assert (broken.endpoint, on.endpoint, on.seam) == ("gpu0", "gpu2", len(FIRST))
    assert broken.reason.startswith("gpu0")
    assert jobs.of(DraftVoided) == []
    assert "".join(event.text for event in jobs.of(DraftProgress)) == DRAFT
    tokens = [event.tokens for event in jobs.of(DraftProgress)]
    assert tokens == sorted(tokens), "it is never counted anew"
    at = jobs.events.index(on)
    assert "".join(event.text for event in jobs.events[:at] if isinstance(event, DraftProgress)) == FIRST
    # The figures count both.
    (ended,), (measured,) = jobs.of(DraftEnded), jobs.of(JobMeasured)
    assert ended.tokens == outcome.draft.tokens == measured.figures.draft_tokens == len(TOKENS)
    assert measured.figures.draft_endpoint == "gpu2"
    assert measured.figures.draft_s == pytest.approx(broken.at_s - jobs.of(DraftStarted)[0].at_s + ended.at_s - on.at_s)
    # The audit went on as if nothing had been.
    units = [event.unit for event in jobs.of(UnitClosed)]
    assert [unit.index for unit in units] == [*range(len(units))]
    assert "".join(unit.text for unit in units) == DRAFT.split("```python\n")[1].split("```")[0]
    assert len(jobs.of(CriteriaSettled)) == 1
    assert steps(auditing.log()).count("criteria") == 1
    assert not any(event.reason for event in jobs.of(AuditInterrupted))
    judged = "".join(entry.messages[-1]["content"] for entry in auditing.log() if step_of(entry) in {"part", "verdict"})
    assert all(judged.count(line) >= 1 for line in ("if year < 1968:", "rounded = min(allowed)"))
    assert "if year < 1968:" in {found.quote for found in outcome.findings}, "what was found in the first part stays"
    assert any(event.finding.quote == "if year < 1968:" for event in jobs.of(FindingRaised))
    # And so did who shows it.
    view, draft = DraftView(), task("implement", "rate")
    for event in jobs.events:
        view.event(event)
    shown = view.so_far(draft)
    assert shown is not None
    assert shown.text[shown.written.start : shown.written.end].strip() == f"{HEADER}\n{BODY}".strip()
    assert {found.quote for found in shown.findings} >= {"if year < 1968:"}
    await only_this_task()


async def test_todays_prompts_start_over(engine: FakeEngine, auditing: FakeEngine) -> None:
    engine.script(Rule(DRAFT, fault=Fault("error_line", SEAM)))
    auditing.script(settles(), Rule(NOTHING))
    with FakeEngine.start() as second:
        second.script(Rule(DRAFT))
        async with three(engine, auditing, second) as jobs:
            outcome = await jobs.run(task("implement", "rate"))
        (asked,) = second.log()
    assert_done(outcome)
    assert outcome.draft.text == DRAFT
    assert asked.messages == engine.log()[0].messages
    assert len(jobs.of(DraftVoided)) == 1
    assert jobs.of(DraftContinued) == []
