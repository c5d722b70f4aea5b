"""Runs the functions of a draft as soon as they are complete, while the draft still streams."""

import asyncio
import logging
import re
from bisect import bisect_right
from collections.abc import Awaitable, Callable

from pillion.auditors.running.run_check import RunReport
from pillion.events import Emit, FindingRaised, FunctionRan
from pillion.findings.finding_list import FindingList
from pillion.findings.moves import passage_to_edit
from pillion.findings.relocation import in_draft
from pillion.pipeline.code_runs import CodeRuns
from pillion.pipeline.complete_parts import CompletePart, CompleteParts, runnables_of_part
from pillion.pipeline.draft_reading import DraftReading
from pillion.pipeline.outcome import Task
from pillion.pipeline.run_subjects import Runnable

_WORD = re.compile(r"\w")
log = logging.getLogger(__name__)


class RunAlong:
    """A DraftReader. `run` goes on beside the draft until `finish` was called; what is still to do then is left to the
    finished edit, in which everything is run that wasn't. Nothing here raises."""

    def __init__(
        self, task: Task, reading: DraftReading, runs: CodeRuns, *, emit: Emit, now_s: Callable[[], float]
    ) -> None:
        self._task = task
        self._reading = reading
        self._language = reading.frame.language
        self._runs = runs
        self._emit = emit
        self._now_s = now_s
        self._wake = asyncio.Event()
        self._finished = False
        self._endpoint = ""
        self._generation = 0
        self.findings = FindingList()
        self._begin()

    def begin(self, endpoint: str) -> None:
        """See DraftReader."""
        self._endpoint = endpoint

    def read(self, text: str) -> None:
        """See DraftReader."""
        if self._finished:
            return
        try:
            self._take(self._filter.feed(text))
        except Exception:
            log.exception("a draft couldn't be run along")
            self.finish()

    def start_over(self) -> None:
        """See DraftReader."""
        self._generation += 1
        self.findings.clear()
        self._begin()

    def finish(self) -> None:
        """The draft is complete."""
        self._finished = True
        self._wake.set()

    async def run(self) -> None:
        """Runs what is complete, each time that there is more of it."""
        try:
            async with asyncio.TaskGroup() as telling:
                await self._run_new(telling)
        except* Exception:
            log.exception("a draft couldn't be run along")

    async def _run_new(self, telling: asyncio.TaskGroup) -> None:
        waiting: list[CompletePart] = []
        generation = self._generation
        while True:
            if not waiting:
                await self._wake.wait()
            if self._finished:
                return
            if generation != self._generation:
                generation, waiting = self._generation, []
            if self._wake.is_set():
                self._wake.clear()
                waiting += await asyncio.to_thread(self._parts.new_in, "".join(self._pieces))
            elif waiting:  # the newest first: its author is still there
                await self._start(waiting.pop(), generation, telling)

    async def _start(self, part: CompletePart, generation: int, telling: asyncio.TaskGroup) -> None:
        parts = self._parts
        try:
            found, waits = await asyncio.to_thread(runnables_of_part, part, self._language, self._endpoint)
        except Exception:  # a mistake in Pillion: the other parts are still run
            log.exception("a part of a draft couldn't be run along")
            return
        if waits:
            parts.wait(part)
        for runnable in found:
            if generation == self._generation and not self._runs.knows(runnable):
                telling.create_task(self._tell(part, runnable, self._runs.report(runnable), generation))

    async def _tell(
        self, part: CompletePart, runnable: Runnable, running: Awaitable[RunReport], generation: int
    ) -> None:
        """What running it has shown, as soon as it has."""
        report = await running
        text = runnable.subject.passage.text
        placed = in_draft([passage_to_edit(each) for each in report.findings], text, part.code)
        if generation != self._generation:
            return
        now_s = self._now_s()
        self._emit(FunctionRan(runnable.subject.path[-1], now_s - self._had_at_s(part), now_s))
        for finding in self.findings.add(placed):
            self._emit(FindingRaised(finding, now_s))

    def _begin(self) -> None:
        self._filter = self._reading.text()
        self._units = self._reading.units()
        self._parts = CompleteParts(self._task, self._language)
        self._pieces: list[str] = []
        self._length = 0
        self._reads: list[tuple[int, float]] = []
        self._has_closed = False

    def _take(self, code: str) -> None:
        """Wakes `run` where a unit has closed, and where the first code comes behind it."""
        self._pieces.append(code)
        has_closed = bool(self._units.feed(code))
        if _WORD.search(code) is not None:
            self._reads.append((self._length + len(code.rstrip()), self._now_s()))
            if has_closed or self._has_closed:
                self._wake.set()
            self._has_closed = False
        self._has_closed |= has_closed
        self._length += len(code)

    def _had_at_s(self, part: CompletePart) -> float:
        """When there was code behind the part, so that it was sure to be complete."""
        at = bisect_right(self._reads, len(part.code), key=lambda each: each[0])
        return self._reads[min(at, len(self._reads) - 1)][1]
