"""Four ways to run a draft and its audit, each through the real pipeline and timed by the wall clock."""

import time
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum

from pillion import events
from pillion.auditors.auditor import Auditor, Sees
from pillion.backends.backend import Backend
from pillion.backends.chat_request import Message
from pillion.config.schema import AuditConfig, LanesConfig
from pillion.errors import DraftRejectedError, EngineError
from pillion.events import PipelineEvent
from pillion.pipeline.draft_maker import DraftMaker
from pillion.pipeline.job_run import run_job
from pillion.pipeline.measurement import FigureKeeper
from pillion.pipeline.outcome import Task
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.pool import Pool
from pillion.prompts.audit_conversation import AuditConversation
from pillion.prompts.prompt import Prompt
from pillion.sandbox.sandboxes import Sandboxes
from pillion.telemetry.job_figures import JobFigures

# Here the audit must reach its end, however slow the engine is.
_BUDGET_S = 3600.0


class Scenario(StrEnum):
    """Which endpoint audits, and when."""

    ALONE = "draft alone"
    SEQUENCE = "one endpoint, in sequence"
    AFTER = "two endpoints, audit after"
    BESIDE = "two endpoints, side by side"


@dataclass(frozen=True, slots=True)
class Span:
    """A period in which an endpoint worked on the draft, or on a step of the audit. Seconds since the job began."""

    endpoint: str
    what: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Run:
    """The times of one run of a scenario. `cached_shares`: the share of each audit prompt in the engine's cache."""

    scenario: Scenario
    seconds: float
    figures: JobFigures
    spans: tuple[Span, ...]
    cached_shares: tuple[float, ...]


def lanes_of(scenario: Scenario, drafting: str, auditing: str) -> LanesConfig:
    """A scenario's lanes: with one endpoint, that endpoint does everything."""
    audits = drafting if scenario is Scenario.SEQUENCE else auditing
    return LanesConfig(complex=[drafting], audit=[audits])


# The first loads an engine and leaves nothing of the job in its cache; the other leaves it as after an earlier audit.
HELLO = Prompt((Message("user", "Hello."),), None, max_tokens=1)
AUDITED_BEFORE = AuditConversation("", "").reading("")


async def warm_up(backend: Backend, prompt: Prompt) -> None:
    """Loads the engine, opens the connection, and puts this prompt into the engine's cache."""
    async with aclosing(backend.stream(prompt.request)) as stream:
        async for _ in stream:
            pass


async def run_scenario(
    scenario: Scenario,
    task: Task,
    pool: Pool,
    auditors: tuple[Auditor, ...] = (),
    sandboxes: Sandboxes | None = None,
) -> Run:
    """Runs the job once on engines that are warm. Drafts are run if there are `sandboxes`.

    Raises:
        DraftRejectedError: the draft didn't become an edit, so it wasn't a whole job.
        EngineError: the audit failed.
        PillionError: no endpoint could draft.
    """
    recorder = _Recorder()
    began = time.monotonic()
    outcome = await run_job(task, pool, _policy(scenario, auditors, sandboxes), recorder.event)
    if scenario is Scenario.AFTER:
        audited = AuditPolicy(AuditConfig(budget_s=_BUDGET_S), auditors, _finds)
        attempts = DraftMaker(task, pool, audited, recorder.event, lambda: time.monotonic() - began)
        audit = attempts.start_audit()
        audit.begin(outcome.draft.endpoint)
        audit.read(outcome.draft.text)
        audit.finish()
        await audit.run()
    seconds = time.monotonic() - began
    if outcome.rejected:
        raise DraftRejectedError(f"The bench's draft was refused: {outcome.rejected}.", code="bench")
    return recorder.run(scenario, seconds)


def _policy(scenario: Scenario, auditors: tuple[Auditor, ...], sandboxes: Sandboxes | None) -> AuditPolicy:
    audits = scenario in {Scenario.SEQUENCE, Scenario.BESIDE}
    if scenario is Scenario.AFTER:  # those that see units have their turn behind the draft
        auditors = tuple(each for each in auditors if each.sees is Sees.EDIT)
    boxes = sandboxes or Sandboxes(enabled=False)
    # One draft in each scenario, whatever running it shows.
    config = AuditConfig(enabled=audits, budget_s=_BUDGET_S)
    return AuditPolicy(config, auditors, _finds, sandboxes=boxes, attempts=1)


def _finds(_: object) -> bool:
    """Always true: every auditing model looks for mistakes here, whatever its measurement. That is the longer audit."""
    return True


class _Recorder:
    """Records every event of one run."""

    def __init__(self) -> None:
        self._keeper = FigureKeeper()
        self._spans: list[Span] = []
        self._open: dict[str, Span] = {}
        self._cached_shares: list[float] = []
        self._failure = ""

    def event(self, event: PipelineEvent) -> None:
        """Records an event."""
        self._keeper.event(event)
        match event:
            case events.DraftStarted() | events.DraftContinued():
                self._begin("draft", event.endpoint, "draft", event.at_s)
            case events.DraftEnded() | events.DraftVoided() | events.DraftInterrupted():
                self._end("draft", event.at_s)
            case events.AuditStarted():
                self._begin("audit", event.endpoint, event.step.value, event.at_s)
            case events.AuditAnswered():
                self._end("audit", event.at_s)
                self._cached_shares.append(event.cached_tokens / max(1, event.prompt_tokens))
            case events.AuditInterrupted():
                self._end("audit", event.at_s)
            case events.AuditFailed():
                self._end("audit", event.at_s)
                self._failure = event.reason

    def run(self, scenario: Scenario, seconds: float) -> Run:
        """The run, once it is over."""
        if self._failure:
            raise EngineError(f"The bench's audit failed: {self._failure}")
        return Run(scenario, seconds, self._keeper.figures(), tuple(self._spans), tuple(self._cached_shares))

    def _begin(self, lane: str, endpoint: str, what: str, at_s: float) -> None:
        self._open[lane] = Span(endpoint, what, at_s, at_s)

    def _end(self, lane: str, at_s: float) -> None:
        if (span := self._open.pop(lane, None)) is not None:
            self._spans.append(Span(span.endpoint, span.what, span.start_s, at_s))
