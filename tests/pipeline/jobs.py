"""Jobs on fake engines, and what happened in them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from pillion.actions.action_registry import action_by_id
from pillion.auditors.auditor import Auditor
from pillion.auditors.running.run_check import RunCheck
from pillion.auditors.running.run_checks import run_checks
from pillion.config.schema import AuditConfig
from pillion.events import PipelineEvent
from pillion.fake_engine.process import FakeEngine
from pillion.pipeline.job_run import run_job
from pillion.pipeline.outcome import Outcome, Task
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.pool import Pool
from pillion.sandbox.sandboxes import Sandboxes
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import language_by_id
from pillion.syntax.target import Target
from tests.support.pools import backend, open_pool
from tests.support.shop import SOURCE

E = TypeVar("E")

NO_CHANGE: Mapping[str, Any] = MappingProxyType({})
LANES = {"simple": ["gpu1"], "moderate": ["gpu0"], "complex": ["gpu0"], "audit": ["gpu1"], "hover": ["gpu1"]}


def task(action: str, symbol: str, *, source: str = SOURCE, instruction: str = "", language_id: str = "python") -> Task:
    """An action on a symbol of a file; of a Python file, if nothing else is said."""
    language = language_by_id(language_id)
    assert language is not None
    document = ParsedText.of(language, source)
    found = document.symbols.named(symbol)
    assert found is not None
    return Task("file:///shop.py", action_by_id(action), Target.of(found), document, instruction)


@dataclass
class Rig:
    """A pool with gpu0, which drafts, and gpu1, which audits; and the events of the jobs that ran on it."""

    pool: Pool
    events: list[PipelineEvent] = field(default_factory=list)
    auditors: tuple[Auditor, ...] = ()
    check_limit_s: float = 10.0
    sandboxes: Sandboxes = field(default_factory=lambda: Sandboxes(enabled=False))
    run_checks: Callable[[Sandboxes], tuple[RunCheck, ...]] = run_checks
    run_limit_s: float = 10.0
    attempts: int = 2
    margin_nats: float | None = None

    async def run(self, task: Task, **audit: Any) -> Outcome:
        """Runs a job to its end."""
        finds = audit.get("findings") != "never"
        policy = AuditPolicy(
            AuditConfig(**audit),
            self.auditors,
            lambda endpoint: finds,
            self.check_limit_s,
            self.sandboxes,
            self.run_checks,
            self.run_limit_s,
            self.attempts,
            decision_margin=lambda endpoint: self.margin_nats,
        )
        return await run_job(task, self.pool, policy, self.events.append)

    def start(self, task: Task, **audit: Any) -> asyncio.Task[Outcome]:
        """Starts a job; the test owns the task."""
        return asyncio.create_task(self.run(task, **audit))

    def of(self, kind: type[E]) -> list[E]:
        """The events of this kind."""
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def rig(
    engine: FakeEngine,
    auditing: FakeEngine,
    lanes: Mapping[str, Any] = NO_CHANGE,
    *,
    gpu0: Mapping[str, Any] = NO_CHANGE,
    gpu1: Mapping[str, Any] = NO_CHANGE,
) -> AsyncIterator[Rig]:
    """The usual two, one in each dialect; or with other lanes and settings."""
    drafter = backend("ollama", **{"url": engine.url, "name": "gpu0", **gpu0})
    auditor = backend("openai", **{"url": auditing.url, "name": "gpu1", **gpu1})
    async with open_pool({**LANES, **lanes}, drafter, auditor) as pool:
        yield Rig(pool)
