"""What the auditor's model is asked next: tables of what happens, and what is asked then."""

import json
from collections.abc import Callable

import pytest

from pillion.audit.decision_reading import DecisionScript
from pillion.audit.script import ASKS_EVERY_S, Answer, AuditScript, Question
from pillion.backends.likelihood import Choice, Likelihood
from pillion.events import AuditStep
from pillion.findings.finding import CRITERIA, Finding
from pillion.findings.place import InDraft
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.audit_conversation import AuditConversation
from pillion.syntax.languages import language_by_id
from pillion.syntax.units import UnitStream

LIMITS = PromptLimits(4096, 0)
FIRST, SECOND = "def first():\n    return 1\n\n\n", "def second():\n    return 2\n\n\n"
LONG = "total = (\n" + "    amount +\n" * 30  # nothing closes in it
SETTLED = json.dumps({"criteria": ["It returns one."]})
UNMET = json.dumps({"findings": [], "unmet": [1]})
FOUND = json.dumps({"findings": [{"quote": "return 1", "severity": "warning", "category": "bug", "message": "Why?"}]})
NOTHING = json.dumps({"findings": []})

Step = Callable[["Play"], object]


class Play:
    """A script, its draft, and a clock that only moves when told."""

    def __init__(self, finds: bool, *, decides: bool = False) -> None:
        decisions = DecisionScript(language_by_id("python"), 3.5) if decides else None
        self.script = AuditScript(AuditConversation("Implement it.", "python", finds), decisions)
        self.now_s = 0.0
        self.asked: list[Question] = []
        self.results: list[tuple[list[str], tuple[str, ...], bool]] = []
        self._units = self._new_units()

    def writes(self, code: str) -> None:
        """The draft goes on."""
        self.script.read(code, list(self._units.feed(code)))

    def ends(self) -> None:
        """The draft is complete."""
        self.script.read("", list(self._units.finish()))
        self.script.finish()

    def starts_over(self) -> None:
        """The draft is void."""
        self._units = self._new_units()
        self.script.start_over()

    def asks(self) -> None:
        """The next question, if there is one."""
        question = self.script.next(self.now_s)
        if question is not None:
            self.asked.append(question)

    def hears(self, reply: str, *, heard: bool = True) -> None:
        """The last question is answered."""
        prompt = self.script.prompt(self.asked[-1], LIMITS)
        result = self.script.answered(self.asked[-1], Answer(prompt, reply, heard))
        self.results.append(
            ([each.quote or each.message for each in result.findings], result.criteria, result.nonsense)
        )

    @property
    def steps(self) -> list[str]:
        """What was asked."""
        return [each.step.value for each in self.asked]

    @staticmethod
    def _new_units() -> UnitStream:
        language = language_by_id("python")
        assert language is not None
        return UnitStream(language)


def begin(play: Play) -> None:
    play.script.begin()


def writes(code: str) -> Step:
    return lambda play: play.writes(code)


def hears(reply: str, *, heard: bool = True) -> Step:
    return lambda play: play.hears(reply, heard=heard)


def gives_up(play: Play) -> None:
    play.script.unanswered(play.asked[-1])


def later(play: Play) -> None:
    play.now_s += ASKS_EVERY_S


ask, ends, starts_over = Play.asks, Play.ends, Play.starts_over
SETTLE: list[Step] = [begin, ask, hears(SETTLED)]

PLAYS: dict[str, tuple[list[Step], list[str]]] = {
    "nothing before the draft has begun": ([ask], []),
    "criteria first": ([begin, writes(FIRST), ask], ["criteria"]),
    "a closed part": ([*SETTLE, writes(FIRST + SECOND), ask], ["criteria", "part"]),
    "nothing has closed": ([*SETTLE, writes("def first():\n"), ask], ["criteria"]),
    "what is long is read": ([*SETTLE, writes(LONG), ask], ["criteria", "reading"]),
    "not again at once": ([*SETTLE, writes(LONG), ask, hears("x"), writes(LONG), ask], ["criteria", "reading"]),
    "but later": (
        [*SETTLE, writes(LONG), ask, hears("x"), writes(LONG[10:]), later, ask],
        ["criteria", "reading", "reading"],
    ),
    "parts wait for each other": (
        [*SETTLE, writes(FIRST + SECOND), ask, hears(NOTHING), writes(FIRST + SECOND), ask],
        ["criteria", "part"],
    ),
    "and go together": (
        [*SETTLE, writes(FIRST + SECOND), ask, hears(NOTHING), writes(FIRST + SECOND), later, ask],
        ["criteria", "part", "part"],
    ),
    "given up, asked again": (
        [*SETTLE, writes(FIRST + SECOND), ask, gives_up, later, ask],
        ["criteria", "part", "part"],
    ),
    "a verdict at the end": ([*SETTLE, writes(FIRST), ends, ask], ["criteria", "verdict"]),
    "and nothing after it": ([*SETTLE, writes(FIRST), ends, ask, hears(UNMET), ask], ["criteria", "verdict"]),
    "an empty draft": ([*SETTLE, ends, ask], ["criteria"]),
    "no criteria, all judged": (
        [begin, ask, hears("{}"), writes(FIRST + SECOND), ask, hears(NOTHING), ends, ask, hears(NOTHING), ask],
        ["criteria", "part", "verdict"],
    ),
    "started over": (
        [*SETTLE, writes(FIRST + SECOND), ask, starts_over, later, writes(FIRST), ends, ask],
        ["criteria", "part", "verdict"],
    ),
}


@pytest.mark.parametrize(("steps", "asked"), PLAYS.values(), ids=PLAYS)
def test_what_is_asked_next(steps: list[Step], asked: list[str]) -> None:
    play = Play(finds=True)
    for step in steps:
        step(play)
    assert play.steps == asked


JUDGES: dict[str, tuple[list[Step], list[str]]] = {
    "no parts": ([*SETTLE, writes(FIRST + SECOND), ask], ["criteria"]),
    "only a verdict on the criteria": ([*SETTLE, writes(FIRST), ends, ask], ["criteria", "verdict"]),
    "and none without them": ([begin, ask, hears("{}"), writes(FIRST), ends, ask], ["criteria"]),
}


@pytest.mark.parametrize(("steps", "asked"), JUDGES.values(), ids=JUDGES)
def test_a_model_whose_findings_do_not_count_is_asked_for_none(steps: list[Step], asked: list[str]) -> None:
    play = Play(finds=False)
    for step in steps:
        step(play)
    assert play.steps == asked


ANSWERS: dict[str, tuple[list[Step], tuple[list[str], tuple[str, ...], bool]]] = {
    "criteria": ([begin, ask, hears(SETTLED)], ([], ("It returns one.",), False)),
    "no criteria": ([begin, ask, hears("I don't know")], ([], (), True)),
    "a finding": ([*SETTLE, writes(FIRST + SECOND), ask, hears(FOUND)], (["return 1"], (), False)),
    "of one who isn't heard": ([*SETTLE, writes(FIRST + SECOND), ask, hears(FOUND, heard=False)], ([], (), False)),
    "what is only read": ([*SETTLE, writes(LONG), ask, hears("}")], ([], (), False)),
    "a verdict": ([*SETTLE, writes(FIRST), ends, ask, hears(UNMET)], (["def first():"], (), False)),
    "of a void draft": ([*SETTLE, writes(FIRST + SECOND), ask, starts_over, hears(FOUND)], ([], (), False)),
}


@pytest.mark.parametrize(("steps", "result"), ANSWERS.values(), ids=ANSWERS)
def test_what_an_answer_comes_to(steps: list[Step], result: tuple[list[str], tuple[str, ...], bool]) -> None:
    play = Play(finds=True)
    for step in steps:
        step(play)
    assert play.results[-1] == result


def test_an_unmet_criterion_is_a_finding_of_its_kind() -> None:
    play = Play(finds=True)
    found: list[Finding[InDraft]] = []
    for step in [*SETTLE, writes(FIRST), ends, ask]:
        step(play)
    prompt = play.script.prompt(play.asked[-1], LIMITS)
    found += play.script.answered(play.asked[-1], Answer(prompt, UNMET)).findings
    assert [each.category for each in found] == [CRITERIA]
    assert play.script.judged


@pytest.mark.parametrize("step", list(AuditStep))
def test_what_had_to_wait_for_the_draft_is_moot_once_that_is_there(step: AuditStep) -> None:
    play = Play(finds=True)
    question = Question(step)
    assert not play.script.is_moot(question)
    play.script.finish()
    assert play.script.is_moot(question) is (step in {AuditStep.CRITERIA, AuditStep.READING})


def cannot(play: Play) -> None:
    play.script.cannot_decide()


DECIDES: dict[str, tuple[list[Step], list[str]]] = {
    "criteria first": ([begin, writes(FIRST + SECOND), ask], ["criteria"]),
    "then the decisions of what has closed": ([*SETTLE, writes(FIRST + SECOND), ask], ["criteria", "decisions"]),
    "nothing has closed": ([*SETTLE, writes("def first():\n"), ask], ["criteria"]),
    "nothing is read besides": ([*SETTLE, writes(LONG), later, ask], ["criteria"]),
    "no decisions in it": ([*SETTLE, writes("import a\n\n\nimport b\n\n\n"), ask], ["criteria"]),
    "given up, asked again": (
        [*SETTLE, writes(FIRST + SECOND), ask, gives_up, later, ask],
        ["criteria", "decisions", "decisions"],
    ),
    "the last ones, then the verdict": (
        [*SETTLE, writes(FIRST + SECOND), ask, ends, ask, ask],
        ["criteria", "decisions", "decisions", "verdict"],
    ),
    "without criteria no verdict": (
        [begin, ask, hears("{}"), writes(FIRST), ends, ask, ask],
        ["criteria", "decisions"],
    ),
    "started over": (
        [*SETTLE, writes(FIRST + SECOND), ask, starts_over, later, writes(FIRST), ends, ask, ask],
        ["criteria", "decisions", "decisions", "verdict"],
    ),
    "an endpoint that can't": (
        [*SETTLE, writes(FIRST + SECOND), ask, cannot, later, writes(SECOND + LONG), ask, later, ends, ask],
        ["criteria", "decisions", "reading", "verdict"],
    ),
}


@pytest.mark.parametrize(("steps", "asked"), DECIDES.values(), ids=DECIDES)
def test_what_a_reader_of_decisions_is_asked(steps: list[Step], asked: list[str]) -> None:
    play = Play(finds=False, decides=True)
    for step in steps:
        step(play)
    assert play.steps == asked


def test_decisions_are_read_in_a_text_that_only_grows() -> None:
    """So that the engine has its beginning in its cache, also for the verdict."""
    play = Play(finds=False, decides=True)
    texts: list[str] = []
    for step in [*SETTLE, writes(FIRST + SECOND), ask, ends, ask]:
        step(play)
    for question in play.asked[1:]:
        request = play.script.likelihoods(question, LIMITS.num_ctx)
        assert request is not None
        placed = zip(question.points, request.places, strict=True)
        assert all(request.text.startswith(point.text, place) for point, place in placed)
        texts.append(request.text)
    play.asks()
    assert play.asked[-1].step is AuditStep.VERDICT
    texts.append(play.script.prompt(play.asked[-1], LIMITS).messages[-1].content)
    assert texts[1].startswith(texts[0])
    assert texts[2].startswith(texts[1].rstrip())
    assert play.script.likelihoods(play.asked[1], 50) is None, "it is longer than the context"


@pytest.mark.parametrize("void", [False, True])
def test_decisions_become_findings(void: bool) -> None:
    play = Play(finds=False, decides=True)
    for step in [*SETTLE, writes(FIRST + SECOND), ask]:
        step(play)
    question = play.asked[-1]
    if void:
        play.starts_over()
    unlikely = Likelihood(0, "1", (Choice("0", -0.1), Choice("1", -5.0)))
    found = play.script.decided(question, [(point, unlikely) for point in question.points if point.text == "1"])
    assert [each.quote for each in found] == ([] if void else ["return 1"])
