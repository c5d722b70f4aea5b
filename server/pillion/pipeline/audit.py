"""The audit that rides along: reads a draft while it is written, with and without a model."""

import asyncio
from collections.abc import Callable

from pillion.edits.fences import CodeFilter
from pillion.findings import Finding
from pillion.pipeline.checks import UnitChecks
from pillion.pipeline.events import Emit, FindingRaised, UnitClosed
from pillion.pipeline.findings import FindingList
from pillion.pipeline.model_audit import ModelAudit
from pillion.syntax.languages import Language
from pillion.syntax.units import UnitStream

# What an auditor calls to say what it found.
Report = Callable[[list[Finding]], None]


class StreamingAudit:
    """Audits one draft. A DraftReader; `run` goes on beside the draft until `finish` was called and all is read."""

    def __init__(
        self,
        language: Language,
        make_checks: Callable[[Report], UnitChecks],
        make_model: Callable[[Report], ModelAudit],
        *,
        emit: Emit,
        now_s: Callable[[], float],
    ) -> None:
        self._language = language
        self._emit = emit
        self._now_s = now_s
        self._checks = make_checks(self._report)
        self._model = make_model(self._report)
        self.findings = FindingList()
        self._begin()

    def begin(self, endpoint: str) -> None:
        """See DraftReader."""
        self._model.begin(endpoint)

    def read(self, text: str) -> None:
        """See DraftReader."""
        code = self._code.feed(text)
        self._feed(code, finished=False)

    def start_over(self) -> None:
        """See DraftReader."""
        self.findings.clear()
        self._checks.start_over()
        self._model.start_over()
        self._begin()

    def finish(self) -> None:
        """The draft is complete."""
        self._feed(self._code.finish(), finished=True)
        self._checks.finish()
        self._model.finish()

    async def run(self) -> None:
        """Audits until everything is read; see ModelAudit.run for what an engine's failure does."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._checks.run())
            group.create_task(self._model.run())

    def _begin(self) -> None:
        self._code = CodeFilter()
        self._units = UnitStream(self._language)

    def _feed(self, code: str, *, finished: bool) -> None:
        closed = self._units.feed(code)
        if finished:
            closed += self._units.finish()
        for unit in closed:
            self._emit(UnitClosed(unit, self._now_s()))
            self._checks.add(unit)
        if code or closed:
            self._model.read(code, closed)

    def _report(self, found: list[Finding]) -> None:
        for finding in self.findings.add(found):
            self._emit(FindingRaised(finding, self._now_s()))
