"""The models that a user pulled by address: beside each file is a note of its origin and its hash."""

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pillion.config.schema import without_secrets
from pillion.errors import FileError, UsageError
from pillion.files.atomic_write import replace_file
from pillion.files.bounded_read import KIB, read_bytes
from pillion.models.known import KNOWN_MODELS, KnownModel

_NOTE = ".json"
_LARGEST_NOTE_BYTES = 16 * KIB
# The names that every file system takes and no shell misreads.
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,110}\.gguf")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def model_at(url: str, sha256: str) -> KnownModel:
    """The model that is at an address. Its size isn't known before it is fetched.

    Raises:
        UsageError: the address or the hash can't be used.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if not (parts.scheme == "https" and host) and not (parts.scheme == "http" and host in _LOOPBACK):
        raise UsageError(
            f"{without_secrets(url)} isn't an address that a model is fetched from.",
            hint="It begins with https://; http:// only on this machine.",
        )
    file_name = unquote(parts.path.rpartition("/")[2])
    if not _FILE_NAME.fullmatch(file_name):
        raise UsageError(
            f"{without_secrets(url)} doesn't end in the name of a .gguf file.",
            hint="A model is kept under the last part of its address: letters, digits, “.”, “_”, “+” and “-”.",
        )
    if not _SHA256.fullmatch(sha256):
        raise UsageError(
            "A model that is pulled by its address needs --sha256 with the hash of the file (64 hexadecimal digits).",
            hint="The hash is what makes a file trusted. Hugging Face shows it on a file's page.",
        )
    for known in KNOWN_MODELS:
        if file_name.lower() == known.file_name.lower() or file_name.removesuffix(".gguf").lower() == known.name:
            raise UsageError(
                f"{file_name} is the name of a model that Pillion knows.", hint=f"Run: pillion model pull {known.name}"
            )
    return _model(file_name, url, sha256.lower(), 0)


def note(folder: Path, model: KnownModel, size_bytes: int) -> None:
    """Notes where a pulled file came from, so that it is known by its name.

    Raises:
        FileError: the note can't be written.
    """
    origin = model.sources[0] if isinstance(model.sources[0], str) else ""
    data = {"url": without_secrets(origin), "sha256": model.sha256, "size_bytes": size_bytes}
    replace_file(note_path(folder, model), (json.dumps(data, indent=2) + "\n").encode())


def note_path(folder: Path, model: KnownModel) -> Path:
    """Where the note is, or would be."""
    return folder / f"{model.file_name}{_NOTE}"


def pulled_models(folder: Path) -> list[KnownModel]:
    """The models with a note, by name. A note that can't be read is none."""
    found = [_noted(path) for path in sorted(folder.glob(f"*.gguf{_NOTE}"))]
    return [each for each in found if each is not None]


def _noted(path: Path) -> KnownModel | None:
    file_name = path.name.removesuffix(_NOTE)
    try:
        data = json.loads(read_bytes(path, _LARGEST_NOTE_BYTES))
    except (FileError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not _FILE_NAME.fullmatch(file_name):
        return None
    url, sha256, size_bytes = data.get("url"), data.get("sha256"), data.get("size_bytes")
    if not isinstance(url, str) or not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
        return None
    if not isinstance(size_bytes, int) or size_bytes < 0:
        return None
    return _model(file_name, url, sha256, size_bytes)


def _model(file_name: str, url: str, sha256: str, size_bytes: int) -> KnownModel:
    return KnownModel(
        name=file_name.removesuffix(".gguf"),
        file_name=file_name,
        size_bytes=size_bytes,
        sha256=sha256,
        licence="unknown",
        sources=(url,),
        summary="Pulled by its address.",
        memory_bytes=0,
    )
