"""A question's answer as it streams: what is shown, what is kept, and what comes of it."""

from collections.abc import AsyncGenerator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pillion.backends.backend import Done, Text
from pillion.cli.answer_screen import AnswerScreen
from pillion.config.schema import LanesConfig
from pillion.errors import EngineError, NoEndpointError, PillionError
from pillion.jobs.question import Answer, Question, answer
from pillion.pool.pool import Pool
from pillion.pool.pool_events import Continued, EndpointFailed, PoolEvent, Started
from pillion.pool.prompt_factory import PromptFactory
from pillion.pool.watch import Objection, no_objection
from pillion.state.draft_log import DraftLog
from pillion.state.kept_drafts import DraftFolder
from pillion.tiers import Lane, Tier

A, B = Started("a", ""), Started("b", "")
BROKE_OFF = EngineError("a broke off.")


class WrittenPool(Pool):
    """Answers what is written down, and may fail after it."""

    def __init__(self, *events: PoolEvent, error: PillionError | None = None) -> None:
        super().__init__({}, LanesConfig())
        self._events = events
        self._error = error
        self.lanes: list[Lane] = []

    async def stream(
        self, lane: Lane, make_prompt: PromptFactory, objection: Objection = no_objection
    ) -> AsyncGenerator[PoolEvent, None]:
        """See Pool.stream."""
        self.lanes.append(lane)
        for event in self._events:
            yield event
        if self._error is not None:
            raise self._error


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PILLION_STATE_DIR", str(tmp_path / "state"))


async def asked(pool: Pool, noted: StringIO) -> Answer:
    log = DraftLog()
    screen = AnswerScreen(Console(file=noted, width=200), lambda endpoint: f"{endpoint} answers")
    try:
        return await answer(Question("why?", Tier.MODERATE, "x = 1"), pool, DraftFolder(), log, screen)
    finally:
        await log.close()


CASES = {
    "whole": ((A, Text("one "), Text("two"), Done(completion_tokens=2)), Answer("one two", "a", 2, ""), "one two"),
    "thoughts": ((A, Text("<think>hm"), Text("</think>one"), Done(completion_tokens=2)), Answer("one", "a", 2, ""), "one"),
    "gone on with": (
        (A, Text("<think>hm</think>one "), EndpointFailed("a", "it broke off", void=False), Continued("b", "", "one "),
         Text("two"), Done(completion_tokens=4)),
        Answer("one two", "b", 4, ""), "one two",
    ),
    "begun anew": (
        (A, Text("one"), EndpointFailed("a", "it broke off"), B, Text("two"), Done(completion_tokens=1)),
        Answer("two", "b", 1, ""), "onetwo",
    ),
    "stopped": ((A, Text("one"), Done(completion_tokens=1, stopped="repeated itself")), Answer("one", "a", 1, "repeated itself"), "one"),
}  # fmt: skip


@pytest.mark.parametrize(("events", "expected", "shown"), CASES.values(), ids=CASES)
async def test_an_answer(
    events: tuple[PoolEvent, ...], expected: Answer, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = WrittenPool(*events)
    assert await asked(pool, StringIO()) == expected
    assert capsys.readouterr().out == shown
    assert pool.lanes == [Lane.MODERATE]
    assert DraftFolder().kept() == [], "a whole answer is on the screen"


@pytest.mark.parametrize(
    ("events", "how"),
    [
        (CASES["gone on with"][0], "— the next endpoint goes on —"),
        (CASES["begun anew"][0], "— the next endpoint starts over —"),
    ],
)
async def test_it_is_said_who_answers(events: tuple[PoolEvent, ...], how: str) -> None:
    noted = StringIO()
    await asked(WrittenPool(*events), noted)
    lines = [line for line in noted.getvalue().splitlines() if line]
    assert lines == ["a answers", "a failed: it broke off", how, "b answers"]


async def test_what_came_of_an_answer_that_failed_is_kept() -> None:
    noted = StringIO()
    with pytest.raises(EngineError):
        await asked(WrittenPool(A, Text("one "), error=BROKE_OFF), noted)
    (kept,) = DraftFolder().kept()
    assert (kept["action"], kept["reason"]) == ("ask", "a broke off.")
    assert str(kept["path"]) in noted.getvalue()
    assert "one " in Path(str(kept["path"])).read_text(encoding="utf-8")


async def test_an_answer_without_words_is_none() -> None:
    with pytest.raises(NoEndpointError, match="a said nothing"):
        await asked(WrittenPool(A, Text("<think>hm</think> "), Done(completion_tokens=1)), StringIO())
