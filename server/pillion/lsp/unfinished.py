"""Finds the drafts that a server left behind which ended while a model wrote, and keeps them with the others."""

import json
import logging
import os
import re
from contextlib import suppress
from pathlib import Path

from pillion.errors import FileError, FileMissingError
from pillion.files.bounded import MIB, read_bytes
from pillion.files.lock import locked, take
from pillion.files.opening import NO_LINK, open_regular
from pillion.lsp.draft_log import ENDING, FOLDER, LOCK, Entry, joined
from pillion.lsp.drafts import DraftFolder

log = logging.getLogger(__name__)

# Many times what any model is let write.
_LARGEST_BYTES = 16 * MIB
_LOCK_WITHIN_S = 2.0


def recover(drafts: DraftFolder) -> list[Path]:
    """Moves abandoned drafts to the folder of kept ones, and returns their files. A server that lives keeps its own.

    Never raises; what can't be moved now stays for the next time.
    """
    folder = drafts.state / FOLDER
    found: list[Path] = []
    if not folder.is_dir():
        return found
    try:
        with locked(folder, within_s=_LOCK_WITHIN_S):
            for home in sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink()):
                found += _from_folder(home, drafts)
    except (FileError, OSError) as exc:
        log.warning("drafts that were left unfinished can't be looked for: %s", exc)
    return found


def _from_folder(home: Path, drafts: DraftFolder) -> list[Path]:
    lock: int | None = None
    try:
        with suppress(FileMissingError):
            lock = open_regular(home / LOCK, os.O_RDWR | NO_LINK)
        if lock is not None and not take(lock):
            return []
        kept = [_keep(each, drafts) for each in sorted(home.glob(f"*{ENDING}"))]
        with suppress(OSError):  # one that couldn't be kept is still in it
            if all(each.name == LOCK for each in home.iterdir()):
                (home / LOCK).unlink(missing_ok=True)
                home.rmdir()
    finally:
        if lock is not None:
            os.close(lock)
    return [each for each in kept if each is not None]


def _keep(file: Path, drafts: DraftFolder) -> Path | None:
    """The file that an abandoned draft has now; None if there is nothing to keep, or it can't be kept."""
    try:
        about, entries = _read(file)
    except FileError as exc:
        log.warning("a draft that was left unfinished can't be read: %s", exc)
        return None
    job_id, text = _word(file.name.removesuffix(ENDING)), joined(entries)
    path = None
    if text.strip() and not drafts.has(job_id):
        action, symbol = (str(about.get(name, "")) for name in ("action", "symbol"))
        path = drafts.keep(job_id, _word(action) or "draft", symbol, text, finished=False)
        if path is None:
            return None
    file.unlink(missing_ok=True)
    return path


def _read(file: Path) -> tuple[dict[str, object], list[Entry]]:
    """What the draft is of, and its pieces. A line that was cut off in the middle is none.

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
    """What can be part of a file's name."""
    return re.sub(r"\W+", "_", text)[:60]
