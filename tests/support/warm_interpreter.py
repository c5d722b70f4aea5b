"""An interpreter that has imported the libraries that Pillion uses, and forks itself for each command it is told to run.

It is started with the number of a socket. A message there is a command in JSON, with the three files that are to be its
stdin, stdout and stderr. The answers are its process id, and an empty word once the process in between has ended: the command
is then an orphan, which the system has made a child of the tests' process (see `warm_processes.py`).

Pillion's own modules are imported already, too, so a test of what is imported when has to start cold.
"""

import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import socket
import sys
from typing import Any, cast

import pillion

# Imported late by libraries that Pillion uses.
LATE = ("anyio._backends._asyncio", "httpcore")
# Commands of their own, and what imports an engine.
LEFT_OUT = (
    "pillion.__main__",
    "pillion.backends.embedded_child",
    "pillion.bench.bare_server",
    "pillion.fake_engine.engine",
)
LONGEST_MESSAGE = 1 << 17
Command = dict[str, Any]


def main() -> None:
    """Serves the tests' process until it has gone. A fork leaves the loop, and runs its command."""
    modules = [each.name for each in pkgutil.walk_packages(pillion.__path__, "pillion.")]
    for name in (*LATE, *(each for each in modules if each not in LEFT_OUT)):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # the forks needn't look at these objects again
    with socket.socket(fileno=int(sys.argv[1])) as control:
        command = _to_run(control)
    if command is not None:
        _run(command)


def _to_run(control: socket.socket) -> Command | None:
    """The command that this fork has to run; None in the first process, at the end."""
    while True:
        message, files, _, _ = socket.recv_fds(control, LONGEST_MESSAGE, 3)
        if not message:
            return None
        between = os.fork()
        if between == 0:
            until_ready, ready = os.pipe()
            command = os.fork()
            if command == 0:
                os.close(until_ready)
                return {**json.loads(message), "files": files, "ready": ready}
            os.close(ready)
            control.send(str(command).encode())
            os.read(until_ready, 1)
            os._exit(0)
        for file in files:
            os.close(file)
        os.waitpid(between, 0)
        control.send(b"gone")


def _run(command: Command) -> None:
    for number, (file, name) in enumerate(zip(command["files"], ("stdin", "stdout", "stderr"), strict=True)):
        os.dup2(file, number)
        os.close(file)
        setattr(sys, name, _opened_anew(getattr(sys, name), number))
    if command["new_session"]:
        os.setsid()
    os.chdir(command["folder"])
    os.close(command["ready"])  # a caller of subprocess goes on when the child is as it was asked for
    os.environ.clear()
    os.environ.update(command["environment"])
    module, *words = command["words"]
    sys.argv[1:] = words
    if not sys.flags.safe_path:
        sys.path[0] = command["folder"]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _opened_anew(stream: io.TextIOWrapper, number: int) -> io.TextIOWrapper:
    """The stream, as Python makes it when it starts: it keeps what it finds out about its file."""
    return io.TextIOWrapper(
        cast(Any, open(number, "wb" if number else "rb", buffering=0 if stream.write_through else -1, closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        newline="\n",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


if __name__ == "__main__":
    main()
