"""JavaScript and TypeScript in QuickJS, which runs in WebAssembly, in child processes.

The child's interpreter has no files, network, environment or processes to reach. The process around it is there so that
a crash, or work that the interpreter can't interrupt, harms nobody.
"""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from queue import Empty, Full, Queue
from threading import Lock, Semaphore, Thread
from typing import Any

from pillion.errors import CannotRunError
from pillion.sandbox.javascript_hosts import lacking_host
from pillion.sandbox.javascript_values import javascript_answer
from pillion.sandbox.sandbox import Answer, Bound, Call, Limits, NotRun, Raised, Stopped

_CHILDREN = 2
_START_S = 30.0
_TURN_S = 10.0
# A child is killed so long after the limit that its own clock should have kept.
_GRACE_S = 0.75
_LONGEST_LINE = 4 * 1024 * 1024
_MOST_WAITING = 500
# What Python needs to start; everything else in the environment stays here.
_KEPT = ("PYTHONPATH", "PYTHONHOME", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
log = logging.getLogger(__name__)


class JavaScriptSandbox:
    """A Sandbox for JavaScript and TypeScript. Children start at the first run and stay warm.

    Raises:
        ImportError: the interpreter isn't installed.
    """

    def __init__(self) -> None:
        for name in ("quickjs_rs", "wasmtime"):  # they are imported in the children only
            if find_spec(name) is None:
                raise ImportError(f"No module named {name!r}")
        self._lock = Lock()
        self._turns = Semaphore(_CHILDREN)
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._closed = False

    def run(self, program: str, calls: Sequence[Call], limits: Limits) -> Sequence[Answer]:
        """See Sandbox."""
        answers: list[Answer] = []
        left_s, at_once = limits.all_s, True
        while len(answers) < len(calls) and left_s > 0:
            with self._child() as child:
                child.wait_until_ready()
                began_at = time.monotonic()
                answers += child.answers(program, calls[len(answers) :], limits, left_s, at_once)
                if not child.is_lost:
                    break
                at_once = False  # which of them ended the child?
                left_s = max(left_s - (time.monotonic() - began_at), 0.0 if answers else limits.call_s)
        return answers + [NotRun("there was no time left")] * (len(calls) - len(answers))

    def close(self) -> None:
        """See Sandbox."""
        with self._lock:
            self._closed = True
            children = [*self._idle, *self._busy]
            self._idle.clear()
        for each in children:
            each.end()

    @property
    def children(self) -> "list[subprocess.Popen[bytes]]":
        """The processes that it has."""
        with self._lock:
            return [each.process for each in (*self._idle, *self._busy)]

    @contextmanager
    def _child(self) -> Iterator["_Child"]:
        if not self._turns.acquire(timeout=_TURN_S):
            raise CannotRunError("the sandbox is busy")
        try:
            child = self._taken()
            try:
                yield child
            finally:
                self._give_back(child)
        finally:
            self._turns.release()

    def _taken(self) -> "_Child":
        with self._lock:
            while self._idle and not self._closed:
                child = self._idle.pop()
                if child.process.poll() is None:
                    self._busy.add(child)
                    return child
            if self._closed:
                raise CannotRunError("the sandbox is closed")
            child = _Child.started()
            self._busy.add(child)
        return child

    def _give_back(self, child: "_Child") -> None:
        with self._lock:
            self._busy.discard(child)
            # One that still has something to say of this run would say it in the next.
            if not child.is_lost and not child.is_waiting and not self._closed:
                self._idle.append(child)
                return
        child.end()


@dataclass(eq=False)
class _Child:
    """One process, for one run at a time."""

    process: "subprocess.Popen[bytes]"
    lines: Queue[bytes] = field(default_factory=lambda: Queue(_MOST_WAITING))
    is_ready: bool = False
    is_waiting: bool = False
    is_lost: bool = False

    @classmethod
    def started(cls) -> "_Child":
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        # -P: a json.py in the workspace must not be imported instead of Python's own.
        command = (sys.executable, "-P", "-m", "pillion.sandbox.javascript_child")
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                close_fds=True,
                start_new_session=True,  # an editor's Ctrl+C isn't for it
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as exc:
            raise CannotRunError(f"the sandbox's process can't be started: {exc}") from exc
        child = cls(process)
        Thread(target=child._read, name="read a sandbox's answers", daemon=True).start()
        return child

    def wait_until_ready(self) -> None:
        """Waits for a process that was just started."""
        if not self.is_ready:
            if self._line(_START_S) != ["ready"]:
                self.is_lost = True
                raise CannotRunError("the sandbox's process doesn't start")
            self.is_ready = True

    def answers(
        self, program: str, calls: Sequence[Call], limits: Limits, left_s: float, at_once: bool
    ) -> list[Answer]:
        """The answers to as many calls as it could get; see `is_lost`. `at_once` is quick, but a child that is lost
        then has no answers."""
        self._ask(program, calls, limits, left_s, at_once)
        found: list[Answer] = []
        loaded = self._line(limits.call_s + _GRACE_S)
        if loaded is None:
            raise CannotRunError("runs out of time or memory when it is loaded")
        if loaded[0] != "loaded":
            self.is_waiting = self._line(_GRACE_S) != ["end"]
            raise CannotRunError(_why(loaded[-1]))
        ends_at = time.monotonic() + left_s + limits.call_s + _GRACE_S
        for _ in calls:
            line = self._line(min(2 * limits.call_s + _GRACE_S, max(ends_at - time.monotonic(), 0.0)))
            if line is None and at_once:
                return found
            if line is None:
                found.append(Stopped(Bound.TIME if self.process.poll() is None else Bound.MEMORY))
                return found
            if line == ["end"]:
                self.is_waiting = False
                return found
            found.append(_answer(line))
        self.is_waiting = self._line(_GRACE_S) != ["end"]
        return found

    def end(self) -> None:
        """Ends the process."""
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            try:
                self.process.stdin.close()
            except OSError:
                log.debug("a sandbox's process had ended before it read all")

    def _ask(self, program: str, calls: Sequence[Call], limits: Limits, left_s: float, at_once: bool) -> None:
        request = {
            "program": program,
            "calls": [{"expression": each.expression, "setup": each.setup, "watched": each.watched} for each in calls],
            "call_s": limits.call_s,
            "all_s": left_s,
            "memory_bytes": limits.memory_bytes,
            "value_parts": limits.value_parts,
            "at_once": at_once,
        }
        self.is_waiting = True
        assert self.process.stdin is not None  # noqa: S101  (it was opened as a pipe)
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except OSError as exc:
            self.is_lost = True
            raise CannotRunError(f"the sandbox's process has ended: {exc}") from exc

    def _line(self, timeout_s: float) -> list[Any] | None:
        """The next line; None, and the child is lost, if there is none in time."""
        try:
            line = json.loads(self.lines.get(timeout=timeout_s))
            if line == ["wait"]:
                line = json.loads(self.lines.get(timeout=_START_S))
            if isinstance(line, list) and line:
                return line
        except (Empty, ValueError, RecursionError) as exc:
            log.info("a sandbox's process is given up: %s", type(exc).__name__)
        self.is_lost = True
        return None

    def _read(self) -> None:
        """Hands on the child's lines, so that waiting for one can end in time on every system."""
        assert self.process.stdout is not None  # noqa: S101  (it was opened as a pipe)
        with self.process.stdout as pipe:
            try:
                while line := pipe.readline(_LONGEST_LINE):
                    self.lines.put(line, timeout=_START_S)
                self.lines.put(b"", timeout=_START_S)
            except Full:
                log.warning("a sandbox's process says more than it was asked")


def _answer(line: list[Any]) -> Answer:
    match line:
        case ["answer", str(written)]:
            answer: Answer = javascript_answer(written)
        case ["stopped", str(bound)]:
            return Stopped(Bound(bound))
        case ["thrown", "SyntaxError", message]:
            return NotRun(f"can't be read: {message}")
        case ["thrown", kind, message]:
            answer = Raised(str(kind), str(message))
        case ["not_run", reason]:
            return NotRun(str(reason))
        case _:
            return NotRun("its result can't leave the sandbox")
    if isinstance(answer, Raised) and (host := lacking_host(answer.kind, answer.message)):
        return NotRun(f"uses {host}")
    return answer


def _why(failure: list[Any]) -> str:
    match _answer(failure):
        case Raised(kind, message):
            return f"raises {kind} when it is loaded: {message}"
        case Stopped(bound):
            return f"runs out of {bound.value} when it is loaded"
        case NotRun(reason):
            return reason
    return "can't be loaded"
