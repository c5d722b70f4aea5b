"""Runs the functions of one job's drafts in the sandboxes: in threads, within a time, and each only once."""

import asyncio
import logging
from collections.abc import Awaitable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from pillion.auditors.running.run_check import RunCheck, RunReport, joined
from pillion.errors import CannotRunError
from pillion.pipeline.policy import AuditPolicy
from pillion.pipeline.run_subjects import Runnable
from pillion.sandbox.sandbox import Call, Limits

NO_TIME = "there was no time left"
# As many as there are cores on a small machine: more would only wait for each other.
_AT_ONCE = 2
# What takes longer than this gives its turn to the others, and goes on beside them, if not too many do.
_SOON_S = 0.5
_SLOW_AT_ONCE = 2
log = logging.getLogger(__name__)


class CodeRuns:
    """The runs of one draft. What a function showed is kept, and counts for as long as all that it can reach is the
    same. `aclose` ends the waiting; a thread that is still busy ends by the sandbox's own limits.

    What runs long has a time of its own, so that a function that never ends takes nothing from the others. The threads
    are its own, too: whoever else needs a thread doesn't wait for code that a model wrote.
    """

    def __init__(self, policy: AuditPolicy) -> None:
        self._sandboxes = policy.sandboxes
        self._checks = policy.make_run_checks(policy.sandboxes)
        self._left_s = self._slow_left_s = policy.run_limit_s
        self._quick, self._slow = asyncio.Semaphore(_AT_ONCE), asyncio.Semaphore(_SLOW_AT_ONCE)
        self._threads = ThreadPoolExecutor(_AT_ONCE + _SLOW_AT_ONCE, thread_name_prefix="run-draft")
        self._runs: dict[tuple[object, ...], asyncio.Task[RunReport]] = {}
        self._warming: list[asyncio.Task[None]] = []

    def warm(self, language: str) -> None:
        """Starts what runs this language, if anything can, so that the first function doesn't wait for it."""
        if self._checks and not self._warming:
            self._warming = [asyncio.create_task(asyncio.to_thread(self._warm, language)) for _ in range(_AT_ONCE)]

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
        running = [*self._runs.values(), *self._warming]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _warm(self, language: str) -> None:
        try:
            self._sandboxes.of(language).run("", [Call("1")], Limits())
        except CannotRunError as exc:
            log.debug("nothing is started for %s: %s", language, exc)

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
        await self._quick.acquire()
        turn = _Turn(self._quick)
        if self._left_s <= 0:
            turn.end()
            return RunReport(not_run=NO_TIME)
        running = asyncio.get_running_loop().run_in_executor(self._threads, check.report, runnable.subject)
        # The turn is over when the thread is, whoever still waits for it.
        running.add_done_callback(turn.over)
        try:
            if not await self._is_done(running, turn):
                return RunReport(not_run=NO_TIME)
            report = running.result()
        except Exception:  # a mistake in Pillion: the other checks still count
            log.exception("the check %s failed", check.name)
            return RunReport(not_run=f"the check “{check.name}” did not get to its end")
        return replace(report, findings=tuple(replace(each, source=check.name) for each in report.findings))

    async def _is_done(self, running: "asyncio.Future[RunReport]", turn: "_Turn") -> bool:
        """Waits for it, as long as there is time."""
        clock = asyncio.get_running_loop().time
        began_s = clock()
        done, _ = await asyncio.wait([running], timeout=min(_SOON_S, self._left_s))
        self._left_s -= clock() - began_s
        if not done and self._left_s > 0 and self._slow_left_s > 0:
            if not self._slow.locked():  # so that this doesn't wait
                await turn.move(self._slow)
            began_s = clock()
            done, _ = await asyncio.wait([running], timeout=self._slow_left_s)
            self._slow_left_s -= clock() - began_s
        if not done and self._left_s <= 0:
            turn.end()  # nothing is run any more, so those who wait may be told
        return bool(done)


class _Turn:
    """One of a semaphore's turns."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns: asyncio.Semaphore | None = turns

    async def move(self, turns: asyncio.Semaphore) -> None:
        """Takes a turn of these instead."""
        await turns.acquire()
        self.end()
        self._turns = turns

    def over(self, running: "asyncio.Future[RunReport]") -> None:
        """Ends the turn of what has run."""
        if not running.cancelled() and running.exception() is not None:
            log.debug("a check failed")
        self.end()

    def end(self) -> None:
        """Gives the turn back, once."""
        turns, self._turns = self._turns, None
        if turns is not None:
            turns.release()


def _key(runnable: Runnable) -> tuple[object, ...]:
    subject = runnable.subject
    return subject.path, subject.former_path, subject.aim, runnable.text, runnable.needs


def failures(reports: Sequence[RunReport]) -> int:
    """How many errors running has shown."""
    return sum(finding.severity == "error" for each in reports for finding in each.findings)


async def no_reports() -> list[RunReport]:
    """Those of a draft that isn't run."""
    return []
