"""The findings that the user doesn't want to see again. A file keeps them for later sessions."""

import asyncio
import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.errors import FileError
from pillion.state.dismissal_file import Dismissal, DismissalFile, is_finding_id
from pillion.state.folder import state_folder

if TYPE_CHECKING:
    from pillion.findings.finding import Finding
    from pillion.findings.place import Place

__all__ = ["Dismissals", "finding_id", "is_finding_id"]


def finding_id(finding: "Finding[Place]") -> str:
    """32 hexadecimal digits, the same for the same words on the same text, wherever the text stands."""
    said = f"{finding.quote}\0{finding.message}\0{finding.identity}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Dismissals:
    """The dismissed findings; by default in a file in the user's state folder.

    Changes to the file by another session, or by the command line, are seen at the next `load`.
    """

    def __init__(self, state: Path | None = None) -> None:
        self._state = state
        self._stored: dict[str, Dismissal] = {}
        self._unsaved: dict[str, Dismissal] = {}

    def __contains__(self, finding: "Finding[Place]") -> bool:
        found = finding_id(finding)
        return found in self._stored or found in self._unsaved

    @property
    def ids(self) -> Collection[str]:
        """The ids of the dismissed findings."""
        return self._stored.keys() | self._unsaved.keys()

    def hold(self, dismissals: Iterable[Dismissal]) -> None:
        """Dismisses these for this session; `save` dismisses them for later sessions too."""
        self._unsaved |= {each.id: each for each in dismissals}

    async def load(self) -> str:
        """Reads the file again, and returns what was wrong with it (empty: nothing)."""
        stored, problem = await asyncio.to_thread(lambda: self._file().read())
        self._stored = {each.id: each for each in stored}
        return problem

    async def save(self, dismissals: Collection[Dismissal]) -> str:
        """Adds these to the file, and returns the problem with that (empty: none)."""
        self.hold(dismissals)
        try:
            problem = await asyncio.to_thread(lambda: self._file().add(dismissals))
        except FileError as exc:
            return f"{self._file().path} can't be written, so the dismissal holds for this session only: {exc}"
        for each in dismissals:
            self._stored[each.id] = each
            self._unsaved.pop(each.id, None)
        return problem

    async def release(self, ids: Collection[str]) -> str:
        """Removes these dismissals, here and in the file; returns why the file can't be changed (empty: it was)."""
        for each in ids:
            self._stored.pop(each, None)
            self._unsaved.pop(each, None)
        try:
            await asyncio.to_thread(lambda: self._file().remove(ids))
        except FileError as exc:
            return f"{self._file().path} can't be written, so it holds again in the next session: {exc}"
        return ""

    async def listed(self) -> tuple[list[Dismissal], str]:
        """All dismissals, newest first, and what is wrong with the file (empty: nothing)."""
        problem = await self.load()
        newest = {**self._stored, **self._unsaved}
        return list(newest.values())[::-1], problem

    def _file(self) -> DismissalFile:
        return DismissalFile(self._state or state_folder())
