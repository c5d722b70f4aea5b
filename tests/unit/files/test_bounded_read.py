"""Reading files that aren't ours: quickly, in little memory, and with a word on what is wrong."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pillion.auditors import workspace
from pillion.config.loading import load
from pillion.errors import FileError, FileMissingError, FileTooLargeError
from pillion.files.bounded_read import in_time, read_bytes, read_text
from pillion.files.toml import TomlBounds, out_of_bounds

posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and devices are POSIX'")
# Of the processor: whatever else the machine does.
QUICK_S = 1.0


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_link_to(target: str) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(target)


def text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content)


HOSTILE = [
    pytest.param(a_link_to("/dev/zero"), "it is a device, and not a file", id="zeros"),
    pytest.param(a_link_to("/dev/tty"), "it is a device, and not a file", id="terminal"),
    pytest.param(a_pipe, "it is a pipe, and not a file", id="pipe"),
    pytest.param(a_link_to(".pillion.toml"), "Too many levels of symbolic links", id="loop"),
    pytest.param(Path.mkdir, "Is a directory", id="folder"),
    pytest.param(text("x" * 70_000), "is larger than 64 KiB", id="large"),
    pytest.param(lambda path: os.truncate(path, 1 << 40) if path.touch() is None else None, "is larger", id="sparse"),
    pytest.param(text("a." * 20_000 + "b = 1"), "nested too deeply", id="dotted"),
    pytest.param(text("[" + "a." * 20_000 + "b]"), "nested too deeply", id="dotted table"),
    pytest.param(text('"a" . ' * 9_000 + "b = 1"), "nested too deeply", id="quoted and spaced"),
    pytest.param(text("x = {" + "a." * 20_000 + "b = 1}"), "nested too deeply", id="dotted inline"),
    pytest.param(text("x = " + "{a=" * 20_000), "nested too deeply", id="inline"),
    pytest.param(text("x = " + "[" * 60_000), "nested too deeply", id="lists"),
    pytest.param(text("\n".join(f"k{n}=1" for n in range(7_000))), "has more than 500 keys", id="keys"),
    pytest.param(text("[t]\n" + "[[a]]\n" * 9_000), "has more than 500 keys", id="tables"),
    pytest.param(text("x = {" + ",".join(f"k{n}=1" for n in range(7_000)) + "}"), "than 500 keys", id="inline keys"),
]
MEASURED = """
import resource, sys, time
from pathlib import Path
from pillion.config.loading import load
start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
problems = load({"PILLION_CONFIG": "/dev/null"}, workspace=Path(sys.argv[1]))[1]
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(time.process_time() - start, grown, *problems, sep="\\n")
"""


@posix
@pytest.mark.parametrize(("make", "said"), HOSTILE)
def test_a_hostile_workspace_file_is_refused_quickly(make: Callable[[Path], object], said: str, tmp_path: Path) -> None:
    make(tmp_path / ".pillion.toml")
    command = [sys.executable, "-c", MEASURED, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    seconds, grown_kib, *problems = result.stdout.splitlines()
    assert len(problems) == 1
    assert said in problems[0]
    assert "none of it is used" in problems[0]
    assert float(seconds) < QUICK_S
    assert int(grown_kib) < 10_000


@posix
@pytest.mark.parametrize(("make", "said"), HOSTILE)
def test_a_hostile_manifest_says_nothing_quickly(make: Callable[[Path], object], said: str, tmp_path: Path) -> None:
    for name in ("pyproject.toml", "package.json", "go.mod"):
        make(tmp_path / name)
        start = time.process_time()
        workspace.read_toml(tmp_path / name)
        workspace.read_json(tmp_path / name)
        assert len(workspace.read(tmp_path / name)) <= 1_000_000
        assert time.process_time() - start < QUICK_S


@posix
def test_a_hostile_user_file_is_refused_too(tmp_path: Path) -> None:
    a_pipe(tmp_path / "c.toml")
    assert "it is a pipe" in load({"PILLION_CONFIG": str(tmp_path / "c.toml")})[1][0].message
    assert load({"PILLION_CONFIG": os.devnull})[1] == [], "how a user says that there is to be none"


def test_mistakes_in_many_keys_are_counted_and_cut(tmp_path: Path) -> None:
    keys = ["k" * 5_000, *(f"key{n}" for n in range(300))]
    (tmp_path / ".pillion.toml").write_text("".join(f"{key} = 1\n" for key in keys))
    problems = load({"PILLION_CONFIG": os.devnull}, workspace=tmp_path)[1]
    assert len(problems) == 51
    assert problems[-1].message == "has 251 more such mistakes"
    assert max(len(each.key) for each in problems) == 80


ORDINARY = '''
# a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t
"dotted.name.of.one.key" = "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t"
[[tool.x]]
text = """
many ... dots ........................................ [[[[[[[[[[[[[[[[[[[[[[[[
\\"""" # and a quote
'other' = \'\'\'{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{\'\'\'
version = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5]
path = 'C:\\a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q'
'''


def test_what_people_write_is_within_bounds() -> None:
    assert out_of_bounds(ORDINARY, TomlBounds(depth=4, keys=12)) == ""
    assert "more than 5 keys" in out_of_bounds(ORDINARY, TomlBounds(depth=4, keys=5))


@pytest.mark.parametrize("piece", ['"""\\', '"""', "'''", '"\\', '"', "'", "#", "\\", "'''\\n", ' " . ', "[", "]"])
def test_counting_costs_no_more_than_the_length(piece: str) -> None:
    content = piece * (200_000 // len(piece))
    start = time.process_time()
    out_of_bounds(content, TomlBounds(depth=10**9, keys=10**9))
    assert time.process_time() - start < QUICK_S


def test_sizes_and_missing_files(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"12345\r\n")
    assert read_bytes(file, 7) == b"12345\r\n"
    assert read_text(file, 7) == "12345\r\n"
    with pytest.raises(FileTooLargeError, match="is larger than"):
        read_bytes(file, 6)
    for name in ("none", "nul\0byte", "x" * 300):
        with pytest.raises(FileError, match=r"can't be read"):
            read_bytes(tmp_path / name, 7)
    with pytest.raises(FileMissingError):
        read_bytes(tmp_path / "none", 7)
    file.write_bytes(b"ab\xff")
    with pytest.raises(FileError, match=r"isn't UTF-8 \(byte 2 is 0xff\)"):
        read_text(file, 7)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux'")
def test_a_file_whose_size_is_not_known_is_counted_as_it_comes() -> None:
    file = Path("/proc/self/maps")
    assert file.stat().st_size == 0
    assert len(read_bytes(file, 10_000_000)) > 1_000
    with pytest.raises(FileTooLargeError):
        read_bytes(file, 1_000)


def test_a_file_system_that_never_answers_is_left(tmp_path: Path) -> None:
    answers, started = threading.Event(), time.monotonic()
    with pytest.raises(FileError, match=r"didn't answer within 0.1 s"):
        in_time(lambda: answers.wait(60), tmp_path / "a", 0.1)
    assert time.monotonic() - started < 30
    answers.set()
    with pytest.raises(ValueError, match="mine"):
        in_time(lambda: int("mine"), tmp_path / "a")
