"""Starts Pillion's commands in an interpreter that is warm already, instead of a new one.

Hundreds of tests start a server or a command, and importing the libraries takes more of the processor than most of these
tests do. So one interpreter imports them, and is forked for each command (see `warm_interpreter.py`). A test gets what it
asked `subprocess` for: a child of its own, with the environment, the folder and the files that it named, which gets signals
and is waited for as usual. An interpreter reads some things only when it starts (its options, Python's own variables, the
locale). Each combination of these has its own warm interpreter, from the second command on; the first one starts cold.

On Linux only. Elsewhere, and if a test asks for something else than this can do, commands are started as usual.
"""

import ctypes
import inspect
import json
import os
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

INTERPRETER = Path(__file__).with_name("warm_interpreter.py")
LONGEST_MESSAGE = 1 << 17
_READ_AT_THE_START = ("PYTHON", "LANG", "LC_")
_USUAL = {
    "executable": None,
    "preexec_fn": None,
    "close_fds": True,
    "pass_fds": (),
    "shell": False,
    "restore_signals": True,
    "gid": None,
    "gids": None,
    "uid": None,
    "umask": -1,
    "process_group": -1,
}
# An engine's process watches its parent, and is found by its command line.
_COLD = frozenset({"pillion.backends.embedded_child"})
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


@dataclass(frozen=True)
class Start:
    """A module of Pillion that is to be run. `files` become its stdin, stdout and stderr."""

    options: tuple[str, ...]
    words: list[str]
    environment: dict[str, str]
    folder: str
    files: list[int]
    new_session: bool

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> "Start | None":
        """None if only a cold start can do what is asked: the arguments of `Popen._execute_child`."""
        arguments, environment = asked["args"], asked["env"]
        environment = dict(os.environ if environment is None else environment)
        if not isinstance(arguments, list | tuple) or any(asked[name] != usual for name, usual in _USUAL.items()):
            return None
        words = [os.fspath(each) for each in arguments]
        if not all(isinstance(each, str) for each in (*words, *environment, *environment.values())):
            return None
        at = words.index("-m") if "-m" in words else 0
        options, module = words[1:at], words[at + 1 : at + 2]
        named = str(*module)
        known = words[0] == sys.executable and set(options) <= {"-P"} and named.split(".")[0] == "pillion"
        folder = os.path.abspath(asked["cwd"] or os.curdir)  # a link stays one
        ends = (asked["p2cread"], asked["c2pwrite"], asked["errwrite"])
        files = [number if end == -1 else end for number, end in enumerate(ends)]
        if not known or named in _COLD or not Path(folder).is_dir() or any(map(os.isatty, files)):
            return None
        return cls(tuple(options), words[at + 1 :], environment, folder, files, asked["start_new_session"])

    @property
    def settings(self) -> tuple[object, ...]:
        """What the interpreter reads when it starts."""
        read = {name: value for name, value in self.environment.items() if name.startswith(_READ_AT_THE_START)}
        return self.options, *sorted(read.items())

    def message(self) -> bytes:
        """For the warm interpreter."""
        fields = ("words", "environment", "folder", "new_session")
        return json.dumps({name: getattr(self, name) for name in fields}).encode()


class WarmInterpreter:
    """One of them."""

    def __init__(self, start: Start) -> None:
        self._control, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with far:
            self._process = subprocess.Popen(
                [sys.executable, *start.options, str(INTERPRETER), str(far.fileno())],
                env=start.environment,
                pass_fds=[far.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def run(self, message: bytes, files: list[int]) -> int:
        """Runs a command and returns its process id. It is a child of this process."""
        with _orphans_are_children():
            socket.send_fds(self._control, [message], files)
            pid = int(self._control.recv(LONGEST_MESSAGE))
            self._control.recv(LONGEST_MESSAGE)
        return pid

    def close(self) -> None:
        """Ends it. Its commands go on."""
        self._control.close()
        self._process.wait()


class WarmProcesses:
    """Warm interpreters by the settings they were started with; a `subprocess.Popen` that uses them."""

    def __init__(self) -> None:
        self._interpreters: dict[tuple[object, ...], WarmInterpreter] = {}
        self._started: Counter[tuple[object, ...]] = Counter()
        self._lock = threading.Lock()
        self._open = ExitStack()

    def run(self, start: Start) -> int | None:
        """The process id of the command; None if it is to be started cold."""
        message, settings = start.message(), start.settings
        if len(message) > LONGEST_MESSAGE or sys.platform != "linux":
            return None
        with self._lock:
            self._started[settings] += 1
            if self._started[settings] == 1:
                return None
            if settings not in self._interpreters:
                self._interpreters[settings] = interpreter = WarmInterpreter(start)
                self._open.callback(interpreter.close)
            return self._interpreters[settings].run(message, start.files)

    def popen(self) -> type[subprocess.Popen[Any]]:
        """The class that tests use in place of `subprocess.Popen`."""
        processes = self
        signature = inspect.signature(subprocess.Popen._execute_child)  # type: ignore[attr-defined]

        class WarmPopen(subprocess.Popen[Any]):
            def _execute_child(self, *given: Any) -> None:
                asked = signature.bind(self, *given).arguments
                start = Start.of(asked)
                pid = processes.run(start) if start is not None else None
                if pid is None:
                    super()._execute_child(*given)  # type: ignore[misc]
                    return
                self.pid, self._child_created = pid, True
                names = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
                self._close_pipe_fds(*(asked[name] for name in names))  # type: ignore[attr-defined]

        return WarmPopen

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()


@contextmanager
def _orphans_are_children() -> Iterator[None]:
    """Processes whose parent ends become children of this process, if it is above them."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0)
