"""What a job runs on: the current configuration and its engines. cli/compose.py puts them together."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pillion.config.loading import Problem
from pillion.config.model_sets import UNCHOSEN
from pillion.config.schema import Config, Protocol
from pillion.config.stamp import ConfigStamp
from pillion.events import Emit, FindingRaised, JobMeasured, PipelineEvent
from pillion.models.known import KnownModel
from pillion.models.speed import Speed, SpeedStore
from pillion.models.store import ModelStore
from pillion.pipeline.job_run import run_job
from pillion.pipeline.outcome import Outcome, Task
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.discovery.discovery import Discovery
from pillion.pool.pool import Pool
from pillion.telemetry.job_figures import JobFigures
from pillion.telemetry.metrics import Telemetry
from pillion.tiers import Lane

# The rate of a shorter draft is mostly chance.
_MEASURED_TOKENS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Runtime:
    """A configuration and its problems, its engines, the audit policy, the telemetry, the models' store and speeds.

    It owns the engines and the policy's sandboxes.
    """

    config: Config
    problems: tuple[Problem, ...]
    pool: Pool
    policy: AuditPolicy
    telemetry: Telemetry
    store: ModelStore
    speeds: SpeedStore
    stamp: ConfigStamp
    discovery: Discovery = field(default_factory=Discovery)
    """The engines that were found on this machine, if they were looked for."""

    def choice_is_due(self) -> bool:
        """Whether the user still has to choose which models Pillion's own engines run: they are used, nothing was
        chosen, and the models that hold until then aren't here. Looks at the disk."""
        unchosen = self.config.models is None and not self.config.names_endpoints
        return unchosen and bool(self.store.missing(UNCHOSEN.names))

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
                measured.append(event.figures)
            emit(event)

        measured: list[JobFigures] = []
        result = "failed"
        try:
            outcome = await run_job(task, self.pool, self.policy, tell)
            result = "rejected" if outcome.rejected else "prose" if outcome.prose else "edit"
        except asyncio.CancelledError:
            result = "cancelled"
            raise
        finally:
            self.telemetry.job_ended(task.action.tier, task.action.id, result)
        for figures in measured:
            await asyncio.to_thread(self._keep_speed, figures)
        return outcome

    def _keep_speed(self, figures: JobFigures) -> None:
        """Remembers how fast an engine of Pillion's own drafted, for who chooses models later."""
        for each in self.pool.status():
            drafted = each.name == figures.draft_endpoint and figures.draft_tokens >= _MEASURED_TOKENS
            if drafted and each.config.protocol is Protocol.EMBEDDED and each.tokens_per_s > 0:
                self.speeds.keep(Speed(each.config.model, each.tokens_per_s, datetime.now(UTC).date().isoformat()))

    async def aclose(self) -> None:
        """Stops the engines, and ends what the sandboxes have started."""
        try:
            await self.pool.aclose()
        finally:
            await asyncio.to_thread(self.policy.sandboxes.close)


# (the workspace's folder, the editor's settings) → Runtime. The first call is slow: it imports pydantic and httpx.
LoadRuntime = Callable[[Path | None, Mapping[str, Any]], Runtime]
