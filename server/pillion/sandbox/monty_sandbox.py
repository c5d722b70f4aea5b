"""Python in Monty: an interpreter that has no files, network, environment or processes to reach.

Each program runs in a worker process of Monty's pool, so that a crash harms nobody.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock

from pydantic_monty import (
    CollectString,
    Monty,
    MontyCrashedError,
    MontyError,
    MontyRuntimeError,
    MontySession,
    MontySyntaxError,
)

from pillion.errors import CannotRunError
from pillion.sandbox.python_outcomes import lack, own_error
from pillion.sandbox.python_values import PythonValues
from pillion.sandbox.sandbox import Answer, Bound, Call, Limits, NotRun, Raised, Returned, Stopped

_RESULT = "_pillion_result"
_READ_ONCE = ("Generated", "list_iterator", "tuple_iterator", "chain", "islice", "map", "filter", "zip")
_WORKERS = 2
_CHECKOUT_S = 10.0
# A worker is killed so long after the limit that its own clock should have kept.
_GRACE_S = 1.0
_MOST_RECURSION = 400
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
_BOUNDS = {"TimeoutError": Bound.TIME, "MemoryError": Bound.MEMORY, "RecursionError": Bound.RECURSION}
# What the interpreter doesn't have isn't a fault of the code.
_LACKS = frozenset({"NotImplementedError", "ModuleNotFoundError", "ImportError", "PermissionError"})
_LACKING = ("is not supported in this environment", "Internal error in monty", "not yet support")
log = logging.getLogger(__name__)


class MontySandbox:
    """A Sandbox for Python. Workers start at the first run and stay warm."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pool: Monty | None = None
        self._closed = False

    def run(self, program: str, calls: Sequence[Call], limits: Limits) -> Sequence[Answer]:
        """See Sandbox."""
        answers: list[Answer] = []
        ends_at = time.monotonic() + limits.all_s
        while len(answers) < len(calls):
            if answers and time.monotonic() >= ends_at:
                break
            with self._loaded(program, limits) as session:
                for call in calls[len(answers) :]:
                    if time.monotonic() >= ends_at:
                        break
                    answers.append(_answer(session, call, limits))
                    if isinstance(answers[-1], Stopped):
                        break  # a session that was stopped in mid-work may be in any state
        return answers + [NotRun("there was no time left")] * (len(calls) - len(answers))

    def close(self) -> None:
        """See Sandbox."""
        with self._lock:
            self._closed = True
            if self._pool is not None:
                self._pool.__exit__(None, None, None)
                self._pool = None

    @contextmanager
    def _loaded(self, program: str, limits: Limits) -> Iterator[MontySession]:
        with self._workers().checkout(
            limits={
                "max_feed_duration_secs": limits.call_s,
                "max_memory": limits.memory_bytes,
                "max_recursion_depth": _MOST_RECURSION,
                "max_suspensions": 1,
            },
            assert_message_annotations=False,
            os_policy={"datetime": _NOON, "sleep": "zero", "random_start": {"seed": 0}},
        ) as session:
            failure = _failure(lambda: _fed(session, program, limits))
            if failure is not None:
                raise CannotRunError(_why(failure))
            yield session

    def _workers(self) -> Monty:
        with self._lock:
            if self._closed:
                raise CannotRunError("the sandbox is closed")
            if self._pool is None:
                pool = Monty(
                    max_processes=_WORKERS,
                    checkout_timeout=_CHECKOUT_S,
                    feed_duration_limit_grace=_GRACE_S,
                    turn_duration_limit_grace=_GRACE_S,
                )
                self._pool = pool.__enter__()
            return self._pool


def _answer(session: MontySession, call: Call, limits: Limits) -> Answer:
    # One tuple for all: aliases among the values stay what they are.
    watched = "".join(f"{name}, " for name in call.watched)
    # What can be read only once comes back as the list of what it gives.
    read = f"{_RESULT} = list({_RESULT}) if type({_RESULT}).__name__ in {_READ_ONCE} else {_RESULT}"
    code = f"{call.setup}\n{_RESULT} = {call.expression}\n{read}\n({_RESULT}, {watched})"
    given: list[tuple[object, ...]] = []
    failure = _failure(lambda: given.append(_fed(session, code, limits)))
    if failure is not None:
        return failure
    values = PythonValues(limits.value_parts)
    result, *arguments = map(values.of, given[0])
    return Returned(result, tuple(arguments))


def _fed(session: MontySession, code: str, limits: Limits) -> tuple[object, ...]:
    given = session.feed_run(code, print_callback=CollectString(limits.output_bytes), skip_type_check=True)
    return given if isinstance(given, tuple) else (given,)


def _failure(feed: Callable[[], object]) -> Raised | Stopped | NotRun | None:
    try:
        feed()
    except MontyCrashedError as exc:
        log.warning("a sandbox's worker ended: %s", exc)
        return Stopped(Bound.TIME if exc.timed_out else Bound.MEMORY)
    except MontySyntaxError as exc:
        return NotRun(f"can't be read: {exc}")
    except MontyRuntimeError as exc:
        return _of_runtime_error(exc)
    except (MontyError, ValueError, TypeError, OverflowError) as exc:
        return NotRun(f"gave back what can't leave the sandbox: {exc}")
    return None


def _of_runtime_error(error: MontyRuntimeError) -> Raised | Stopped | NotRun:
    kind, _, message = error.display(format="type-msg").partition(": ")
    if kind in _BOUNDS:
        return Stopped(_BOUNDS[kind])
    if reason := lack(kind, message):
        return NotRun(reason)
    if kind in _LACKS or any(each in message for each in _LACKING):
        return NotRun(message or kind)
    return Raised(*own_error(kind, message))


def _why(failure: Raised | Stopped | NotRun) -> str:
    match failure:
        case Raised(kind, message):
            return f"raises {kind} when it is loaded: {message}"
        case Stopped(bound):
            return f"runs out of {bound.value} when it is loaded"
        case NotRun(reason):
            return reason
