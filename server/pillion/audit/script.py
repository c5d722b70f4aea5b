"""Decides the model auditor's next question from what has happened. Pure: no clock, no engine, no event loop."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from pillion.audit.decision_reading import DecisionScript
from pillion.audit.replies import is_answer, read_answer, read_criteria, read_unmet, unmet_findings
from pillion.audit.unjudged_code import UnjudgedCode
from pillion.backends.likelihood import Likelihood, LikelihoodRequest
from pillion.events import AuditStep
from pillion.findings.finding import Finding
from pillion.findings.moves import passage_to_draft
from pillion.findings.place import InDraft
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.audit_conversation import AuditConversation
from pillion.prompts.prompt import BYTES_PER_TOKEN, Prompt, estimate_messages_tokens
from pillion.syntax.decision_points import DecisionPoint
from pillion.syntax.units import Unit

# A request costs some milliseconds of processor time, and parts that wait together get one answer. In this time a
# slow draft adds less code than is worth a question.
ASKS_EVERY_S = 0.15


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the model, with the code that it is about. `draft`: the number of that code's draft. `points`: the
    decisions in the units, whose code is then all of the draft up to them."""

    step: AuditStep
    units: tuple[Unit, ...] = ()
    code: str = ""
    draft: int = 0
    points: tuple[DecisionPoint, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its units."""
        return tuple(unit.index for unit in self.units)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, with the prompt that was really used. `heard`: the findings of the endpoint that answered count."""

    prompt: Prompt
    text: str
    heard: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an answer. `criteria`: the criteria that it settled. `nonsense`: it doesn't answer the question."""

    findings: tuple[Finding[InDraft], ...] = ()
    criteria: tuple[str, ...] = ()
    nonsense: bool = False


class AuditScript:
    """Asks for criteria, for judgements or likelihoods of closed parts, for reading along, and for the unmet criteria.

    The conversation says whether the model is asked for findings. If decisions are read, their reading fills the
    engine's cache, so that there is no other reading along.
    """

    def __init__(self, conversation: AuditConversation, decisions: DecisionScript | None = None) -> None:
        self._conversation = conversation
        self._decisions = decisions or DecisionScript(None, 0.0)
        self._finds = conversation.finds
        self._code = UnjudgedCode()
        self._begun = self._finished = self._criteria_tried = False
        self._draft = 0
        self._read_at_s = self._asked_at_s = float("-inf")
        self.judged = False

    @property
    def finished(self) -> bool:
        """Whether the draft is complete."""
        return self._finished

    @property
    def waits_for_more(self) -> bool:
        """Whether there is some code to ask about, which waits a moment for more code."""
        has_part = self._finds and self._code.has_closed
        return not self._finished and (self._is_worth_reading or has_part or self._decisions.waits)

    @property
    def _is_worth_reading(self) -> bool:
        return self._code.is_worth_reading and not self._decisions.reads

    def begin(self) -> None:
        """An endpoint reads the draft's prompt: now the auditor may read, too."""
        self._begun = True

    def read(self, text: str, closed: list[Unit]) -> None:
        """The draft's code goes on, and these units have closed."""
        self._code.add(text, closed)
        self._decisions.add(text, closed)

    def start_over(self) -> None:
        """The draft so far is void. The task and its criteria stay."""
        self._draft += 1
        self._code = UnjudgedCode()
        self._decisions.start_over()
        self._finished = self.judged = False
        self._conversation = self._conversation.anew()

    def finish(self) -> None:
        """The draft is complete."""
        self._finished = True

    def next(self, now_s: float) -> Question | None:
        """The question to ask now; None if there is none yet, or, once `judged`, no more."""
        if self.judged or not (self._begun or self._finished):
            return None
        if self._finished:
            return self._decision() or self._verdict()
        if not self._criteria_tried:
            return Question(AuditStep.CRITERIA, draft=self._draft)
        if self._finds and self._code.has_closed and now_s - self._asked_at_s >= ASKS_EVERY_S:
            self._asked_at_s = now_s
            units, code = self._code.take_closed()
            return Question(AuditStep.PART, units, code, self._draft)
        if self._decisions.waits and now_s - self._asked_at_s >= ASKS_EVERY_S:
            self._asked_at_s = now_s
            return self._decision()
        if self._is_worth_reading and now_s - self._read_at_s >= ASKS_EVERY_S:
            self._read_at_s = now_s
            return Question(AuditStep.READING, code=self._code.begin_reading(), draft=self._draft)
        return None

    def is_moot(self, question: Question) -> bool:
        """Whether a question that had to wait is useless now: it was to come before the draft's end, which is past."""
        if self._finished and question.step in {AuditStep.CRITERIA, AuditStep.READING}:
            self._criteria_tried = True
            return True
        return False

    def unanswered(self, question: Question) -> None:
        """The question was given up. If it still matters, it is asked again."""
        if question.draft == self._draft:
            waits = self._decisions if question.step is AuditStep.DECISIONS else self._code
            waits.put_back(question.units)

    def likelihoods(self, question: Question, num_ctx: int) -> LikelihoodRequest | None:
        """The request for a question about decisions; None if it is longer than the endpoint's context."""
        request = self._conversation.decisions(question.code, [point.start for point in question.points])
        return request if estimate_messages_tokens(request.messages) + 1 <= num_ctx else None

    def decided(
        self, question: Question, heard: Iterable[tuple[DecisionPoint, Likelihood]]
    ) -> tuple[Finding[InDraft], ...]:
        """The findings about decisions, from what was heard of them. A void draft has none."""
        return self._decisions.found(heard, question.code) if question.draft == self._draft else ()

    def cannot_decide(self) -> None:
        """The endpoint doesn't say how likely a text is: from now on it only judges by criteria."""
        self._decisions = DecisionScript(None, 0.0)

    def _decision(self) -> Question | None:
        """The question about the decisions of the waiting units; None if they have none."""
        units, code, points = self._decisions.take()
        return Question(AuditStep.DECISIONS, units, code, self._draft, points) if points else None

    def answered(self, question: Question, answer: Answer) -> Result:
        """The result of the answer. An answer about a void draft is ignored, but criteria don't depend on a draft."""
        if question.draft != self._draft and question.step is not AuditStep.CRITERIA:
            return Result()
        nonsense = question.step is not AuditStep.READING and not is_answer(answer.text)
        match question.step:
            case AuditStep.READING | AuditStep.DECISIONS:
                return Result()
            case AuditStep.CRITERIA:
                self._criteria_tried = True
                criteria = read_criteria(answer.text)
                self._conversation = self._conversation.settled(answer.prompt, answer.text, criteria)
                self._code.answered(answer.text)
                return Result(criteria=self._conversation.criteria, nonsense=nonsense)
            case AuditStep.PART:
                self._conversation = self._conversation.answered(answer.prompt, answer.text)
                self._code.answered(answer.text)
                return Result(self._found(question, answer), nonsense=nonsense)
            case AuditStep.VERDICT:
                self.judged = True
                unmet = read_unmet(answer.text, self._conversation.criteria)
                found = (*self._found(question, answer), *unmet_findings(unmet, self._code.beginning))
                return Result(found, nonsense=nonsense)
            case _:
                assert_never(question.step)

    def prompt(self, question: Question, limits: PromptLimits) -> Prompt:
        """The question, fitted into the endpoint's context. A conversation that is too long restarts with this part."""
        prompt = self._prompt(question, question.code)
        if estimate_messages_tokens(prompt.messages) + prompt.max_tokens <= limits.num_ctx:
            return prompt
        self._conversation = self._conversation.anew()
        empty = self._prompt(question, "")
        room_tokens = limits.num_ctx - empty.max_tokens - estimate_messages_tokens(empty.messages)
        return self._prompt(question, question.code[-BYTES_PER_TOKEN * max(1, room_tokens) :])

    def _verdict(self) -> Question | None:
        """The last question. Everything without an answer goes into it, so that one answer is enough."""
        if self._code.beginning.strip():  # the audit has nothing to say about an empty draft
            units, code = self._code.take_all()
            if code if self._finds else self._conversation.criteria:
                return Question(AuditStep.VERDICT, units, code, self._draft)
            if self._finds and self._conversation.criteria:
                return Question(AuditStep.VERDICT, draft=self._draft)
        self.judged = True
        return None

    def _found(self, question: Question, answer: Answer) -> tuple[Finding[InDraft], ...]:
        """The answer's findings, if they count. It may come from another model than the one asked first."""
        if not question.units or not self._finds or not answer.heard:
            return ()
        start = question.units[0].start
        return tuple(passage_to_draft(each, start) for each in read_answer(answer.text, question.code))

    def _prompt(self, question: Question, code: str) -> Prompt:
        match question.step:
            case AuditStep.CRITERIA:
                return self._conversation.ask_criteria()
            case AuditStep.READING | AuditStep.DECISIONS:
                return self._conversation.reading(code)
            case AuditStep.PART:
                return self._conversation.ask_part(code)
            case AuditStep.VERDICT:
                return self._conversation.ask_verdict(code)
            case _:
                assert_never(question.step)
