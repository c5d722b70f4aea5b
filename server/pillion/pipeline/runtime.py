"""What a job runs on: the configuration that holds and the engines it names, put together by cli/compose.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pillion.config import Config
from pillion.config_load import Problem
from pillion.pipeline.policy import AuditPolicy
from pillion.pool.pool import Pool


@dataclass(frozen=True, slots=True, eq=False)
class Runtime:
    """A configuration, what was wrong with it, its engines, and how they audit."""

    config: Config
    problems: tuple[Problem, ...]
    pool: Pool
    policy: AuditPolicy

    async def aclose(self) -> None:
        """Stops the engines."""
        await self.pool.aclose()


# (the workspace's folder, the editor's settings) → Runtime. Slow the first time: it imports pydantic and httpx.
LoadRuntime = Callable[[Path | None, Mapping[str, Any]], Runtime]
