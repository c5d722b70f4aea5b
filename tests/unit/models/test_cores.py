"""The cores that are really free: what the system's files say, and how engines share them."""

import os
from pathlib import Path

import pytest

from pillion.models.cores import cpu_quota, shared_out, usable_cores

V2 = "0::/user.slice/a.scope\n"
V1 = "9:name=systemd:/\n4:memory:/docker/f0\n1:cpu,cpuacct:/docker/f0\n"
# What /proc/self/cgroup says, the files of the cgroups, and the quota in cores.
QUOTAS: dict[str, tuple[str | None, dict[str, str], float | None]] = {
    "not Linux": (None, {}, None),
    "no cgroups": ("", {}, None),
    "no limit": (V2, {"cpu.max": "max 100000\n", "user.slice/a.scope/cpu.max": "max 100000\n"}, None),
    "one and a half": (V2, {"user.slice/a.scope/cpu.max": "150000 100000\n"}, 1.5),
    "another period": (V2, {"user.slice/a.scope/cpu.max": "50000 20000\n"}, 2.5),
    "the one around it is smaller": (
        V2,
        {"user.slice/cpu.max": "100000 100000\n", "user.slice/a.scope/cpu.max": "300000 100000\n"},
        1.0,
    ),
    "only the one around it": (V2, {"user.slice/cpu.max": "200000 100000\n"}, 2.0),
    "in a namespace": ("0::/\n", {"cpu.max": "400000 100000\n"}, 4.0),
    "outside of the namespace": ("0::/../../b\n", {"cpu.max": "400000 100000\n"}, 4.0),
    "both versions": ("1:name=systemd:/\n0::/a\n", {"unified/a/cpu.max": "100000 100000"}, 1.0),
    "version 1": (V1, {"cpu,cpuacct/docker/f0/cpu.cfs_quota_us": "250000\n", "cpu,cpuacct/docker/f0/cpu.cfs_period_us": "100000\n"}, 2.5),
    "version 1, no limit": (V1, {"cpu/docker/f0/cpu.cfs_quota_us": "-1\n", "cpu/docker/f0/cpu.cfs_period_us": "100000\n"}, None),
    "version 1 in a container": (V1, {"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1.0),
    "memory alone is limited": ("4:memory:/a\n", {"cpu/a/cpu.cfs_quota_us": "1", "cpu/a/cpu.cfs_period_us": "1"}, None),
    "nonsense": (V2, {"user.slice/a.scope/cpu.max": "many few", "user.slice/cpu.max": "", "cpu.max": "5 0"}, None),
    "bytes": (V2, {"user.slice/a.scope/cpu.max": "\x00☃"}, None),
}  # fmt: skip


def written(folder: Path, process: str | None, files: dict[str, str]) -> tuple[Path, Path]:
    """The folder of the cgroups, and the file that says which of them a process is in."""
    for name, text in files.items():
        path = folder / "cgroups" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if process is not None:
        (folder / "process").write_text(process, encoding="utf-8")
    return folder / "cgroups", folder / "process"


@pytest.mark.parametrize(("process", "files", "quota"), QUOTAS.values(), ids=QUOTAS.keys())
def test_the_quota(tmp_path: Path, process: str | None, files: dict[str, str], quota: float | None) -> None:
    assert cpu_quota(*written(tmp_path, process, files)) == quota


@pytest.mark.parametrize(
    ("affine", "quota", "usable"),
    [(8, None, 8), (8, 2.5, 2), (8, 1.9, 1), (8, 0.2, 1), (2, 6.0, 2), (1, 1.0, 1)],
)
def test_usable_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, affine: int, quota: float | None, usable: int
) -> None:
    monkeypatch.setattr(os, "process_cpu_count", lambda: affine, raising=False)
    text = "max 100000" if quota is None else f"{round(quota * 100_000)} 100000"
    assert usable_cores(*written(tmp_path, "0::/\n", {"cpu.max": text})) == usable


@pytest.mark.parametrize(
    ("free", "engines", "threads"),
    [(8, 2, [4, 4]), (3, 2, [2, 1]), (2, 2, [1, 1]), (1, 2, [1, 1]), (5, 1, [5]), (7, 3, [3, 2, 2]), (4, 0, [])],
)
def test_engines_share_them(free: int, engines: int, threads: list[int]) -> None:
    assert shared_out(free, engines) == threads
