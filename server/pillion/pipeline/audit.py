"""The audit that rides along: reads units of the draft as they close, on its own endpoint, while the draft goes on."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

from pillion.backends.base import Text
from pillion.edits.fences import CodeFilter, extract_prose
from pillion.errors import PillionError
from pillion.findings import Finding
from pillion.pipeline.draft import tokens_per_s
from pillion.pipeline.events import (
    AuditAnswered,
    AuditFailed,
    AuditProgress,
    AuditStarted,
    Emit,
    FindingRaised,
    UnitClosed,
)
from pillion.pipeline.findings import add_new, read_answer
from pillion.pool.pool import Pool, Started
from pillion.prompts.audit import AuditConversation
from pillion.prompts.prompt import Prompt, PromptLimits, estimate_messages_tokens
from pillion.syntax.languages import Language
from pillion.syntax.units import Unit, UnitStream
from pillion.tiers import Lane

# A reply longer than this isn't an answer to the schema; it is cut and read as far as it goes.
_MAX_REPLY_CHARACTERS = 4000


class StreamingAudit:
    """Audits one draft. A DraftReader; `run` goes on beside the draft until `finish` was called and all is read."""

    def __init__(self, pool: Pool, language: Language, task: str, *, emit: Emit, now_s: Callable[[], float]) -> None:
        self._pool = pool
        self._language = language
        self._task = task
        self._emit = emit
        self._now_s = now_s
        self._wake = asyncio.Event()
        self._generation = 0
        self.findings: list[Finding] = []
        self._begin()

    def read(self, text: str) -> None:
        """See DraftReader."""
        self._close(self._units.feed(self._code.feed(text)))

    def start_over(self) -> None:
        """See DraftReader."""
        self._begin()

    def finish(self) -> None:
        """The draft is complete."""
        self._close(self._units.feed(self._code.finish()))
        self._close(self._units.finish())
        self._finished = True
        self._wake.set()

    async def run(self) -> None:
        """Audits until everything is read. An engine's failure ends the audit, not the job."""
        try:
            while True:
                units = self._take_waiting()
                if units:
                    await self._audit(units)
                elif self._finished:
                    return
                else:
                    self._wake.clear()
                    await self._wake.wait()
        except PillionError as exc:
            self._emit(AuditFailed(exc.full_message, self._now_s()))

    def _begin(self) -> None:
        self._code = CodeFilter()
        self._units = UnitStream(self._language)
        self._waiting: list[Unit] = []
        self._finished = False
        self._generation += 1
        self._conversation = AuditConversation(self._task, self._language.id)
        self.findings.clear()

    def _close(self, units: list[Unit]) -> None:
        for unit in units:
            self._emit(UnitClosed(unit, self._now_s()))
            if not unit.blank:
                self._waiting.append(unit)
        if self._waiting:
            self._wake.set()

    def _take_waiting(self) -> list[Unit]:
        """Units that waited go together: one question costs one answer."""
        waiting, self._waiting = self._waiting, []
        return waiting

    async def _audit(self, units: list[Unit]) -> None:
        generation = self._generation
        text = "".join(unit.text for unit in units)
        reply = await self._ask(text, tuple(unit.index for unit in units))
        if generation != self._generation:
            return  # the draft started over meanwhile
        self._conversation.answered(reply)
        for finding in add_new(self.findings, read_answer(reply, text, units[0].start)):
            self._emit(FindingRaised(finding, self._now_s()))

    async def _ask(self, text: str, numbers: tuple[int, ...]) -> str:
        prompt = self._conversation.ask(text)

        def fitted(limits: PromptLimits) -> Prompt:
            used = estimate_messages_tokens(prompt.messages)
            if used + prompt.max_tokens <= limits.num_ctx:
                return prompt
            # The conversation outgrew the context: it begins anew with this part.
            self._conversation = AuditConversation(self._task, self._language.id)
            return self._conversation.ask(text[-3 * (limits.num_ctx // 2) :])

        reply, tokens, endpoint = "", 0, ""
        first_token_s = self._now_s()
        async with aclosing(self._pool.stream(Lane.AUDIT, fitted)) as events:
            async for event in events:
                if isinstance(event, Started):
                    reply, tokens, endpoint = "", 0, event.endpoint
                    self._emit(AuditStarted(endpoint, numbers, self._now_s()))
                elif isinstance(event, Text):
                    tokens += 1
                    if tokens == 1:
                        first_token_s = self._now_s()
                    reply += event.text
                    rate = tokens_per_s(tokens, self._now_s() - first_token_s)
                    self._emit(AuditProgress(endpoint, tokens, rate, self._now_s()))
                    if len(reply) > _MAX_REPLY_CHARACTERS:
                        break
        self._emit(AuditAnswered(endpoint, numbers, tokens, self._now_s()))
        return extract_prose(reply)
