"""Finds the drafts of servers that ended while a model wrote, and keeps them with the others."""

import json
import logging
import os
import re
from contextlib import suppress
from pathlib import Path

from pillion.errors import FileError, FileMissingError
from pillion.files.atomic_write import replace_file
from pillion.files.bounded_read import MIB, read_bytes
from pillion.files.lock import locked, take
from pillion.files.opening import NO_LINK, open_regular
from pillion.state.draft_log import ENDING, FOLDER, LOCK, Entry, joined
from pillion.state.folder import ready_folder
from pillion.state.kept_drafts import DraftFolder

log = logging.getLogger(__name__)

# Many times more than any model may write.
_LARGEST_BYTES = 16 * MIB
_LARGEST_TIME_BYTES = 100
_LOCK_WITHIN_S = 2.0
_TOLD = ".told"


def recover(drafts: DraftFolder) -> list[Path]:
    """Moves abandoned drafts to the folder of kept drafts. Returns the files of all unfinished drafts since the last
    call, newest first. The drafts of servers that still run are left alone.

    Never raises; a draft that can't be moved now stays for the next time. Removes kept drafts that are too old.
    """
    drafts.prune()
    if not (drafts.state / FOLDER).is_dir() and not drafts.unfinished():
        return []
    try:
        folder = ready_folder(drafts.state, FOLDER)
        with locked(folder, within_s=_LOCK_WITHIN_S):
            for home in sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink()):
                try:
                    _from_folder(home, drafts)
                except (FileError, OSError) as exc:  # the others' drafts have nothing to do with it
                    log.warning("the drafts in %s can't be looked for: %s", home, exc)
            return _untold(folder / _TOLD, drafts)
    except (FileError, OSError) as exc:
        log.warning("drafts that were left unfinished can't be looked for: %s", exc)
        return []


def _untold(told: Path, drafts: DraftFolder) -> list[Path]:
    """The unfinished drafts that are newer than the last one reported, whose time a file remembers."""
    try:
        until_s = float(read_bytes(told, _LARGEST_TIME_BYTES))
    except (FileError, ValueError):
        until_s = 0.0
    new = [each for each in drafts.unfinished() if float(each["modified_at"]) > until_s]
    if new:
        replace_file(told, repr(new[0]["modified_at"]).encode(), private=True)
    return [Path(str(each["path"])) for each in new]


def _from_folder(home: Path, drafts: DraftFolder) -> None:
    lock: int | None = None
    try:
        with suppress(FileMissingError):
            lock = open_regular(home / LOCK, os.O_RDWR | NO_LINK)
        if lock is not None and not take(lock):
            return
        for each in sorted(home.glob(f"*{ENDING}")):
            _keep(each, drafts)
        with suppress(OSError):  # one that couldn't be kept is still in it
            if all(each.name == LOCK for each in home.iterdir()):
                (home / LOCK).unlink(missing_ok=True)
                home.rmdir()
    finally:
        if lock is not None:
            os.close(lock)


def _keep(file: Path, drafts: DraftFolder) -> None:
    """Gives an abandoned draft a file among the kept drafts, if there is anything to keep."""
    try:
        about, entries = _read(file)
    except FileError as exc:
        log.warning("a draft that was left unfinished can't be read: %s", exc)
        return
    job_id, text = _word(file.name.removesuffix(ENDING)), joined(entries)
    if text.strip() and not drafts.has(job_id):
        action, symbol, uri = (str(about.get(name, "")) for name in ("action", "symbol", "uri"))
        if drafts.keep(job_id, _word(action) or "draft", symbol, text, uri=uri, finished=False) is None:
            return
    file.unlink(missing_ok=True)


def _read(file: Path) -> tuple[dict[str, object], list[Entry]]:
    """The facts about the draft, and its pieces. A line that was cut off in the middle is ignored.

    Raises:
        FileError: it can't be read.
    """
    about: dict[str, object] = {}
    entries: list[Entry] = []
    for line in read_bytes(file, _LARGEST_BYTES).split(b"\n"):
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(said, dict):
            continue
        if "format" in said:
            about = said
        entries += [(kind, text) for kind in ("draft", "void") if isinstance(text := said.get(kind), str)]
    return about, entries


def _word(text: str) -> str:
    """A text as a part of a file's name."""
    return re.sub(r"\W+", "_", text)[:60]
