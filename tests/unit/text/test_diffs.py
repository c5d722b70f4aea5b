"""A printed diff is one that `git apply` and `patch` take, whatever the file holds and wherever it lies."""

import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pillion.cli.output import console, print_diff
from pillion.text.diffs import can_be_printed_as_it_is, for_the_eye, unified_diff

APPLIERS = {"git": ["git", "apply", "-"], "patch": ["patch", "-p1", "--silent"]}
LONG = "".join(f"line {number}\n" for number in range(40))
EDITS = {
    "tabs": ("func a() {\n\treturn\t1\n}\n", "func a() {\n\treturn\t2\n}\n"),
    "crlf": ("a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
    "one line becomes crlf": ("a\nb\nc\n", "a\nb\r\nc\n"),
    "a byte order mark in the context": ("\ufeffa\nb\nc\n", "\ufeffa\nB\nc\n"),
    "a byte order mark in the change": ("\ufeffa\nb\n", "\ufeffA\nb\n"),
    "a byte order mark and crlf": ("\ufeffa\r\nb", "\ufeffA\r\nb"),
    "no line end": ("a\nb", "a\nB"),
    "no line end in the context": ("a\nb\nc", "A\nb\nc"),
    "a line end is added": ("a\nb", "a\nb\nc\n"),
    "a line end goes": ("a\nb\nc\n", "a\nb"),
    "it gets blank lines": ("a\nb\n", "a\nb\n\n\n"),
    "a page": ("a\n\fdef b():\n    1\n", "a\n\fdef b():\n    2\n"),
    "from nothing": ("", "a\nb\n"),
    "to nothing": ("a\nb\n", ""),
    "two places": (LONG, LONG.replace("line 3\n", "new\n").replace("line 37\n", "")),
    "not only ASCII": ("é\n日本\n", "é\n日本語 👩\u200d🚀\n"),
}
NAMES = [
    "a.py",
    "sub/deep/a.py",
    "my file.py",
    "tab\there.py",
    'quo"te.py',
    "back\\slash.py",
    "é 日本.py",
    "\ufeffa.py",
]


def piped(diff: str) -> bytes:
    """What a pipe gets."""
    screen = console()
    screen.file = out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="backslashreplace", newline="\r\n")
    print_diff(screen, diff)
    out.flush()
    return out.buffer.getvalue()


def applied(tool: str, folder: Path, name: str, before: str, diff: bytes) -> bytes:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} isn't installed")
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(before.encode())
    result = subprocess.run(APPLIERS[tool], cwd=folder, input=diff, capture_output=True, check=False)
    assert result.returncode == 0, (result.stdout, result.stderr, diff)
    return file.read_bytes() if file.exists() else b""


@pytest.mark.parametrize("tool", APPLIERS)
@pytest.mark.parametrize(("before", "after"), EDITS.values(), ids=EDITS)
def test_whatever_the_file_holds(before: str, after: str, tool: str, tmp_path: Path) -> None:
    diff = piped(unified_diff(before, after, "sub/a.py"))
    assert applied(tool, tmp_path, "sub/a.py", before, diff) == after.encode()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")
@pytest.mark.parametrize("tool", APPLIERS)
@pytest.mark.parametrize("name", NAMES)
def test_whatever_the_file_is_called(name: str, tool: str, tmp_path: Path) -> None:
    diff = piped(unified_diff("a\n", "b\n", name))
    assert applied(tool, tmp_path, name, "a\n", diff) == b"b\n"


@pytest.mark.parametrize(
    "line",
    ["\x1b[2J", "\u202egnp", "a\rb", "a\fb", "a\ufeffb", "\u200b", "\x9b31m", "a\b"],
    ids=ascii,
)
def test_what_could_steer_a_terminal_is_escaped_in_a_pipe_too(line: str) -> None:
    diff = unified_diff("a\r\n", f"{line}\r\n", "a.py")
    assert not can_be_printed_as_it_is(diff)
    shown = piped(diff).decode()
    assert line not in shown
    assert can_be_printed_as_it_is(shown)


def test_what_a_terminal_shows() -> None:
    screen = console()
    screen.file = out = io.StringIO()
    screen._force_terminal, screen.no_color = True, True
    assert print_diff(screen, unified_diff("\ufeffa\r\n\tb\r\nc", "\ufeffa\r\n\tB\r\nc", "a.py"))
    assert " a\n-\tb\n+\tB\n c\n\\ No newline at end of file\n" in out.getvalue().replace("\x1b[1m", "")
    assert for_the_eye(unified_diff("a\n", "a\r\n", "a.py")).endswith("-a\n+a\r\n"), "a line end that changes is seen"
