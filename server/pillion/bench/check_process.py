"""Runs a draft with its checks, in a child process with limits. Only `pillion bench drafts` does so, and only if asked.

The child has an empty folder, no environment of the user's, and limits of time, memory and file size; on Linux also no
network where the system allows it. It is no sandbox: the child may read what the user may read.
"""

import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RUNS_WITHIN_S = 10
_COMPILES_WITHIN_S = 90
_MEMORY_BYTES = 1 << 30
_LARGEST_FILE_BYTES = 64 << 20
_SAID_CHARACTERS = 300
# The child limits itself before it becomes the program. Virtual memory is limited only for Python and C: the others
# reserve much more than they use.
_LIMITED = """\
import os, resource, sys
cpu_s, file_bytes, memory_bytes = map(int, sys.argv[1:4])
resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
if memory_bytes:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
os.execvp(sys.argv[4], sys.argv[4:])
"""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """How programs of a language are run: the tool that it needs, its compiler's command (empty: none), and the
    program's. `{file}` is the source, `{folder}` its folder, `{python}` this Python."""

    tool: str
    compiler: tuple[str, ...]
    program: tuple[str, ...]
    limits_memory: bool = False


_TOOLCHAINS: Mapping[str, Toolchain] = {
    "python": Toolchain(sys.executable, (), ("{python}", "-I", "-B", "{file}"), limits_memory=True),
    "javascript": Toolchain("node", (), ("node", "{file}")),
    "typescript": Toolchain("node", (), ("node", "--experimental-strip-types", "--no-warnings", "{file}")),
    "go": Toolchain("go", ("go", "build", "-o", "{folder}/program", "{file}"), ("{folder}/program",)),
    "rust": Toolchain("rustc", ("rustc", "-A", "warnings", "-o", "{folder}/program", "{file}"), ("{folder}/program",)),
    "java": Toolchain("javac", ("javac", "-d", "{folder}", "{file}"), ("java", "-Xmx256m", "-cp", "{folder}", "Check")),
    "c": Toolchain("cc", ("cc", "-w", "-o", "{folder}/program", "{file}"), ("{folder}/program",), limits_memory=True),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether the program ended without an error; if not, the end of what it said."""

    passed: bool
    said: str = ""


def why_not(language_id: str) -> str:
    """Why programs of this language can't be run here; empty if they can."""
    toolchain = _TOOLCHAINS.get(language_id)
    if sys.platform == "win32":
        return "Windows has no limits for child processes that this bench knows"
    if toolchain is None:
        return f"the bench can't run {language_id}"
    if shutil.which(toolchain.tool) is None:
        return f"{toolchain.tool} isn't installed"
    return _node_is_too_old() if language_id == "typescript" else ""


def run_checks(language_id: str, file_name: str, program: str) -> Checked:
    """Compiles and runs the program. Blocks for as long as that takes, at most about a hundred seconds."""
    toolchain = _TOOLCHAINS[language_id]
    with tempfile.TemporaryDirectory(prefix="pillion-bench-") as folder:
        file = Path(folder, file_name)
        file.write_text(program, encoding="utf-8", errors="surrogateescape")
        names = {"file": str(file), "folder": folder, "python": sys.executable}
        compiler, command = (
            [part.format(**names) for part in each] for each in (toolchain.compiler, toolchain.program)
        )
        if compiler:
            compiled = _run(compiler, Path(folder), _COMPILES_WITHIN_S)
            if not compiled.passed:
                return compiled
        memory = _MEMORY_BYTES if toolchain.limits_memory else 0
        limits = [str(limit) for limit in (RUNS_WITHIN_S, _LARGEST_FILE_BYTES, memory)]
        limited = [sys.executable, "-I", "-S", "-c", _LIMITED, *limits, *command]
        return _run([*_without_network(), *limited], Path(folder), RUNS_WITHIN_S)


def _run(command: Sequence[str], folder: Path, within_s: float) -> Checked:
    """Runs a command in a session of its own, so that what it starts ends with it."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as child:
        try:
            _, said = child.communicate(timeout=within_s)
        except subprocess.TimeoutExpired:
            return Checked(False, f"it took more than {within_s:g} s")
        finally:
            _end(child.pid)
    return Checked(child.returncode == 0, said.decode("utf-8", "replace").strip()[-_SAID_CHARACTERS:])


def _end(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return  # all of it has ended by itself


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of the user's but the way to the tools. Go's cache is kept between runs: without it each takes 20 s."""
    home = os.path.expanduser("~")
    kept = {name: os.environ[name] for name in ("PATH", "RUSTUP_HOME", "CARGO_HOME", "JAVA_HOME") if name in os.environ}
    return {
        "RUSTUP_HOME": os.path.join(home, ".rustup"),
        **kept,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "GOCACHE": str(_go_cache()),
        "GOFLAGS": "-mod=mod",
        "GOPROXY": "off",
        "GO111MODULE": "off",
    }


def _go_cache() -> Path:
    return Path(tempfile.gettempdir(), f"pillion-bench-go-{os.getuid()}")


@functools.cache
def _without_network() -> tuple[str, ...]:
    """The beginning of a command that runs without a network; empty where the system doesn't allow it."""
    tool = shutil.which("unshare")
    if tool is None:
        return ()
    command = (tool, "--user", "--net", "--")
    tried = subprocess.run([*command, sys.executable, "-I", "-S", "-c", ""], capture_output=True)
    return command if tried.returncode == 0 else ()


@functools.cache
def _node_is_too_old() -> str:
    tried = subprocess.run(
        ["node", "--experimental-strip-types", "--eval", ""],  # noqa: S607  # the user's own, wherever it is
        capture_output=True,
    )
    return "" if tried.returncode == 0 else "this node can't run TypeScript (22.6 and newer can)"
