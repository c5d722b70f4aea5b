"""The job: one action on one snapshot, up to an edit that may be applied, or the reason why not."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pillion.catalogue import Action, Output
from pillion.config import AuditConfig
from pillion.edits.code import code_replacements
from pillion.edits.docstrings import docstring_replacement, parse_fields
from pillion.edits.fences import extract_prose
from pillion.edits.invariants import check_invariants
from pillion.edits.replacement import Replacement, apply_replacements
from pillion.errors import DraftRejectedError, PillionError
from pillion.findings import Finding
from pillion.pipeline.audit import StreamingAudit
from pillion.pipeline.draft import Draft, stream_draft
from pillion.pipeline.events import AuditFailed, DraftVoided, Emit
from pillion.pipeline.findings import relocate
from pillion.pool.pool import Pool
from pillion.prompts.build import Retry, build_prompt
from pillion.prompts.prompt import Prompt, PromptLimits
from pillion.syntax.document import ParsedText
from pillion.syntax.symbols import Symbol


@dataclass(frozen=True, slots=True)
class Task:
    """What a job is to do: an action on a symbol of a parsed snapshot, perhaps with the user's own words."""

    uri: str
    action: Action
    symbol: Symbol
    document: ParsedText
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    `replacements` turn the snapshot's text into `after_text`. `prose` is an explanation. `rejected` says why there
    is no edit; `draft` is what the model said, so that nothing is lost. Findings are placed in `after_text`.
    """

    draft: Draft
    replacements: tuple[Replacement, ...] = ()
    after_text: str = ""
    prose: str = ""
    findings: tuple[Finding, ...] = ()
    rejected: str = ""


class _NobodyReads:
    def read(self, text: str) -> None:
        """Unaudited actions have no reader."""

    def start_over(self) -> None:
        """See read."""


@dataclass(slots=True)
class _Job:
    task: Task
    pool: Pool
    audit: AuditConfig
    emit: Emit
    now_s: Callable[[], float] = field(repr=False)

    async def attempt(self, retry: Retry | None) -> tuple[Draft, list[Finding]]:
        """One draft with its audit beside it."""
        action = self.task.action
        lane = action.tier.lane if retry is None else action.tier.lane.next_up

        def make_prompt(limits: PromptLimits) -> Prompt:
            task = self.task
            return build_prompt(action, task.symbol, task.document, limits, instruction=task.instruction, retry=retry)

        async def draft(reader: StreamingAudit | _NobodyReads) -> Draft:
            return await stream_draft(
                self.pool,
                lane,
                make_prompt,
                action.max_tokens,
                emit=self.emit,
                now_s=self.now_s,
                reader=reader,
            )

        if not (action.audited and self.audit.enabled):
            return await draft(_NobodyReads()), []
        audit = self._start_audit()
        try:
            async with asyncio.TaskGroup() as group:
                auditing = group.create_task(audit.run())
                done = await draft(audit)
                audit.finish()
                await self._within_budget(auditing)
        except ExceptionGroup as group_error:
            # The audit's own failures never get here, so there is one error, and it is the draft's.
            raise group_error.exceptions[0] from None
        return done, audit.findings

    def _start_audit(self) -> StreamingAudit:
        task = self.task
        words = f"{task.action.title_for(task.symbol.name)}. {task.instruction}".strip()
        return StreamingAudit(self.pool, task.document.language, words, emit=self.emit, now_s=self.now_s)

    async def _within_budget(self, auditing: asyncio.Task[None]) -> None:
        _, unfinished = await asyncio.wait([auditing], timeout=self.audit.budget_s)
        if unfinished:
            auditing.cancel()
            reason = f"the audit took more than {self.audit.budget_s:g} s after the draft"
            self.emit(AuditFailed(reason, self.now_s()))


async def run_job(
    task: Task,
    pool: Pool,
    audit: AuditConfig,
    emit: Emit,
    clock: Callable[[], float] = time.monotonic,
) -> Outcome:
    """Drafts, audits, and makes the edit. A draft that fails a check is tried once more, one lane up.

    Cancelling the task that runs this closes every stream, and the engines stop.

    Raises:
        PillionError: no endpoint could draft.
    """
    began = clock()
    job = _Job(task, pool, audit, emit, lambda: clock() - began)
    draft, findings = await job.attempt(None)
    try:
        return await asyncio.to_thread(make_outcome, task, draft, findings)
    except DraftRejectedError as exc:
        reason = str(exc)
    emit(DraftVoided(draft.endpoint, reason, job.now_s()))
    try:
        draft, findings = await job.attempt(Retry(draft.text, reason))
    except PillionError as exc:
        return Outcome(draft, rejected=f"{reason}; a second try failed: {exc}")
    try:
        return await asyncio.to_thread(make_outcome, task, draft, findings)
    except DraftRejectedError as exc:
        return Outcome(draft, rejected=str(exc))


def make_outcome(task: Task, draft: Draft, findings: list[Finding]) -> Outcome:
    """The draft as an edit that passed every check. Pure computation; run off the event loop.

    Raises:
        DraftRejectedError: it doesn't pass.
    """
    action, symbol, document = task.action, task.symbol, task.document
    if draft.cut_off and action.output is not Output.PROSE:
        raise DraftRejectedError(f"the answer was cut off after {draft.tokens} tokens", code="length")
    if action.output is Output.PROSE:
        prose = extract_prose(draft.text)
        if not prose:
            raise DraftRejectedError("the model said nothing", code="empty")
        return Outcome(draft, prose=prose)
    if action.output is Output.FIELDS:
        fields = parse_fields(extract_prose(draft.text))
        replacements: tuple[Replacement, ...] = (
            docstring_replacement(fields, symbol, document.text, document.language),
        )
    else:
        replacements = code_replacements(draft.text, symbol, document)
    after_text = apply_replacements(document.text, replacements)
    if after_text == document.text:
        raise DraftRejectedError("the model gave the code back unchanged", code="unchanged")
    check_invariants(action, symbol, document, after_text)
    grown = len(after_text) - len(document.text)
    placed = relocate(findings, after_text, symbol.start, symbol.end + grown)
    return Outcome(draft, replacements, after_text, findings=placed)
