"""A place in a file, or some of its lines, as an argument of commands."""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from pillion.errors import DocumentError, UsageError
from pillion.plurals import counted

_LINES = re.compile(r"(?P<file>.+?)(?::(?P<line>\d+)(?:-(?P<last>\d+)|:(?P<column>\d+))?)?", re.DOTALL)
_FORMS = "FILE, FILE:LINE, FILE:LINE:COL or FILE:LINE-LINE"


@dataclass(frozen=True, slots=True)
class Place:
    """FILE:LINE[:COL], lines FILE:LINE-LINE, or all of FILE; lines and columns count from 1. `line` is 0 for all of the
    file, `last_line` is 0 if it is only one place."""

    file: Path
    line: int
    column: int
    last_line: int = 0

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Reads one of the forms.

        Raises:
            UsageError: the text is none of them.
        """
        found = _LINES.fullmatch(text)
        numbers = [int(each) for each in (found["line"], found["column"], found["last"]) if each] if found else []
        if found is None or 0 in numbers or text.endswith(":"):
            raise UsageError(f"{text!r} isn't {_FORMS}.", hint="Lines and columns count from 1.")
        if found["last"] and int(found["last"]) < int(found["line"]):
            raise UsageError(f"{text!r} ends above its first line.")
        line, column, last = int(found["line"] or 0), int(found["column"] or 1), int(found["last"] or 0)
        return cls(Path(found["file"]), line, column, last)

    @property
    def words(self) -> str:
        """The place for a message that nothing is there."""
        if not self.line:
            return f"around all of {self.file}"
        lines = f"-{self.last_line}" if self.last_line else ""
        return f"{'around all of' if lines else 'at'} {self.file}:{self.line}{lines}"

    def range_in(self, text: str) -> tuple[int, int]:
        """[start, end) of the place in the file's text.

        Raises:
            UsageError: the file has no such line.
        """
        if not self.line:
            return 0, len(text)
        lines = text.split("\n")
        there = max(len(lines) - (not lines[-1]), 1)  # no line begins after the last line end
        if (missing := max(self.line, self.last_line)) > there:
            raise UsageError(f"{self.file} has {counted(there, 'line')}, and there is no line {missing}.")
        start = sum(len(each) + 1 for each in lines[: self.line - 1])
        if self.last_line:
            return start, min(len(text), sum(len(each) + 1 for each in lines[: self.last_line]))
        start += min(self.column - 1, len(lines[self.line - 1]))
        return start, start

    @classmethod
    def in_file(cls, text: str) -> "Place":
        """Reads the same forms, but FILE means its first line.

        Raises:
            UsageError: the text is none of them.
        """
        place = cls.parse(text)
        return place if place.line else replace(place, line=1)

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
