"""`pillion model`, as a person or a script runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pillion.config.schema import DEFAULT_MODEL
from pillion.models.known import KNOWN_MODELS, known_model


def pillion(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PILLION_MODEL_DIR": str(folder),
        "PILLION_STATE_DIR": str(folder.parent),
        "PYTHONWARNINGS": "error",
    }
    command = [sys.executable, "-P", "-m", "pillion", "model", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the default model, as far as its name and size go; its own name is a trap for markup."""
    folder = tmp_path / "[bold]my :smile: models"
    folder.mkdir()
    model = known_model(DEFAULT_MODEL)
    path = folder / model.file_name
    with path.open("wb") as file:
        file.write(b"GGUF")
        file.truncate(model.size_bytes)
    # As if it had been read before, and found to be the one.
    seen = path.stat()
    stamp = {"size": seen.st_size, "mtime_ns": seen.st_mtime_ns, "inode": seen.st_ino, "sha256": model.sha256}
    (tmp_path / "models.json").write_text(json.dumps({"files": {str(path): stamp}}))
    return folder


@pytest.mark.parametrize("what", ["pull", "path"])
def test_where_a_model_is(folder: Path, what: str) -> None:
    model = known_model(DEFAULT_MODEL)
    plain = pillion(what, model.name, folder=folder)
    data = pillion(what, model.name, "--json", folder=folder)
    assert (plain.returncode, plain.stderr, data.returncode, data.stderr) == (0, "", 0, "")
    path = str(folder / model.file_name)
    assert plain.stdout == (f"{model.name}: {path}\n" if what == "pull" else f"{path}\n")
    sha256 = {"sha256": model.sha256} if what == "pull" else {}
    assert json.loads(data.stdout) == {"name": model.name, "path": path, **sha256}


def test_list(folder: Path) -> None:
    plain = pillion("list", folder=folder)
    data = pillion("list", "--json", folder=folder)
    assert (plain.returncode, plain.stderr, data.returncode, data.stderr) == (0, "", 0, "")
    rows = json.loads(data.stdout)
    assert [row["name"] for row in rows] == [model.name for model in KNOWN_MODELS]
    assert [row["path"] is not None for row in rows] == [model.name == DEFAULT_MODEL for model in KNOWN_MODELS]
    for row in rows:
        assert row["name"] in plain.stdout
        assert row["licence"] in plain.stdout
        assert (row["path"] or row["origin"]) in plain.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["pull", "gpt-9"], 1, ["No model is called 'gpt-9'", *(m.name for m in KNOWN_MODELS)], id="pull"),
        pytest.param(["path", "gpt-9"], 1, ["No model is called 'gpt-9'", *(m.name for m in KNOWN_MODELS)], id="path"),
        pytest.param(["path", "gpt-9", "--json"], 1, ["No model is called 'gpt-9'"], id="as JSON"),
        pytest.param(["path", DEFAULT_MODEL], 1, [f"pillion model pull {DEFAULT_MODEL}"], id="not here yet"),
        pytest.param(["path", "no.gguf"], 1, ["no.gguf' can't be read"], id="no file"),
        pytest.param(["path"], 2, ["usage:"], id="no name"),
        pytest.param([], 2, ["usage:"], id="nothing"),
        pytest.param(["push"], 2, ["push"], id="no such part"),
    ],
)
def test_what_goes_wrong(tmp_path: Path, arguments: list[str], code: int, words: list[str]) -> None:
    result = pillion(*arguments, folder=tmp_path)
    assert (result.returncode, result.stdout) == (code, "")
    assert all(word in result.stderr for word in words), result.stderr
    assert "Traceback" not in result.stderr
