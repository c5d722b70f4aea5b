"""Runs the deterministic auditors: on each unit as it closes, and on the finished edit. Never on the event loop."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pillion.auditors.base import Auditor, Passage, Sees
from pillion.findings import Finding
from pillion.pipeline.findings import MAX_CHECKS
from pillion.syntax.units import Unit

log = logging.getLogger(__name__)

# What is called with the findings in units that were checked together.
Report = Callable[[list[Finding]], None]


class UnitChecks:
    """The auditors that see units, all at once for each; what they find is reported as it is found."""

    def __init__(self, auditors: Iterable[Auditor], frame: Passage, report: Report) -> None:
        self._auditors = tuple(each for each in auditors if each.sees is Sees.UNIT)
        self._frame = frame
        self._report = report
        self._wake = asyncio.Event()
        self._finished = False
        self._waiting: list[Unit] = []
        self._generation = 0

    def add(self, unit: Unit) -> None:
        """A unit has closed."""
        self._waiting.append(unit)
        self._wake.set()

    def finish(self) -> None:
        """There are no more."""
        self._finished = True
        self._wake.set()

    def start_over(self) -> None:
        """The units so far are void."""
        self._waiting.clear()
        self._generation += 1

    async def run(self) -> None:
        """Checks until all units are checked."""
        while True:
            if self._waiting:
                waiting, self._waiting = self._waiting, []
                await self._check(waiting)
            elif self._finished:
                return
            else:
                self._wake.clear()
                await self._wake.wait()

    async def _check(self, units: list[Unit]) -> None:
        """Units that waited go together, as one text."""
        generation = self._generation
        text = "".join(unit.text for unit in units)
        passage = replace(self._frame, text=text, start=0, end=len(text))
        found = await run_auditors([_Call(auditor, passage, units[0].start) for auditor in self._auditors])
        if generation == self._generation:
            self._report(found)


@dataclass(frozen=True, slots=True)
class _Call:
    """An auditor, what it is to judge, and where that stands in the text that its findings are placed in."""

    auditor: Auditor
    passage: Passage
    offset: int = 0

    def findings(self) -> list[Finding]:
        """Runs in a thread. One that fails is a mistake of ours: it is logged, and the others count."""
        try:
            found = self.auditor.audit(self.passage)
            return [replace(each, start=each.start + self.offset, end=each.end + self.offset) for each in found]
        except Exception:
            log.exception("the auditor %s failed", self.auditor.name)
            return []


async def check_edit(
    auditors: Iterable[Auditor],
    passage: Passage,
    regions: Sequence[tuple[int, int]],
    *,
    within_s: float,
) -> list[Finding]:
    """What the auditors say of a finished edit, the worst first. `regions` are its new parts in `passage.text`.

    Those that see units are given the regions as such. An auditor that takes longer than `within_s` isn't waited for.
    """
    chosen = list(auditors)
    calls = [_Call(each, passage) for each in chosen if each.sees is Sees.EDIT]
    for start, end in regions:
        line_start = passage.text.rfind("\n", 0, start) + 1
        if not passage.text[line_start:start].strip():
            start = line_start  # its first line is indented like the others
        part = replace(passage, text=passage.text[start:end], start=0, end=end - start)
        calls += [_Call(each, part, start) for each in chosen if each.sees is Sees.UNIT]
    found = await run_auditors(calls, within_s)
    # Between a new import at the top and the symbol there is code that nobody has touched.
    new = [each for each in found if any(each.start <= end and start <= each.end for start, end in regions)]
    return sorted(new, key=lambda each: (each.severity != "error", each.start))[:MAX_CHECKS]


async def run_auditors(calls: Iterable[_Call], within_s: float | None = None) -> list[Finding]:
    """All of them at once, each in a thread; what those found that were done in time."""
    running: dict[asyncio.Task[list[Finding]], _Call] = {}
    async with asyncio.TaskGroup() as group:
        for call in calls:
            running[group.create_task(asyncio.to_thread(call.findings))] = call
        if running:
            _, late = await asyncio.wait(running, timeout=within_s)
            for task in late:
                log.warning("the auditor %s took more than %s s", running[task].auditor.name, within_s)
                task.cancel()
    return [finding for task in running if not task.cancelled() for finding in task.result()]
