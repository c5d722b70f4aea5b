"""Python in Monty: an interpreter that has no files, network, environment or processes to reach.

Each program runs in a worker process of Monty's pool, so that a crash harms nobody.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Literal

from pydantic_monty import Monty, MontyCrashedError, MontyError, MontySession, ResourceLimits

from pillion.errors import CannotRunError
from pillion.sandbox.monty_doubts import doubts_of
from pillion.sandbox.monty_failures import FAILURES, MOST_RECURSION, SUSPENDED_TOO_OFTEN, doubted, failure
from pillion.sandbox.monty_worker import confine, worker_program
from pillion.sandbox.python_values import PythonValues
from pillion.sandbox.sandbox import Answer, Call, Limits, NotRun, Raised, Returned, Stopped

_RESULT = "_pillion_result"
_READ_ONCE = ("Generated", "list_iterator", "tuple_iterator", "chain", "islice", "map", "filter", "zip")
# Two for what runs quickly, two for what runs long.
_WORKERS = 4
_CHECKOUT_S = 10.0
# A worker that doesn't answer at all is killed after so long.
_SILENT_S = 20.0
# A worker is killed so long after the limit that its own clock should have kept.
_GRACE_S = 0.5
# Names that nothing defines, modules and files that aren't there: each asks this process, which has none of them.
_MOST_SUSPENSIONS = 1000
_MOST_SOURCE = 1_000_000
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
log = logging.getLogger(__name__)


class MontySandbox:
    """A Sandbox for Python. Workers start at the first run and stay warm; one that ends is replaced.

    Raises:
        CannotRunError: Monty's worker isn't installed.
    """

    def __init__(self, worker: Path | None = None) -> None:
        self._worker = worker or worker_program()
        self._lock = Lock()
        self._pool: Monty | None = None
        self._closed = False

    def run(self, program: str, calls: Sequence[Call], limits: Limits) -> Sequence[Answer]:
        """See Sandbox."""
        if len(program) > _MOST_SOURCE:
            raise CannotRunError("is too long to be run")
        if reason := doubts_of(program).refusal:
            raise CannotRunError(reason)
        run = _Run(program, calls, limits)
        while run.is_unfinished():
            with self._session(limits) as session:
                run.go_on(session)
        return run.all_answers()

    def close(self) -> None:
        """See Sandbox. A run that is under way ends with what it is at, within its limits."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.__exit__(None, None, None)

    @contextmanager
    def _session(self, limits: Limits) -> Iterator[MontySession]:
        checkout, session = self._checked_out(limits)
        try:
            if (pid := session.worker_pid) is not None:
                confine(pid, limits.memory_bytes)
            yield session
        finally:
            try:
                checkout.__exit__(None, None, None)
            except (MontyError, RuntimeError) as exc:
                log.info("a sandbox's worker wasn't given back: %s", exc)

    def _checked_out(self, limits: Limits) -> tuple[MontySession, MontySession]:
        """A session, and what gives it back. Workers that ended while they were idle are found out only here."""
        wanted: ResourceLimits = {
            "max_feed_duration_secs": limits.call_s,
            "max_memory": limits.memory_bytes,
            "max_recursion_depth": MOST_RECURSION,
            "max_suspensions": _MOST_SUSPENSIONS,
        }
        dead = 0
        while True:
            checkout = self._workers().checkout(
                limits=wanted,
                assert_message_annotations=False,
                os_policy={"datetime": _NOON, "sleep": "zero", "random_start": {"seed": 0}},
            )
            try:
                return checkout, checkout.__enter__()
            except (MontyError, RuntimeError, TimeoutError, OSError) as exc:
                dead += 1
                if not isinstance(exc, MontyCrashedError) or dead > _WORKERS:
                    raise CannotRunError(f"the sandbox has no worker to run it: {exc}") from exc

    def _workers(self) -> Monty:
        with self._lock:
            if self._closed:
                raise CannotRunError("the sandbox is closed")
            if self._pool is None:
                pool = Monty(
                    binary_path=self._worker,
                    max_processes=_WORKERS,
                    checkout_timeout=_CHECKOUT_S,
                    request_timeout=_SILENT_S,
                    feed_duration_limit_grace=_GRACE_S,
                    turn_duration_limit_grace=_GRACE_S,
                )
                try:
                    self._pool = pool.__enter__()
                except (MontyError, RuntimeError, OSError) as exc:
                    raise CannotRunError(f"the sandbox's worker can't be started: {exc}") from exc
            return self._pool


class _Run:
    """One run of a program: its answers so far, and how to go on in a fresh session after one that can't be used."""

    def __init__(self, program: str, calls: Sequence[Call], limits: Limits) -> None:
        self._program = program
        self._calls = calls
        self._limits = limits
        self._ends_at = time.monotonic() + limits.all_s
        self._answers: list[Answer] = []
        self._begun = self._is_spent = False
        self._crashes = 0
        self._doubts = doubts_of(program)

    def is_unfinished(self) -> bool:
        """Whether there is a call to answer, and time for it. The first call is always made."""
        return len(self._answers) < len(self._calls) and not (self._begun and self._is_late())

    def all_answers(self) -> list[Answer]:
        """One for each call."""
        return self._answers + [NotRun("there was no time left")] * (len(self._calls) - len(self._answers))

    def go_on(self, session: MontySession) -> None:
        """Loads the program and answers the next calls, until all are answered or the session can't go on.

        Raises:
            CannotRunError: the program can't be loaded.
        """
        self._begun, self._is_spent = True, False
        loaded, _ = self._fed(session, self._program, loading=True)
        if loaded is not None:
            raise CannotRunError(_why(loaded))
        first = len(self._answers)
        while not self._is_spent and len(self._answers) < len(self._calls):
            if len(self._answers) > first and self._is_late():
                return
            answer = self._answer(session, self._calls[len(self._answers)])
            if answer == NotRun(SUSPENDED_TOO_OFTEN):
                self._is_spent = True
                if len(self._answers) > first:
                    return  # earlier calls have used up what a session may ask
            if answer is not None:
                self._answers.append(answer)

    def _answer(self, session: MontySession, call: Call) -> Answer | None:
        """None: the worker has ended, and it may not have been this call's doing."""
        own = doubts_of(call.setup)
        if own.refusal:
            return NotRun(own.refusal)
        # One tuple for all: aliases among the values stay what they are.
        watched = "".join(f"{name}, " for name in call.watched)
        # What can be read only once comes back as the list of what it gives.
        read = f"{_RESULT} = list({_RESULT}) if type({_RESULT}).__name__ in {_READ_ONCE} else {_RESULT}"
        code = f"{call.setup}\n{_RESULT} = {call.expression}\n{read}\n({_RESULT}, {watched})"
        failed, given = self._fed(session, code)
        if failed is not None:
            mistaken = own.failing and isinstance(failed, Raised | Stopped)
            return NotRun(own.failing) if mistaken else failed
        if self._is_spent:
            return None
        names = (_RESULT, *call.watched)
        if not isinstance(given, tuple) or len(given) != len(names):
            return NotRun("isn't one call")
        values = PythonValues(self._limits.value_parts, lambda place: self._is_text(session, place))
        result, *arguments = (values.of(each, name) for each, name in zip(given, names, strict=True))
        return Returned(result, tuple(arguments))

    def _is_text(self, session: MontySession, place: str) -> bool:
        """Whether what stands there is a string, and not the words for something that can't leave the sandbox."""
        failed, is_text = self._fed(session, f"type({place}) is str")
        return failed is None and is_text is True

    def _fed(
        self, session: MontySession, code: str, *, loading: bool = False
    ) -> tuple[Raised | Stopped | NotRun | None, object]:
        """How the code has failed, or what it gave. Neither, and a spent session, if the worker has ended and another
        one may do better: whoever killed it, it is replaced; but what kills a second one does it itself."""
        if self._is_spent:
            return NotRun("the session has ended"), None
        if len(code) > _MOST_SOURCE:
            return NotRun("is too long to be run"), None
        try:
            return None, session.feed_run(code, print_callback=_unprinted, skip_type_check=True)
        except MontyCrashedError as exc:
            self._is_spent = True
            self._crashes += not exc.timed_out
            log.warning("a sandbox's worker ended: %s", exc)
            if self._crashes == 1 and not exc.timed_out:
                return None, None
            return doubted(failure(exc), exc, self._doubts, loading=loading), None
        except FAILURES as exc:
            failed = failure(exc)
            self._is_spent = isinstance(failed, Stopped)  # stopped in mid-work, it may be in any state
            return doubted(failed, exc, self._doubts, loading=loading), None

    def _is_late(self) -> bool:
        return time.monotonic() >= self._ends_at


def _unprinted(stream: Literal["stdout", "stderr"], text: str) -> None:
    """What the code prints goes nowhere: this process may speak to an editor on its own stdout."""


def _why(failed: Raised | Stopped | NotRun) -> str:
    match failed:
        case Raised(kind, message):
            return f"raises {kind} when it is loaded: {message}"
        case Stopped(bound):
            return f"runs out of {bound.value} when it is loaded"
        case NotRun(reason):
            return reason
