"""Audits a draft while it is written, with and without a model."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from pillion.audit.model_audit import ModelAudit
from pillion.audit.unit_checks import Report, UnitChecks
from pillion.events import AuditFailed, Emit, FindingRaised, UnitClosed
from pillion.findings.finding import Finding
from pillion.findings.finding_list import FindingList
from pillion.findings.place import InDraft
from pillion.syntax.units import UnitStream

log = logging.getLogger(__name__)


class TextFilter(Protocol):
    """Takes what is audited out of a reply while it streams."""

    def feed(self, text: str) -> str:
        """What `text` adds, in whole lines."""

    def finish(self) -> str:
        """The rest."""


class StreamingAudit:
    """Audits one draft. A DraftReader; `run` goes on beside the draft until `finish` was called and all is read.

    Nothing here raises. A mistake in Pillion ends the audit, is logged and reported, and doesn't harm the draft.
    """

    def __init__(
        self,
        make_units: Callable[[], UnitStream],
        make_text: Callable[[], TextFilter],
        make_checks: Callable[[Report], UnitChecks],
        make_model: Callable[[Report], ModelAudit],
        *,
        emit: Emit,
        now_s: Callable[[], float],
    ) -> None:
        self._make_units = make_units
        self._make_text = make_text
        self._emit = emit
        self._now_s = now_s
        self._checks = make_checks(self._report)
        self._model = make_model(self._report)
        self.findings = FindingList()
        self._broken = False
        self._tasks: list[asyncio.Task[None]] = []
        self._begin()

    def begin(self, endpoint: str) -> None:
        """See DraftReader."""
        with self._contained():
            self._model.begin(endpoint)

    def read(self, text: str) -> None:
        """See DraftReader."""
        if not self._broken:
            with self._contained():
                self._feed(self._code.feed(text), finished=False)

    def start_over(self) -> None:
        """See DraftReader."""
        self.findings.clear()
        with self._contained():
            self._checks.start_over()
            self._model.start_over()
            self._begin()

    def finish(self) -> None:
        """The draft is complete."""
        if not self._broken:
            with self._contained():
                self._feed(self._code.finish(), finished=True)
                self._checks.finish()
                self._model.finish()

    async def run(self) -> None:
        """Audits until everything is read; see ModelAudit.run for what an engine's failure does."""
        if self._broken:
            return
        with self._contained():
            async with asyncio.TaskGroup() as group:
                self._tasks = [group.create_task(self._checks.run()), group.create_task(self._model.run())]

    @contextmanager
    def _contained(self) -> Iterator[None]:
        try:
            yield
        except Exception:
            log.exception("the audit failed")
            self._broken = True
            for task in self._tasks:
                task.cancel()
            self._emit(AuditFailed("the audit met a mistake of Pillion's own, which its log has", self._now_s()))

    def _begin(self) -> None:
        self._code = self._make_text()
        self._passed: list[str] = []
        self._units = self._make_units()

    @property
    def code(self) -> str:
        """The code so far, in which the findings have their places."""
        return "".join(self._passed)

    def _feed(self, code: str, *, finished: bool) -> None:
        self._passed.append(code)
        closed = self._units.feed(code)
        if finished:
            closed += self._units.finish()
        for unit in closed:
            self._emit(UnitClosed(unit, self._now_s()))
            self._checks.add(unit)
        if code or closed:
            self._model.read(code, closed)

    def _report(self, found: list[Finding[InDraft]]) -> None:
        for finding in self.findings.add(found):
            self._emit(FindingRaised(finding, self._now_s()))
