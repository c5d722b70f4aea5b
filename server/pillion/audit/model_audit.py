"""The model auditor: settles criteria, reads along, judges parts as they close, and says at the end what is unmet."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import assert_never

from pillion.audit.replies import is_answer, read_answer, read_criteria, read_unmet, unmet_findings
from pillion.audit.unit_checks import Report
from pillion.audit.unjudged_code import Reading
from pillion.backends.base import Done, Text, Thinking
from pillion.errors import PillionError
from pillion.events import (
    AuditAnswered,
    AuditFailed,
    AuditInterrupted,
    AuditProgress,
    AuditStarted,
    AuditStep,
    CriteriaSettled,
    Emit,
)
from pillion.findings.finding import Finding
from pillion.pool.objections import says_nothing
from pillion.pool.pool import EndpointFailed, Pool, Preempted, Started
from pillion.pool.text_batches import GATHER_S
from pillion.pool.watch import no_objection
from pillion.prompts.audit import AuditConversation
from pillion.prompts.prompt import BYTES_PER_TOKEN, Prompt, PromptLimits, estimate_messages_tokens
from pillion.syntax.units import Unit
from pillion.telemetry.figures import tokens_per_s
from pillion.text.fences import extract_prose
from pillion.tiers import Lane

# A reply longer than this, or than twice the tokens it was allowed, isn't an answer to the schema: the engine is hung
# up on, and the reply is read as far as it goes.
_MAX_REPLY_CHARACTERS = 4000
# A request costs some milliseconds of processor time, and the parts that wait together get one answer. Of a slow draft
# less than is worth a question comes in this time.
_ASKS_EVERY_S = 0.15


@dataclass(frozen=True, slots=True)
class _Question:
    """What the model is asked next, and about which code."""

    step: AuditStep
    units: tuple[Unit, ...] = ()
    code: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(unit.index for unit in self.units)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What it said to the prompt it was asked with in the end, and where."""

    prompt: Prompt
    text: str
    endpoint: str


class ModelAudit:
    """Audits one draft on the audit lane.

    The conversation says whether findings are asked for; `may_find`, whether those of the endpoint that answered count.
    """

    def __init__(
        self,
        pool: Pool,
        conversation: AuditConversation,
        report: Report,
        *,
        may_find: Callable[[str], bool] = lambda endpoint: True,
        emit: Emit,
        now_s: Callable[[], float],
    ) -> None:
        self._pool = pool
        self._conversation = conversation
        self._report = report
        self._finds = conversation.finds
        self._may_find = may_find
        self._emit = emit
        self._now_s = now_s
        self._wake = asyncio.Event()
        self._reading = Reading()
        self._draft_endpoint = self._asked_endpoint = ""
        self._finished = self._judged = self._criteria_tried = False
        self._generation = 0
        self._read_at_s = self._asked_at_s = float("-inf")
        self._asking: asyncio.Timeout | None = None
        self._unanswered = False

    def begin(self, endpoint: str) -> None:
        """An endpoint has begun with the draft: from now on it reads the prompt, and so may the auditor."""
        self._draft_endpoint = endpoint
        self._wake.set()

    def read(self, text: str, closed: list[Unit]) -> None:
        """The draft's code goes on, and these units have closed."""
        self._reading.add(text, closed)
        self._wake.set()

    def start_over(self) -> None:
        """The draft so far is void; what the model was told of the task holds."""
        self._generation += 1
        self._reading = Reading()
        self._finished = self._judged = False
        self._conversation = self._conversation.anew()
        self._interrupt()

    def finish(self) -> None:
        """The draft is complete. What isn't being answered yet goes into the last question: one answer for both."""
        self._finished = True
        self._wake.set()
        if self._unanswered:
            self._interrupt()

    def _interrupt(self) -> None:
        if self._asking is not None:
            asking, self._asking = self._asking, None  # a second failover may come before the stream is closed
            asking.reschedule(asyncio.get_running_loop().time())

    async def run(self) -> None:
        """Audits until everything is judged. An engine's failure ends the audit, not the job."""
        try:
            while not self._judged:
                question = self._next()
                if question is not None:
                    await self._put(question)
                elif not self._judged:
                    self._wake.clear()
                    # What there is waits a moment for more; all else comes with a wake-up.
                    pause_s = _ASKS_EVERY_S if self._has_more and not self._finished else None
                    with suppress(TimeoutError):
                        async with asyncio.timeout(pause_s):
                            await self._wake.wait()
        except PillionError as exc:
            self._emit(AuditFailed(exc.full_message, self._now_s()))

    def _next(self) -> _Question | None:
        """What to ask now; None if there is nothing yet, or, once `_judged`, nothing any more."""
        if self._finished:
            if not self._reading.beginning.strip():  # an empty draft is the draft's own trouble
                self._judged = True
                return None
            units, code = self._reading.take_all()
            if code if self._finds else self._conversation.criteria:
                return _Question(AuditStep.VERDICT, units, code)
            if self._finds and self._conversation.criteria:
                return _Question(AuditStep.VERDICT)
            self._judged = True
            return None
        if not self._draft_endpoint or self._must_wait_for_the_draft():
            return None
        if not self._criteria_tried:
            return _Question(AuditStep.CRITERIA)
        now_s = self._now_s()
        if self._finds and self._reading.has_closed and now_s - self._asked_at_s >= _ASKS_EVERY_S:
            self._asked_at_s = now_s
            return _Question(AuditStep.PART, *self._reading.take_closed())
        if self._reading.is_worth_reading and now_s - self._read_at_s >= _ASKS_EVERY_S:
            self._read_at_s = now_s
            return _Question(AuditStep.READING, code=self._reading.begin_reading())
        return None

    @property
    def _has_more(self) -> bool:
        return self._reading.is_worth_reading or (self._finds and self._reading.has_closed)

    def _must_wait_for_the_draft(self) -> bool:
        """Whether the audit's endpoint is the one that drafts, and does one thing at a time."""
        endpoint = self._pool.preferred(Lane.AUDIT)
        return endpoint is not None and endpoint.name == self._draft_endpoint and endpoint.config.slots == 1

    async def _put(self, question: _Question) -> None:
        generation = self._generation
        answer = await self._ask(question)
        outdated = generation != self._generation and question.step is not AuditStep.CRITERIA
        if answer is None and not outdated:
            self._reading.put_back(question.units)
        if answer is None or outdated:
            return
        if question.step is not AuditStep.READING and not is_answer(answer.text):
            self._interrupted(answer.endpoint, question, "its answer is not what it was asked for")
        match question.step:
            case AuditStep.READING:
                return
            case AuditStep.CRITERIA:
                self._criteria_tried = True
                criteria = read_criteria(answer.text)
                said = self._conversation.answered(answer.prompt, answer.text)
                self._conversation = said.with_criteria(criteria)
                self._reading.answered(answer.text)
                if criteria:
                    self._emit(CriteriaSettled(criteria, self._now_s()))
            case AuditStep.PART:
                self._conversation = self._conversation.answered(answer.prompt, answer.text)
                self._reading.answered(answer.text)
                self._report(self._found(question, answer))
            case AuditStep.VERDICT:
                self._judged = True
                unmet = read_unmet(answer.text, self._conversation.criteria)
                self._report([*self._found(question, answer), *unmet_findings(unmet, self._reading.beginning)])
            case _:
                assert_never(question.step)

    def _found(self, question: _Question, answer: _Answer) -> list[Finding]:
        """What it found, if the model that answered may find: it may be another than the one first asked."""
        if not question.units or not self._finds or not self._may_find(answer.endpoint):
            return []
        return read_answer(answer.text, question.code, question.units[0].start)

    async def _ask(self, question: _Question) -> _Answer | None:
        """The answer, or None if the question was interrupted and, if it still matters, is to be asked again."""
        if question.step is AuditStep.CRITERIA:
            return await self._stream(question)
        self._unanswered = True
        scope = self._asking = asyncio.timeout(None)
        try:
            async with scope:
                return await self._stream(question)
        except TimeoutError:
            if not scope.expired():
                raise
            if self._asked_endpoint:
                self._interrupted(self._asked_endpoint, question)
            return None
        finally:
            self._asking = None

    async def _stream(self, question: _Question) -> _Answer | None:
        asked = self._prompt(question, question.code)

        def fitted(limits: PromptLimits) -> Prompt:
            nonlocal asked
            asked = self._fitted(question, limits)
            return asked

        reply, tokens, endpoint, done = "", 0, "", Done()
        self._asked_endpoint = ""
        first_token_s = told_s = self._now_s()
        # What is only read is answered with any one token.
        objection = no_objection if question.step is AuditStep.READING else says_nothing
        async with aclosing(self._pool.stream(Lane.AUDIT, fitted, objection)) as events:
            async for event in events:
                if isinstance(event, Started):
                    reply, tokens, endpoint = "", 0, event.endpoint
                    if self._finished and question.step in {AuditStep.CRITERIA, AuditStep.READING}:
                        self._criteria_tried = True
                        return None  # it waited for the draft's own slot, and the draft is there now
                    self._asked_endpoint = endpoint
                    after = self._finished and endpoint == self._draft_endpoint
                    self._emit(AuditStarted(endpoint, question.step, question.numbers, after, self._now_s()))
                elif isinstance(event, Preempted):
                    self._interrupted(endpoint, question)
                    return None
                elif isinstance(event, EndpointFailed):
                    self._asked_endpoint = ""
                    self._interrupted(event.endpoint, question, event.reason)
                elif isinstance(event, Text | Thinking):
                    tokens += 1
                    self._unanswered = False
                    if tokens == 1:
                        first_token_s = self._now_s()
                    reply += event.text if isinstance(event, Text) else ""
                    now_s = self._now_s()
                    if tokens == 1 or now_s - told_s >= GATHER_S:
                        told_s = now_s
                        rate = tokens_per_s(tokens, now_s - first_token_s)
                        self._emit(AuditProgress(endpoint, tokens, rate, now_s))
                    if len(reply) > _MAX_REPLY_CHARACTERS or tokens > 2 * asked.max_tokens:
                        break
                elif isinstance(event, Done):
                    done = event
        self._emit(
            AuditAnswered(
                endpoint,
                question.step,
                question.numbers,
                tokens,
                done.prompt_tokens,
                done.cached_tokens,
                self._now_s(),
            )
        )
        return _Answer(asked, extract_prose(reply[:_MAX_REPLY_CHARACTERS]), endpoint)

    def _interrupted(self, endpoint: str, question: _Question, reason: str = "") -> None:
        self._emit(AuditInterrupted(endpoint, question.step, question.numbers, reason, self._now_s()))

    def _fitted(self, question: _Question, limits: PromptLimits) -> Prompt:
        """The prompt within the endpoint's context; a conversation that outgrew it begins anew with this part."""
        prompt = self._prompt(question, question.code)
        if estimate_messages_tokens(prompt.messages) + prompt.max_tokens <= limits.num_ctx:
            return prompt
        self._conversation = self._conversation.anew()
        empty = self._prompt(question, "")
        room_tokens = limits.num_ctx - empty.max_tokens - estimate_messages_tokens(empty.messages)
        return self._prompt(question, question.code[-BYTES_PER_TOKEN * max(1, room_tokens) :])

    def _prompt(self, question: _Question, code: str) -> Prompt:
        match question.step:
            case AuditStep.CRITERIA:
                return self._conversation.ask_criteria()
            case AuditStep.READING:
                return self._conversation.reading(code)
            case AuditStep.PART:
                return self._conversation.ask_part(code)
            case AuditStep.VERDICT:
                return self._conversation.ask_verdict(code)
            case _:
                assert_never(question.step)
