"""Writes models' drafts to disk within half a second, so that no draft is lost if the server ends.

Each server has a folder, which is locked for as long as the server lives, and in it one file for each job. A file is
lines of JSON, and only grows: first the facts about the job, then pieces of the draft, and the places where it started
over. The file is removed when the draft has become an edit or has a file of its own. `unfinished_drafts.py` finds the
files in folders that no server holds.
"""

import asyncio
import json
import logging
import os
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from pillion.errors import FileError
from pillion.files.atomic_write import open_own
from pillion.files.lock import locked, take
from pillion.state.folder import LOCK_WITHIN_S, ready_folder, state_folder

log = logging.getLogger(__name__)

FOLDER, LOCK, ENDING = "unfinished", "server.lock", ".jsonl"
FORMAT = 1
_FLUSH_AFTER_S = 0.5
_LONGEST_REASON = 200
_CLOSE_WITHIN_S = 2.0

# ("draft", a piece of the draft) or ("void", why it started over).
Entry = tuple[str, str]


class DraftLog:
    """One server's drafts in progress; by default in the user's state folder."""

    def __init__(self, state: Path | None = None) -> None:
        self._state = state
        # One thread: pieces are written in order, and a slow disk delays only this thread.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="drafts")
        self._home: Path | None = None
        self._lock: int | None = None
        self._broken = False

    def begin(self, job_id: str, action: str, symbol: str, uri: str) -> "DraftRecord":
        """The record of one job. The file begins when the job's model writes."""
        about = {"format": FORMAT, "job": job_id, "action": action, "symbol": symbol, "uri": uri}
        return DraftRecord(self, job_id, about)

    def append(self, job_id: str, lines: list[Mapping[str, object]]) -> None:
        """Adds lines to a job's file, in the writer's thread."""
        self._in_order(lambda: self._append(job_id, lines))

    def drop(self, job_id: str) -> None:
        """Removes a job's file, in the writer's thread, after the lines added before."""
        self._in_order(lambda: self._drop(job_id))

    async def close(self) -> None:
        """Releases the folder once everything is written. The next server finds the files that are still in it."""
        leaving = asyncio.wrap_future(self._writer.submit(self._leave))
        self._writer.shutdown(wait=False)
        await asyncio.wait([leaving], timeout=_CLOSE_WITHIN_S)  # a disk that hangs keeps no editor from quitting

    def _in_order(self, work: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # closed: the next server finds the files
            self._writer.submit(work)

    def _append(self, job_id: str, lines: list[Mapping[str, object]]) -> None:
        if self._broken:
            return
        try:
            home = self._home or self._enter()
            with open(open_own(home / f"{job_id}{ENDING}"), "wb") as file:
                file.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        except (FileError, OSError) as exc:
            self._broken = True  # logged once, and not for every piece
            log.warning("drafts on their way aren't kept: %s", exc)

    def _drop(self, job_id: str) -> None:
        if self._home is not None:
            with suppress(OSError):
                (self._home / f"{job_id}{ENDING}").unlink(missing_ok=True)

    def _enter(self) -> Path:
        """Makes the folder, and holds its lock until the process ends."""
        folder = ready_folder(self._state or state_folder(), FOLDER)
        # The search for abandoned folders holds the same lock, so that it never sees a folder that isn't locked yet.
        with locked(folder, within_s=LOCK_WITHIN_S):
            home = ready_folder(folder, uuid4().hex)
            self._lock = open_own(home / LOCK)
            take(self._lock)
        self._home = home
        return home

    def _leave(self) -> None:
        home, lock = self._home, self._lock
        self._home = self._lock = None
        self._broken = True
        if home is None or lock is None:
            return
        with suppress(OSError):
            if os.listdir(home) == [LOCK]:
                (home / LOCK).unlink()
                home.rmdir()
        os.close(lock)


class DraftRecord:
    """The text that one job's model has written, in memory, and a moment later on disk."""

    def __init__(self, owner: DraftLog, job_id: str, about: Mapping[str, object]) -> None:
        self._owner = owner
        self._job_id = job_id
        self._about = about
        self._entries: list[Entry] = []
        self._pending: deque[Entry] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._begun = self._over = False

    def write(self, text: str) -> None:
        """Adds text that the model has written."""
        if text:
            self._add("draft", text)

    def start_over(self, reason: str) -> None:
        """Notes that the text so far is void."""
        self._add("void", reason)

    @property
    def text(self) -> str:
        """All drafts of the job, also those of endpoints that broke off."""
        return joined(self._entries)

    def drop(self) -> None:
        """Removes the record: the draft became an edit, or has a file of its own."""
        self._over = True
        self._entries.clear()
        self._pending.clear()
        if self._timer is not None:
            self._timer.cancel()
        if self._begun:
            self._owner.drop(self._job_id)

    def flush(self) -> None:
        """Has the new text written, in a thread."""
        self._timer = None
        if self._over or not self._pending or not self.text.strip():
            return
        lines: list[Mapping[str, object]] = [] if self._begun else [self._about]
        lines += [{kind: text} for kind, text in merged(self._pending)]
        self._pending.clear()
        self._begun = True
        self._owner.append(self._job_id, lines)

    def _add(self, kind: str, text: str) -> None:
        if self._over:
            return
        self._entries.append((kind, text))
        self._pending.append((kind, text))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_FLUSH_AFTER_S, self.flush)


def merged(entries: "list[Entry] | deque[Entry]") -> list[Entry]:
    """The same, with neighbouring pieces of a draft joined into one."""
    found: list[Entry] = []
    pieces: list[str] = []
    for kind, text in entries:
        if kind == "draft":
            pieces.append(text)
            continue
        if pieces:
            found.append(("draft", "".join(pieces)))
            pieces = []
        found.append((kind, text))
    return [*found, ("draft", "".join(pieces))] if pieces else found


def joined(entries: list[Entry]) -> str:
    """The drafts one after the other. Before each but the first, a comment says why the draft started over."""
    whole = ""
    reason = ""
    for kind, text in merged(entries):
        if kind == "void":
            reason = " ".join(text.split()).replace("--", "—")[:_LONGEST_REASON]
        elif whole.strip():
            whole += f"\n\n<!-- Started over: {reason} -->\n\n{text}"
        else:
            whole = text
    return whole
