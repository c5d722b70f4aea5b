"""What a job runs on: the current configuration and its engines. cli/compose.py puts them together."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pillion.config.loading import Problem
from pillion.config.schema import Config, Protocol
from pillion.config.stamp import ConfigStamp
from pillion.events import Emit, FindingRaised, JobMeasured, PipelineEvent
from pillion.models.known import KnownModel
from pillion.models.store import ModelStore
from pillion.pipeline.job_run import run_job
from pillion.pipeline.outcome import Outcome, Task
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.pool import Pool
from pillion.telemetry.metrics import Telemetry
from pillion.tiers import Lane


@dataclass(frozen=True, slots=True, eq=False)
class Runtime:
    """A configuration and its problems, its engines, the audit policy, the telemetry and the models' store."""

    config: Config
    problems: tuple[Problem, ...]
    pool: Pool
    policy: AuditPolicy
    telemetry: Telemetry
    store: ModelStore
    stamp: ConfigStamp

    def missing_models(self, lanes: Iterable[Lane] = ()) -> list[KnownModel]:
        """The models that embedded endpoints need and that aren't on this machine. With `lanes`: only the models that
        the next request on one of these lanes tries first. Looks at the disk."""
        preferred = [backend.config for lane in lanes if (backend := self.pool.preferred(lane)) is not None]
        endpoints = preferred if lanes else self.config.endpoints.values()
        return self.store.missing(each.model for each in endpoints if each.protocol is Protocol.EMBEDDED)

    async def run(self, task: Task, emit: Emit) -> Outcome:
        """Runs a job and counts it in the telemetry; see run_job."""

        def tell(event: PipelineEvent) -> None:
            if isinstance(event, FindingRaised):
                self.telemetry.finding_raised(event.finding.source, event.finding.severity)
            elif isinstance(event, JobMeasured):
                self.telemetry.job_measured(event.figures)
            emit(event)

        result = "failed"
        try:
            outcome = await run_job(task, self.pool, self.policy, tell)
            result = "rejected" if outcome.rejected else "prose" if outcome.prose else "edit"
        except asyncio.CancelledError:
            result = "cancelled"
            raise
        finally:
            self.telemetry.job_ended(task.action.tier, task.action.id, result)
        return outcome

    async def aclose(self) -> None:
        """Stops the engines."""
        await self.pool.aclose()


# (the workspace's folder, the editor's settings) → Runtime. The first call is slow: it imports pydantic and httpx.
LoadRuntime = Callable[[Path | None, Mapping[str, Any]], Runtime]
