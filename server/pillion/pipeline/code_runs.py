"""Runs the functions of one job's drafts in the sandboxes: in threads, within a time, and each only once."""

import asyncio
import logging
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import replace

from pillion.auditors.running.run_check import RunCheck, RunReport, joined
from pillion.errors import CannotRunError
from pillion.pipeline.policy import AuditPolicy
from pillion.pipeline.run_subjects import Runnable

NO_TIME = "there was no time left"
# As many as a sandbox has workers: more would only wait for each other.
_AT_ONCE = 2
log = logging.getLogger(__name__)


class CodeRuns:
    """The runs of one draft. What a function showed is kept, and counts for as long as all that it can reach is the
    same. `aclose` ends the waiting; a thread that is still busy ends by the sandbox's own limits."""

    def __init__(self, policy: AuditPolicy) -> None:
        self._sandboxes = policy.sandboxes
        self._checks = policy.make_run_checks(policy.sandboxes)
        self._left_s = policy.run_limit_s
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._runs: dict[tuple[object, ...], asyncio.Task[RunReport]] = {}

    def knows(self, runnable: Runnable) -> bool:
        """Whether it was run already, or is running."""
        return _key(runnable) in self._runs

    def report(self, runnable: Runnable) -> Awaitable[RunReport]:
        """What running it shows. It begins now, and goes on even if nobody waits for it."""
        return asyncio.shield(self._run_of(runnable))

    async def reports(self, runnables: Iterable[Runnable]) -> list[RunReport]:
        """What running each of them has shown, in their order."""
        return list(await asyncio.gather(*map(self.report, runnables)))

    async def aclose(self) -> None:
        """Ends the waiting for what still runs."""
        running = list(self._runs.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _run_of(self, runnable: Runnable) -> asyncio.Task[RunReport]:
        key = _key(runnable)
        if key not in self._runs:
            self._runs[key] = asyncio.create_task(self._run(runnable))
        return self._runs[key]

    async def _run(self, runnable: Runnable) -> RunReport:
        language = runnable.subject.passage.language.id
        if reason := await asyncio.to_thread(self._hindrance, language):
            return RunReport(not_run=reason)
        if not self._checks:
            return RunReport(not_run="nothing here can run it")
        return joined(await asyncio.gather(*(self._report(each, runnable) for each in self._checks)))

    def _hindrance(self, language: str) -> str:
        try:
            self._sandboxes.of(language)
        except CannotRunError as exc:
            return str(exc)
        return ""

    async def _report(self, check: RunCheck, runnable: Runnable) -> RunReport:
        async with self._slots:
            if self._left_s <= 0:
                return RunReport(not_run=NO_TIME)
            loop = asyncio.get_running_loop()
            began_s = loop.time()
            try:
                async with asyncio.timeout(self._left_s):
                    report = await asyncio.to_thread(check.report, runnable.subject)
            except TimeoutError:
                report = RunReport(not_run=NO_TIME)
            except Exception:  # a mistake in Pillion: the other checks still count
                log.exception("the check %s failed", check.name)
                report = RunReport(not_run=f"the check “{check.name}” did not get to its end")
            self._left_s -= loop.time() - began_s
        return replace(report, findings=tuple(replace(each, source=check.name) for each in report.findings))


def _key(runnable: Runnable) -> tuple[object, ...]:
    subject = runnable.subject
    return subject.path, subject.former_path, subject.aim, runnable.text, runnable.needs


def failures(reports: Sequence[RunReport]) -> int:
    """How many errors running has shown."""
    return sum(finding.severity == "error" for each in reports for finding in each.findings)


async def no_reports() -> list[RunReport]:
    """Those of a draft that isn't run."""
    return []
