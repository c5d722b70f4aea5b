"""Finding and running a linter. Nothing is ever taken from the workspace or the current directory."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_SUFFIXES = ("", ".exe") if sys.platform == "win32" else ("",)


def find_executable(name: str, refused: Sequence[Path], environment: Mapping[str, str]) -> Path | None:
    """The absolute path of `name` on PATH, or None.

    Relative entries of PATH, and whatever lies in one of the `refused` folders or is the current directory, are left
    out, also by way of a link: a repository that is only looked at must not bring its own linter.
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


def run_bounded(
    command: Sequence[str], given: bytes, folder: Path, *, time_limit_s: float, output_limit_bytes: int
) -> bytes | None:
    """What the command prints, at most `output_limit_bytes` of it, or None if it ran out of time or can't start.

    It runs in `folder`, without a shell, and is killed with its children when the time or the output is used up.
    """
    with tempfile.TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        try:
            process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                start_new_session=True,
            )
        except (OSError, ValueError):
            return None
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            _kill(process)

        timer = threading.Timer(time_limit_s, expire)
        timer.daemon = True
        timer.start()
        with process:
            try:
                printed = process.stdout.read(output_limit_bytes) if process.stdout is not None else b""
            finally:
                timer.cancel()
                _kill(process)
        return None if expired.is_set() else printed


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Ends the process and its children. Nobody has waited for it yet, so its number can't be another's."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
