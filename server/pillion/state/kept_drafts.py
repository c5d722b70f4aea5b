"""Keeps drafts that didn't become an edit as files, so that nothing a model wrote is lost.

A note beside each draft says which file it is for and why it didn't become an edit; an earlier Pillion wrote no notes.
Servers share the folder: another server may remove a file at any moment.
"""

import json
import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pillion.errors import FileError
from pillion.files.atomic_write import replace_file
from pillion.files.bounded_read import KIB, MIB, read_bytes
from pillion.state.folder import ready_folder, state_folder

# A draft that is beyond one of these goes, but for the newest.
_KEPT_FILES, _KEPT_BYTES, _KEPT_S = 50, 32 * MIB, 90 * 24 * 3600.0
_MOST_NAME_BYTES = 60
_ENDING = ".md"
# The ending of the files of jobs whose server ended while they ran.
_UNFINISHED_ENDING = ".unfinished.md"
_NOTE_ENDING = ".json"
_LARGEST_NOTE_BYTES = 64 * KIB
_LARGEST_BYTES = 16 * MIB
_LONGEST_IN_NOTE = {"uri": 4_000, "reason": 1_000, "changes": 4_000}

KeptDraft = dict[str, str | int | float]


class DraftFolder:
    """Keeps the last fifty drafts of the last ninety days, in at most 32 MiB, by default in the user's state folder."""

    def __init__(self, state: Path | None = None) -> None:
        self._state = state

    @property
    def state(self) -> Path:
        """The state folder that holds the drafts."""
        return self._state or state_folder()

    def kept(self) -> list[KeptDraft]:
        """The drafts that are kept, newest first: path, action, symbol, bytes, time of writing (Unix time, s), the
        document's URI, why it didn't become an edit, and the other files that it was to change. The last four may be
        empty, and so may the symbol."""
        return [_with_note(each) for each in self._all() if not str(each["path"]).endswith(_UNFINISHED_ENDING)]

    def unfinished(self) -> list[KeptDraft]:
        """The same for the drafts of servers that ended while a model wrote."""
        return [_with_note(each) for each in self._all() if str(each["path"]).endswith(_UNFINISHED_ENDING)]

    def keep(
        self,
        job_id: str,
        action: str,
        symbol: str,
        text: str,
        *,
        uri: str = "",
        reason: str = "",
        changes: Sequence[str] = (),
        finished: bool = True,
    ) -> Path | None:
        """Writes a draft and returns its file; None if the folder can't be written. `uri`, `reason`, `changes`: see
        `kept`."""
        name = "-".join(filter(None, (action, name_in_file(symbol), job_id)))
        try:
            path = ready_folder(self.state, "drafts") / f"{name}{_ENDING if finished else _UNFINISHED_ENDING}"
            replace_file(path, text.encode("utf-8", "surrogatepass"), private=True, durable=False)
        except FileError:
            return None
        _write_note(path, {"uri": uri, "reason": reason, "changes": "; ".join(changes)})
        self.prune()
        return path

    def prune(self) -> None:
        """Removes what is too old or too much; see the class."""
        size, oldest = 0, time.time() - _KEPT_S
        for number, each in enumerate(self._all()):
            size += int(each["bytes"])
            beyond = number >= _KEPT_FILES or size > _KEPT_BYTES or float(each["modified_at"]) < oldest
            if number and beyond:
                remove_draft(Path(str(each["path"])))

    def has(self, job_id: str) -> bool:
        """Whether a job's draft is kept."""
        endings = (f"-{job_id}{_ENDING}", f"-{job_id}{_UNFINISHED_ENDING}")
        return any(str(each["path"]).endswith(endings) for each in self._all())

    def forget(self, job_id: str) -> None:
        """Removes a job's draft, because it became an edit after all."""
        for each in self._all():
            path = Path(str(each["path"]))
            if path.name.endswith(f"{job_id}{_ENDING}"):
                remove_draft(path)

    def _all(self) -> list[KeptDraft]:
        found: list[KeptDraft] = []
        with suppress(OSError), os.scandir(self.state / "drafts") as entries:
            for entry in entries:
                with suppress(OSError):  # another server has just removed it
                    if entry.name.endswith(_ENDING) and entry.is_file(follow_symlinks=False):
                        found.append(_about(Path(entry.path), entry.stat(follow_symlinks=False)))
        return sorted(found, key=lambda each: (each["modified_at"], each["path"]), reverse=True)


def name_in_file(symbol: str) -> str:
    """A symbol's name as a draft's file and the list have it. C++ has operators, and names may be long."""
    return re.sub(r"\W+", "_", symbol).encode()[:_MOST_NAME_BYTES].decode(errors="ignore")


def read_draft(path: Path) -> str:
    """A draft's text.

    Raises:
        FileError: it can't be read.
    """
    return read_bytes(path, _LARGEST_BYTES).decode("utf-8", "replace")


def _about(path: Path, found: os.stat_result) -> KeptDraft:
    stem = path.name.removesuffix(_UNFINISHED_ENDING).removesuffix(_ENDING)
    action, _, rest = stem.partition("-")
    about: KeptDraft = {"path": str(path), "action": action, "symbol": rest.rpartition("-")[0]}
    return {**about, "bytes": found.st_size, "modified_at": found.st_mtime}


def remove_draft(path: Path) -> None:
    """Removes a draft and its note. It is no failure if another server has removed them. A file that can't be removed
    stays until it is one of the oldest."""
    for each in (_note_of(path), path):  # in this order, so that no note is left without its draft
        with suppress(OSError):
            each.unlink()


def _note_of(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(_ENDING) + _NOTE_ENDING)


def _write_note(path: Path, note: dict[str, str]) -> None:
    said = {name: " ".join(text.split())[: _LONGEST_IN_NOTE[name]] for name, text in note.items() if text}
    if said:
        with suppress(FileError):  # the draft is kept, which is what matters
            replace_file(_note_of(path), json.dumps(said).encode(), private=True, durable=False)


def _with_note(draft: KeptDraft) -> KeptDraft:
    try:
        note = json.loads(read_bytes(_note_of(Path(str(draft["path"]))), _LARGEST_NOTE_BYTES))
    except (FileError, ValueError, RecursionError):
        note = None
    said = note if isinstance(note, dict) else {}
    return {**draft, **{name: str(said.get(name) or "")[:longest] for name, longest in _LONGEST_IN_NOTE.items()}}
