"""A place in a file, FILE:LINE:COL, as an argument of commands."""

import os
from dataclasses import dataclass
from pathlib import Path

from pillion.errors import DocumentError, UsageError


@dataclass(frozen=True, slots=True)
class Place:
    """FILE:LINE[:COL]; line and column count from 1."""

    file: Path
    line: int
    column: int

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Reads FILE:LINE or FILE:LINE:COL.

        Raises:
            UsageError: the text is neither.
        """
        parts = text.split(":")
        numbers: list[int] = []
        while len(parts) > 1 and len(numbers) < 2 and parts[-1].isdigit():
            numbers.insert(0, int(parts.pop()))
        if not numbers or 0 in numbers:
            raise UsageError(f"{text!r} isn't FILE:LINE or FILE:LINE:COL.", hint="Lines and columns count from 1.")
        return cls(Path(":".join(parts)), numbers[0], numbers[1] if len(numbers) > 1 else 1)

    @classmethod
    def in_file(cls, text: str) -> "Place":
        """Reads FILE, which means its first line, or a place in it.

        Raises:
            UsageError: the place is impossible.
        """
        return cls.parse(text if text.rpartition(":")[2].isdigit() else f"{text}:1")
    def require_writable_here(self) -> None:
        """Checks that no link leads from the file's folder, or from the current one, to a file elsewhere: what a
        repository has linked must not decide which file is written.

        Raises:
            DocumentError: one does.
        """
        named, folder = Path(os.path.abspath(self.file)), Path.cwd()
        root = folder if named.is_relative_to(folder) else named.parent
        real = Path(os.path.realpath(named))
        if not real.is_relative_to(os.path.realpath(root)):
            raise DocumentError(
                f"{self.file} is behind a link that leads out of {root}, so it isn't written.",
                hint=f"Name the file itself if you mean it: {real}",
            )

    @property
    def name_in_patch(self) -> str:
        """The file's path from the current folder, if it is in that folder: `git apply` and `patch -p1` find it there.

        It is the path behind links: neither program follows links.
        """
        real, folder = Path(os.path.realpath(self.file)), Path(os.path.realpath("."))
        return real.relative_to(folder).as_posix() if real.is_relative_to(folder) else self.file.name
