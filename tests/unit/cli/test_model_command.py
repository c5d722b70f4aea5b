"""`pillion model`, as a person or a script runs it."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pillion.config.schema import DEFAULT_MODEL
from pillion.models.known import KNOWN_MODELS, known_model
from tests.support.file_server import FileServer


def pillion(*arguments: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PILLION_MODEL_DIR": str(folder),
        "PILLION_STATE_DIR": str(folder.parent),
        "PYTHONWARNINGS": "error",
        **more,
    }
    command = [sys.executable, "-P", "-m", "pillion", "model", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=60, cwd=folder.parent
    )


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
    speed = {"tokens_per_s": 12.34, "at": "2026-11-30"}
    (folder.parent / "speeds.json").write_text(json.dumps({"models": {DEFAULT_MODEL: speed}}))
    plain = pillion("list", folder=folder)
    data = pillion("list", "--json", folder=folder)
    assert (plain.returncode, plain.stderr, data.returncode, data.stderr) == (0, "", 0, "")
    rows = json.loads(data.stdout)
    assert [row["name"] for row in rows] == [model.name for model in KNOWN_MODELS]
    assert [row["path"] is not None for row in rows] == [model.name == DEFAULT_MODEL for model in KNOWN_MODELS]
    assert (rows[0]["tokens_per_s"], rows[0]["speed_measured_at"], rows[1]["tokens_per_s"]) == (
        12.3,
        "2026-11-30",
        None,
    )
    assert "Measured: 12 tokens/s on this machine, last on 2026-11-30; as an auditor, its findings" in plain.stdout
    for row in rows:
        assert row["name"] in plain.stdout
        assert row["licence"] in plain.stdout
        assert row["summary"] in plain.stdout
        assert all(place in plain.stdout for place in ([row["path"]] if row["path"] else row["sources"]))
        assert row["memory_is_measured"]
        assert f"{row['memory_bytes'] / 1e9:.1f} GB of memory" in plain.stdout


def test_remove(folder: Path) -> None:
    model = known_model("qwen2.5-coder-0.5b")
    for path in (folder / f"{model.file_name}.partial", folder / f"{model.parts[2].wheel_name}.partial"):
        path.write_bytes(bytes(600_000))
    listed = pillion("list", folder=folder)
    assert "1 MB of it are here" in listed.stdout
    removed = json.loads(pillion("remove", model.name, "--json", folder=folder).stdout)
    assert (removed["name"], removed["freed_bytes"], len(removed["removed"])) == (model.name, 1_200_000, 2)
    assert (
        pillion("remove", DEFAULT_MODEL, folder=folder).stdout == f"{DEFAULT_MODEL} is removed: 98 MB are free again.\n"
    )
    assert list(folder.iterdir()) == []
    again = pillion("remove", DEFAULT_MODEL, folder=folder)
    assert (again.returncode, again.stdout) == (0, f"{DEFAULT_MODEL} isn't on this machine.\n")


@pytest.mark.parametrize(
    ("name", "models"),
    [("tiny", [DEFAULT_MODEL] * 2), (DEFAULT_MODEL, [DEFAULT_MODEL] * 2), ("./my.gguf", ["./my.gguf"] * 2)],
)
def test_use(folder: Path, name: str, models: list[str]) -> None:
    """It is in the configuration, where a user can read and change it."""
    if name == "./my.gguf":
        (folder.parent / "my.gguf").write_bytes(b"GGUF")
    config = folder.parent / "config.toml"
    config.write_text('# mine\nreview = "never"\n')
    used = pillion("use", name, "--json", folder=folder, PILLION_CONFIG=str(config))
    assert (used.returncode, used.stderr) == (0, "")
    assert json.loads(used.stdout) == {
        "models": name,
        "driver": models[0],
        "passenger": models[1],
        "configuration": str(config),
        "own_endpoints": False,
    }
    assert f'models = "{name}"' in config.read_text().splitlines()
    assert config.read_text().endswith('# mine\nreview = "never"\n')


def test_use_without_effect_is_said(folder: Path) -> None:
    config = folder.parent / "config.toml"
    config.write_text('[endpoints.a]\nprotocol = "ollama"\nurl = "http://a"\nmodel = "m"\n')
    used = pillion("use", "tiny", folder=folder, PILLION_CONFIG=str(config))
    assert (used.returncode, "names endpoints" in used.stdout) == (0, True)


OTHER = b"GGUF" + bytes(100_000)


def test_a_model_by_its_address(tmp_path: Path) -> None:
    """It is resumed, known by its name and its path afterwards, and removed like another."""
    folder, sha256 = tmp_path / "models", hashlib.sha256(OTHER).hexdigest()
    with FileServer(OTHER, cut_after=50_000) as server:
        url = server.url.replace("model.gguf", "My-Model.Q4.gguf?key=secret")
        broken = pillion("pull", url, "--sha256", sha256, folder=folder)
        assert (broken.returncode, "broke off" in broken.stderr) == (1, True)
        server.cut_after = None
        pulled = json.loads(pillion("pull", url, "--sha256", sha256.upper(), "--json", folder=folder).stdout)
        assert server.asked == [None, "bytes=50000-"]
        assert json.loads(pillion("pull", url, "--sha256", sha256, "--json", folder=folder).stdout) == pulled
        assert len(server.asked) == 2, "it is here"
        server.content = OTHER[:-1] + b"x"
        other = pillion("pull", url, "--sha256", hashlib.sha256(server.content).hexdigest(), folder=folder)
    assert other.returncode == 1
    assert "is there already, and it is another file" in other.stderr
    assert "pillion model remove My-Model.Q4" in other.stderr
    assert pulled == {"name": "My-Model.Q4", "path": str(folder / "My-Model.Q4.gguf"), "sha256": sha256}
    row = json.loads(pillion("list", "--json", folder=folder).stdout)[-1]
    assert (row["name"], row["size_bytes"], row["path"]) == ("My-Model.Q4", len(OTHER), pulled["path"])
    assert (row["memory_is_measured"], "secret" in str(row)) == (False, False)
    assert pillion("path", "My-Model.Q4", folder=folder).stdout == f"{pulled['path']}\n"
    assert json.loads(pillion("remove", "My-Model.Q4", "--json", folder=folder).stdout)["freed_bytes"] > len(OTHER)
    assert [path.name for path in folder.iterdir()] == [".lock"]


@pytest.mark.parametrize(
    ("content", "sha256", "words"),
    [
        pytest.param(OTHER, "0" * 64, "isn't the file that was pinned", id="another file"),
        pytest.param(b"<html>", hashlib.sha256(b"<html>").hexdigest(), "isn't a GGUF file", id="no model"),
    ],
)
def test_what_is_at_an_address_is_checked(tmp_path: Path, content: bytes, sha256: str, words: str) -> None:
    with FileServer(content) as server:
        result = pillion("pull", server.url, "--sha256", sha256, folder=tmp_path / "models")
    assert result.returncode == 1
    assert words in result.stderr
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["pull", "gpt-9"], 2, ["No model is called 'gpt-9'", *(m.name for m in KNOWN_MODELS)], id="pull"),
        pytest.param(["path", "gpt-9"], 2, ["No model is called 'gpt-9'", *(m.name for m in KNOWN_MODELS)], id="path"),
        pytest.param(["path", "gpt-9", "--json"], 2, ["No model is called 'gpt-9'"], id="as JSON"),
        pytest.param(["path", DEFAULT_MODEL], 1, [f"pillion model pull {DEFAULT_MODEL}"], id="not here yet"),
        pytest.param(["path", "no.gguf"], 1, ["no.gguf' can't be read"], id="no file"),
        pytest.param(["path"], 2, ["usage:"], id="no name"),
        pytest.param(["remove", "qwen2.5-coder-05b"], 2, ["did you mean 'qwen2.5-coder-0.5b'"], id="remove"),
        pytest.param(["use", "quik"], 2, ["No model is called 'quik'", "good, quick, tiny, or a model"], id="use"),
        pytest.param(["use", "no.gguf"], 2, ["no.gguf' can't be read"], id="use no file"),
        pytest.param(["pull", DEFAULT_MODEL, "--sha256", "0" * 64], 2, ["goes with an address"], id="hash of a name"),
        pytest.param(["pull", "https://a.b/x.gguf"], 2, ["needs --sha256 with the hash"], id="no hash"),
        pytest.param(["pull", "https://a.b/x.gguf", "--sha256", "12"], 2, ["64 hexadecimal"], id="no whole hash"),
        pytest.param(["pull", "http://a.b/x.gguf", "--sha256", "0" * 64], 2, ["begins with https://"], id="http"),
        pytest.param(["pull", "file:///x.gguf", "--sha256", "0" * 64], 2, ["begins with https://"], id="a file"),
        pytest.param(["pull", "https://[/x.gguf", "--sha256", "0" * 64], 2, ["begins with https://"], id="no address"),
        pytest.param(["pull", "https://a.b/x.bin", "--sha256", "0" * 64], 2, ["a .gguf file"], id="another kind"),
        pytest.param(["pull", "https://a.b/..%2fx.gguf", "--sha256", "0" * 64], 2, ["a .gguf file"], id="a path"),
        pytest.param(
            ["pull", "https://a.b/Qwen2.5-Coder-0.5B-Instruct-Q4_K_M.gguf", "--sha256", "0" * 64],
            2,
            ["a model that Pillion knows", "pillion model pull qwen2.5-coder-0.5b"],
            id="a known file's name",
        ),
        pytest.param([], 2, ["usage:"], id="nothing"),
        pytest.param(["push"], 2, ["push"], id="no such part"),
    ],
)
def test_what_goes_wrong(tmp_path: Path, arguments: list[str], code: int, words: list[str]) -> None:
    result = pillion(*arguments, folder=tmp_path)
    assert (result.returncode, result.stdout) == (code, "")
    assert all(word in result.stderr for word in words), result.stderr
    assert "Traceback" not in result.stderr
