"""Finds and runs a linter, which is never taken from the workspace or the current directory."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO

_KEPT_COMPLAINT_BYTES = 4096
# A grandchild in a session of its own may hold the pipe open.
_LISTEN_ON_S = 1.0
_SUFFIXES = ("", ".exe") if sys.platform == "win32" else ("",)


def find_executable(name: str, refused: Sequence[Path], environment: Mapping[str, str]) -> Path | None:
    """The absolute path of `name` on PATH, or None.

    Relative entries of PATH, the current directory and programs in one of the `refused` folders are left out, also if
    a link leads there: a user who only looks at a repository must not run the linter in it.
    """
    for entry in environment.get("PATH", "").split(os.pathsep):
        folder = Path(entry)
        if not entry or not folder.is_absolute() or folder.resolve() == Path.cwd().resolve():
            continue
        for suffix in _SUFFIXES:
            candidate = folder / (name + suffix)
            if any(_inside(folder, each) or _inside(candidate, each) for each in refused):
                continue
            if candidate.is_file() and os.access(candidate, os.X_OK):
                return candidate
    return None


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


@dataclass(frozen=True, slots=True)
class Ran:
    """The result of a program: its output, its error output and its exit code; and, if it had to be ended or could not
    be started, the reason (else empty)."""

    printed: bytes = b""
    complained: bytes = b""
    code: int = 0
    cut_short: str = ""


def run_bounded(
    command: Sequence[str], given: bytes, folder: Path, *, time_limit_s: float, output_limit_bytes: int
) -> Ran:
    """Runs the command in `folder`, without a shell. The command and its children are killed if it takes too long or
    prints too much."""
    with tempfile.TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        try:
            process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                start_new_session=True,
            )
        except (OSError, ValueError) as exc:
            return Ran(cut_short=f"it can't be started ({getattr(exc, 'strerror', None) or exc})")
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            _kill(process)

        timer = threading.Timer(time_limit_s, expire)
        timer.daemon = True
        timer.start()
        complained = bytearray()
        listener = threading.Thread(target=_listen, args=(process.stderr, complained), daemon=True)
        listener.start()
        with process:
            try:
                printed = process.stdout.read(output_limit_bytes) if process.stdout is not None else b""
                if len(printed) < output_limit_bytes:
                    _wait_for_the_end(process, expired)
            finally:
                timer.cancel()
                _kill(process)
                listener.join(_LISTEN_ON_S)
    cut_short = f"it took more than {time_limit_s:g} s" if expired.is_set() else ""
    if not cut_short and len(printed) == output_limit_bytes:
        cut_short = "it doesn't stop talking"
    return Ran(printed, bytes(complained), process.returncode, cut_short)


def _listen(stderr: IO[bytes] | None, complained: bytearray) -> None:
    """Reads the whole output, so that the program never waits for a reader, and keeps the beginning."""
    while stderr is not None and (chunk := stderr.read1(1 << 16) if isinstance(stderr, BufferedReader) else b""):
        complained += chunk[: _KEPT_COMPLAINT_BYTES - len(complained)]


def _wait_for_the_end(process: "subprocess.Popen[bytes]", expired: threading.Event) -> None:
    """Waits until the program has ended by itself: a killed program has no exit code of its own. A child may still have
    the output open."""
    while not expired.is_set():
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            return


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Ends the process and its children. Nobody has waited for it yet, so its id can't belong to another process."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
