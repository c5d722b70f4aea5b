"""How many cores this process may really use, and how embedded engines share them.

A container often sees all cores of its machine and may use only the time of a few. Threads beyond that time only wait
for each other.
"""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pillion.errors import FileError
from pillion.files.bounded_read import KIB, read_text

_CGROUPS = Path("/sys/fs/cgroup")
_OF_PROCESS = Path("/proc/self/cgroup")
# Where version 1 mounts its controller of processor time, and where version 2 is beside it.
_V1_MOUNTS: tuple[str, ...] = ("cpu", "cpu,cpuacct", "cpuacct,cpu")
_V2_MOUNTS: tuple[str, ...] = ("", "unified")
_MOST_BYTES = 64 * KIB


def usable_cores(cgroups: Path = _CGROUPS, of_process: Path = _OF_PROCESS) -> int:
    """The cores that this process may use: by its affinity, and by the processor time that its cgroups allow."""
    if hasattr(os, "process_cpu_count"):  # Python 3.13
        cores = os.process_cpu_count() or 1
    elif hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    quota = cpu_quota(cgroups, of_process)
    # Rounded down: an engine that uses up the time is stopped for the rest of each period, and the editor's server,
    # which is in the same cgroup, is stopped with it.
    return cores if quota is None else max(1, min(cores, int(quota)))


def cpu_quota(cgroups: Path = _CGROUPS, of_process: Path = _OF_PROCESS) -> float | None:
    """The processor time that the cgroups of this process allow, in cores; None if nothing limits it.

    A cgroup is limited by all cgroups around it, so the smallest quota counts.
    """
    quotas = [quota for folder in _folders(cgroups, of_process) if (quota := _quota_in(folder)) is not None]
    return min(quotas, default=None)


def shared_out(cores: int, engines: int) -> list[int]:
    """The threads of each of some engines on one machine. The first ones, which draft, get what is left over."""
    share, left = divmod(cores, max(1, engines))
    return [max(1, share + (place < left)) for place in range(engines)]


def _folders(cgroups: Path, of_process: Path) -> Iterator[Path]:
    """The folders of the cgroups that this process is in, from the innermost to the root."""
    for line in (_text(of_process) or "").splitlines():
        hierarchy, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if hierarchy == "0" and not controllers:
            mounts = _V2_MOUNTS
        elif "cpu" in controllers.split(","):
            mounts = _V1_MOUNTS
        else:
            continue
        inside = PurePosixPath("/", path).relative_to("/")
        # A container often sees its own cgroup as the root, but is told its path on the machine: then none of the
        # inner folders is there, and the root's quota is its own.
        steps = () if ".." in inside.parts else (inside, *inside.parents)
        for mount in mounts:
            yield from (cgroups / mount / step for step in steps or (PurePosixPath(),))


def _quota_in(folder: Path) -> float | None:
    text = _text(folder / "cpu.max")
    if text is None:
        text = " ".join(_text(folder / f"cpu.cfs_{name}_us") or "" for name in ("quota", "period"))
    try:
        allowed_us, period_us = map(int, text.split())
    except ValueError:
        return None  # “max”: there is no limit
    return allowed_us / period_us if allowed_us > 0 and period_us > 0 else None


def _text(path: Path) -> str | None:
    try:
        return read_text(path, _MOST_BYTES)
    except FileError:
        return None
