"""How much memory an engine may take on this machine now."""

import os
import sys
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_MEMINFO = Path("/proc/meminfo")


def free_memory_bytes() -> int | None:
    """The memory that is free or can be freed, within a container's limit; None where the system doesn't say."""
    if sys.platform == "win32":
        return _free_on_windows()
    machine = _available(_MEMINFO)
    if machine is None:  # macOS: it uses all memory for something, so half of it is taken for free
        return _total() // 2 if _total() else None
    left = _left_in_cgroup(_CGROUP)
    return machine if left is None else min(machine, left)


def _available(meminfo: Path) -> int | None:
    try:
        for line in meminfo.read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        return None
    return None


def _left_in_cgroup(folder: Path) -> int | None:
    """What is left of a container's limit. Its file cache counts as used, but can be freed."""
    try:
        limit = (folder / "memory.max").read_text("ascii").strip()
        if limit == "max":
            return None
        used = int((folder / "memory.current").read_text("ascii"))
        stat = dict(line.split() for line in (folder / "memory.stat").read_text("ascii").splitlines())
        return max(0, int(limit) - used + int(stat.get("inactive_file", 0)))
    except (OSError, ValueError):
        return None


def total_memory_bytes() -> int | None:
    """The memory of this machine; None where the system doesn't say."""
    return _total() or None


def _total() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):  # Windows has no sysconf
        return 0


def _free_on_windows() -> int | None:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "t2", "f2", "t3", "f3", "f4")),
        )

    status = Status(length=ctypes.sizeof(Status))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  (only Windows has it)
    return int(status.free) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None
