"""The folder with the model files. Every file in it is whole and verified."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from platformdirs import user_cache_path

from pillion.errors import FileError, ModelError, ModelNotHereError
from pillion.files.opening import open_regular
from pillion.models.known import KNOWN_MODELS, KnownModel, known_model
from pillion.models.pieces import whole_pieces
from pillion.models.pulled import note_path, pulled_models
from pillion.models.verification import VerifiedFiles, sha256_of
from pillion.models.wheel_parts import WheelPart
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

    def wheel_path_of(self, part: WheelPart) -> Path:
        """Where an unfinished download of a wheel is kept."""
        return self.folder / f"{part.wheel_name}.partial"

    def all(self) -> list[KnownModel]:
        """The models that have a name here: the known ones, and those that the user pulled by address."""
        return [*KNOWN_MODELS, *pulled_models(self.folder)]

    def find(self, name: str) -> KnownModel:
        """The model with this name.

        Raises:
            ModelError: there is none.
        """
        return next((each for each in pulled_models(self.folder) if each.name == name), None) or known_model(name)

    def missing(self, names: Iterable[str]) -> list[KnownModel]:
        """The models with these names that aren't here; paths and unknown names are left to the caller."""
        named = {model.name: model for model in self.all()}
        return [named[name] for name in dict.fromkeys(names) if name in named and not self.has(named[name])]

    def has(self, model: KnownModel) -> bool:
        """Whether the file with the pinned hash is there. After each change of the file this reads it once, which takes
        some seconds for a large file."""
        path = self.path_of(model)
        try:
            if model.size_bytes and path.stat().st_size != model.size_bytes:
                return False
            return self._verified.sha256_of(path) == model.sha256
        except (OSError, FileError):
            return False

    def resolve(self, name: str) -> Path:
        """The file for a model's name, or for a path.

        Raises:
            ModelError: it isn't there, or isn't a GGUF file.
        """
        if is_path(name):
            return _gguf_file(name)
        model = self.find(name)
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

    def insist_on_name(self, name: str) -> None:
        """Checks a model's name, which may be a path.

        Raises:
            ModelError: it can never be used: it is neither a file nor a model to fetch.
        """
        if is_path(name):
            _gguf_file(name)
        else:
            self.find(name)

    def mistake_in(self, name: str) -> str:
        """What is wrong with a model's name; empty if it can be used."""
        try:
            self.insist_on_name(name)
        except ModelError as exc:
            return exc.full_message
        return ""

    def place(self, model: KnownModel, partial: Path) -> Path:
        """Verifies a finished download and gives it its name in one step. A wrong one is deleted, except for its good
        pieces, where the pieces are known.

        Raises:
            ModelError: the file doesn't have the pinned hash.
        """
        # Windows flushes only files that are open for writing.
        with partial.open("r+b") as file:
            os.fsync(file.fileno())
        try:
            insist_on_hash(partial, model.name, model.sha256)
        except ModelError:
            good = model.parts[: whole_pieces(partial, model.parts)]
            os.truncate(partial, sum(part.size_bytes for part in good))
            if not good:
                partial.unlink()
            raise
        partial.replace(self.path_of(model))
        self._verified.remember(self.path_of(model), model.sha256)
        return self.path_of(model)

    def files_of(self, model: KnownModel) -> list[Path]:
        """The files of this model that are here: the model's own, and what unfinished downloads left."""
        places = [self.path_of(model), self.partial_path_of(model), *map(self.wheel_path_of, model.parts)]
        return [each for each in (*places, note_path(self.folder, model)) if os.path.lexists(each)]

    def remove(self, model: KnownModel) -> int:
        """Removes a model's files, and returns how many bytes they had.

        Raises:
            ModelError: a file can't be removed.
        """
        freed = 0
        for path in self.files_of(model):
            try:
                size = path.lstat().st_size
                path.unlink()
            except OSError as exc:
                raise ModelError(f"{path} can't be removed: {exc.strerror}.") from exc
            freed += size
        return freed


def insist_on_hash(path: Path, name: str, sha256: str, becomes: str = "it was deleted") -> None:
    """Checks what came for `name`. `becomes` says what the caller does with a wrong file.

    Raises:
        ModelError: the file doesn't have the pinned hash.
    """
    with path.open("rb") as file:
        found = sha256_of(file)
    if found != sha256:
        raise ModelError(
            f"What came for {name} isn't the file that was pinned (SHA-256 {found[:12]}…, "
            f"expected {sha256[:12]}…); {becomes}.",
            hint="Try again; if it stays so, the source has changed.",
        )


def insist_on_gguf(path: Path) -> None:
    """Checks that a file begins as GGUF files do.

    Raises:
        ModelError: it doesn't, or it can't be read.
    """
    _gguf_file(str(path))


def is_path(name: str) -> bool:
    """Whether a model is named by the path of its file."""
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
