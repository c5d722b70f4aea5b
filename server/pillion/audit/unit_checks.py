"""Runs the deterministic auditors on each closed unit, and on the finished edit. Never on the event loop."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pillion.auditors.auditor import Auditor, Passage, Sees
from pillion.findings.finding import Finding
from pillion.findings.finding_list import MAX_CHECKS
from pillion.findings.moves import passage_to_draft, passage_to_edit
from pillion.findings.new_parts import NewParts
from pillion.findings.place import InDraft, InEdit, InPassage
from pillion.syntax.units import Unit

_IN_PARTS = frozenset({Sees.WORDS, Sees.UNIT})
log = logging.getLogger(__name__)

# An auditor reports its findings with this.
Report = Callable[[list[Finding[InDraft]]], None]


class UnitChecks:
    """Runs the auditors that see units, all at once for each unit. Reports their findings as soon as they are found."""

    def __init__(self, auditors: Iterable[Auditor], frame: Passage, report: Report) -> None:
        self._auditors = tuple(each for each in auditors if each.sees in _IN_PARTS)
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
        """There are no more units."""
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
        """Checks waiting units together, as one text."""
        generation = self._generation
        text = "".join(unit.text for unit in units)
        passage = replace(self._frame, text=text, start=0, end=len(text))
        checked = await run_auditors((auditor, passage) for auditor in self._auditors)
        if generation == self._generation:
            self._report([passage_to_draft(each, units[0].start) for each in checked.found])


@dataclass(frozen=True, slots=True)
class Checked:
    """The auditors' findings, each in the passage that its auditor was shown. `silent`: the names of the auditors that
    failed or were too late."""

    found: list[Finding[InPassage]]
    silent: list[str]


async def check_edit(
    auditors: Iterable[Auditor], passage: Passage, regions: Sequence[InEdit], *, within_s: float
) -> list[Finding[InEdit]]:
    """The auditors' findings in a finished edit, the worst first. The passage is all of its text; `regions` are new.

    Auditors that see units get all the new parts as one text, so that they see an import together with its use. If an
    auditor fails, or takes longer than `within_s`, nobody waits for it, and the findings get an error: an edit that
    wasn't checked must not look like an edit that passed.
    """
    chosen = list(auditors)
    new = NewParts.of(passage.text, regions)
    part = replace(passage, text=new.text, start=0, end=len(new.text))
    whole, parts = await asyncio.gather(
        run_auditors(((each, passage) for each in chosen if each.sees not in _IN_PARTS), within_s),
        run_auditors(((each, part) for each in chosen if each.sees in _IN_PARTS), within_s),
    )
    # There may be unchanged code between a new import at the top and the symbol.
    in_all = map(passage_to_edit, whole.found)
    found = [each for each in in_all if any(each.place.touches(region) for region in regions)]
    found += map(new.to_edit, parts.found)
    found += [_unchecked(name, passage.text, regions[0]) for name in (*whole.silent, *parts.silent) if regions]
    return sorted(found, key=lambda each: (each.severity != "error", each.start))[:MAX_CHECKS]


async def run_auditors(calls: Iterable[tuple[Auditor, Passage]], within_s: float | None = None) -> Checked:
    """Runs all auditors at once, each in a thread. Returns the findings of those that finish in time."""
    running: dict[asyncio.Task[list[Finding[InPassage]] | None], str] = {}
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
    found: list[Finding[InPassage]] = []
    for task, name in running.items():
        result = None if task.cancelled() else task.result()
        if result is not None:
            found += result
        elif name not in silent:
            silent.append(name)
    return Checked(found, silent)


def _findings(auditor: Auditor, passage: Passage) -> list[Finding[InPassage]] | None:
    """Runs in a thread. If an auditor fails, that is a mistake in Pillion: it is logged, and the others still count."""
    try:
        return [replace(each) for each in auditor.audit(passage)]
    except Exception:
        log.exception("the auditor %s failed", auditor.name)
        return None


def _unchecked(name: str, text: str, region: InEdit) -> Finding[InEdit]:
    lines = text[region.start : region.end].splitlines()
    quote = next((stripped for line in lines if (stripped := line.strip())), "")[:200]
    start = text.find(quote, region.start)
    message = f"The check “{name}” did not get to its end: look at this yourself before you keep it."
    return Finding(quote, "error", "unchecked", message, InEdit(start, start + len(quote)), name)
