"""Runs the deterministic auditors: on each unit as it closes, and on the finished edit. Never on the event loop."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from pillion.auditors.base import Auditor, Passage, Sees
from pillion.findings import Finding
from pillion.syntax.units import Unit

log = logging.getLogger(__name__)

# What units were found out, and the units it is about.
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
        found = await run_auditors(self._auditors, passage)
        if generation == self._generation:
            offset = units[0].start
            self._report([replace(each, start=each.start + offset, end=each.end + offset) for each in found])


async def check_edit(
    auditors: Iterable[Auditor], passage: Passage, regions: Iterable[tuple[int, int]], *, units_seen: bool
) -> list[Finding]:
    """What the auditors say of a finished edit. `regions` are its new parts in `passage.text`.

    Those that see units are given the regions as such, unless they have seen them while they streamed.
    """
    of_edit = [each for each in auditors if each.sees is Sees.EDIT]
    of_unit = [] if units_seen else [each for each in auditors if each.sees is Sees.UNIT]
    found = await run_auditors(of_edit, passage)
    for start, end in regions if of_unit else ():
        text = passage.text[start:end]
        for each in await run_auditors(of_unit, replace(passage, text=text, start=0, end=len(text))):
            found.append(replace(each, start=each.start + start, end=each.end + start))
    return found


async def run_auditors(auditors: Iterable[Auditor], passage: Passage) -> list[Finding]:
    """All of them at once, each in a thread. One that fails is a mistake of ours: it is logged, the others count."""
    chosen = list(auditors)
    calls = (asyncio.to_thread(auditor.audit, passage) for auditor in chosen)
    results = await asyncio.gather(*calls, return_exceptions=True)
    found: list[Finding] = []
    for auditor, result in zip(chosen, results, strict=True):
        if isinstance(result, BaseException):
            log.error("the auditor %s failed", auditor.name, exc_info=result)
        else:
            found += result
    return found
