"""A folder that stands for the workspace while a checker reads a draft: links to all of it, and the draft in its place.

Nothing of the workspace is copied or written, except files that a build tool may write: of them there are copies.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pillion.auditors.auditor import Passage
from pillion.auditors.linters.new_rows import file_ending
from pillion.auditors.workspace import folders_above

_MOST_ENTRIES = 5_000
_LEFT_OUT = frozenset({".git", ".mypy_cache", ".ruff_cache", "__pycache__"})
_COPIED = frozenset({"Cargo.lock", "go.sum", "go.mod", "go.work.sum"})


@dataclass(frozen=True, slots=True)
class StandIn:
    """`root` stands for the workspace, `file` for the document. `nowhere` is an empty folder to run programs in: from
    there they import nothing of the workspace. `cache` is a folder for one audit; `identity` is always the same for the
    same workspace."""

    root: Path
    file: Path
    nowhere: Path
    cache: Path
    identity: str

    def write(self, text: str) -> None:
        """Puts a text into the document's place."""
        self.file.write_bytes(text.encode("utf-8", "replace"))  # a lone surrogate has no UTF-8; a “?” keeps the columns

    def nearest(self, names: tuple[str, ...]) -> Path | None:
        """The file with one of these names that is nearest to the document, in its folder or above."""
        folders = [self.file.parent, *self.file.parent.parents]
        inside = folders[: folders.index(self.root) + 1]
        return next((folder / name for folder in inside for name in names if (folder / name).is_file()), None)


@contextmanager
def stand_in(passage: Passage) -> Iterator[StandIn]:
    """A stand-in with everything but the document's text. It is gone afterwards.

    Raises:
        OSError: it can't be made: this system has no links, or a folder has too many files.
    """
    with tempfile.TemporaryDirectory(prefix="pillion-") as made:
        folder = Path(made).resolve()
        nowhere, cache, root = folder / "nowhere", folder / "cache", folder / "workspace"
        for each in (nowhere, cache, root):
            each.mkdir()
        path = passage.path
        if path is None:
            yield StandIn(root, root / f"draft{file_ending(passage)}", nowhere, cache, "")
            return
        workspace = passage.workspace if passage.workspace in folders_above(passage) else None
        top = workspace if workspace is not None and path.is_relative_to(workspace) else path.parent
        parts = path.relative_to(top).parts
        # They are there before the links: where letters' case doesn't count, a link could have the document's name.
        root.joinpath(*parts[:-1]).mkdir(parents=True, exist_ok=True)
        root.joinpath(*parts).touch()
        for depth in range(len(parts)):
            _link_all(top.joinpath(*parts[:depth]), root.joinpath(*parts[:depth]))
        identity = hashlib.sha256(str(top).encode("utf-8", "replace")).hexdigest()[:16]
        yield StandIn(root, root.joinpath(*parts), nowhere, cache, identity)


def _link_all(folder: Path, into: Path) -> None:
    """Links to everything in a folder that has no place of its own."""
    if not folder.is_dir():
        return  # the document is new, and so is its folder
    for number, entry in enumerate(folder.iterdir()):
        if number == _MOST_ENTRIES:
            raise OSError(f"there are too many files in {folder}")
        place = into / entry.name
        if entry.name in _LEFT_OUT or os.path.lexists(place):
            continue
        if entry.name in _COPIED and entry.is_file():
            shutil.copyfile(entry, place)
        else:
            place.symlink_to(entry.absolute())
