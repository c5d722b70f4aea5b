"""The model auditor: asks the script's questions on the audit lane, and reports the findings."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from pillion.audit.decision_hearing import DecisionHearing
from pillion.audit.decision_reading import DecisionScript
from pillion.audit.script import ASKS_EVERY_S, Answer, AuditScript, Question
from pillion.audit.unit_checks import Report
from pillion.backends.backend import Done
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
    EndpointWaited,
)
from pillion.pool.bounds import Bounds
from pillion.pool.objections import says_nothing
from pillion.pool.pool import Pool
from pillion.pool.pool_events import EndpointFailed, Waiting
from pillion.pool.prompt_factory import PromptLimits
from pillion.pool.stream_reader import StreamListener, StreamReader
from pillion.pool.text_batches import GATHER_S
from pillion.pool.watch import no_objection
from pillion.prompts.audit_conversation import MAX_ANSWER_TOKENS, AuditConversation
from pillion.prompts.prompt import Prompt
from pillion.syntax.languages import Language
from pillion.syntax.units import Unit
from pillion.text.thoughts import extract_prose
from pillion.tiers import Lane

# A longer reply doesn't follow the schema: Pillion hangs up, and reads the reply up to there.
_BOUNDS = replace(Bounds.behind_the_pool(MAX_ANSWER_TOKENS), characters=4000)
# After the draft, decisions are read for this share of its time, so that the tail stays short; at least so long.
_SHARE_OF_DRAFT, _LEAST_TAIL_S = 0.05, 1.0


@dataclass(frozen=True, slots=True)
class Decisions:
    """That decisions are read by this endpoint, whose model was measured with the margin."""

    endpoint: str
    language: Language
    margin_nats: float


class ModelAudit:
    """Audits one draft. `may_find` says whether an endpoint's findings count. With `decisions`, it reads these, too."""

    def __init__(
        self,
        pool: Pool,
        conversation: AuditConversation,
        report: Report,
        *,
        may_find: Callable[[str], bool] = lambda endpoint: True,
        decisions: Decisions | None = None,
        emit: Emit,
        now_s: Callable[[], float],
    ) -> None:
        self._pool = pool
        self._decisions = decisions
        reading = DecisionScript(decisions.language, decisions.margin_nats) if decisions is not None else None
        self._script = AuditScript(conversation, reading)
        self._report = report
        self._may_find = may_find
        self._emit = emit
        self._now_s = now_s
        self._wake = asyncio.Event()
        self._draft_endpoint = ""
        self._asking: asyncio.Timeout | None = None
        self._hearing: _Hearing | None = None
        self._began_s: float | None = None
        self._decides_until: float | None = None

    def begin(self, endpoint: str) -> None:
        """An endpoint has begun the draft and reads its prompt: from now on the auditor may read, too."""
        self._draft_endpoint = endpoint
        if self._began_s is None:
            self._began_s = self._now_s()
        self._script.begin()
        self._wake.set()

    def read(self, text: str, closed: list[Unit]) -> None:
        """The draft's code goes on, and these units have closed."""
        self._script.read(text, closed)
        self._wake.set()

    def start_over(self) -> None:
        """The draft so far is void. The task and its criteria stay."""
        self._script.start_over()
        self._began_s = self._decides_until = None
        self._interrupt()

    def finish(self) -> None:
        """The draft is complete. A question without any answer yet joins the last question: one answer for both."""
        self._script.finish()
        self._wake.set()
        took_s = self._now_s() - self._began_s if self._began_s is not None else 0.0
        self._decides_until = asyncio.get_running_loop().time() + max(_LEAST_TAIL_S, took_s * _SHARE_OF_DRAFT)
        if self._hearing is not None:
            if not self._hearing.answered:
                self._interrupt()
        elif self._asking is not None:
            self._asking.reschedule(self._decides_until)

    async def run(self) -> None:
        """Audits until everything is judged. An engine's failure ends the audit, not the job."""
        try:
            while not self._script.judged:
                question = self._next()
                if question is not None:
                    await self._put(question)
                elif not self._script.judged:
                    self._wake.clear()
                    # If some code waits a moment for more code, so does this loop; everything else wakes it up.
                    pause_s = ASKS_EVERY_S if self._script.waits_for_more else None
                    with suppress(TimeoutError):
                        async with asyncio.timeout(pause_s):
                            await self._wake.wait()
        except PillionError as exc:
            self._emit(AuditFailed(exc.full_message, self._now_s()))

    def _next(self) -> Question | None:
        if not self._script.finished and self._must_wait_for_the_draft():
            return None
        return self._script.next(self._now_s())

    def _must_wait_for_the_draft(self) -> bool:
        """Whether the same endpoint drafts and audits, and does one thing at a time."""
        endpoint = self._pool.preferred(Lane.AUDIT)
        return endpoint is not None and endpoint.name == self._draft_endpoint and endpoint.config.slots == 1

    def _interrupt(self) -> None:
        if self._asking is not None:
            asking, self._asking = self._asking, None  # a second failover may come before the stream is closed
            asking.reschedule(asyncio.get_running_loop().time())

    async def _put(self, question: Question) -> None:
        if question.step is AuditStep.DECISIONS:
            await self._decide(question)
            return
        hearing = _Hearing(question, self._script, self._emit, self._now_s, lambda: self._draft_endpoint)
        answer = await self._ask(question, hearing)
        if answer is None:
            self._script.unanswered(question)
            return
        result = self._script.answered(question, answer)
        if result.nonsense:
            hearing.interrupted(hearing.stream.endpoint, "its answer is not what it was asked for")
        if result.criteria:
            self._emit(CriteriaSettled(result.criteria, self._now_s()))
        if result.findings:
            self._report(list(result.findings))

    async def _decide(self, question: Question) -> None:
        """Reads decisions, and reports what was heard of them, also if the time is over."""
        endpoint = self._pool.preferred(Lane.AUDIT)
        if self._decisions is None or endpoint is None or endpoint.name != self._decisions.endpoint:
            return  # another model, of which nobody knows how far to believe it
        request = self._script.likelihoods(question, endpoint.config.num_ctx)
        late = self._decides_until is not None and asyncio.get_running_loop().time() >= self._decides_until
        if request is None or late:
            return
        after = self._script.finished and endpoint.name == self._draft_endpoint
        hearing = DecisionHearing(question, endpoint.name, self._emit, self._now_s, after)
        scope = self._asking = asyncio.timeout_at(self._decides_until)
        try:
            async with scope:
                await hearing.hear(self._pool.likelihoods(Lane.AUDIT, endpoint.name, request))
        except TimeoutError:
            if not scope.expired():
                raise
            hearing.ended_early()
        except PillionError as exc:
            self._script.cannot_decide()
            hearing.ended_early(str(exc))
            return
        finally:
            self._asking = None
        if hearing.preempted:
            self._script.unanswered(question)
            return
        if found := self._script.decided(question, hearing.pairs(request.places)):
            self._report(list(found))

    async def _ask(self, question: Question, hearing: "_Hearing") -> Answer | None:
        """The answer; None if the question was given up."""
        if question.step is AuditStep.CRITERIA:
            return await self._answer(question, hearing)
        self._hearing = hearing
        scope = self._asking = asyncio.timeout(None)
        try:
            async with scope:
                return await self._answer(question, hearing)
        except TimeoutError:
            if not scope.expired():
                raise
            if hearing.asked_endpoint:
                hearing.interrupted(hearing.asked_endpoint)
            return None
        finally:
            self._asking = None

    async def _answer(self, question: Question, hearing: "_Hearing") -> Answer | None:
        asked: Prompt | None = None

        def fitted(limits: PromptLimits, _so_far: str) -> Prompt:  # answers are short, so the next endpoint starts over
            nonlocal asked
            asked = self._script.prompt(question, limits)
            return asked

        # A question that only makes the engine read may have any answer.
        objection = no_objection if question.step is AuditStep.READING else says_nothing
        stream = hearing.stream
        await stream.read(self._pool.stream(Lane.AUDIT, fitted, objection))
        if asked is None or hearing.given_up:
            return None
        done = stream.done or Done()
        self._emit(
            AuditAnswered(
                stream.endpoint,
                question.step,
                question.numbers,
                stream.pieces,
                done.prompt_tokens,
                done.cached_tokens,
                self._now_s(),
            )
        )
        return Answer(asked, extract_prose(stream.text), self._may_find(stream.endpoint))


class _Hearing(StreamListener):
    """Emits the events of one question. `drafts_on` says which endpoint drafts."""

    def __init__(
        self,
        question: Question,
        script: AuditScript,
        emit: Emit,
        now_s: Callable[[], float],
        drafts_on: Callable[[], str],
    ) -> None:
        self._question = question
        self._script = script
        self._emit = emit
        self._now_s = now_s
        self._drafts_on = drafts_on
        self._told_s = float("-inf")
        self.stream = StreamReader(_BOUNDS, self, now_s)
        self.asked_endpoint = ""
        self.answered = self.given_up = False

    def started(self, endpoint: str, omitted: str) -> None:
        """See StreamListener."""
        if self._script.is_moot(self._question):  # it waited for the draft's slot, and the draft is complete now
            self._give_up()
            return
        self.asked_endpoint = endpoint
        after = self._script.finished and endpoint == self._drafts_on()
        self._emit(AuditStarted(endpoint, self._question.step, self._question.numbers, after, self._now_s()))

    def continued(self, endpoint: str, omitted: str) -> None:
        """See StreamListener."""
        self.started(endpoint, omitted)

    def heard(self, text: str) -> None:
        """See StreamListener."""
        self.answered = True
        now_s = self._now_s()
        if self.stream.tokens == 1 or now_s - self._told_s >= GATHER_S:
            self._told_s = now_s
            self._emit(AuditProgress(self.stream.endpoint, self.stream.tokens, self.stream.tokens_per_s, now_s))

    def failed(self, failure: EndpointFailed) -> None:
        """See StreamListener."""
        self.asked_endpoint = ""
        self.interrupted(failure.endpoint, failure.reason)

    def waits(self, waiting: Waiting) -> None:
        """See StreamListener."""
        self._emit(EndpointWaited(waiting.endpoint, waiting.words, True, self._now_s()))

    def preempted(self) -> None:
        """See StreamListener."""
        self.interrupted(self.stream.endpoint)
        self._give_up()

    def interrupted(self, endpoint: str, reason: str = "") -> None:
        """There is no answer from this endpoint, or only a useless one."""
        self._emit(AuditInterrupted(endpoint, self._question.step, self._question.numbers, reason, self._now_s()))

    def _give_up(self) -> None:
        self.given_up = True
        self.stream.close()
