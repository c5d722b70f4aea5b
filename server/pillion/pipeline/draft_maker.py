"""Makes one draft, and its audit at the same time."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pillion.actions.action_row import Output
from pillion.audit.model_audit import Decisions, ModelAudit
from pillion.audit.streaming_audit import StreamingAudit
from pillion.audit.unit_checks import Report, UnitChecks
from pillion.edits.strategies import Brief
from pillion.errors import DraftRejectedError
from pillion.events import AuditFailed, ChecksEnded, ChecksStarted, Emit, FindingRaised
from pillion.findings.finding import Finding
from pillion.findings.finding_list import FindingList
from pillion.findings.place import InEdit
from pillion.pipeline.attempts import FIRST, Attempt
from pillion.pipeline.code_runs import CodeRuns, no_reports
from pillion.pipeline.draft import Draft, DraftReader, stream_draft
from pillion.pipeline.draft_readers import Readers
from pillion.pipeline.draft_reading import DraftReading, reading_of
from pillion.pipeline.edit_checks import checked, checks_of
from pillion.pipeline.outcome import Outcome, Task, make_outcome
from pillion.pipeline.policy import AuditPolicy
from pillion.pipeline.proposed_calls import ProposedCalls
from pillion.pipeline.rechecks import rechecked
from pillion.pipeline.run_along import RunAlong
from pillion.pipeline.run_results import code_ran, with_runs
from pillion.pipeline.run_subjects import Runnables, runnables_of
from pillion.pipeline.surrounding_files import files_around
from pillion.pool.bounds import Bounds
from pillion.pool.objections import is_no_whole, says_nothing
from pillion.pool.pool import Pool
from pillion.pool.prompt_factory import PromptLimits
from pillion.prompts.answer_form import longest_answer
from pillion.prompts.audit_conversation import CODE, AuditConversation
from pillion.prompts.build import NO_BRIEF, build_prompt
from pillion.prompts.new_file_prompt import FilesAround, new_file_prompt
from pillion.prompts.prompt import Prompt, fenced
from pillion.syntax.languages import language_by_id
from pillion.tiers import Lane


@dataclass(slots=True)
class DraftMaker:
    """Makes the drafts of one job."""

    task: Task
    pool: Pool
    policy: AuditPolicy
    emit: Emit
    now_s: Callable[[], float] = field(repr=False)
    _around: FilesAround = field(default_factory=FilesAround, init=False)
    _brief: Brief = field(default=NO_BRIEF, init=False)
    _proposed: ProposedCalls = field(init=False)

    def __post_init__(self) -> None:
        self._proposed = ProposedCalls(self.task, self.pool)

    async def aclose(self) -> None:
        """Ends what no draft waits for."""
        await self._proposed.aclose()

    @property
    def audited(self) -> bool:
        """Whether drafts are audited while they stream."""
        return self.task.action.audited and self.policy.config.enabled

    async def make(self, lane: Lane, attempt: Attempt = FIRST) -> Outcome:
        """The outcome of one draft on this lane, with its audit's findings. A rejected draft has no findings.

        Raises:
            PillionError: no endpoint could draft, or the action can't be done there.
        """
        if self.task.action.makes_file:
            self._around = await asyncio.to_thread(files_around, self.task)
        self._brief = await asyncio.to_thread(_briefed, self.task)
        runs = CodeRuns(self.policy) if self._is_run else None
        if runs is not None and self.policy.sandboxes.enabled and self.policy.config.proposals:
            self._proposed.ask(lane)
        try:
            return await self._made(lane, attempt, runs)
        finally:
            if runs is not None:
                await runs.aclose()

    async def _made(self, lane: Lane, attempt: Attempt, runs: CodeRuns | None) -> Outcome:
        audit = self.start_audit() if self.audited else None
        along = self._run_along(runs) if runs is not None else None
        readers = Readers([each for each in (audit, along) if each is not None])
        try:
            async with asyncio.TaskGroup() as group:
                running = group.create_task(along.run()) if along is not None else None
                auditing = group.create_task(audit.run()) if audit is not None else None
                draft = await self._draft(readers, lane, attempt)
                readers.finish()
                # The model auditor is still busy with its last questions meanwhile.
                outcome = await self._checked(await self._outcome(draft), readers.findings, runs)
                if running is not None:
                    running.cancel()
                if auditing is not None and outcome.rejected:
                    auditing.cancel()
                elif auditing is not None:
                    await self._within_budget(auditing, draft)
        except ExceptionGroup as group_error:
            # The audit's own failures never get here, so there is exactly one error, and it is from the draft.
            raise group_error.exceptions[0] from None
        if audit is None or outcome.rejected:
            return outcome
        return outcome.with_findings_of_draft(audit.findings.all(), audit.code)

    async def _outcome(self, draft: Draft) -> Outcome:
        try:
            made = await asyncio.to_thread(make_outcome, self.task, draft)
            return await asyncio.to_thread(rechecked, self.task, made, self.policy.auditors)
        except DraftRejectedError as exc:
            return Outcome(draft, rejected=str(exc))

    async def _checked(self, outcome: Outcome, said: Sequence[FindingList], runs: CodeRuns | None) -> Outcome:
        """The outcome with what the deterministic auditors find in all files that it edits or creates, and with what
        running these shows."""
        checks = checks_of(self.task, outcome, self.policy.auditors) if not outcome.rejected else []
        runnables = Runnables()
        if runs is not None and outcome.changes:
            runnables = await asyncio.to_thread(runnables_of, self.task, outcome.changes, self._proposed.calls)
        if not checks and not runnables.all and not runnables.incomparable:
            return outcome
        self.emit(ChecksStarted(self.now_s()))
        (outcome, found), reports = await asyncio.gather(
            checked(outcome, checks, within_s=self.policy.check_limit_s),
            runs.reports(runnables.all) if runs is not None else no_reports(),
        )
        self.emit(ChecksEnded(self.now_s()))
        raised: list[tuple[str, str, Finding[InEdit]]] = [(one.uri, one.passage.text, each) for one, each in found]
        if runs is not None:
            outcome, shown = with_runs(self.task, outcome, runnables, reports)
            raised += [(one.uri, one.subject.passage.text, each) for one, each in shown]
            self.emit(code_ran(outcome.ran, self.now_s()))
        for uri, text, finding in raised:
            if not any(each.says(finding) for each in said):
                self.emit(FindingRaised(finding, self.now_s(), text, uri if uri != self.task.uri else ""))
        return outcome

    @property
    def _is_run(self) -> bool:
        """Whether drafts are run; if their behaviour must be compared, the outcome says why it couldn't be."""
        action = self.task.action
        return action.aim is not None and (self.policy.sandboxes.enabled or action.must_be_compared)

    def _run_along(self, runs: CodeRuns) -> RunAlong | None:
        reading = reading_of(self.task)
        streams_code = self.task.action.output in {Output.CODE, Output.FILE} and not reading.only_words
        if not streams_code or not self.policy.sandboxes.enabled:
            return None
        runs.warm(reading.frame.language.id)
        return RunAlong(self.task, reading, runs, emit=self.emit, now_s=self.now_s)

    async def _draft(self, reader: DraftReader, lane: Lane, attempt: Attempt) -> Draft:
        action = self.task.action

        def make_prompt(limits: PromptLimits, so_far: str) -> Prompt:
            return self.prompt(limits, so_far, attempt)

        # A part of an explanation is still useful, but half a function is not.
        objection = says_nothing if action.output is Output.PROSE else is_no_whole
        return await stream_draft(
            self.pool,
            lane,
            make_prompt,
            objection,
            bounds=Bounds.behind_the_pool(longest_answer(action, self.task.target.symbol)),
            emit=self.emit,
            now_s=self.now_s,
            reader=reader,
        )

    def prompt(self, limits: PromptLimits, so_far: str, attempt: Attempt) -> Prompt:
        """The prompt for the next endpoint. The answer always starts over, even if another endpoint broke off."""
        return replace(self._words(limits, attempt), sampling=attempt.sampling)

    def _words(self, limits: PromptLimits, attempt: Attempt) -> Prompt:
        task, symbol = self.task, self.task.target.symbol
        if task.action.makes_file:
            words, code = attempt.words(task.answered("").words), "" if symbol.is_stretch else symbol.text
            around, retry = self._around, attempt.retry
            return new_file_prompt(task.action, words, task.document, limits, around, subject=code, retry=retry)
        return build_prompt(
            task.action,
            symbol,
            task.document,
            limits,
            instruction=attempt.words(task.instruction),
            retry=attempt.retry,
            brief=self._brief,
        )

    def start_audit(self) -> StreamingAudit:
        """The audit of one draft. It waits until that draft begins."""

        reading = reading_of(self.task)

        def checks(report: Report) -> UnitChecks:
            return UnitChecks(reading.auditors(self.policy.auditors), reading.frame, report)

        def model(report: Report) -> ModelAudit:
            endpoint = self.pool.preferred(Lane.AUDIT)
            decisions = self._decisions(endpoint.name, reading) if endpoint is not None else None
            # Whose decisions are read isn't asked for findings: small models answer that there are none.
            finds = endpoint is not None and decisions is None and self._may_find(endpoint.name)
            conversation = AuditConversation(_words(self.task), reading.fence, finds, subject=reading.subject)
            return ModelAudit(
                self.pool,
                conversation,
                report,
                may_find=self._may_find,
                decisions=decisions,
                emit=self.emit,
                now_s=self.now_s,
            )

        return StreamingAudit(reading.units, reading.text, checks, model, emit=self.emit, now_s=self.now_s)

    def _decisions(self, endpoint: str, reading: DraftReading) -> Decisions | None:
        """How this endpoint reads decisions; None if it doesn't: it can't, it isn't good at it, or it is no code."""
        margin_nats = self.policy.decision_margin(self.pool.config_of(endpoint))
        language = language_by_id(reading.fence) if reading.subject is CODE and not reading.only_words else None
        if margin_nats is None or language is None or not self.pool.reads_likelihoods(endpoint):
            return None
        return Decisions(endpoint, language, margin_nats)

    def _may_find(self, endpoint: str) -> bool:
        return self.policy.model_finds(self.pool.config_of(endpoint))

    async def _within_budget(self, auditing: asyncio.Task[None], draft: Draft) -> None:
        budget_s = self.policy.config.budget_s
        _, unfinished = await asyncio.wait([auditing], timeout=max(0.0, draft.ended_s + budget_s - self.now_s()))
        if unfinished:
            auditing.cancel()
            self.emit(AuditFailed(f"the audit took more than {budget_s:g} s after the draft", self.now_s()))


def _briefed(task: Task) -> Brief:
    brief = task.action.briefing
    if brief is None:
        return NO_BRIEF
    return brief(task.target.symbol, task.document, task.uri, task.workspace, task.instruction)


def _words(task: Task) -> str:
    """The task for the model auditor: in the user's terms, with the code before the change."""
    if task.action.makes_file:
        return f"{task.action.title_of('it', 'told')}. {task.answered('').words}".strip()
    words = f"{task.action.title.format(name=task.target.name)}. {task.instruction}".strip()
    if task.action.output is not Output.CODE:
        return words
    return f"{words}\n{fenced(task.target.symbol.text, task.document.language.id)}"
