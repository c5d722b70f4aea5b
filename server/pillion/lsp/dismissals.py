"""Findings the user doesn't want to see again, remembered across sessions: hashes in a file, and never code."""

import asyncio
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from pillion.files.lock import locked
from pillion.state import state_folder

if TYPE_CHECKING:
    from pillion.findings import Finding

_KEPT = 5_000
_ID = re.compile(r"[0-9a-f]{32}")
# Five thousand lines are far less; a file this long isn't one of ours.
_LARGEST_BYTES = 1_000_000


def finding_id(finding: "Finding") -> str:
    """The same for the same words on the same text, wherever it stands: 32 hexadecimal digits."""
    said = f"{finding.quote}\0{finding.message}\0{finding.identity}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def is_finding_id(text: str) -> bool:
    """Whether `text` has an id's form."""
    return _ID.fullmatch(text) is not None


class Dismissals:
    """The ids of dismissed findings, the newest five thousand; by default in a file in the user's state folder.

    The file is read again before it is written, under a lock: two servers don't lose each other's.
    """

    def __init__(self, state: Path | None = None) -> None:
        self._state = state
        self._ids: dict[str, None] = {}

    def __contains__(self, finding: "Finding") -> bool:
        return finding_id(finding) in self._ids

    def hold(self, ids: Iterable[str]) -> None:
        """Dismisses these for this session; `save` is for the next ones."""
        self._ids |= dict.fromkeys(ids)

    async def load(self) -> str:
        """Takes in what the file holds, and returns what was wrong with it (empty: nothing)."""
        stored, problem = await asyncio.to_thread(lambda: _read(self._file()))
        self._ids = dict.fromkeys(stored) | self._ids
        return problem

    async def save(self, ids: Iterable[str]) -> str:
        """Adds these to the file, and returns why that can't be done (empty: it is done)."""
        return await asyncio.to_thread(lambda: _add(self._file(), dict.fromkeys(ids)))

    def _file(self) -> Path:
        return (self._state or state_folder()) / "dismissed.txt"


def _add(file: Path, new: Mapping[str, None]) -> str:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(file.parent):
            stored, problem = _read(file)
            lines = [each for each in stored if each not in new]
            _write(file, [*lines, *new][-_KEPT:])
    except OSError as exc:
        return f"{file} can't be written, so the dismissal holds for this session only: {exc.strerror}."
    return problem


def _read(file: Path) -> tuple[list[str], str]:
    """The ids in the file, and what is wrong with it. Lines that aren't ids are left out."""
    try:
        with file.open("rb") as source:
            data = source.read(_LARGEST_BYTES + 1)
    except FileNotFoundError:
        return [], ""
    except OSError as exc:
        return [], f"{file} can't be read, so earlier dismissals are forgotten: {exc.strerror}."
    if len(data) > _LARGEST_BYTES:
        return [], f"{file} is too long to be a list of dismissals; it starts anew."
    lines = data.decode("ascii", "replace").splitlines()
    ids = [line for line in lines if is_finding_id(line)]
    strange = f"{file} has lines that aren't dismissals; they are ignored." if len(ids) < len(lines) else ""
    return ids, strange


def _write(file: Path, lines: list[str]) -> None:
    """Replaces the file in one step: who reads it meanwhile sees the old one or the new one."""
    with NamedTemporaryFile("w", encoding="ascii", dir=file.parent, prefix=".dismissed-", delete=False) as fresh:
        fresh.write("".join(f"{line}\n" for line in lines))
    try:
        os.replace(fresh.name, file)
    except OSError:
        Path(fresh.name).unlink(missing_ok=True)
        raise
