"""`pillion bench audit`: the draft alone, and with its audit in sequence, after it, and beside it, in one run.

It runs on fake engines with the published times (bench/published.py says what is assumed) and on two embedded engines.
Each embedded engine has the same share of the cores in every scenario, as each of two GPUs would stay the same.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pillion.auditors.auditor import Auditor
from pillion.bench.published import DRAFT_S, fake_pair
from pillion.bench.sample_drafts import SampleDraft
from pillion.bench.scenarios import AUDITED_BEFORE, Run, Scenario, lanes_of, run_scenario, warm_up
from pillion.pipeline.outcome import Task
from pillion.pool.pool import Pool
from pillion.sandbox.sandboxes import Sandboxes

if TYPE_CHECKING:
    from pillion.models.store import ModelStore

MAX_DRAFT_RATIO, MIN_SPEEDUP = 1.05, 2.2
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All scenarios on one draft. `scale` is the factor by which the engines' published times were scaled."""

    title: str
    runs: Mapping[Scenario, Run]
    scale: float | None = None

    def draft_ratio(self, scenario: Scenario) -> float:
        """The scenario's time ÷ the time of the draft alone."""
        return self.runs[scenario].seconds / self.runs[Scenario.ALONE].seconds

    def speedup(self, scenario: Scenario) -> float:
        """How many times faster the scenario is than the sequence on one endpoint."""
        return self.runs[Scenario.SEQUENCE].seconds / self.runs[scenario].seconds

    def missed(self) -> list[str]:
        """The targets that draft and audit side by side miss, in words. Real engines have no targets, because their
        times depend on their models."""
        if self.scale is None:
            return []
        ratio, speedup = self.draft_ratio(Scenario.BESIDE), self.speedup(Scenario.BESIDE)
        missed: list[str] = []
        if ratio > MAX_DRAFT_RATIO:
            missed.append(f"{self.title}: side by side takes {ratio:.3f} × the draft alone, at most {MAX_DRAFT_RATIO}")
        if speedup < MIN_SPEEDUP:
            missed.append(
                f"{self.title}: side by side is {speedup:.3f} × faster than the sequence, at least {MIN_SPEEDUP}"
            )
        return missed

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        rows = [
            {**asdict(run), "draft_ratio": self.draft_ratio(scenario), "speedup": self.speedup(scenario)}
            for scenario, run in self.runs.items()
        ]
        return {"title": self.title, "scale": self.scale, "runs": rows, "missed": self.missed()}


async def compare_fakes(
    drafts: tuple[SampleDraft, ...], scale: float, repeats: int, auditors: tuple[Auditor, ...], progress: Progress
) -> list[Comparison]:
    """Every draft on fake engines; one repeat of one draft takes about 105 s at scale 1.

    Raises:
        PillionError: a draft wasn't drafted, audited and accepted.
    """
    compared: list[Comparison] = []
    with fake_pair() as pair:
        for draft in drafts:
            progress(f"{draft.title}: the draft takes {DRAFT_S * scale:.1f} s")
            await pair.script(draft, scale)
            runs = await _all_scenarios(draft.task(), pair.pool, repeats, auditors)
            compared.append(Comparison(draft.title, runs, scale))
    return compared


async def compare_embedded(
    title: str, task: Task, store: "ModelStore", repeats: int, auditors: tuple[Auditor, ...], progress: Progress
) -> Comparison:
    """A draft that the default model writes, on the two embedded engines of the default configuration.

    Raises:
        PillionError: the engines can't be used, or the draft wasn't accepted.
    """
    from pillion.backends.create import create_backends
    from pillion.config.schema import Config

    @asynccontextmanager
    async def pool(scenario: Scenario) -> AsyncIterator[Pool]:
        # New engines each time: llama.cpp keeps more than the last prompt.
        progress(f"{title}: {scenario}")
        backends = create_backends(Config(), store)
        opened = Pool(backends, lanes_of(scenario, "driver", "passenger"))
        try:
            for backend in backends.values():
                await warm_up(backend, AUDITED_BEFORE)
            yield opened
        finally:
            await opened.aclose()

    return Comparison(title, await _all_scenarios(task, pool, repeats, auditors))


async def _all_scenarios(
    task: Task,
    open_pool: Callable[[Scenario], AbstractAsyncContextManager[Pool]],
    repeats: int,
    auditors: tuple[Auditor, ...],
) -> dict[Scenario, Run]:
    """The run with the median time of each scenario. The scenarios take turns, so that all see the same machine."""
    runs: dict[Scenario, list[Run]] = {scenario: [] for scenario in Scenario}
    sandboxes = Sandboxes()
    try:
        for _ in range(repeats):
            for scenario, of_scenario in runs.items():
                async with open_pool(scenario) as pool:
                    of_scenario.append(await run_scenario(scenario, task, pool, auditors, sandboxes))
    finally:
        await asyncio.to_thread(sandboxes.close)
    return {scenario: sorted(each, key=lambda run: run.seconds)[repeats // 2] for scenario, each in runs.items()}
