"""Monty's worker: the program that runs code, and what the operating system keeps from it.

Monty starts it without an environment, and pipes are its only way in and out. Its interpreter has no files, network or
processes. Linux holds it to that, too, should the interpreter have a hole.
"""

import contextlib
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Final

from pillion.errors import CannotRunError

_WHEEL: Final = "pydantic-monty-runtime"
_NAME: Final = "monty.exe" if sys.platform == "win32" else "monty"
_OWN_BYTES: Final = 1024 * 1024 * 1024


def worker_program() -> Path:
    """The worker that came with its wheel. One of the same name on the PATH, or one that the environment names, may be
    anything.

    Raises:
        CannotRunError: it isn't installed.
    """
    try:
        listed = [each.locate() for each in files(_WHEEL) or () if each.name == _NAME]
    except PackageNotFoundError as exc:
        raise CannotRunError(f"the sandbox for python isn't installed: there is no {_WHEEL}") from exc
    beside = Path(sysconfig.get_path("scripts")) / _NAME
    for each in (*map(Path, listed), beside):
        if each.is_file():
            return each.resolve()
    raise CannotRunError(f"the sandbox for python isn't whole: {_WHEEL} came without its program {_NAME}")


def confine(pid: int, memory_bytes: int) -> None:
    """Takes from a worker what the operating system can take from a process that runs: on Linux, opening anything
    (files, sockets, pipes), starting processes and threads, and more memory than it may ever need."""
    if sys.platform != "linux":
        return
    import resource

    bounds = {
        resource.RLIMIT_NOFILE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: _OWN_BYTES + 2 * memory_bytes,
    }
    # A worker that has ended meanwhile, or a system that forbids this: Monty's own walls stand without these.
    with contextlib.suppress(OSError, ValueError):
        for what, most in bounds.items():
            soft, hard = resource.prlimit(pid, what)
            wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
            if soft != wanted:
                resource.prlimit(pid, what, (wanted, hard if what == resource.RLIMIT_AS else wanted))
