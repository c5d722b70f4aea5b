"""What to expect of models on this machine: measured where it was, else estimated, and said as such."""

import time
from pathlib import Path

import pytest

from pillion.models.cores import usable_cores
from pillion.models.cpu_probe import free_cores
from pillion.models.expectations import Expectation, expectations
from pillion.models.free_memory import _left_in_cgroup, free_memory_bytes
from pillion.models.speed import Speed, SpeedStore
from pillion.models.store import ModelStore

PLENTY = 16_000_000_000
GB = 1_000_000_000


def found(folder: Path, *speeds: Speed, cores: float = 2.0, memory: int | None = PLENTY) -> dict[str, Expectation]:
    known = {each.model: each for each in speeds}
    return {each.name: each for each in expectations(ModelStore(folder), known, lambda: cores, lambda: memory)}


@pytest.mark.parametrize(
    ("cores", "good", "quick", "tiny"), [(2.0, 10.6, 21.5, 64), (1.0, 5.3, 10.75, 32), (64.0, 42.4, 86, 256)]
)
def test_an_estimate_follows_the_cores(tmp_path: Path, cores: float, good: float, quick: float, tiny: float) -> None:
    rows = found(tmp_path, cores=cores)
    assert [rows[name].tokens_per_s for name in ("good", "quick", "tiny")] == pytest.approx([good, quick, tiny])
    assert not any(each.measured for each in rows.values())
    assert rows["tiny"].speed_in_words == f"about {tiny} tokens/s"


def test_what_was_measured_comes_first(tmp_path: Path) -> None:
    rows = found(tmp_path, Speed("qwen2.5-coder-0.5b", 43.0, "2026-11-30"), cores=0.1)
    assert (rows["quick"].speed_in_words, rows["quick"].measured) == ("43 tokens/s", True)
    assert rows["good"].tokens_per_s == pytest.approx(21.2)
    assert not rows["good"].measured


@pytest.mark.parametrize(("memory", "fits"), [(4 * GB, True), (4 * GB - 1, False), (None, True)])
def test_the_large_model_needs_memory(tmp_path: Path, memory: int | None, fits: bool) -> None:
    rows = found(tmp_path, memory=memory)
    assert (rows["good"].unfit == "") is fits
    assert (rows["quick"].unfit, rows["tiny"].unfit) == ("", "")


def test_sizes(tmp_path: Path) -> None:
    rows = found(tmp_path)
    assert [rows[name].size_in_words for name in ("good", "quick", "tiny")] == ["1,609 MB", "491 MB", "98 MB"]


def test_one_model_for_both_seats_is_in_memory_once(tmp_path: Path) -> None:
    rows = found(tmp_path)
    gigabytes = [round(rows[name].memory_bytes / GB, 2) for name in ("good", "quick", "tiny")]
    assert gigabytes == [2.7, 0.75, 0.36]


@pytest.mark.quiet
def test_the_probe_takes_a_second() -> None:
    began = time.monotonic()
    cores = free_cores()
    assert 0.9 < time.monotonic() - began < 3
    assert 0.01 < cores < 20 * usable_cores()


def test_free_memory() -> None:
    free = free_memory_bytes()
    assert free is None or 0 < free < 1 << 50


@pytest.mark.parametrize(
    ("files", "left"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"memory.max": "max\n"}, None, id="without a limit"),
        pytest.param(
            {"memory.max": "1000\n", "memory.current": "700\n", "memory.stat": "anon 1\ninactive_file 200\n"},
            500,
            id="a limit",
        ),
        pytest.param({"memory.max": "1000\n", "memory.current": "x", "memory.stat": ""}, None, id="nonsense"),
    ],
)
def test_a_containers_limit(tmp_path: Path, files: dict[str, str], left: int | None) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert _left_in_cgroup(tmp_path) == left


def test_speeds_are_remembered(tmp_path: Path) -> None:
    SpeedStore(tmp_path / "state").keep(Speed("a", 10.0, "2026-11-29"))
    SpeedStore(tmp_path / "state").keep(Speed("b", 20.0, "2026-11-29"))
    SpeedStore(tmp_path / "state").keep(Speed("a", 11.5, "2026-11-30"))
    assert SpeedStore(tmp_path / "state").all() == {
        "a": Speed("a", 11.5, "2026-11-30"),
        "b": Speed("b", 20.0, "2026-11-29"),
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"models": 3}',
        b'{"models": {"a": {"tokens_per_s": -1, "at": "x"}, "b": {"tokens_per_s": true, "at": "x"}, "c": 3}}',
        b'{"models": {"a": {"tokens_per_s": 1e999, "at": "x"}, "b": {"tokens_per_s": 3}}}',
    ],
)
def test_strange_speeds_are_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "speeds.json").write_bytes(content)
    assert SpeedStore(tmp_path).all() == {}
