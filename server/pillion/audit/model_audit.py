"""The model auditor: asks on the audit lane what the script says, and reports what comes of it."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress

from pillion.audit.script import ASKS_EVERY_S, Answer, AuditScript, Question
from pillion.audit.unit_checks import Report
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
from pillion.pool.objections import says_nothing
from pillion.pool.pool import EndpointFailed, Pool, Preempted, Started
from pillion.pool.text_batches import GATHER_S
from pillion.pool.watch import no_objection
from pillion.prompts.audit import AuditConversation
from pillion.prompts.prompt import Prompt, PromptLimits
from pillion.syntax.units import Unit
from pillion.telemetry.figures import tokens_per_s
from pillion.text.fences import extract_prose
from pillion.tiers import Lane

# A reply longer than this, or than twice the tokens it was allowed, isn't an answer to the schema: the engine is hung
# up on, and the reply is read as far as it goes.
_MAX_REPLY_CHARACTERS = 4000


class ModelAudit:
    """Audits one draft. `may_find` says whether the findings of the endpoint that answered count."""

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
        self._script = AuditScript(conversation)
        self._report = report
        self._may_find = may_find
        self._emit = emit
        self._now_s = now_s
        self._wake = asyncio.Event()
        self._draft_endpoint = self._asked_endpoint = ""
        self._asking: asyncio.Timeout | None = None
        self._unanswered = False

    def begin(self, endpoint: str) -> None:
        """An endpoint has begun with the draft: from now on it reads the prompt, and so may the auditor."""
        self._draft_endpoint = endpoint
        self._script.begin()
        self._wake.set()

    def read(self, text: str, closed: list[Unit]) -> None:
        """The draft's code goes on, and these units have closed."""
        self._script.read(text, closed)
        self._wake.set()

    def start_over(self) -> None:
        """The draft so far is void; what the model was told of the task holds."""
        self._script.start_over()
        self._interrupt()

    def finish(self) -> None:
        """The draft is complete. What isn't being answered yet goes into the last question: one answer for both."""
        self._script.finish()
        self._wake.set()
        if self._unanswered:
            self._interrupt()

    async def run(self) -> None:
        """Audits until everything is judged. An engine's failure ends the audit, not the job."""
        try:
            while not self._script.judged:
                question = self._next()
                if question is not None:
                    await self._put(question)
                elif not self._script.judged:
                    self._wake.clear()
                    # What there is waits a moment for more; all else comes with a wake-up.
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
        """Whether the audit's endpoint is the one that drafts, and does one thing at a time."""
        endpoint = self._pool.preferred(Lane.AUDIT)
        return endpoint is not None and endpoint.name == self._draft_endpoint and endpoint.config.slots == 1

    def _interrupt(self) -> None:
        if self._asking is not None:
            asking, self._asking = self._asking, None  # a second failover may come before the stream is closed
            asking.reschedule(asyncio.get_running_loop().time())

    async def _put(self, question: Question) -> None:
        said = await self._ask(question)
        if said is None:
            self._script.unanswered(question)
            return
        endpoint, answer = said
        result = self._script.answered(question, answer)
        if result.nonsense:
            self._interrupted(endpoint, question, "its answer is not what it was asked for")
        if result.criteria:
            self._emit(CriteriaSettled(result.criteria, self._now_s()))
        if result.findings:
            self._report(list(result.findings))

    async def _ask(self, question: Question) -> tuple[str, Answer] | None:
        """Who answered, and what; None if the question was given up."""
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

    async def _stream(self, question: Question) -> tuple[str, Answer] | None:
        asked: Prompt | None = None

        def fitted(limits: PromptLimits) -> Prompt:
            nonlocal asked
            asked = self._script.prompt(question, limits)
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
                    if self._script.is_moot(question):
                        return None  # it waited for the draft's own slot, and the draft is there now
                    self._asked_endpoint = endpoint
                    after = self._script.finished and endpoint == self._draft_endpoint
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
                    now_s = self._now_s()
                    first_token_s = now_s if tokens == 1 else first_token_s
                    reply += event.text if isinstance(event, Text) else ""
                    if tokens == 1 or now_s - told_s >= GATHER_S:
                        told_s = now_s
                        rate = tokens_per_s(tokens, now_s - first_token_s)
                        self._emit(AuditProgress(endpoint, tokens, rate, now_s))
                    if len(reply) > _MAX_REPLY_CHARACTERS or (asked is not None and tokens > 2 * asked.max_tokens):
                        break
                elif isinstance(event, Done):
                    done = event
        if asked is None:
            return None
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
        text = extract_prose(reply[:_MAX_REPLY_CHARACTERS])
        return endpoint, Answer(asked, text, self._may_find(endpoint))

    def _interrupted(self, endpoint: str, question: Question, reason: str = "") -> None:
        self._emit(AuditInterrupted(endpoint, question.step, question.numbers, reason, self._now_s()))
