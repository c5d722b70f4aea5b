"""Runs the deterministic auditors: on each unit as it closes, and on the finished edit. Never on the event loop."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pillion.auditors.auditor import Auditor, Passage, Sees
from pillion.edits.file_change import Region
from pillion.edits.new_regions import NewParts
from pillion.findings.finding import Finding
from pillion.findings.finding_list import MAX_CHECKS
from pillion.syntax.units import Unit

log = logging.getLogger(__name__)

# What an auditor calls to say what it found.
Report = Callable[[list[Finding]], None]


class UnitChecks:
    """The auditors that see units, all at once for each; what they find is reported as it is found."""

    def __init__(self, auditors: Iterable[Auditor], frame: Passage, report: Report) -> None:
        self._auditors = tuple(each for each in auditors if each.sees is not Sees.EDIT)
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
        checked = await run_auditors((auditor, passage) for auditor in self._auditors)
        if generation == self._generation:
            offset = units[0].start
            self._report([replace(each, start=each.start + offset, end=each.end + offset) for each in checked.found])


@dataclass(frozen=True, slots=True)
class Checked:
    """What auditors found; `silent` are the names of those that failed or were too late."""

    found: list[Finding]
    silent: list[str]


async def check_edit(
    auditors: Iterable[Auditor], passage: Passage, regions: Sequence[Region], *, within_s: float
) -> list[Finding]:
    """What the auditors say of a finished edit, the worst first. `regions` are its new parts in `passage.text`.

    Those that see units are given all the new parts as one text, so that an import is seen with what it is used for.
    An auditor that fails, or takes longer than `within_s`, isn't waited for, and that is an error among the findings:
    an edit that nobody has checked must not look like one that was found to be good.
    """
    chosen = list(auditors)
    new = NewParts.of(passage.text, regions)
    part = replace(passage, text=new.text, start=0, end=len(new.text))
    whole, parts = await asyncio.gather(
        run_auditors(((each, passage) for each in chosen if each.sees is Sees.EDIT), within_s),
        run_auditors(((each, part) for each in chosen if each.sees is not Sees.EDIT), within_s),
    )
    # Between a new import at the top and the symbol there is code that nobody has touched.
    found = [each for each in whole.found if any(each.start <= end and start <= each.end for start, end in regions)]
    found += map(new.placed, parts.found)
    found += [_unchecked(name, passage.text, regions[0]) for name in (*whole.silent, *parts.silent) if regions]
    return sorted(found, key=lambda each: (each.severity != "error", each.start))[:MAX_CHECKS]


async def run_auditors(calls: Iterable[tuple[Auditor, Passage]], within_s: float | None = None) -> Checked:
    """All of them at once, each in a thread; what those found that were done in time."""
    running: dict[asyncio.Task[list[Finding] | None], str] = {}
    silent: list[str] = []
    async with asyncio.TaskGroup() as group:
        for auditor, passage in calls:
            running[group.create_task(asyncio.to_thread(_findings, auditor, passage))] = auditor.name
        if running:
            _, late = await asyncio.wait(running, timeout=within_s)
            for task in late:
                log.warning("the auditor %s took more than %s s", running[task], within_s)
                silent.append(running[task])
                task.cancel()
    found: list[Finding] = []
    for task, name in running.items():
        result = None if task.cancelled() else task.result()
        if result is not None:
            found += result
        elif name not in silent:
            silent.append(name)
    return Checked(found, silent)


def _findings(auditor: Auditor, passage: Passage) -> list[Finding] | None:
    """Runs in a thread. An auditor that fails is a mistake of ours: it is logged, and the others count."""
    try:
        return [replace(each) for each in auditor.audit(passage)]
    except Exception:
        log.exception("the auditor %s failed", auditor.name)
        return None


def _unchecked(name: str, text: str, region: Region) -> Finding:
    start, end = region
    quote = next((stripped for line in text[start:end].splitlines() if (stripped := line.strip())), "")[:200]
    start = text.find(quote, start)
    message = f"The check “{name}” did not get to its end: look at this yourself before you keep it."
    return Finding(quote, "error", "unchecked", message, start, start + len(quote), name)
