"""The file with the findings that a user has dismissed: one readable line for each.

A line is a JSON object, or, in files that an earlier Pillion wrote, only the finding's id.
"""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pillion.errors import FileError, FileMissingError, FileTooLargeError
from pillion.files.atomic_write import replace_file
from pillion.files.bounded_read import MIB, read_bytes
from pillion.files.lock import locked
from pillion.state.folder import LOCK_WITHIN_S, ready_folder

_NAME = "dismissed.txt"
_KEPT = 5_000
_ID = re.compile(r"[0-9a-f]{32}")
# Five thousand lines are smaller; Pillion didn't write a file of this size.
_LARGEST_BYTES = 16 * MIB
_LONGEST = {"file": 500, "text": 200, "message": 300, "dismissed_at": 40}


def is_finding_id(text: str) -> bool:
    """Whether `text` has the form of a finding's id."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A finding that the user doesn't want to see again: its file (a path, or else a URI), the line's number (from 1)
    and text as they were, the message, and the time (ISO 8601). For an old one only the id is known."""

    id: str
    file: str = ""
    line: int | None = None
    text: str = ""
    message: str = ""
    dismissed_at: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """As JSON data."""
        return asdict(self)


class DismissalFile:
    """The newest five thousand dismissals, in a state folder. Two servers don't lose each other's dismissals: before it
    writes, each reads the file again under a lock, and it replaces the file in one step."""

    def __init__(self, state: Path) -> None:
        self.path = state / _NAME

    def read(self) -> tuple[list[Dismissal], str]:
        """The dismissals, oldest first, and what is wrong with the file (empty: nothing). Bad lines are left out."""
        try:
            data = read_bytes(self.path, _LARGEST_BYTES)
        except FileMissingError:
            return [], ""
        except FileTooLargeError:
            return [], f"{self.path} is too long to be a list of dismissals; it starts anew."
        except FileError as exc:
            reason = exc.reason.removeprefix("can't be read: ")
            return [], f"{self.path} can't be read, so earlier dismissals are forgotten: {reason}."
        lines = [line for line in data.decode("utf-8", "replace").split("\n") if line.strip()]
        found = [each for each in map(_parsed, lines) if each is not None]
        unique = {each.id: each for each in found}
        strange = f"{self.path} has lines that aren't dismissals; they are ignored." if len(found) < len(lines) else ""
        return list(unique.values()), strange

    def add(self, new: Iterable[Dismissal]) -> str:
        """Adds dismissals. Returns why that can't be done, or what was wrong with the file (empty: all is well).

        Raises:
            FileError: it can't be written.
        """
        added = {each.id: each for each in new}
        with locked(ready_folder(self.path.parent), within_s=LOCK_WITHIN_S):
            stored, problem = self.read()
            self._write([*(each for each in stored if each.id not in added), *added.values()][-_KEPT:])
        return problem

    def remove(self, ids: Collection[str]) -> list[Dismissal]:
        """Removes dismissals, and returns those that were there.

        Raises:
            FileError: it can't be written.
        """
        with locked(ready_folder(self.path.parent), within_s=LOCK_WITHIN_S):
            stored, _ = self.read()
            gone = [each for each in stored if each.id in ids]
            if gone:
                self._write([each for each in stored if each.id not in ids])
        return gone

    def _write(self, dismissals: list[Dismissal]) -> None:
        lines = "".join(f"{_line(each)}\n" for each in dismissals)
        # Half a surrogate pair becomes an escape, which is valid JSON.
        replace_file(self.path, lines.encode("utf-8", "backslashreplace"), private=True)


def _line(dismissal: Dismissal) -> str:
    data = {name: value for name, value in dismissal.data.items() if value not in {"", None} and name != "id"}
    if not data:
        return dismissal.id
    for name, longest in _LONGEST.items():
        if len(data.get(name, "")) > longest:
            data[name] = f"{data[name][: longest - 1]}…"
    return json.dumps({**data, "id": dismissal.id}, ensure_ascii=False)


def _parsed(line: str) -> Dismissal | None:
    line = line.strip()
    if is_finding_id(line):
        return Dismissal(line)
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("id"), str) or not is_finding_id(data["id"]):
        return None
    words = {name: value for name in _LONGEST if isinstance(value := data.get(name), str)}
    number = data.get("line")
    known = number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else None
    return Dismissal(data["id"], line=known, **words)
