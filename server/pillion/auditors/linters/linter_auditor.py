"""The language's own linter, if one is installed."""

import os
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.linters.executables import Ran, find_executable, run_bounded
from pillion.auditors.linters.linter_rows import LINTERS, Linter, Row
from pillion.auditors.passage_findings import Rule, finding, first_new_line
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage

_OUTPUT_LIMIT_BYTES = 4_000_000
_MAX_FINDINGS = 20
_LONGEST_COMPLAINT = 300
_CAUSE = re.compile(r":? Cause: ")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class LinterReport:
    """What a linter says of a text, and what it said of the text before."""

    linter: str
    rows: tuple[Row, ...]
    before: tuple[Row, ...]


class LinterAuditor:
    """Asks the first installed linter that reads the language. A missing linter gives no finding. A linter that fails
    gives a warning, because it has not checked: silence would look like praise.

    Findings that the document had before, or that are outside the new part, are not reported.
    """

    name = "linter"
    sees = Sees.EDIT

    def __init__(self, linters: Sequence[Linter] = LINTERS, *, time_limit_s: float = 5.0) -> None:
        self._linters = linters
        self._time_limit_s = time_limit_s

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        """See Auditor."""
        found = self._installed(passage)
        return self._ask(*found, passage) if found is not None else ()

    def report(self, passage: Passage) -> LinterReport | None:
        """Everything that the linter says of the whole text, and of the text before; None if no linter could check."""
        found = self._installed(passage)
        if found is None:
            return None
        linter, executable = found
        try:
            rows = self._rows(linter, executable, passage, passage.text)
            before = self._rows(linter, executable, passage, passage.before) if passage.before else []
        except _CouldNotCheckError:
            return None
        return LinterReport(linter.executable, tuple(rows), tuple(before))

    def _installed(self, passage: Passage) -> tuple[Linter, Path] | None:
        """The first installed linter that reads the language."""
        for linter in self._linters:
            if passage.language.id in linter.languages:
                executable = find_executable(linter.executable, _own_folders(passage), os.environ)
                if executable is not None:
                    return linter, executable
        return None

    def _ask(self, linter: Linter, executable: Path, passage: Passage) -> Sequence[Finding[InPassage]]:
        try:
            rows = [each for each in self._rows(linter, executable, passage, passage.text) if each.about_work]
            if not any(_is_new(row, passage) for row in rows):
                return ()
            before = self._rows(linter, executable, passage, passage.before) if passage.before else []
        except _CouldNotCheckError as exc:
            start, end = first_new_line(passage)
            why = str(exc) if str(exc).startswith(linter.executable) else f"{linter.executable}: {exc}"
            message = f"The linter could not check this edit: {why}"
            said = finding(passage, Rule(self.name, "linter-failed", "warning"), start, end, message)
            return [said] if said is not None else []
        more = Counter(_what(row, passage.text) for row in rows)
        more.subtract(_what(row, passage.before) for row in before)
        found: list[Finding[InPassage]] = []
        for row in rows:
            what = _what(row, passage.text)
            if more[what] <= 0 or not _is_new(row, passage):
                continue
            more[what] -= 1
            message = f"{' '.join(row.message.split())} ({linter.executable}: {row.rule})"
            said = finding(passage, Rule(self.name, row.rule, row.severity), row.start, row.end, message)
            found.extend([said] if said is not None else [])
        return sorted(found, key=lambda each: each.severity != "error")[:_MAX_FINDINGS]

    def _rows(self, linter: Linter, executable: Path, passage: Passage, text: str) -> list[Row]:
        """The linter's findings in `text`.

        Raises:
            _CouldNotCheckError: the linter failed, whatever it printed.
        """
        data = text.encode("utf-8", "replace")  # a lone surrogate has no UTF-8; a “?” keeps the columns
        try:
            with tempfile.TemporaryDirectory(prefix="pillion-") as folder:
                ran = self._run(linter, executable, passage, data, Path(folder))
        except OSError as exc:
            raise _CouldNotCheckError(f"its files can't be written ({exc.strerror or exc})") from exc
        if ran.cut_short:
            raise _CouldNotCheckError(ran.cut_short)
        if ran.code not in linter.good_codes:
            raise _CouldNotCheckError(_complaint(ran) or f"it ended with code {ran.code}")
        try:
            return list(linter.parse(ran.printed, text))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as exc:
            raise _CouldNotCheckError(_complaint(ran) or "what it prints can't be read") from exc

    def _run(self, linter: Linter, executable: Path, passage: Passage, data: bytes, folder: Path) -> Ran:
        copy = folder / f"draft{_ending(passage)}"
        config = folder / "config.json"
        config.write_text(linter.config, encoding="utf-8")
        from_file = "{copy}" in linter.arguments
        if from_file:
            copy.write_bytes(data)
        names = {"{file}": str(passage.path or copy), "{copy}": str(copy), "{config}": str(config)}
        return run_bounded(
            [str(executable), *(names.get(argument, argument) for argument in linter.arguments)],
            b"" if from_file else data,
            folder,
            time_limit_s=self._time_limit_s,
            output_limit_bytes=_OUTPUT_LIMIT_BYTES,
        )


class _CouldNotCheckError(Exception):
    """The linter could not check; the message says why."""


def _complaint(ran: Ran) -> str:
    """The linter's own error message, as one line: programs print the cause last."""
    said = _COLOURS.sub("", ran.complained.decode("utf-8", "replace"))
    printable = "".join(character if character.isprintable() else " " for character in said)
    return _CAUSE.sub(": ", " ".join(printable.split()))[:_LONGEST_COMPLAINT].rstrip()


def _own_folders(passage: Passage) -> list[Path]:
    """The document's folder, workspace and repository (the workspace may be a part of it): no program there is run."""
    folders = [passage.workspace] if passage.workspace is not None else []
    if passage.path is not None:
        above = passage.path.parents
        repository = next((folder for folder in above if (folder / ".git").exists()), None)
        folders += [passage.path.parent, *([repository] if repository is not None else [])]
    return folders


def _ending(passage: Passage) -> str:
    endings = passage.language.extensions
    return passage.path.suffix if passage.path is not None and passage.path.suffix in endings else endings[0]


def _what(row: Row, text: str) -> tuple[str, str, str]:
    """A row without its place: equal for the same message about the same code."""
    return row.rule, row.message, text[row.start : row.end]


def _is_new(row: Row, passage: Passage) -> bool:
    return row.start < passage.end and max(row.end, row.start + 1) > passage.start
